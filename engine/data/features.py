"""Input features: what the network is given instead of, or beside, the two raw inputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Feature:
    """One input feature: ``value(x, y)`` of two arrays of equal shape."""

    title: str
    formula: str
    value: Callable[[Floats, Floats], Floats]


FEATURES: Final[dict[str, Feature]] = {
    "x": Feature("x", "x", lambda x, y: x),
    "y": Feature("y", "y", lambda x, y: y),
    "x2": Feature("x²", "x^2", lambda x, y: x * x),
    "y2": Feature("y²", "y^2", lambda x, y: y * y),
    "xy": Feature("xy", "x y", lambda x, y: x * y),
    "sin_x": Feature("sin x", r"\sin x", lambda x, y: np.sin(x)),
    "sin_y": Feature("sin y", r"\sin y", lambda x, y: np.sin(y)),
}


COORDINATES: Final = ("x", "y")
"""The features that are the two raw inputs themselves, whatever these are called."""


def network_inputs(points: Floats, features: Sequence[str]) -> Floats:
    """What the network is given for raw points (n, inputs): a column a feature, or the points themselves where none
    are named.
    """
    if not features:
        return points
    x, y = points[:, 0], points[:, 1]
    return np.column_stack([FEATURES[name].value(x, y) for name in features])
