"""A verdict is given where something is wrong, with true numbers, and never where a run is healthy."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from engine import DenseSpec, NetworkSpec, RunSpec, Trainer, TrainingSpec
from engine.adapt import with_changes
from engine.baseline import constant_answer_loss
from engine.demos import DEMOS, Cured
from engine.diagnosis import Evidence, change, findings
from engine.epochs import EpochEnd
from engine.observer import Observer
from engine.surgery import afresh
from engine.surgery import change as changed
from engine.verdicts import EVERY, HOLD, VERDICTS, WINDOW
from engine.wording import layers, number, part_of
from tests.engine.observed import history_of, observed

SEEDS = range(10)
CURES = [pytest.param(cure, id=f"{name}: {cure.title}") for name, demo in DEMOS.items() for cure in demo.cures]
SHOWN_AT = EVERY * HOLD


def with_seed(run: RunSpec, seed: int) -> Observer:
    return Observer(Trainer(replace(run, seed=seed)))


def names(observer: Observer) -> list[str]:
    return [held.finding.name for held in observer.verdicts]


# No false alarm


@pytest.mark.parametrize("cure", CURES)
def test_a_healthy_run_gets_no_verdict_over_ten_seeds(cure: Cured) -> None:
    """Each seed for as long as the loss falls fastest, and one of them until it is fitted."""
    for seed in SEEDS:
        assert history_of(with_seed(cure.run, seed), 2_500 if seed == 3 else 450) == [], seed


def test_the_default_run_gets_none_on_any_seed() -> None:
    for seed in SEEDS:
        assert history_of(with_seed(RunSpec(), seed), 1_000) == [], seed


@pytest.mark.parametrize("batch", [1, 50, 250])
def test_a_change_of_the_batch_size_gives_none(batch: int) -> None:
    observer = observed(RunSpec(), 300)
    assert names(observer) == []
    run = with_changes(RunSpec(), {"training.batch_size": batch})
    assert history_of(observer.following(changed(observer.trainer, run)), 500) == []


# Where something is wrong


@pytest.mark.parametrize(("demo", "verdict", "steps"), [
    ("vanishing", "vanishing", SHOWN_AT), ("deeper", "vanishing", SHOWN_AT), ("residual", "vanishing", SHOWN_AT),
    ("batch_normalization", "vanishing", SHOWN_AT),
])  # fmt: skip
def test_a_fading_signal_is_found_as_soon_as_it_has_held(demo: str, verdict: str, steps: int) -> None:
    for seed in SEEDS:
        observer = with_seed(DEMOS[demo].run, seed)
        assert history_of(observer, steps - 1) == [], seed
        assert history_of(observer, 1) == [(steps, (verdict,))], seed
        (held,) = observer.verdicts
        assert held.since == EVERY
        assert 0 in held.finding.layers


def test_dead_units_are_counted_where_they_are() -> None:
    found = [observed(replace(DEMOS["dying_relu"].run, seed=seed), 450) for seed in range(5)]
    assert sum(names(observer) == ["dead"] for observer in found) >= 4  # seed 4 goes on learning
    (held,) = found[1].verdicts
    assert held.finding.layers == (1,)
    assert (held.finding.numbers["dead"], held.finding.numbers["units"]) == (8, 8)


@pytest.mark.parametrize("demo", ["rate_3", "rate_10"])
def test_too_long_steps_are_found_with_what_they_lead_to(demo: str) -> None:
    assert names(observed(DEMOS[demo].run, 400)) == ["rate_too_high", "saturated"]
    for seed in range(5):
        shown = {name for _, verdicts in history_of(with_seed(DEMOS[demo].run, seed), 800) for name in verdicts}
        assert shown & {"rate_too_high", "saturated"}, seed


def with_rate(run: RunSpec, rate: float, after: int, steps: int) -> Observer:
    """Of a run whose learning rate is changed after so many steps, and so many steps later."""
    observer = observed(run, after)
    going_on = observer.following(changed(observer.trainer, with_changes(run, {"training.learning_rate": rate})))
    history_of(going_on, steps)
    return going_on


@pytest.mark.parametrize("after", [0, 1_200])
def test_the_steps_that_are_said_to_be_too_long_are_those_since_which_the_network_is_worse(after: int) -> None:
    observer = with_rate(RunSpec(), 7.0, after, 300)
    finding = next(held.finding for held in observer.verdicts if held.finding.name == "rate_too_high")
    losses = {end.step: end.train for end in observer.evidence.epochs}
    first, last = losses_between(finding.what)
    assert f"is {number(np.median([losses[step] for step in range(first, last + 1, 25)]))} (median)" in finding.what
    assert finding.why.startswith(f"The steps from step {after:,} on were so long")
    assert losses[after] < finding.numbers["start"] * 1.05 < losses[after + 25]


def losses_between(what: str) -> tuple[int, int]:
    first, last = re.findall(r"from step ([\d,]+) to ([\d,]+)", what)[0]
    return int(first.replace(",", "")), int(last.replace(",", ""))


@pytest.mark.parametrize(("name", "run", "steps"), [
    ("dead", DEMOS["dying_relu"].run, 470), ("saturated", DEMOS["rate_3"].run, 410),
    ("plateau", DEMOS["plateau"].run, 760), ("rate_too_low", RunSpec(training=TrainingSpec(learning_rate=1e-5)), 320),
])  # fmt: skip
def test_a_loss_that_may_have_moved_on_is_said_with_the_step_that_it_is_of(
    name: str, run: RunSpec, steps: int
) -> None:
    observer = observed(run, steps)
    finding = next(held.finding for held in observer.verdicts if held.finding.name == name)
    losses = {end.step: number(end.train) for end in observer.evidence.epochs}
    (loss, step), *_ = re.findall(r"train loss, (\S+) at step ([\d,]+),", f"{finding.what} {finding.why}")
    assert losses[int(step.replace(",", ""))] == loss


def test_too_short_steps_are_found_while_the_loss_still_falls() -> None:
    run = RunSpec(training=TrainingSpec(learning_rate=1e-5))
    for seed in range(5):
        assert names(observed(replace(run, seed=seed), 300)) == ["rate_too_low"], seed


def test_a_plateau_is_found_and_goes_when_it_ends() -> None:
    history = history_of(Observer(Trainer(DEMOS["plateau"].run)), 2_000)
    assert [verdicts for _, verdicts in history] == [("plateau",), ()]


def test_overfitting_is_found_when_the_test_loss_has_turned() -> None:
    observer = observed(DEMOS["overfitting"].run, 1_500)
    (held,) = observer.verdicts
    assert held.finding.name == "overfitting"
    assert held.finding.numbers["test"] > 1.2 * held.finding.numbers["lowest"]
    assert sum(names(observed(replace(DEMOS["overfitting"].run, seed=seed), 3_000)) == ["overfitting"]
               for seed in range(4)) >= 3  # fmt: skip


@pytest.mark.parametrize(("seed", "after"), [(5, 0), (7, 436), (24, 436)])
def test_a_fall_within_the_swing_of_the_loss_is_no_overfitting(seed: int, after: int) -> None:
    observer = with_rate(RunSpec(seed=seed), 1.0, after, 0)
    assert not [step for step, names in history_of(observer, 4_000) if "overfitting" in names]


def test_overfitting_is_told_in_the_medians_of_its_two_turns_and_not_of_noise_that_there_may_not_be() -> None:
    observer = observed(DEMOS["overfitting"].run, 1_500)
    finding, best = observer.verdicts[0].finding, observer.evidence.best
    assert best is not None
    assert losses_between(finding.what)[0] == best.step
    assert f"test loss has risen from {number(best.test)} to {number(finding.numbers['test'])}" in finding.what
    assert "noise" not in finding.why


def test_an_exploding_signal_is_found_where_clipping_keeps_it_finite() -> None:
    observer = observed(replace(DEMOS["clipping"].run, seed=1), SHOWN_AT)
    (held,) = observer.verdicts
    assert held.finding.name == "exploding"
    assert held.finding.numbers["ratio"] > VERDICTS["exploding"].thresholds["ratio"]


# Calm, and by numbers of steps


def test_a_verdict_goes_as_calmly_as_it_came() -> None:
    default = RunSpec()
    observer = observed(replace(default, training=replace(default.training, learning_rate=1e-6)), 300)
    cured = observer.following(changed(observer.trainer, default))
    assert names(cured) == ["rate_too_low"]
    assert history_of(cured, 1_000) == [(300 + SHOWN_AT, ())]


def test_what_was_found_of_another_network_is_gone_with_it() -> None:
    observer = observed(DEMOS["vanishing"].run, 200)
    cured = observer.following(changed(observer.trainer, DEMOS["vanishing"].cures[0].run))
    assert names(cured) == []
    assert history_of(cured, 1_000) == []


def test_the_ratio_is_that_of_the_medians_of_the_last_steps() -> None:
    trainer = Trainer(DEMOS["vanishing"].run)
    signals = np.array([trainer.step().delta_rms for _ in range(300)])
    (held,) = observed(DEMOS["vanishing"].run, 300).verdicts
    first, *_, last = np.median(signals[-WINDOW:], axis=0)[:-1]
    assert held.finding.numbers["ratio"] == first / last


def test_going_on_from_memory_forgets_the_window_alone() -> None:
    observer = observed(DEMOS["vanishing"].run, 200)
    again = Observer(observer.trainer, observer.memory)
    assert again.verdicts == observer.verdicts
    assert again.memory == observer.memory


def test_a_run_that_begins_afresh_has_no_past() -> None:
    observer = observed(DEMOS["vanishing"].run, 200)
    assert observer.following(afresh(observer.trainer)).verdicts == ()


# The parts


def test_what_explains_another_verdict_takes_its_place() -> None:
    layer = DenseSpec(4, "sigmoid")
    rows = np.full((1 + 4 * 3, 50), 1e-3)
    rows[1] = 1e-9  # δ of the first layer
    rows[-3:] = 1e-6  # updates
    ends = [EpochEnd(step, 0.5, 0.5) for step in range(0, 600, 25)]
    evidence = Evidence([layer, layer, layer], [8, 16, 4], rows, ends, 0.5, 0.5, None, [0, 0, 0], [0, 0, 0])
    assert [finding.name for finding in findings(evidence)] == ["vanishing"]
    rows[1] = 1e-3
    evidence = Evidence([layer, layer, layer], [8, 16, 4], rows, ends, 0.5, 0.5, None, [0, 0, 0], [0, 0, 0])
    assert [finding.name for finding in findings(evidence)] == ["plateau"]


def test_nothing_is_found_before_there_is_evidence() -> None:
    layer = DenseSpec()
    assert findings(Evidence([layer], [2], np.empty((5, 0)), [], 1.0, 1.0, None, [0], [0])) == []


def test_change_compares_the_newer_half_with_the_older() -> None:
    assert change([4, 4, 2, 2]) == -0.5
    assert change([1.0]) == 0


@pytest.mark.parametrize(("network", "expected"), [
    (NetworkSpec(), 0.5), (NetworkSpec(output_activation="sigmoid", loss="binary_cross_entropy"), np.log(2)),
    (NetworkSpec(output_activation="softmax", loss="cross_entropy"), np.log(2)),
])  # fmt: skip
def test_the_mean_answers_as_well_as_nothing_learned_can(network: NetworkSpec, expected: float) -> None:
    assert constant_answer_loss(Trainer(RunSpec(network=network))) == pytest.approx(expected, rel=0.02)


def test_numbers_are_written_as_the_page_writes_them() -> None:
    assert [number(value) for value in (0.4991, 5300, 2.1e-6, -3e12, 0, np.inf)] == [
        "0.499", "5,300", "2.10×10⁻⁶", "−3.00×10¹²", "0", "not finite",
    ]  # fmt: skip
    assert part_of(1 / 5365, "it") == "1/5,400 of it"
    assert part_of(170.4, "it") == "170 times it"
    assert [layers(places, 7) for places in ([0], [0, 2], [0, 1, 2, 3], [0, 2, 4], [6])] == [
        "layer 1", "layers 1 and 3", "layers 1 to 4", "3 layers from layer 1 on", "the output layer",
    ]  # fmt: skip


@pytest.mark.parametrize("name", VERDICTS)
def test_every_verdict_says_when_it_is_given_in_its_own_thresholds_and_whose_they_are(name: str) -> None:
    rule = VERDICTS[name]
    assert all("{" + threshold in rule.sentence for threshold in rule.thresholds)
    assert "{" not in rule.when
    assert rule.source
