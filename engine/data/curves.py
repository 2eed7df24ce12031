"""What the curves over one input share: inputs spread evenly over the domain, noise on the target."""

from __future__ import annotations

from collections.abc import Callable

from engine.data.record import DOMAIN, Cloud, DataRecord, Draw, Floats


def curve_set(title: str, help: str, curve: Callable[[Floats], Floats], scatter: float = 0.0) -> DataRecord:
    """The record of the regression set ``y = curve(x)``, its targets scattered by ``scatter + noise`` (standard
    deviation).
    """

    def generate(samples: int, noise: float, draw: Draw) -> Cloud:
        points = draw.positions().uniform(*DOMAIN, (samples, 1))
        return points, curve(points[:, 0]) + (scatter + noise) * draw.noise().standard_normal(samples)

    return DataRecord(
        title=title,
        help=help,
        task="regression",
        generate=generate,
        inputs=("x",),
        form="curve",
        output_activation="linear",
        samples=200,
    )
