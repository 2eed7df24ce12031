"""What is offered was measured to work: of the failing run, cured, the verdict goes and the loss falls."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine import RunSpec, Trainer, TrainingSpec
from engine.adapt import with_changes
from engine.cures import CURES, Way, cures_for
from engine.demos import DEMOS
from engine.observer import Observer
from engine.surgery import afresh, change
from tests.engine.observed import history_of, observed

SICK = {name: demo.run for name, demo in DEMOS.items()} | {
    "too_slow": RunSpec(training=TrainingSpec(learning_rate=1e-5), seed=1),
    "leaky": with_changes(DEMOS["dying_relu"].run, {"network.hidden.*.activation": "leaky_relu"}),
}
MEASURED: list[tuple[str, str, Way, int]] = [
    ("vanishing", "tanh", "keep", 100), ("vanishing", "tanh", "keep", 1_000), ("vanishing", "tanh", "restart", 100),
    ("vanishing", "batch_normalization", "keep", 100), ("vanishing", "batch_normalization", "restart", 100),
    ("deeper", "tanh", "keep", 100), ("deeper", "batch_normalization", "keep", 100),
    ("batch_normalization", "tanh", "keep", 100), ("batch_normalization", "batch_normalization", "keep", 300),
    ("residual", "residual", "keep", 100), ("residual", "residual", "keep", 600),
    ("residual", "residual", "restart", 100),
    ("exploding", "gain", "restart", 3), ("exploding", "clipping", "restart", 3),
    ("dying_relu", "rate", "restart", 450), ("leaky", "rate", "restart", 20),
    ("rate_3", "rate", "restart", 400), ("rate_10", "rate", "restart", 400),
    ("too_slow", "higher_rate", "keep", 300),
    ("plateau", "larger_start", "restart", 650), ("plateau", "adam", "keep", 650),
    ("overfitting", "l2", "keep", 1_500), ("overfitting", "l2", "restart", 1_500),
]  # fmt: skip
"""Demo, cure, way, and after how many steps of the failing run."""


def applied(observer: Observer, cure: str, way: Way) -> Observer:
    run = observer.trainer.run
    cured = with_changes(run, CURES[cure].changes(run))
    return observer.following(afresh(observer.trainer, cured) if way == "restart" else change(observer.trainer, cured))


@pytest.mark.parametrize(("demo", "cure", "way", "steps"), MEASURED)
def test_a_cure_takes_the_verdict_and_the_loss_with_it(demo: str, cure: str, way: Way, steps: int) -> None:
    for seed in (SICK[demo].seed, 0, 2):
        observer = observed(replace(SICK[demo], seed=seed), steps)
        before = observer.trainer.evaluate()
        cured = applied(observer, cure, way)
        assert cured.trainer.steps == (0 if way == "restart" else observer.trainer.steps)
        history_of(cured, 1_500)
        after = cured.trainer.evaluate()
        assert cured.verdicts == (), seed
        if cure == "l2":
            assert after.test.loss < before.test.loss, seed
        else:
            assert after.train.loss < 0.5 * min(0.5, before.train.loss), seed  # which may be NaN


def test_every_cure_is_measured_in_every_way_that_it_is_offered() -> None:
    measured = {(cure, way) for _, cure, way, _ in MEASURED}
    assert measured == {(name, way) for name, cure in CURES.items() for way in cure.ways}


@pytest.mark.parametrize(("demo", "verdict", "expected"), [
    ("vanishing", "vanishing", {("tanh", "keep"), ("tanh", "restart"), ("batch_normalization", "keep"),
                                ("batch_normalization", "restart")}),
    ("exploding", "exploding", {("gain", "restart"), ("clipping", "restart")}),
    ("dying_relu", "dead", {("rate", "restart")}),
    ("rate_3", "rate_too_high", {("rate", "restart")}),
    ("residual", "vanishing", {("residual", "keep"), ("residual", "restart")}),
])  # fmt: skip
def test_a_verdict_offers_what_was_measured_and_no_more(
    demo: str, verdict: str, expected: set[tuple[str, Way]]
) -> None:
    assert {(name, way) for name, _, way in cures_for(verdict, DEMOS[demo].run)} == expected


def test_weights_that_overflowed_are_not_kept() -> None:
    run = with_changes(DEMOS["vanishing"].run, {"network.hidden.*.activation": "sigmoid"})
    assert {way for _, _, way in cures_for("vanishing", run, finite=False)} == {"restart"}


def test_another_activation_does_not_bring_dead_units_back_with_their_weights() -> None:
    """Why that is not offered."""
    observer = observed(DEMOS["dying_relu"].run, 100)
    leaky = change(observer.trainer, with_changes(observer.trainer.run, {"network.hidden.*.activation": "leaky_relu"}))
    history_of(observer.following(leaky), 300)
    assert leaky.steps < 400, "it overflows"


def test_cures_change_the_run_and_fit_it() -> None:
    for demo, cure, _, _ in MEASURED:
        assert Trainer(with_changes(SICK[demo], CURES[cure].changes(SICK[demo]))).run != SICK[demo]
