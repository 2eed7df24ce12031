"""Rows about the nine networks that peers were measured on, about Adam, batch normalisation and float64, and memory.

Telemetry and records on, float32 on both sides unless said otherwise, one thread.
"""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from engine import Dataset, DenseSpec, NetworkSpec, RunSpec, Trainer, TrainingSpec
from tests.bench.eager import Eager
from tests.bench.rows import Row, at_least, at_most
from tests.bench.turns import seconds_a_step

STEPS_WATCHED = 5_000
TIMES_WATCHED = 3
STEPS_BEFORE = 5_000
"""After these what is made once has been made: programs, records, what Python itself keeps."""


@dataclass(frozen=True)
class Peer:
    """One network: its hidden layers, what it reads, its batch, and how many times PyTorch's rate it should reach."""

    name: str
    hidden: tuple[int, ...]
    activation: str
    batch: int
    budget: float
    inputs: int = 2

    def run(self, dtype: str = "float32", **training: object) -> RunSpec:
        return RunSpec(
            network=NetworkSpec(hidden=tuple(DenseSpec(units, self.activation) for units in self.hidden)),
            training=TrainingSpec(batch_size=self.batch, **training),
            dtype=dtype,
        )

    def data(self) -> Dataset:
        """Random: what is in it does not change the time of a step. Whole batches, as the eager loop takes them."""
        rng = np.random.default_rng(0)
        x = rng.uniform(-1, 1, size=(self.batch * 20, self.inputs))
        y = np.sign(x[:, :1])
        return Dataset(x, y, x[:10], y[:10])

    def trainer(self, run: RunSpec) -> Trainer:
        return Trainer(run, dataset=self.data())


PEERS = (
    Peer("2-4-2-1 tanh", (4, 2), "tanh", 10, 10),
    Peer("2-4-2-1 tanh", (4, 2), "tanh", 30, 10),
    Peer("2-8-8-1 tanh", (8, 8), "tanh", 10, 10),
    Peer("2-(6 × 8)-1 tanh", (8,) * 6, "tanh", 10, 10),
    Peer("2-(6 × 8)-1 tanh", (8,) * 6, "tanh", 30, 10),
    Peer("2-(20 × 8)-1 sigmoid", (8,) * 20, "sigmoid", 32, 6),
    Peer("2-64-64-1 relu", (64, 64), "relu", 32, 1.2),
    Peer("64-32-16-1 relu", (32, 16), "relu", 32, 1.2, inputs=64),
    Peer("784-128-64-1 relu", (128, 64), "relu", 64, 1.2, inputs=784),
)
PLAYGROUND = (PEERS[0], PEERS[2], PEERS[3])


def rows() -> Iterator[Row]:
    for peer in PEERS:
        yield against_eager(peer, peer.run(), "", peer.budget)
    for peer in PLAYGROUND:
        yield against_eager(peer, peer.run(optimizer="adam"), " with adam", 10)
    for peer in PLAYGROUND:
        run = peer.run()
        hidden = tuple(replace(layer, normalization="batch") for layer in run.network.hidden)
        run = replace(run, network=replace(run.network, hidden=hidden))
        yield against_eager(peer, run, " with batch normalisation", 6)
    for peer in PEERS:
        trainers = {dtype: peer.trainer(peer.run(dtype)).step for dtype in ("float64", "float32")}
        seconds = seconds_a_step(trainers)
        limit = 1.3 if peer in PLAYGROUND else 2.5
        ratio = seconds["float64"] / seconds["float32"]
        yield at_most(f"float64, {peer.name}, batch {peer.batch}", ratio, limit, "× the time of float32")
    yield from (memory(peer) for peer in (PEERS[0], PEERS[6]))


def against_eager(peer: Peer, run: RunSpec, what: str, budget: float) -> Row:
    """The engine's rate over PyTorch's, for the same network, optimizer and layers."""
    trainer = peer.trainer(run)
    seconds = seconds_a_step({"engine": trainer.step, "eager": Eager(run, trainer.samples.train).step})
    note = f"{1 / seconds['engine']:,.0f} to {1 / seconds['eager']:,.0f} steps/s"
    name = f"step, {peer.name}, batch {peer.batch}{what}"
    return at_least(name, seconds["eager"] / seconds["engine"], budget, "× PyTorch", note)


def memory(peer: Peer) -> Row:
    """Bytes that are held after many steps with Adam beyond those before: the least of some times, as what leaks
    does so every time."""
    trainer = peer.trainer(peer.run(optimizer="adam"))
    tracemalloc.start()
    held, peak = [], 0
    for steps in (STEPS_BEFORE, *[STEPS_WATCHED] * TIMES_WATCHED):
        tracemalloc.reset_peak()
        for _ in range(steps):
            trainer.step()
        gc.collect()
        now, peak = tracemalloc.get_traced_memory()
        held.append(now)
    tracemalloc.stop()
    growth = max(min(after - before for before, after in pairwise(held)), 0)
    note = f"over {STEPS_WATCHED:,} steps; at most {peak - held[-1]:,} bytes more meanwhile"
    return at_most(f"memory of {peer.name}, growth", growth, 2_000, "bytes", note)
