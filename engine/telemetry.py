"""Per-layer statistics of a step: root mean squares of δ, gradient, weight and update; and whether all is finite.

All sums of squares are one product over the arena and one `reduceat`. That is exact as long as no square leaves the
range of the numbers. Where a sum is too small or too large to be trusted, that tensor alone is done again, scaled by
its largest entry, so that 1e-200 and 1e200 are as good as 1. The sums include z and the biases, which have no place
in the row: whatever is not finite shows up in them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from math import inf, sqrt

import numpy as np
import numpy.typing as npt

from engine.arena import Arena, Plan, Signals
from engine.kernels import Array, Kernel, Kernels

# From so many entries a segment on, a product for each tensor is faster than `reduceat` over all of them.
_LONG_SEGMENT = 512
# Sums of squares between these have lost nothing, as float64.
_TRUSTED = (1e-250, 1e300)


def scaled_rms(values: Array) -> float:
    """Root mean square of any finite entries, computed so that squares neither underflow nor overflow; 0 of none."""
    peak = max(float(values.max(initial=0)), -float(values.min(initial=0)))
    if peak == 0.0:
        return 0.0
    scaled = values.reshape(-1) / np.float64(peak)
    return peak * sqrt(float(scaled.dot(scaled)) / scaled.size)


def rms(values: Array) -> float:
    """The same as `scaled_rms`, quicker for numbers of ordinary size."""
    wide = values.reshape(-1).astype(np.float64, copy=False)
    total = float(wide.dot(wide))
    return sqrt(total / wide.size) if _TRUSTED[0] < total < _TRUSTED[1] else scaled_rms(values)


@dataclass(frozen=True, slots=True)
class _Segments:
    """The arena as runs of entries: z, then for each of δ, gradient, parameter and update and each layer two of them.

    The first of the two is what the row counts (δ, or weights), the second what it does not (nothing, or biases).
    """

    bounds: list[int]

    @classmethod
    def of(cls, plan: Plan, arena: Arena, batch: int) -> _Segments:
        entries = plan.height * batch
        start = arena.signals - 2 * entries
        bounds = [start]
        for rows in plan.rows:
            bounds += [start + entries + rows.start * batch, start + entries + rows.stop * batch]
        for part in range(3):
            offset = arena.signals + part * plan.size
            for span, weights in zip(plan.spans, plan.weight_spans, strict=True):
                bounds += [offset + span.start, offset + weights.stop]
        return cls([*bounds, arena.memory.size])

    def views(self, memory: Array) -> list[Array]:
        return [memory[start:stop] for start, stop in pairwise(self.bounds)]


class Telemetry:
    """Statistics of the steps on batches of one size; `kernels` write them, `settle` makes sure of them."""

    def __init__(self, plan: Plan, arena: Arena, signals: Signals) -> None:
        self._memory = arena.memory[arena.signals - 2 * plan.height * signals.batch :]
        segments = _Segments.of(plan, arena, signals.batch)
        self._views = segments.views(arena.memory)
        layers = len(plan.layers)
        self.row: npt.NDArray[np.float64] = np.zeros(1 + 4 * layers)
        """[loss, δ of each layer, gradient of each, weight of each, update of each]; the loss is not written here."""
        counts = [max(view.size, 1) for view in self._views[1::2]]
        per_segment = self._memory.size / len(self._views)
        products = per_segment > _LONG_SEGMENT or any(view.size == 0 for view in self._views)
        sums: Array = np.zeros(len(self._views), dtype=arena.dtype if products else np.float64)
        squares = self._products(sums) if products else self._reduction(segments, sums)
        # What is counted stands at every second place, in the order of the row.
        means, counted = self.row[1:], sums[1::2]
        self.kernels: Kernels = (
            *squares,
            partial(np.multiply, counted, 1 / np.array(counts, dtype=np.float64), means),
            partial(np.sqrt, means, means),
        )
        self._sums = sums
        self._sum, self._ones = sums.dot, np.ones_like(sums)
        # Sums between the two are exact, and no entry of such a tensor is beyond the square root of the upper one.
        single = arena.dtype == np.float32
        self._ceiling = 1e37 if single else 1e300
        floor = (1e-30 if products else 0.0) if single else 1e-250
        self._lowest, self._floor = floor, np.array(floor, dtype=sums.dtype)
        self._counted = counted
        self._large_enough = np.zeros(counted.size, dtype=np.bool_)
        self._all_large_enough = np.ones(counted.size, dtype=np.bool_).tobytes()

    def _reduction(self, segments: _Segments, sums: Array) -> Iterator[Kernel]:
        """Squares in float64, whatever the numbers are: those of float32 cannot leave its range."""
        squares = np.empty(self._memory.size)
        if self._memory.dtype == np.float64:
            yield partial(np.multiply, self._memory, self._memory, squares)
        else:
            yield partial(np.copyto, squares, self._memory)
            yield partial(np.multiply, squares, squares, squares)
        starts = np.array(segments.bounds[:-1], dtype=np.intp) - segments.bounds[0]
        yield partial(np.add.reduceat, squares, starts, 0, None, sums)

    def _products(self, sums: Array) -> Iterator[Kernel]:
        for index, view in enumerate(self._views):
            yield partial(view.dot, view, sums[index : index + 1].reshape(()))

    def settle(self) -> bool:
        """Corrects the entries of the row whose sums left the exact range; to be called once, after the kernels.

        True where every number is certainly finite, and small enough that a sum of two or a square of one is as well.
        """
        certain = self._sum(self._ones) < self._ceiling
        np.greater_equal(self._counted, self._floor, self._large_enough)
        if certain and self._large_enough.tobytes() == self._all_large_enough:
            return True
        for index, total in enumerate(self._counted.tolist()):
            if not self._lowest <= total < inf:
                self.row[1 + index] = scaled_rms(self._views[1 + 2 * index])
        return bool(certain)
