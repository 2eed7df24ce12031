"""The fields of commands that bring data, for the tests of sessions and of the wire."""

from __future__ import annotations

from typing import Any

import numpy as np

PLACES = np.random.default_rng(4).uniform(-5, 5, (40, 2))


def brought(points: Any = PLACES, labels: Any = None, **others: Any) -> dict[str, Any]:
    """The fields of a command that brings points of two classes."""
    places = np.asarray(points, dtype="<f4")
    sides = (places[:, 0] > 0) if labels is None else labels
    fields = {"lane": 0, "inputs": ("x", "y"), "classes": ("-1", "+1"), "ranges": ((-6.0, 6.0), (-6.0, 6.0))}
    return fields | {"points": places.tobytes(), "labels": np.asarray(sides, dtype="<f4").tobytes()} | others


def table(columns: int = 3, classes: int = 3, rows: int = 30) -> dict[str, Any]:
    numbers = np.arange(rows * columns).reshape(rows, columns) / 10
    names = tuple(f"column {index}" for index in range(columns))
    labels = np.arange(rows) % classes if classes else numbers[:, 0]
    kinds = tuple(f"kind {index}" for index in range(classes))
    return brought(numbers, labels, inputs=names, classes=kinds, ranges=None)
