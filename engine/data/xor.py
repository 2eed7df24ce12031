"""Exclusive or: opposite quadrants belong together, with the geometry of the TensorFlow Playground."""

from __future__ import annotations

import numpy as np

from engine.data.record import Cloud, DataRecord, Draw

HALF_WIDTH = 5.0
PADDING = 0.3


def generate(samples: int, noise: float, draw: Draw) -> Cloud:
    """Points spread evenly over the square, pushed a little off the axes.

    Noise does not move a point: it moves the place at which its label is read, so labels near the axes flip.
    """
    points = draw.positions().uniform(-HALF_WIDTH, HALF_WIDTH, (samples, 2))
    points += np.where(points > 0, PADDING, -PADDING)
    read_at = points + HALF_WIDTH * noise * draw.noise().uniform(-1, 1, (samples, 2))
    return points, (read_at[:, 0] * read_at[:, 1] >= 0).astype(np.int64)


XOR = DataRecord(
    title="Exclusive or",
    help="Opposite quadrants share a class: the smallest problem that needs a hidden layer.",
    task="classification",
    classes=("-1", "+1"),
    generate=generate,
)
