"""How the entries of a layer's tensors are spread: histograms of z, a, δ, W and ∂L/∂W, layer by layer on one axis.

All layers share a tensor's axis, or one would not see that a signal fades. z, a and W have a linear one, rounded
outward to 1, 2 or 5 times a power of ten so that it seldom changes (a bounded activation has its own range). δ and
∂L/∂W are spread over many orders of magnitude: of them log₁₀ of the sizes is counted, over whole decades, and the exact
zeros, which have no logarithm, apart.

Cost: about ten calls a tensor, whatever the depth; of a tensor of more than 65,536 entries every second, third, ...
counts. Made for frames, not for every step.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from engine.activations import ACTIVATIONS
from engine.kernels import Array
from engine.trainer import Trainer

Counts = npt.NDArray[np.intp]

TENSORS: Final = ("pre_activations", "activations", "deltas", "weights", "gradients")
BINS: Final = 24
_LOGARITHMIC: Final = frozenset({"deltas", "gradients"})
_MOST_ENTRIES: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Distribution:
    """One tensor of every layer, in BINS bins of equal width over one axis."""

    low: float
    high: float
    """Ends of the axis: of the values, or of log₁₀ of their sizes."""
    logarithmic: bool
    counts: Counts
    """(layers, BINS): entries in each bin; an entry at an end is in the bin there."""
    zeros: Counts
    """(layers,): entries that are exactly zero; they are in no bin where the axis is logarithmic."""


def distributions(trainer: Trainer) -> dict[str, Distribution]:
    """Of each of TENSORS, on the coming batch as of the last `compute`; its numbers have to be finite."""
    plan, arena, signals = trainer.network.plan, trainer.network.arena, trainer.signals
    rows = np.concatenate([np.arange(span.start, span.stop) for span in plan.rows])
    of_units = np.repeat(np.arange(len(plan.rows)), [span.stop - span.start for span in plan.rows])
    weights = np.concatenate([np.arange(span.start, span.stop) for span in plan.weight_spans])
    of_weights = np.repeat(np.arange(len(plan.rows)), [span.stop - span.start for span in plan.weight_spans])
    of_signals = np.repeat(of_units, signals.batch)
    entries = {name: getattr(signals, name)[rows].reshape(-1) for name in ("pre_activations", "activations", "deltas")}
    entries |= {"weights": arena.parameters[weights], "gradients": arena.gradients[weights]}
    found: dict[str, Distribution] = {}
    for name in TENSORS:
        layers = of_weights if name in ("weights", "gradients") else of_signals
        thinned = slice(None, None, ceil(max(1, layers.size) / _MOST_ENTRIES))
        values, owners = entries[name][thinned].astype(np.float64), layers[thinned]
        if name in _LOGARITHMIC:
            found[name] = _of_sizes(values, owners, len(plan.rows))
        else:
            low, high = _bounds(trainer, values) if name == "activations" else _symmetric(values)
            zeros = np.bincount(owners[values == 0], minlength=len(plan.rows))
            found[name] = Distribution(low, high, False, _counted(values, owners, low, high, len(plan.rows)), zeros)
    return found


def _of_sizes(values: npt.NDArray[np.float64], owners: Counts, layers: int) -> Distribution:
    nonzero = values != 0
    zeros = np.bincount(owners[~nonzero], minlength=layers)
    exponents = np.log10(np.abs(values[nonzero]))
    if not exponents.size:
        return Distribution(-1.0, 0.0, True, np.zeros((layers, BINS), dtype=np.intp), zeros)
    low = float(floor(exponents.min()))
    high = max(float(ceil(exponents.max())), low + 1)
    return Distribution(low, high, True, _counted(exponents, owners[nonzero], low, high, layers), zeros)


def _counted(values: npt.NDArray[np.float64], owners: Counts, low: float, high: float, layers: int) -> Counts:
    # Halved, for from −1e308 to 1e308 is more than a float holds.
    shares = (values / 2 - low / 2) / (high / 2 - low / 2)
    places = np.minimum((shares * BINS).astype(np.intp), BINS - 1)
    counts: Counts = np.bincount(owners * BINS + places, minlength=layers * BINS).reshape(layers, BINS)
    return counts


def _bounds(trainer: Trainer, values: Array) -> tuple[float, float]:
    """The range of the layers' activations where all are bounded; what residual layers add goes beyond it."""
    layers = trainer.network.layers
    ranges = [ACTIVATIONS[layer.activation].display_range for layer in layers if not (layer.residual or layer.dropout)]
    if len(ranges) < len(layers) or None in ranges:
        return _symmetric(values)
    bounded = [each for each in ranges if each is not None]
    return min(low for low, _ in bounded), max(high for _, high in bounded)


def _symmetric(values: Array) -> tuple[float, float]:
    """From minus to plus the first of 1, 2, 5 times a power of ten that holds all values."""
    largest = max(float(values.max(initial=0)), -float(values.min(initial=0)))
    if largest == 0:
        return -1.0, 1.0
    bound = next((each for each in _round_numbers(largest) if each >= largest), largest)
    return -bound, bound


def _round_numbers(size: float) -> Iterator[float]:
    power = floor(log10(size))
    for mantissa in (1, 2, 5, 10):
        yield float(f"{mantissa}e{power}")


def as_arrays(found: dict[str, Distribution]) -> tuple[npt.NDArray[Any], npt.NDArray[np.float64]]:
    """All of them as they travel: counts (tensors, layers, BINS + 1), zeros last, and axes (tensors, 3)."""
    each = [found[name] for name in TENSORS]
    counts = np.stack([np.column_stack((one.counts, one.zeros)) for one in each])
    return counts, np.array([(one.low, one.high, float(one.logarithmic)) for one in each])
