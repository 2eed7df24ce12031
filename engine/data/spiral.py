"""Two spirals wound into each other, with the geometry of the TensorFlow Playground."""

from __future__ import annotations

import numpy as np

from engine.data.record import Cloud, DataRecord, Draw, Floats, class_by_class, polar

RADIUS = 5.0
TURNS = 1.75


def generate(samples: int, noise: float, draw: Draw) -> Cloud:
    """Points evenly spaced along each arm, from the centre outwards; noise scatters them by up to that much."""

    def arm(index: int, count: int) -> Floats:
        along = np.arange(count) / count
        start = (np.pi, 0.0)[index]
        points = polar(RADIUS * along, TURNS * 2 * np.pi * along + start)
        return points + noise * draw.noise(index).uniform(-1, 1, (count, 2))

    return class_by_class(samples, 2, arm)


SPIRAL = DataRecord(
    title="Spiral",
    help="Two arms wound into each other: needs several layers, or features that bend.",
    task="classification",
    classes=("-1", "+1"),
    generate=generate,
)
