"""Counts how much of each layer does nothing for learning, over batch after batch of samples.

A unit is *saturated* on a sample where its value f(z) is pressed against an end of its range (tanh |f| > 0.97, sigmoid
f < 0.03 or f > 0.97: `Activation.saturated_beyond`): its slope is near 0 there. A relu unit whose value is 0 on every
sample gets an error signal from none. Values are f(z), before dropout and a residual connection change what is passed
on. Cost: a few calls for each run of neighbouring layers with one activation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt

from engine.activations import ACTIVATIONS, Activation
from engine.arena import Plan
from engine.kernels import Array
from engine.spec import DenseSpec

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Shares = tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class LayerShares:
    """One layer's units over some samples; each array (units,), None where its activation knows no such thing."""

    saturation: Floats | None
    """The share of the samples on which the unit is saturated."""
    zero: Bools | None
    """Whether the unit is 0 on every sample, and so has no error signal from any: silent, or dead."""

    @property
    def saturated(self) -> float | None:
        """The share of the layer's activations that are saturated."""
        return None if self.saturation is None else float(self.saturation.mean())

    @property
    def zero_share(self) -> float | None:
        """The share of the units that are 0 on every sample."""
        return None if self.zero is None else float(self.zero.mean())


@dataclass(frozen=True, slots=True)
class _Run:
    """Neighbouring layers with one activation, whose values are their activations where they are `plain`."""

    rows: slice
    activation: Activation
    options: Mapping[str, float]
    plain: bool


class Tally:
    """Of a network's layers; `training` says whether the passes to come leave units out by dropout."""

    def __init__(self, layers: Sequence[DenseSpec], plan: Plan, training: bool = False) -> None:
        self._rows = plan.rows
        # Units of a layer, and then the row below it, which counts for nothing.
        self._bounds = [bound for rows in plan.rows for bound in (rows.start, rows.stop)]
        self._units = np.array([layer.units for layer in layers], dtype=np.float64)
        self._runs = tuple(_runs(layers, plan, training))
        activations = [ACTIVATIONS[layer.activation] for layer in layers]
        self._saturates = [activation.saturated_beyond is not None for activation in activations]
        self._dies = [activation.dies for activation in activations]
        self._saturated: Floats = np.zeros(plan.height)
        self._dying: Bools = np.zeros(plan.height, dtype=np.bool_)
        for rows, dies in zip(plan.rows, self._dies, strict=True):
            self._dying[rows] = dies
        self._zero = self._dying.copy()
        self._samples = 0

    def reset(self) -> None:
        """Forgets all samples."""
        self._samples = 0
        self._saturated.fill(0)
        np.copyto(self._zero, self._dying)

    def add(self, pre_activations: Array, activations: Array) -> None:
        """z and a (height, samples) of a pass on some samples, in the plan's order."""
        samples = activations.shape[1]
        ones = np.ones(samples, dtype=np.float32)
        for run in self._runs:
            rows, activation = run.rows, run.activation
            values = activations[rows] if run.plain else activation.value(pre_activations[rows], **run.options)
            if activation.saturated_beyond:
                low, high = activation.saturated_beyond
                # A product counts four times as fast as a sum of truth values, and as exactly up to 2²⁴ samples.
                self._saturated[rows] += ((values < low) | (values > high)).astype(np.float32) @ ones
            if activation.dies:
                self._zero[rows] &= (values == 0).all(axis=1)
        self._samples += samples

    @property
    def of_layers(self) -> tuple[Shares, Shares]:
        """Of each layer the share of saturated activations, and that of units that are 0 on every sample; None where
        its activation knows no such thing.
        """
        counts = np.array((self._saturated / self._samples, self._zero))
        saturated, zero = (np.add.reduceat(counts, self._bounds, axis=1)[:, ::2] / self._units).tolist()
        return _where(self._saturates, saturated), _where(self._dies, zero)

    @property
    def of_units(self) -> tuple[LayerShares, ...]:
        """The same, unit by unit."""
        return tuple(
            LayerShares(
                self._saturated[rows] / self._samples if saturates else None, self._zero[rows] if dies else None
            )
            for rows, saturates, dies in zip(self._rows, self._saturates, self._dies, strict=True)
        )


def _where(known: Sequence[bool], shares: Sequence[float]) -> Shares:
    return tuple(share if there else None for there, share in zip(known, shares, strict=True))


def _runs(layers: Sequence[DenseSpec], plan: Plan, training: bool) -> list[_Run]:
    def alike(index: int) -> tuple[object, ...]:
        layer = layers[index]
        changed = layer.residual or (training and layer.dropout > 0)
        return layer.activation, tuple(layer.activation_options.items()), not changed

    runs = []
    for _, group in groupby(range(len(layers)), key=alike):
        indices = list(group)
        first = layers[indices[0]]
        rows = slice(plan.rows[indices[0]].start, plan.rows[indices[-1]].stop)
        plain = bool(alike(indices[0])[-1])
        runs.append(_Run(rows, ACTIVATIONS[first.activation], first.activation_options, plain))
    return runs
