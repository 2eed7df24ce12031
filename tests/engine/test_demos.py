"""Each demo shows what its text says, with the very figures, and not by the luck of its seed; and its cures cure it."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pytest

from engine import NonFiniteError, RunSpec, Trainer
from engine.catalog import catalog
from engine.demos import DEMOS, STARTERS, Cured, Demo
from engine.probe import layer_activations
from engine.shares import shares_of_training_set

SEEDS = range(5)
Figures = dict[str, float]


def rounded(value: float, digits: int) -> float:
    return float(f"{value:.{digits}g}")


def trained(run: RunSpec, steps: float) -> Trainer:
    trainer = Trainer(run)
    for _ in range(int(steps)):
        trainer.step()
    return trainer


def signal_ratio(run: RunSpec, steps: int = 200) -> float:
    """Error signal of the first hidden layer over that of the last: of their medians, as the strip shows it."""
    trainer = Trainer(run)
    signals = np.median([trainer.step().delta_rms for _ in range(steps)], axis=0)
    return float(signals[0] / signals[-2])


def signal_ratio_at_the_start(run: RunSpec) -> float:
    trainer = Trainer(run)
    trainer.compute()
    signals = trainer.record.delta_rms
    return float(signals[0] / signals[-2])


def train_loss(trainer: Trainer) -> float:
    return trainer.evaluate().train.loss


def dead_units(trainer: Trainer, layer: int) -> int:
    """Units that are 0 on all training data."""
    return int((layer_activations(trainer, trainer.dataset.x_train, layer).max(axis=1) == 0).sum())


def saturated_percent(trainer: Trainer, layer: int) -> int:
    share = shares_of_training_set(trainer)[layer].saturated
    assert share is not None
    return round(100 * share)


def step_that_overflows(run: RunSpec, within: int) -> int:
    with pytest.raises(NonFiniteError) as overflow:
        trained(run, within)
    return overflow.value.step


def test_losses(run: RunSpec, steps: float) -> list[tuple[int, float]]:
    """(step, test loss) at the end of each epoch."""
    trainer, found = Trainer(run), []
    while trainer.steps <= steps:
        if trainer.epoch.is_integer():
            found.append((trainer.steps, trainer.evaluate().test.loss))
        trainer.step()
    return found


test_losses.__test__ = False  # type: ignore[attr-defined]  # pytest would take it for a test by its name


# The figures: each measured, and rounded as it is told


def fading(run: RunSpec, figures: Mapping[str, float]) -> Figures:
    return {
        "fraction": rounded(1 / signal_ratio(run), 2),
        "first_loss": rounded(train_loss(Trainer(run)), 3),
        "last_loss": rounded(train_loss(trained(run, figures["steps"])), 3),
    }


def exploding(run: RunSpec, figures: Mapping[str, float]) -> Figures:
    return {"growth": rounded(signal_ratio_at_the_start(run), 2), "step": step_that_overflows(run, 10)}


def clipping(run: RunSpec, figures: Mapping[str, float]) -> Figures:
    return {
        "first_loss": rounded(train_loss(Trainer(run)), 3),
        "last_loss": rounded(train_loss(trained(run, figures["steps"])), 3),
    }


def dying(run: RunSpec, figures: Mapping[str, float]) -> Figures:
    late = trained(run, figures["steps"])
    assert rounded(train_loss(late), 1) == rounded(train_loss(trained(run, 500)), 1), "it does not stay there"
    return {
        "units": run.network.hidden[1].units,
        "dead_first": dead_units(Trainer(run), 1),
        "dead": dead_units(late, 1),
        "loss": rounded(train_loss(late), 1),
    }


def plateau(run: RunSpec, figures: Mapping[str, float]) -> Figures:
    return {
        "flat_loss": rounded(train_loss(trained(run, figures["flat"])), 3),
        "first_loss": rounded(train_loss(Trainer(run)), 3),
        "last_loss": rounded(train_loss(trained(run, figures["steps"])), 2),
    }


def too_fast(run: RunSpec, figures: Mapping[str, float]) -> Figures:
    return {
        "saturated": saturated_percent(trained(run, figures["steps"]), 1),
        "first_loss": rounded(train_loss(Trainer(run)), 2),
        "last_loss": rounded(train_loss(trained(run, figures["late"])), 2),
    }


def slow(run: RunSpec, figures: Mapping[str, float]) -> Figures:
    return {
        "first_loss": rounded(train_loss(Trainer(run)), 2),
        "last_loss": rounded(train_loss(trained(run, figures["steps"])), 2),
    }


def overfitting(run: RunSpec, figures: Mapping[str, float]) -> Figures:
    losses = test_losses(run, figures["steps"])
    turn, lowest = min(losses, key=lambda each: each[1])
    return {
        "samples": run.data.train_samples,
        "train": rounded(train_loss(trained(run, figures["steps"])), 2),
        "lowest": rounded(lowest, 2),
        "turn": turn,
        "test": rounded(losses[-1][1], 2),
    }


MEASURES: dict[str, Callable[[RunSpec, Mapping[str, float]], Figures]] = {
    "vanishing": fading,
    "deeper": fading,
    "exploding": exploding,
    "clipping": clipping,
    "dying_relu": dying,
    "plateau": plateau,
    "rate_3": too_fast,
    "rate_10": too_fast,
    "optimizers": slow,
    "overfitting": overfitting,
    "batch_normalization": fading,
    "residual": fading,
}
CHOSEN = {"steps", "flat", "late"}
"""Figures that say when it was measured."""


@pytest.mark.parametrize("name", DEMOS)
def test_the_text_of_a_demo_tells_what_is_measured(name: str) -> None:
    demo = DEMOS[name]
    told = {figure: value for figure, value in demo.figures.items() if figure not in CHOSEN}
    measured = MEASURES[name](demo.run, demo.figures)
    assert len(measured) == len(told)
    assert [each for each in told if not agrees(told, each, measured)] == [], measured


CURES = [pytest.param(cure, id=f"{name}: {cure.title}") for name, demo in DEMOS.items() for cure in demo.cures]


@pytest.mark.parametrize("cure", CURES)
def test_the_text_of_a_cure_tells_what_is_measured(cure: Cured) -> None:
    result = trained(cure.run, cure.figures["steps"]).evaluate()
    losses = {"loss": result.train.loss, "train": result.train.loss, "test": result.test.loss}
    measured = {name: rounded(loss, 2) for name, loss in losses.items()}
    told = cure.figures.keys() - CHOSEN
    assert [figure for figure in told if not agrees(cure.figures, figure, measured)] == [], measured


def agrees(told: Mapping[str, float], figure: str, measured: Mapping[str, float]) -> bool:
    """Whether a figure is the measured one, or a bound that it keeps; no bound is so far off that it says nothing."""
    kind, _, name = figure.partition("_")
    if kind == "under":
        return told[figure] / 100 < measured[name] < told[figure]
    if kind == "over":
        return told[figure] < measured[name] < 100 * told[figure]
    return measured[figure] == told[figure]


# What they show, whatever the seed


def of_seeds(demo: str) -> list[RunSpec]:
    return [replace(DEMOS[demo].run, seed=seed) for seed in SEEDS]


@pytest.mark.parametrize("name", ["vanishing", "deeper", "batch_normalization", "residual"])
def test_a_fading_signal_fades_by_orders_of_magnitude_and_nothing_is_learned(name: str) -> None:
    for run in of_seeds(name):
        assert signal_ratio(run) < 1e-3
        assert train_loss(trained(run, 1_000)) > 0.49


def test_exploding_grows_a_hundredfold_and_overflows_within_a_few_steps() -> None:
    for run in of_seeds("exploding"):
        assert signal_ratio_at_the_start(run) > 100
        assert step_that_overflows(run, 10) <= 4


def test_clipping_keeps_the_same_network_finite() -> None:
    for run in of_seeds("clipping"):
        assert train_loss(trained(run, 1_000)) < train_loss(Trainer(run)) / 100


def test_dying_relu_kills_most_of_layer_two_over_all_seeds() -> None:
    dead = [dead_units(trained(run, 500), 1) for run in of_seeds("dying_relu")]
    assert sum(dead) > 0.8 * 8 * len(SEEDS), dead
    assert np.median(dead) == 8


def test_a_plateau_is_flat_for_long_and_most_of_them_are_left_at_last() -> None:
    late = []
    for run in of_seeds("plateau"):
        assert train_loss(trained(run, 300)) == pytest.approx(0.5, abs=0.02)
        late.append(train_loss(trained(run, 3_500)))
    assert np.median(late) < 0.05, late


@pytest.mark.parametrize("name", ["rate_3", "rate_10"])
def test_too_high_a_learning_rate_fits_nothing(name: str) -> None:
    assert all(train_loss(trained(run, 1_500)) > 0.35 for run in of_seeds(name))


def test_momentum_and_adam_are_many_times_faster_than_sgd() -> None:
    for run in of_seeds("optimizers"):
        sgd = train_loss(trained(run, 1_000))
        for optimizer in ("momentum", "adam"):
            training = replace(run.training, optimizer=optimizer)
            assert train_loss(trained(replace(run, training=training), 1_000)) < sgd / 5


def test_an_overfitting_network_does_worse_on_test_data_while_it_does_better_on_its_own() -> None:
    for run in of_seeds("overfitting"):
        losses = [test for _, test in test_losses(run, 4_000)]
        assert losses[-1] > 1.2 * min(losses)
        assert train_loss(trained(run, 4_000)) < 0.1


@pytest.mark.parametrize("cure", CURES)
def test_a_cure_learns_what_the_demo_does_not_whatever_the_seed(cure: Cured) -> None:
    ends = [train_loss(trained(replace(cure.run, seed=seed), 2_500)) for seed in SEEDS]
    assert max(ends) < 0.3, ends


# The table


@pytest.mark.parametrize("demo", DEMOS.values(), ids=list(DEMOS))
def test_a_demo_says_what_to_watch_in_two_sentences_with_every_figure(demo: Demo) -> None:
    assert len(re.findall(r"[a-z\d]\.(?= [A-Z]|$)", demo.watch)) == 2
    assert demo.watch.endswith(".")
    assert all("{" + figure in demo.text for figure in demo.figures)
    bare = re.sub(r"\{.*?\}|layer \d+|1/|get[s]? \d|outputs 0|batches of 25|norm 1", "", demo.text)
    assert not re.search(r"\d", bare), "a bare figure"


def test_each_demo_has_a_cure_whose_run_differs_from_it() -> None:
    for demo in DEMOS.values():
        assert demo.cures
        assert all(cure.run != demo.run for cure in demo.cures)


def test_the_page_learns_of_demos_through_the_catalog() -> None:
    told = json.loads(json.dumps(catalog()))
    assert list(told["demos"]) == list(DEMOS)
    assert told["starters"] == list(STARTERS)
    for name, demo in DEMOS.items():
        entry = told["demos"][name]
        assert RunSpec.from_dict(entry["spec"]) == demo.run
        assert {key: entry[key] for key in ("title", "watch", "pace", "playing")} == {
            "title": demo.title, "watch": demo.watch, "pace": demo.pace, "playing": demo.playing,
        }  # fmt: skip
        assert [RunSpec.from_dict(cure["spec"]) for cure in entry["cures"]] == [cure.run for cure in demo.cures]
