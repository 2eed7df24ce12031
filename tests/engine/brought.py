"""Own data that tests bring, and runs on them."""

from typing import Any

import numpy as np

from engine import OwnData, RunSpec, Trainer
from engine.adapt import with_own_data

DRAW = np.random.default_rng(8)
PLACES = DRAW.uniform(-5, 5, (60, 2))
SIDES = (PLACES[:, 0] > 0).astype(int)


def drawn(points: Any = PLACES, labels: Any = SIDES, **others: Any) -> OwnData:
    """Points of two classes, drawn into the plane of the generated sets."""
    return OwnData(("x", "y"), points, labels, **({"classes": ("-1", "+1"), "ranges": [(-6, 6), (-6, 6)]} | others))


def table(inputs: int = 3, classes: int = 3, rows: int = 40) -> OwnData:
    """Rows of a table; numbers to fit where there are no classes."""
    numbers = np.arange(rows * inputs, dtype=float).reshape(rows, inputs)
    names = tuple(f"column {index}" for index in range(inputs))
    labels = np.arange(rows) % classes if classes else numbers[:, 0] / 10
    return OwnData(names, numbers, labels, tuple(f"class {index}" for index in range(classes)))


def run_on(own: OwnData, run: RunSpec | None = None) -> RunSpec:
    return with_own_data(run or RunSpec(), own.shape)


def trained(own: OwnData, steps: int = 20, run: RunSpec | None = None) -> Trainer:
    trainer = Trainer(run_on(own, run), own=own)
    for _ in range(steps):
        trainer.step()
    return trainer
