"""Three curved blades around a centre, one class each."""

from __future__ import annotations

import numpy as np

from engine.data.record import Cloud, DataRecord, Draw, Floats, class_by_class, polar

CLASSES = 3
INNER, OUTER = 0.6, 5.0
TWIST = 2.0


def generate(samples: int, noise: float, draw: Draw) -> Cloud:
    """Points along blades that bend as they go outwards, scattered to the sides; noise scatters them further."""

    def blade(index: int, count: int) -> Floats:
        radius = INNER + (OUTER - INNER) * draw.positions(index).random(count)
        angle = 2 * np.pi * index / CLASSES + TWIST * radius / OUTER
        scatter = (0.25 + 1.5 * noise) * draw.noise(index).standard_normal((count, 2))
        return polar(radius, angle) + scatter

    return class_by_class(samples, CLASSES, blade)


PINWHEEL = DataRecord(
    title="Pinwheel",
    help="Three curved blades, a class each: the output layer has a unit for every class.",
    task="classification",
    classes=("a", "b", "c"),
    generate=generate,
    loss="cross_entropy",
    output_activation="softmax",
)
