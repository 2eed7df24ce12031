"""Each demo shows what its text says, with the very figures, and not by the luck of its seed."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest

from engine import NonFiniteError, RunSpec, Trainer
from engine.catalog import catalog
from engine.demos import DEMOS
from engine.probe import layer_activations

SEEDS = range(5)


def rounded(value: float, digits: int) -> float:
    return float(f"{value:.{digits}g}")


def trained(run: RunSpec, steps: int) -> Trainer:
    trainer = Trainer(run)
    for _ in range(steps):
        trainer.step()
    return trainer


def signal_ratios(run: RunSpec, steps: int) -> np.ndarray:
    """Error signal of the first hidden layer over that of the last, at each step."""
    trainer = Trainer(run)
    signals = np.array([trainer.step().delta_rms for _ in range(steps)])
    return signals[:, 0] / signals[:, -2]


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


def step_that_overflows(run: RunSpec, within: int) -> int:
    with pytest.raises(NonFiniteError) as overflow:
        trained(run, within)
    return overflow.value.step


# The figures


def test_the_text_of_vanishing_tells_what_is_measured() -> None:
    run, figures = DEMOS["vanishing"].run, DEMOS["vanishing"].figures
    # As the strip shows it: the median of the last 200 steps.
    assert rounded(1 / np.median(signal_ratios(run, 200)), 2) == figures["fraction"]
    assert rounded(train_loss(Trainer(run)), 3) == figures["first_loss"]
    assert rounded(train_loss(trained(run, int(figures["steps"]))), 3) == figures["last_loss"]


def test_the_text_of_exploding_tells_what_is_measured() -> None:
    run, figures = DEMOS["exploding"].run, DEMOS["exploding"].figures
    assert rounded(signal_ratio_at_the_start(run), 2) == figures["growth"]
    assert step_that_overflows(run, 10) == figures["step"]


def test_the_text_of_dying_relu_tells_what_is_measured() -> None:
    run, figures = DEMOS["dying_relu"].run, DEMOS["dying_relu"].figures
    assert run.network.hidden[1].units == figures["units"]
    assert dead_units(Trainer(run), 1) == figures["dead_first"]
    late = trained(run, int(figures["steps"]))
    assert dead_units(late, 1) == figures["dead"]
    later = trained(run, 500)
    assert dead_units(later, 1) == figures["dead"]
    assert rounded(train_loss(late), 1) == rounded(train_loss(later), 1) == figures["loss"]


# What they show, whatever the seed


@pytest.mark.parametrize("seed", SEEDS)
def test_vanishing_fades_by_orders_of_magnitude_and_learns_nothing(seed: int) -> None:
    run = replace(DEMOS["vanishing"].run, seed=seed)
    assert np.median(signal_ratios(run, 200)) < 1e-3
    assert train_loss(trained(run, 1_000)) > 0.49


@pytest.mark.parametrize("seed", SEEDS)
def test_exploding_grows_a_hundredfold_and_overflows_within_a_few_steps(seed: int) -> None:
    run = replace(DEMOS["exploding"].run, seed=seed)
    assert signal_ratio_at_the_start(run) > 100
    assert step_that_overflows(run, 10) <= 4


def test_dying_relu_kills_most_of_layer_two_over_all_seeds() -> None:
    run = DEMOS["dying_relu"].run
    dead = [dead_units(trained(replace(run, seed=seed), 500), 1) for seed in SEEDS]
    assert sum(dead) > 0.8 * 8 * len(SEEDS), dead
    assert np.median(dead) == 8


# The table


@pytest.mark.parametrize("name", DEMOS)
def test_a_demo_says_what_to_watch_in_two_sentences_with_every_figure(name: str) -> None:
    demo = DEMOS[name]
    assert len(re.findall(r"[a-z\d]\.(?= [A-Z]|$)", demo.watch)) == 2
    assert demo.watch.endswith(".")
    assert all("{" + figure in demo.text for figure in demo.figures)
    assert not re.search(r"\d", re.sub(r"\{.*?\}|layer \d+|1/|get[s]? \d|outputs 0", "", demo.text)), "a bare figure"


def test_the_page_learns_of_demos_through_the_catalog() -> None:
    told = json.loads(json.dumps(catalog()))["demos"]
    assert list(told) == list(DEMOS)
    for name, demo in DEMOS.items():
        assert RunSpec.from_dict(told[name]["spec"]) == demo.run
        assert {key: told[name][key] for key in ("title", "watch", "pace", "playing")} == {
            "title": demo.title, "watch": demo.watch, "pace": demo.pace, "playing": demo.playing,
        }  # fmt: skip
