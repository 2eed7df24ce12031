"""Rows about time that runs both ways: what history costs a step, going to a past step, and the memory it holds."""

from __future__ import annotations

import os
from collections.abc import Iterator
from time import perf_counter
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from engine import DataSpec, DenseSpec, NetworkSpec, RunSpec, Trainer, TrainingSpec
from engine.history import BUDGET, INTERVAL, History
from engine.journal import Journal
from server import messages
from server.codec import encode_picture
from server.messages import FRAME_SECTIONS
from server.session import Session
from tests.bench.rows import Row, at_most
from tests.bench.steps import hidden
from tests.bench.turns import seconds_a_step

STEPS = 100_000
VISITS = 200
LONG_VISITS = 60
GIVEN_UP_AFTER = 3
SLICE = 0.004
ROUNDS = 5
KEYFRAMES = 2_000
"""In each round: they are thinned out several times meanwhile."""
WIDE = RunSpec(
    data=DataSpec(name="digits"),
    network=NetworkSpec(hidden=(DenseSpec(128, "relu"), DenseSpec(64, "relu")), output_activation="softmax",
                        loss="cross_entropy"),
    training=TrainingSpec(optimizer="adam", learning_rate=0.001),
)  # fmt: skip


def rows() -> Iterator[Row]:
    deep = RunSpec(network=hidden(6, 8))
    for name, run in (("2-4-2-1 tanh", RunSpec()), ("2-(6 × 8)-1 tanh", deep), ("64-128-64-10 relu with adam", WIDE)):
        yield cost(name, run)
    yield visits()
    yield from long_ways("64-128-64-10 relu with adam", WIDE, 20_000)
    yield memory("64-128-64-10 relu with adam", WIDE, 6_000)


def history_of(trainer: Trainer) -> History[Any]:
    return History(Journal((trainer.run,)), lambda trainers, _: trainers)


def cost(name: str, run: RunSpec) -> Row:
    """What keyframes cost a step, thinning out included, as a share of the step.

    Measured apart, without the steps between: what is looked for is less than a step's own time varies by.
    """
    trainer = Trainer(run)
    step = seconds_a_step({"step": trainer.step})["step"]
    history, best = history_of(trainer), float("inf")
    for _ in range(ROUNDS):
        start, first = perf_counter(), trainer.steps
        for _ in range(KEYFRAMES):
            trainer.steps += INTERVAL
            history.keep((trainer,))
        best = min(best, (perf_counter() - start) / (trainer.steps - first))
    return at_most(f"history of {name}: cost of a step", 100 * best / step, 5, "% of a step", f"{1e6 * best:.2f} µs")


def trained(run: RunSpec, steps: int) -> Session:
    """A paused session after so many steps at full pace."""
    session = Session(run, clock=perf_counter)
    session.handle(messages.Pace(id=1, steps_per_second=None))
    session.handle(messages.Play(id=2))
    while session.step < steps:
        session.advance(perf_counter() + SLICE)
    session.handle(messages.Pause(id=3))
    return session


def visits() -> Row:
    """From the command to the bytes of the picture, at random steps of a long run of the default network."""
    session = trained(RunSpec(), STEPS)
    rng, took = np.random.default_rng(0), []
    for visit in range(VISITS):
        start = perf_counter()
        session.handle(messages.Look(id=4 + visit, step=int(rng.integers(STEPS))))
        while session.advance(perf_counter() + SLICE) is not None:
            session.events()
        encode_picture(session.picture(FRAME_SECTIONS, True, True))
        took.append(1_000 * (perf_counter() - start))
    p95, median = np.quantile(took, (0.95, 0.5))
    note = f"95th percentile of {VISITS}; median {median:.0f} ms"
    return at_most(f"to any of {STEPS:,} steps of the default network", float(p95), 300, "ms", note)


def long_ways(name: str, run: RunSpec, steps: int) -> Iterator[Row]:
    """The same where keyframes are large and so far apart: the way is done in slices, and given up at once."""
    session = trained(run, steps)
    rng, took, stalls, given_up = np.random.default_rng(0), [], [], []
    for visit in range(LONG_VISITS):
        start, step = perf_counter(), int(rng.integers(steps))
        session.handle(messages.Look(id=4, step=step))
        # Every other one is left half-way: what is measured of it is how long the page waits for the present.
        slices, wake = 0, session.advance(perf_counter() + SLICE)
        while wake is not None and (visit % 2 == 0 or slices < GIVEN_UP_AFTER):
            before = perf_counter()
            wake = session.advance(before + SLICE)
            session.events()
            stalls.append(1_000 * (perf_counter() - before))
            slices += 1
        before = perf_counter()
        if wake is not None:
            session.handle(messages.Pause(id=5))
        encode_picture(session.picture(FRAME_SECTIONS, True, True))
        (given_up if wake is not None else took).append(1_000 * (perf_counter() - (start if wake is None else before)))
    p95, slowest = float(np.quantile(took, 0.95)), max(took)
    what, note = f"to any of {steps:,} steps of {name}", f"95th percentile of {len(took)}; longest {slowest:,.0f} ms"
    yield at_most(f"{what}, in slices", p95, 1_000, "ms", note)
    yield at_most(f"{what}: a slice", float(np.quantile(stalls, 0.95)), 2_000 * SLICE, "ms",
                  f"95th percentile of {len(stalls):,}")  # fmt: skip
    yield at_most(f"{what}: given up half-way, to the picture of the present", max(given_up), 50, "ms",
                  f"longest of {len(given_up)}")  # fmt: skip


def memory(name: str, run: RunSpec, steps: int) -> Row:
    """Bytes of the keyframes of a network for which the budget is tight."""
    trainer = Trainer(run)
    history = history_of(trainer)
    for _ in range(steps):
        trainer.step()
        history.keep((trainer,))
    note = f"{len(history.keyframes)} keyframes after {steps:,} steps"
    return at_most(f"history of {name}: memory held", history.nbytes / 2**20, BUDGET / 2**20, "MB", note)
