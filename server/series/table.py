"""Rows of a series: each covers one or more steps and holds mean, minimum and maximum of every column over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Rows in order. `first` and `last` (rows,) are the steps where a row begins and ends, `spans` (rows,) how many it
    covers, which is fewer than the steps between for a series that has not one entry each step; `mean`, `minimum` and
    `maximum` are (rows, columns), the same array where every row is exact.
    """

    first: Floats
    last: Floats
    spans: Floats
    mean: Floats
    minimum: Floats
    maximum: Floats

    @classmethod
    def nothing(cls, columns: int) -> Table:
        return cls.exact(np.empty(0), np.empty((0, columns)))

    @classmethod
    def exact(cls, steps: Floats, values: Floats) -> Table:
        """One row for each entry."""
        return cls(steps, steps, np.ones(len(steps)), values, values, values)

    @classmethod
    def joined(cls, tables: Sequence[Table]) -> Table:
        """The rows of all, one after the other; there must be at least one table."""
        if len(tables) == 1:
            return tables[0]
        if all(table.mean is table.minimum for table in tables):
            steps = np.concatenate([table.first for table in tables])
            return cls.exact(steps, np.concatenate([table.mean for table in tables]))
        return cls(*(np.concatenate([getattr(table, part.name) for table in tables]) for part in fields(cls)))

    def __len__(self) -> int:
        return len(self.first)

    @property
    def nbytes(self) -> int:
        return sum(getattr(self, part.name).nbytes for part in fields(self))

    def rows(self, selection: slice) -> Table:
        """Some of the rows, as views."""
        mean = self.mean[selection]
        first, last, spans = self.first[selection], self.last[selection], self.spans[selection]
        if self.mean is self.minimum:
            return Table(first, last, spans, mean, mean, mean)
        return Table(first, last, spans, mean, self.minimum[selection], self.maximum[selection])

    def columns(self, count: int) -> Table:
        """The first columns alone, copied."""
        mean = self.mean[:, :count].copy()
        if self.mean is self.minimum:
            return Table(self.first, self.last, self.spans, mean, mean, mean)
        minimum, maximum = self.minimum[:, :count].copy(), self.maximum[:, :count].copy()
        return Table(self.first, self.last, self.spans, mean, minimum, maximum)

    def since(self, step: int) -> Table:
        """The rows that reach to `step` or beyond. One that began before it is made to begin there: its mean is then
        that of some steps more, which is nothing a chart can show, and its extremes are not lost.
        """
        start = int(np.searchsorted(self.last, step))
        rest = self.rows(slice(start, None))
        if len(rest) == 0 or rest.first[0] >= step:
            return rest
        first, spans = rest.first.copy(), rest.spans.copy()
        first[0] = step
        spans[0] = min(spans[0], rest.last[0] - step + 1)
        return Table(first, rest.last, spans, rest.mean, rest.minimum, rest.maximum)

    def merged(self, starts: NDArray[np.intp]) -> Table:
        """One row for each group of neighbours; groups begin at the rows `starts`, the first of them at row 0."""
        spans = np.add.reduceat(self.spans, starts)
        sizes = np.diff(starts, append=len(self))
        share = self.spans / np.repeat(spans, sizes)  # a sum of means would overflow where they are near 1e308
        return Table(
            self.first[starts],
            self.last[np.append(starts[1:], len(self)) - 1],
            spans,
            np.add.reduceat(self.mean * share[:, np.newaxis], starts),
            np.minimum.reduceat(self.minimum, starts),
            np.maximum.reduceat(self.maximum, starts),
        )

    def fitted(self, limit: int) -> Table:
        """At most `limit` rows: neighbours merged to spans of a power of two, at multiples of it, so that the rows of
        two answers fit together.
        """
        if len(self) <= limit:
            return self
        span = 1 << (int((self.last[-1] - self.first[0]) // limit)).bit_length()
        while True:
            starts = np.flatnonzero(np.diff(self.first // span, prepend=-1.0))
            if len(starts) <= limit:
                return self.merged(starts)
            span *= 2

    def paired(self, largest: int) -> Table:
        """Neighbours of equal span merged in pairs where that makes no row of more than `largest`."""
        starts: list[int] = []
        row = 0
        spans = self.spans.tolist()
        while row < len(spans):
            starts.append(row)
            pair = row + 1 < len(spans) and spans[row] == spans[row + 1] and 2 * spans[row] <= largest
            row += 2 if pair else 1
        return self.merged(np.array(starts, dtype=np.intp)) if len(starts) < len(spans) else self
