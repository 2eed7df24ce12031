"""Rows of the budget table about the engine's step: telemetry and records on, against PyTorch and against bare calls.

Competitors take turns within one run, a short burst each, and their best bursts are compared: what else the machine
does then hits all of them alike. One thread, float32 on both sides of a comparison with PyTorch.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine import Dataset, DataSpec, DenseSpec, NetworkSpec, RunSpec, Trainer, TrainingSpec
from engine.observer import Observer
from engine.records import rows_of
from engine.verdicts import WINDOW
from tests.bench.bare import Bare
from tests.bench.eager import Eager
from tests.bench.rows import Row, at_least, at_most
from tests.bench.turns import ROUNDS, ratio, seconds_a_step


def hidden(depth: int, units: int, activation: str = "tanh") -> NetworkSpec:
    """That many equal hidden layers before a tanh output."""
    return NetworkSpec(hidden=(DenseSpec(units, activation),) * depth)


PLAYGROUND = {
    "2-4-2-1 tanh": NetworkSpec(),
    "2-8-8-1 tanh": hidden(2, 8),
    "2-(6 × 8)-1 tanh": hidden(6, 8),
}


def against_eager(what: str, run: RunSpec, trainer: Trainer, budget: float) -> Row:
    """The engine's rate over PyTorch's."""
    seconds = seconds_a_step({"engine": trainer.step, "eager": Eager(run, trainer.samples.train).step})
    note = f"{1 / seconds['engine']:,.0f} to {1 / seconds['eager']:,.0f} steps/s"
    return at_least(what, seconds["eager"] / seconds["engine"], budget, "× PyTorch", note)


def rows() -> Iterator[Row]:
    """The step rows of DESIGN's budgets."""
    for name, network in PLAYGROUND.items():
        run = RunSpec(network=network, dtype="float32")
        yield against_eager(f"step, {name}, batch 10", run, Trainer(run), 10)
    deep = RunSpec(network=hidden(20, 8, "sigmoid"), training=TrainingSpec(batch_size=32), dtype="float32")
    yield against_eager("step, 2-(20 × 8)-1 sigmoid, batch 32", deep, Trainer(deep), 6)
    wide = RunSpec(
        data=DataSpec(name="digits"),
        network=NetworkSpec(
            hidden=(DenseSpec(128, "relu", init="he_uniform"), DenseSpec(64, "relu", init="he_uniform")),
            output_activation="softmax",
            loss="cross_entropy",
        ),
        training=TrainingSpec(batch_size=64, learning_rate=0.01),
        dtype="float32",
    )
    yield against_eager("step, 784-128-64-10 relu, batch 64", wide, Trainer(wide, dataset=images()), 1.2)
    yield against_bare()
    yield from (observed(name, network) for name, network in PLAYGROUND.items())
    for name, network in PLAYGROUND.items():
        trainers = {dtype: Trainer(RunSpec(network=network, dtype=dtype)).step for dtype in ("float64", "float32")}
        seconds = seconds_a_step(trainers)
        yield at_most(f"float64, {name}", seconds["float64"] / seconds["float32"], 1.3, "× the time of float32")


def observed(name: str, network: NetworkSpec) -> Row:
    """What a session adds to a step to judge it: the window and the judgement."""
    run = RunSpec(network=network)
    plain, watched = Trainer(run), Trainer(run)
    observer, records = Observer(watched), []
    beginning = watched.evaluate()  # a loss that does not fall: no rule is spared

    def step() -> None:
        if watched.epoch.is_integer():
            observer.epoch(beginning)
        records.append(watched.step())
        if observer.is_due(len(records)):
            observer.steps(rows_of(records))
            records.clear()

    more, judged, bare = ratio(step, plain.step, WINDOW)
    note = f"median of {ROUNDS} rounds; {1e6 * judged:.1f} to {1e6 * bare:.1f} µs in the best"
    return at_most(f"step with verdicts, {name}, batch 10", more, 1.15, "× the step", note)


def against_bare() -> Row:
    """The engine's time over that of the calls written by hand, both in float64."""
    trainer = Trainer(RunSpec(network=hidden(6, 8)))
    train = trainer.samples.train
    bare = Bare(train.inputs, train.targets[:, 0], "float64")
    seconds = seconds_a_step({"engine": trainer.step, "bare": bare.step})
    note = f"{1e6 * seconds['engine']:.1f} to {1e6 * seconds['bare']:.1f} µs"
    return at_most("step, 2-(6 × 8)-1 tanh, batch 10", seconds["engine"] / seconds["bare"], 1.4, "× bare calls", note)


def images() -> Dataset:
    """Random images of 784 numbers in ten classes: what is in them does not change the time of a step."""
    rng = np.random.default_rng(0)
    x, y = rng.random((1280, 784)), np.arange(1280) % 10
    return Dataset(x[:1024], y[:1024], x[1024:], y[1024:])
