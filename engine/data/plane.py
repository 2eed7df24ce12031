"""A tilted plane to fit, with the geometry of the TensorFlow Playground."""

from __future__ import annotations

from engine.data.record import DOMAIN, Cloud, DataRecord, Draw


def generate(samples: int, noise: float, draw: Draw) -> Cloud:
    """Target ``(x + y) / 10``, read at a place that noise moves away from the point."""
    points = draw.positions().uniform(*DOMAIN, (samples, 2))
    read_at = points + DOMAIN[1] * noise * draw.noise().uniform(-1, 1, (samples, 2))
    return points, read_at.sum(axis=1) / 10


PLANE = DataRecord(
    title="Plane",
    help="A tilted plane to fit: a single linear unit can do it exactly.",
    task="regression",
    generate=generate,
    output_activation="linear",
    samples=1200,
)
