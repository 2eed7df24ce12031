"""A disc of one class inside a ring of the other, with the geometry of the TensorFlow Playground."""

from __future__ import annotations

import numpy as np

from engine.data.record import Cloud, DataRecord, Draw, Floats, class_by_class, polar

RADIUS = 5.0


def generate(samples: int, noise: float, draw: Draw) -> Cloud:
    """Half the points within half the radius, half beyond 0.7 of it.

    Noise does not move a point: it moves the place at which its label is read, so labels near the rim flip.
    """

    def ring(index: int, count: int) -> Floats:
        inner, outer = ((0.7, 1.0), (0.0, 0.5))[index]
        unit = draw.positions(index).random((count, 2))
        return polar(RADIUS * (inner + (outer - inner) * unit[:, 0]), 2 * np.pi * unit[:, 1])

    points, _ = class_by_class(samples, 2, ring)
    read_at = points + RADIUS * noise * draw.noise().uniform(-1, 1, (samples, 2))
    inside = np.hypot(read_at[:, 0], read_at[:, 1]) < RADIUS / 2
    return points, inside.astype(np.int64)


CIRCLE = DataRecord(
    title="Circle",
    help="A disc inside a ring: no straight line parts them, three units that each draw one can.",
    task="classification",
    classes=("-1", "+1"),
    generate=generate,
)
