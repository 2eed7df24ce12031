"""How the normalisation of a trained layer is switched: so that what the network computes in evaluation stays the same.

With u = Wᵀ x + b, what the activation gets is z = u, or γ û + β where the layer is normalised (see layers/block.py).

- none to batch is exact: the running statistics become the mean μ and variance σ² of each unit's u over the training
  data, and γ = √(σ² + ε), β = μ, which undoes them. Only a layer whose signal has died (its u differ by less than
  FAINT over the data) starts with γ = 1, β = 0 as a new one does: to be undone there would be to stay dead, and what it
  tells is next to nothing.
- batch to none is exact: what normalisation does in evaluation is the same line for every sample, z = s u + t with
  s = γ / √(σ² + ε) and t = β − s μ, and W and b take it up.
- to and from layer cannot be exact: what it does depends on the sample, and no weights do the same without it. Each
  unit's z becomes the line of what it was made of (u, or û over the layer) that comes closest over the training data
  (least squares).

In training, batch normalisation goes by its batch from the first step on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.normalizations import EPSILON

Floats = NDArray[np.float64]
Tensors = Mapping[str, NDArray[Any]]


FAINT: Final = 0.1
"""A layer whose pre-activations have a smaller standard deviation over the data passes hardly anything on."""


@dataclass(frozen=True, slots=True)
class Renormalized:
    """A layer's tensors ("weight", "bias", and "scale" and "shift" where it is normalised) and running statistics."""

    tensors: Tensors
    running: NDArray[Any]
    """(2, units) with batch normalisation: mean and variance of each unit; else (0, units)."""


@dataclass(frozen=True, slots=True)
class _Lines:
    """For each unit z = slope · v + offset, arrays (units,), where v is u or û."""

    slope: Floats
    offset: Floats


def renormalized(
    before: str, after: str, tensors: Tensors, running: NDArray[Any], inputs: NDArray[Any]
) -> Renormalized:
    """The layer of one normalisation with another ("none", "batch" or "layer").

    ``inputs`` (fan_in, samples) are what it reads of the training data, ``running`` its running statistics.
    """
    weight, bias = (tensors[name].astype(np.float64) for name in ("weight", "bias"))
    u = weight.T @ inputs + bias[:, None]
    mean, variance = u.mean(axis=1), u.var(axis=1, ddof=min(1, u.shape[1] - 1))
    lines = _lines(before, after, tensors, running.astype(np.float64), u)
    if after == "none":
        folded = {"weight": lines.slope * weight, "bias": lines.slope * bias + lines.offset}
        return Renormalized(folded, np.empty((0, len(bias))))
    kept = {name: tensors[name] for name in ("weight", "bias")}
    if after == "layer":
        return Renormalized(kept | {"scale": lines.slope, "shift": lines.offset}, np.empty((0, len(bias))))
    if before == "none" and np.sqrt(variance.mean()) < FAINT:
        lines = _Lines(1 / np.sqrt(variance + EPSILON), -mean / np.sqrt(variance + EPSILON))
    learned = {"scale": lines.slope * np.sqrt(variance + EPSILON), "shift": lines.slope * mean + lines.offset}
    return Renormalized(kept | learned, np.stack([mean, variance]))


def _lines(before: str, after: str, tensors: Tensors, running: Floats, u: Floats) -> _Lines:
    """What z was, as lines of what it will be made of: û over the layer where ``after`` is "layer", else u."""
    if before == "none" and after == "batch":
        return _Lines(np.ones(len(u)), np.zeros(len(u)))
    if before == "none":
        return _closest(_over_the_layer(u), u)
    scale, shift = (tensors[name].astype(np.float64) for name in ("scale", "shift"))
    if before == "layer":
        return _closest(u, scale[:, None] * _over_the_layer(u) + shift[:, None])
    mean, variance = running
    slope = scale / np.sqrt(variance + EPSILON)
    if after == "none":
        return _Lines(slope, shift - slope * mean)
    return _closest(_over_the_layer(u), slope[:, None] * (u - mean[:, None]) + shift[:, None])


def _over_the_layer(u: Floats) -> Floats:
    """û: each sample brought to mean 0 and variance 1 over the units."""
    return np.asarray((u - u.mean(axis=0)) / np.sqrt(u.var(axis=0) + EPSILON))


def _closest(v: Floats, z: Floats) -> _Lines:
    """The lines of v that come closest to z, arrays (units, samples); flat for a unit whose v is constant."""
    middle, level = v.mean(axis=1), z.mean(axis=1)
    spread = v.var(axis=1)
    together = ((v - middle[:, None]) * (z - level[:, None])).mean(axis=1)
    slope = np.divide(together, spread, out=np.zeros_like(spread), where=spread > 0)
    return _Lines(slope, level - slope * middle)
