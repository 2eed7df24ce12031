"""Two Gaussian clouds, with the geometry of the TensorFlow Playground."""

from __future__ import annotations

import numpy as np

from engine.data.record import Cloud, DataRecord, Draw, Floats, class_by_class

CENTRE = 2.0


def generate(samples: int, noise: float, draw: Draw) -> Cloud:
    """One cloud around (2, 2), one around (−2, −2); noise from 0 to 0.5 widens their variance from 0.5 to 4."""
    deviation = np.sqrt(0.5 + 7.0 * noise)

    def cloud(index: int, count: int) -> Floats:
        centre = (-CENTRE, CENTRE)[index]
        scattered: Floats = centre + deviation * draw.positions(index).standard_normal((count, 2))
        return scattered

    return class_by_class(samples, 2, cloud)


GAUSS = DataRecord(
    title="Gauss",
    help="Two clouds that one straight line parts: a network without hidden layers is enough.",
    task="classification",
    classes=("-1", "+1"),
    generate=generate,
)
