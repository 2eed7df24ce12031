"""Gradients by numbers: what the loss does when one parameter is moved a little either way.

D(h) = (L(w + h) − L(w − h)) / 2h is off from ∂L/∂w by a multiple of h² and less, which two distances take out:
∂L/∂w ≈ (4 D(h) − D(2h)) / 3 (L. F. Richardson 1911), so that steep functions are measured as well as flat ones. h =
ε^0.3 · max(1, |w|), about 2e-5 in float64, is near the best of rounding and of what is left over. It knows nothing of
how the backward pass works, which is the point. A kink (relu at z = 0) between w − 2h and w + 2h makes the two differ
with neither being wrong.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.kernels import Array
from engine.network import Network


@dataclass(frozen=True, slots=True)
class Check:
    """A gradient from the backward pass (analytic) and the same by central differences (numeric)."""

    name: str
    analytic: Array
    numeric: Array

    @property
    def error(self) -> float:
        """The largest difference, relative to the larger of the two gradients' largest entries; 0 where both are 0."""
        scale = max(float(np.abs(self.analytic).max(initial=0)), float(np.abs(self.numeric).max(initial=0)))
        return float(np.abs(self.analytic - self.numeric).max(initial=0)) / scale if scale else 0.0


def numeric_gradient(
    network: Network, x: npt.ArrayLike, y: npt.ArrayLike, name: str, index: tuple[int, ...], training: bool = False
) -> float:
    """∂L/∂(one entry of a parameter) for the batch (x, y), in the network's precision; the parameter is put back.

    ``name`` and ``index`` are as in ``network.parameters``: ("0.weight", (1, 3)). Raises KeyError or IndexError where
    there is no such entry. ``training``: with the batch's own statistics, and the same units dropped each time.
    """
    parameter = network.parameters[name]
    value = parameter[index]
    h = float(np.finfo(network.dtype).eps) ** 0.3 * max(1.0, abs(float(value)))

    def slope(distance: float) -> float:
        parameter[index] = above = value + distance
        loss_above, _ = _loss_and_gradients(network, x, y, training)
        parameter[index] = below = value - distance
        loss_below, _ = _loss_and_gradients(network, x, y, training)
        # Divided by the distance that the rounded parameter really moved.
        return float((loss_above - loss_below) / (above - below))

    try:
        return (4 * slope(h) - slope(2 * h)) / 3
    finally:
        parameter[index] = value


def _loss_and_gradients(
    network: Network, x: npt.ArrayLike, y: npt.ArrayLike, training: bool
) -> tuple[float, dict[str, Array]]:
    return network.loss_and_gradients(x, y, training, np.random.default_rng(0))


def check_gradients(
    network: Network, x: npt.ArrayLike, y: npt.ArrayLike, training: bool = False
) -> tuple[Check, ...]:
    """Every parameter's gradient for the batch (x, y), both ways."""
    _, gradients = _loss_and_gradients(network, x, y, training)
    checks = []
    for name, analytic in gradients.items():
        numeric = np.empty_like(analytic)
        for index in np.ndindex(*analytic.shape):
            numeric[index] = numeric_gradient(network, x, y, name, index, training)
        checks.append(Check(name, analytic, numeric))
    return tuple(checks)
