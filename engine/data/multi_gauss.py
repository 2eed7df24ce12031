"""Six cones, up and down in turn, with the geometry of the TensorFlow Playground."""

from __future__ import annotations

from typing import Final

import numpy as np

from engine.data.record import DOMAIN, Cloud, DataRecord, Draw, Floats

# x, y and the sign of each peak
PEAKS: Final = np.array([(-4, 2.5, 1), (0, 2.5, -1), (4, 2.5, 1), (-4, -2.5, -1), (0, -2.5, 1), (4, -2.5, -1)])
REACH = 2.0


def height(points: Floats) -> Floats:
    """Target at points (n, 2): ±1 on a peak, falling linearly to 0 at a distance of 2; the stronger peak counts."""
    offsets = points[:, None, :] - PEAKS[:, :2]
    slopes = PEAKS[:, 2] * np.clip(1 - np.hypot(offsets[..., 0], offsets[..., 1]) / REACH, 0, 1)
    strongest = np.abs(slopes).argmax(axis=1)
    tallest: Floats = slopes[np.arange(len(points)), strongest]
    return tallest


def generate(samples: int, noise: float, draw: Draw) -> Cloud:
    """Points spread evenly, their target read at a place that noise moves away from the point."""
    points = draw.positions().uniform(*DOMAIN, (samples, 2))
    read_at = points + DOMAIN[1] * noise * draw.noise().uniform(-1, 1, (samples, 2))
    return points, height(read_at)


MULTI_GAUSS = DataRecord(
    title="Peaks",
    help="Six bumps, up and down in turn, to fit: each needs units of its own.",
    task="regression",
    generate=generate,
    output_activation="linear",
    samples=1200,
)
