"""Two half moons that reach into each other."""

from __future__ import annotations

import numpy as np

from engine.data.record import Cloud, DataRecord, Draw, Floats, class_by_class

RADIUS = 3.5
# At this reach the widest noise just mixes the moons' tips.
SCATTER = 2.0


def generate(samples: int, noise: float, draw: Draw) -> Cloud:
    """Points spread along two half circles, one the other turned by 180° about the origin; noise scatters them."""

    def moon(index: int, count: int) -> Floats:
        angle = np.pi * draw.positions(index).random(count)
        upper = RADIUS * np.column_stack((np.cos(angle) - 0.5, np.sin(angle) - 0.25))
        scatter = SCATTER * noise * draw.noise(index).standard_normal((count, 2))
        return (upper if index else -upper) + scatter

    return class_by_class(samples, 2, moon)


MOONS = DataRecord(
    title="Moons",
    help="Two half moons that reach into each other: a gently curved boundary parts them.",
    task="classification",
    classes=("-1", "+1"),
    generate=generate,
)
