"""Real data that ship with the package; README.md beside this file names source and licence of each."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import as_file, files

import numpy as np
from numpy.typing import NDArray

from engine.data.record import Cloud, Draw


@cache
def stored(name: str) -> dict[str, NDArray[np.generic]]:
    """The arrays of ``<name>.npz``."""
    with as_file(files("engine.data") / f"{name}.npz") as path, np.load(path, allow_pickle=False) as archive:
        return dict(archive)


def drawn_from(load: Callable[[], Cloud]) -> Callable[[int, float, Draw], Cloud]:
    """A generator that picks samples without replacement; more samples extend the same choice. Noise is not added."""

    def generate(samples: int, noise: float, draw: Draw) -> Cloud:
        points, labels = load()
        chosen = draw.positions().permutation(len(points))[:samples]
        return points[chosen], labels[chosen]

    return generate
