"""How a new layer hands on what it reads, as nearly unchanged as its activation allows.

Unit k of the new layer reads one unit before it, z = scale · a + shift, and what comes after reads offset + factor ·
f(z) instead of a: ``factor`` is put on the weights that follow, ``offset`` into their bias. How near that comes (the
largest error for activations a spread evenly over −1 to 1, measured; the tests hold it):

    linear, relu, leaky_relu, elu             exact: f is straight from 0 on, and a shift brings every a there
    hard_sigmoid, hard_tanh                   exact: f is straight around 0
    tanh, sigmoid, gelu, sine 0.02;
    silu, gaussian 0.01, mish 0.004           f is straightest where f'' = 0, and z stays close to that point
    softplus 0.02                             nearly straight from 3 on
    step                                      not at all: it tells no more than which side of 0

Raw inputs reach further and come out less exact: over −5 to 5 the curved ones err by 0.2 to 0.7.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.activations import ACTIVATIONS
from engine.spec import DenseSpec

Floats = NDArray[np.float64]

# Activations that are straight for all z, and for z from 0 on.
_STRAIGHT: Final = frozenset({"linear"})
_STRAIGHT_ABOVE_ZERO: Final = frozenset({"relu", "leaky_relu", "elu"})
# Activations that are straight this far to either side of 0.
_STRAIGHT_WITHIN: Final = {"hard_sigmoid": 3.0, "hard_tanh": 1.0}
# How much further than the training data a shift reaches below, as a share of their range: other data are to pass as
# well.
_MARGIN: Final = 0.1


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a curved activation is straightest, and how far from there it may be taken for straight."""

    point: float
    reach: float


ANCHORS: Final[dict[str, Anchor]] = {
    "tanh": Anchor(0.0, 0.4),
    "sigmoid": Anchor(0.0, 0.8),
    "gelu": Anchor(1.41, 0.7),
    "silu": Anchor(2.4, 1.0),
    "softplus": Anchor(3.0, 0.8),
    "mish": Anchor(1.6, 0.4),
    "sine": Anchor(0.0, 0.4),
    "gaussian": Anchor(-0.71, 0.2),
    "step": Anchor(0.0, 1.0),
}


@dataclass(frozen=True, slots=True)
class PassThrough:
    """Arrays of one entry a unit passed on: z = scale · a + shift, and a ≈ offset + factor · f(z)."""

    scale: Floats
    shift: Floats
    factor: Floats
    offset: Floats


def pass_through(layer: DenseSpec, activations: NDArray[Any]) -> PassThrough:
    """For a new layer over units whose activations on the training data are (units, samples)."""
    a = np.asarray(activations, dtype=np.float64)
    low, high = a.min(axis=1), a.max(axis=1)
    half = (high - low) / 2
    one, zero = np.ones(len(a)), np.zeros(len(a))
    if layer.activation in _STRAIGHT:
        return PassThrough(one, zero, one, zero)
    if layer.activation in _STRAIGHT_ABOVE_ZERO:
        scale = np.where(low < 0, _steady(half, 1.0), one)
        shift = np.where(low < 0, scale * (2 * _MARGIN * half - low), zero)
        return PassThrough(scale, shift, 1 / scale, -shift / scale)

    if layer.activation in _STRAIGHT_WITHIN:
        scale = _STRAIGHT_WITHIN[layer.activation] / np.maximum((1 + 2 * _MARGIN) * half, 1.0)
        shift = -scale * (high + low) / 2
        entry = ACTIVATIONS[layer.activation]
        at_zero, slope = entry.value(np.zeros(1)), entry.slope(np.zeros(1))
        factor = 1 / (scale * slope)
        return PassThrough(scale, shift, factor, (high + low) / 2 - factor * at_zero)

    anchor = ANCHORS[layer.activation]
    scale = _steady(half, anchor.reach)
    shift = anchor.point - scale * (high + low) / 2
    entry = ACTIVATIONS[layer.activation]
    passed = entry.value(scale[:, None] * a + shift[:, None], **layer.activation_options)
    # The straight line that fits best over the data; the tangent for a unit that is the same on all of them.
    middle, passed_middle = a.mean(axis=1), passed.mean(axis=1)
    spread = passed.var(axis=1)
    slope = entry.slope(np.full(1, anchor.point), **layer.activation_options)
    tangent = 1 / (scale * slope) if slope[0] else np.zeros(len(a))
    together = ((a - middle[:, None]) * (passed - passed_middle[:, None])).mean(axis=1)
    factor = np.where(spread > 1e-24, together / np.maximum(spread, 1e-24), tangent)
    return PassThrough(scale, shift, factor, middle - factor * passed_middle)


def _steady(half: Floats, reach: float) -> Floats:
    """The scale for inputs that go so far to either side of their middle.

    A small scale keeps z where f is straight, but asks for a large factor behind it, and training by large weights is
    unsteady. This is half way (geometrically) between the scale that keeps z within ``reach`` and none, and never
    over 1.
    """
    scale: Floats = reach / np.sqrt(np.maximum(half, reach**2))
    return scale
