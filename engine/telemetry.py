"""Per-layer statistics of steps: root mean squares of δ, gradient, weight and update; and whether all is finite.

A step itself only looks whether its numbers are finite, which is one product, and lays its tensors by, which is one
copy. Their statistics are worked out for a whole sheet of steps at once, when the first of them is asked for or the
sheet is full: on small networks the calls cost, not the arithmetic. Tensors that are not small are never laid by;
their statistics are worked out at once.

The sums of squares of neighbouring layers of one size are a single call. They are exact as long as no square leaves
the range of the numbers. Where a sum is too small or too large to be trusted, that tensor is done again, scaled by its
largest entry, so that 1e-200 and 1e200 are as good as 1. A row has the same bits in whatever sheet it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from math import sqrt

import numpy as np
import numpy.typing as npt

from engine.arena import Arena, Plan, Signals
from engine.kernels import Array, quiet_context

Floats = npt.NDArray[np.float64]

SHEET_STEPS = 200
SHEET_BYTES = 1 << 20
"""A sheet holds so many steps, as many as a session hands on at once, or tensors of so many bytes."""
SHORTEST_SHEET = 2
"""Tensors of which a sheet would hold fewer steps are not laid by."""
# Longer products are shared out among threads where BLAS may have some, which takes longer than they do.
_PIECE = 8192
# Sums of squares between these have lost nothing, as float64.
_TRUSTED = (1e-250, 1e300)


def scaled_rms(values: Array) -> float:
    """Root mean square of any finite entries, computed so that squares neither underflow nor overflow; 0 of none."""
    return float(_scaled_rms_of_rows(values.reshape(1, -1))[0])


def _scaled_rms_of_rows(values: Array) -> Floats:
    """(rows,) for (rows, entries), scaled by each row's largest entry."""
    wide = values.astype(np.float64, copy=False)
    peaks: Floats = np.abs(wide).max(axis=1, initial=0)
    scaled = wide / np.where(peaks > 0, peaks, 1)[:, np.newaxis]
    means = np.square(scaled).sum(axis=1) / max(wide.shape[1], 1)
    found: Floats = peaks * np.sqrt(means)
    return found


def rms(values: Array) -> float:
    """The same as `scaled_rms`, quicker for numbers of ordinary size."""
    wide = values.reshape(-1).astype(np.float64, copy=False)
    total = float(wide.dot(wide))
    return sqrt(total / wide.size) if _TRUSTED[0] < total < _TRUSTED[1] else scaled_rms(values)


class Sheet:
    """The rows of some steps, worked out together. `Telemetry` writes; `rows` closes it."""

    __slots__ = ("_rows", "_telemetry")

    def __init__(self, telemetry: Telemetry | None, rows: Floats | None = None) -> None:
        self._telemetry = telemetry
        self._rows = rows

    @property
    def rows(self) -> Floats:
        """(steps, 1 + 4 · layers), read-only: loss, then δ, gradient, weight and update of each layer."""
        if self._rows is None:
            assert self._telemetry is not None
            self._rows, self._telemetry = self._telemetry.close(), None
        return self._rows


class Telemetry:
    """Statistics of the steps on batches of one size, whose tensors lie in the arena."""

    def __init__(self, plan: Plan, arena: Arena, signals: Signals) -> None:
        entries = plan.height * signals.batch
        whole = arena.memory[arena.signals - 2 * entries :]
        self._first = whole[:_PIECE]
        self._others = [whole[start : start + _PIECE] for start in range(_PIECE, whole.size, _PIECE)]
        self._memory = whole[entries:]
        room = SHEET_BYTES // self._memory.nbytes
        self._later = room >= SHORTEST_SHEET
        steps = min(SHEET_STEPS, room) if self._later else 1
        self._tensors = np.empty((steps, self._memory.size), arena.dtype) if self._later else self._memory[np.newaxis]
        self._lines = list(self._tensors)
        self._sums: Array = np.empty((steps, 4, len(plan.layers)), dtype=arena.dtype)
        self._groups = tuple(_groups(plan, signals.batch, self._tensors))
        units = [layer.units * signals.batch for layer in plan.layers]
        weights = [span.stop - span.start for span in plan.weight_spans]
        self._shares = 1 / np.array([units, weights, weights, weights], dtype=np.float64)
        # Square sums between the two are exact, and no entry of such a tensor is beyond the root of the upper one.
        self._lowest, self._ceiling = (1e-30, 1e37) if arena.dtype == np.float32 else _TRUSTED
        self._losses: list[float] = []
        self._sheet = Sheet(self)
        self._quietly = quiet_context().run

    def certain(self) -> bool:
        """Whether every number is certainly finite, and so small that a sum of two or a square of one is as well."""
        first, others = self._first, self._others
        # Most networks have one piece, and there a generator would cost as much as the product.
        return bool(first.dot(first) < self._ceiling) and (
            not others or all(piece.dot(piece) < self._ceiling for piece in others)
        )

    def keep(self, loss: float) -> tuple[Sheet, int]:
        """The sheet, and the row on it, that the tensors as they are now and the loss get."""
        if len(self._losses) == len(self._lines):
            _ = self._sheet.rows
        sheet, index = self._sheet, len(self._losses)
        self._losses.append(loss)
        if self._later:
            self._lines[index][...] = self._memory
        else:
            _ = sheet.rows
        return sheet, index

    def close(self) -> Floats:
        """The rows of the present sheet; the next step begins another."""
        rows = np.empty((len(self._losses), self._shares.size + 1))
        rows[:, 0] = self._losses
        self._quietly(self._work_out, rows[:, 1:].reshape(-1, *self._shares.shape))
        rows.flags.writeable = False
        self._losses, self._sheet = [], Sheet(self)
        return rows

    def _work_out(self, means: Floats) -> None:
        """Writes root mean squares (steps, 4, layers): of δ, gradient, weight and update."""
        steps = len(means)
        for group in self._groups:
            tensors = group.tensors[:steps]
            np.vecdot(tensors, tensors, self._sums[:steps, group.parts, group.layers])
        sums = self._sums[:steps]
        np.multiply(sums, self._shares, means)
        np.sqrt(means, means)
        if not (sums.item(sums.argmin()) >= self._lowest and sums.item(sums.argmax()) < self._ceiling):
            self._settle(sums, means)

    def _settle(self, sums: Array, means: Floats) -> None:
        """Corrects what came of sums that left the exact range."""
        doubtful = ~((sums >= self._lowest) & (sums < self._ceiling))
        for group in self._groups:
            places = doubtful[:, group.parts, group.layers]
            if places.any():
                means[:, group.parts, group.layers][places] = _scaled_rms_of_rows(group.tensors[: len(sums)][places])


@dataclass(frozen=True, slots=True)
class _Group:
    """Tensors of one size, of neighbouring layers: a view (steps, parts, layers, entries), and their places among the
    parts (δ, gradient, parameter, update) and the layers.
    """

    tensors: Array
    parts: slice
    layers: slice


def _groups(plan: Plan, batch: int, tensors: Array) -> Iterator[_Group]:
    """What is counted of tensors (steps, entries): neither the rows below a layer's rows of δ, nor the biases."""
    entries = plan.height * batch
    rows = [((rows.stop - rows.start + 1) * batch, (rows.stop - rows.start) * batch) for rows in plan.rows]
    yield from _runs(rows, tensors[:, np.newaxis, :entries], 0)
    spans = zip(plan.spans, plan.weight_spans, strict=True)
    parameters = [(span.stop - span.start, weights.stop - weights.start) for span, weights in spans]
    yield from _runs(parameters, tensors[:, entries:].reshape(len(tensors), 3, plan.size), 1)


def _runs(sizes: list[tuple[int, int]], tensors: Array, part: int) -> Iterator[_Group]:
    """`sizes` says of each layer how many entries it has, and how many of them, the first, are counted."""
    steps, parts, _ = tensors.shape
    start = layer = 0
    for (size, counted), run in groupby(sizes):
        layers = len(list(run))
        view = tensors[:, :, start : start + layers * size].reshape(steps, parts, layers, size)[..., :counted]
        yield _Group(view, slice(part, part + parts), slice(layer, layer + layers))
        start, layer = start + layers * size, layer + layers
