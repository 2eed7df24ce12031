"""The rows of one revision: the latest exactly, in blocks, and older ones as buckets."""

from __future__ import annotations

from collections import deque
from functools import cached_property

import numpy as np

from server.series.table import Floats, Table

BLOCK = 64
"""Exact rows that become one bucket when they are old."""
PENDING = 64
"""Buckets that wait to be joined to the others, which copies all of them."""


class Block:
    """Exact rows, `steps` (rows,) and `values` (rows, columns), that are complete."""

    def __init__(self, steps: Floats, values: Floats) -> None:
        self.steps = steps
        self.values = values

    @property
    def exact(self) -> Table:
        return Table.exact(self.steps, self.values)

    @cached_property
    def bucket(self) -> Table:
        """The block as one row."""
        return self.exact.merged(np.zeros(1, dtype=np.intp))


class Segment:
    """Rows of a revision with `width` columns. New ones are written to `steps` and `values` at `fill`, then sealed."""

    def __init__(self, revision: int, width: int) -> None:
        self.revision = revision
        self.width = width
        self.buckets = Table.nothing(width)
        self.pending: list[Table] = []
        self.blocks: deque[Block] = deque()
        self.steps = np.empty(BLOCK)
        self.values = np.empty((BLOCK, width))
        self.fill = 0

    def seal(self) -> int:
        """Closes the block that is being written; returns how many rows it has."""
        rows = self.fill
        if rows:
            self.blocks.append(Block(self.steps[:rows].copy(), self.values[:rows].copy()))
            self.fill = 0
        return rows

    @property
    def first(self) -> float | None:
        """Where its rows begin; None where it has none."""
        if len(self.buckets):
            return float(self.buckets.first[0])
        if self.pending:
            return float(self.pending[0].first[0])
        if self.blocks:
            return float(self.blocks[0].steps[0])
        return float(self.steps[0]) if self.fill else None

    @property
    def last(self) -> float | None:
        """The last step that has a row; None where there is none."""
        if self.fill:
            return float(self.steps[self.fill - 1])
        if self.blocks:
            return float(self.blocks[-1].steps[-1])
        if self.pending:
            return float(self.pending[-1].last[-1])
        return float(self.buckets.last[-1]) if len(self.buckets) else None

    @property
    def sealed_rows(self) -> int:
        """Exact rows in complete blocks."""
        return sum(len(block.steps) for block in self.blocks)

    def age(self, longest: int) -> int:
        """Makes a bucket of the oldest block, joining buckets to spans of at most `longest`; returns its rows."""
        block = self.blocks.popleft()
        self.pending.append(block.bucket)
        if len(self.pending) >= PENDING or not self.blocks:
            self.compact(longest)
        return len(block.steps)

    def compact(self, longest: int) -> None:
        """Joins neighbouring buckets of equal spans to spans of at most `longest`."""
        table = Table.joined([self.buckets, *self.pending])
        self.pending.clear()
        while (joined := table.paired(longest)) is not table:
            table = joined
        self.buckets = table

    def table(self, since: int = 0, coarse: bool = False) -> Table:
        """The rows that reach to `since` or beyond; `coarse` gives buckets for blocks."""
        parts = [self._written()]
        for block in reversed(self.blocks):
            if block.steps[-1] < since:
                break
            parts.append(block.bucket if coarse and since <= block.steps[0] else block.exact)
        else:
            parts += [*reversed(self.pending), self.buckets]
        return Table.joined(parts[::-1]).since(since)

    def _written(self) -> Table:
        return Table.exact(self.steps[: self.fill].copy(), self.values[: self.fill].copy())

    def holds_boundary(self, step: int) -> bool:
        """Whether no bucket covers `step` together with a step before it."""
        buckets = Table.joined([self.buckets, *self.pending])
        return not bool(np.any((buckets.first < step) & (step <= buckets.last)))

    def end_at(self, step: int) -> None:
        """Makes the bucket that covers `step` with steps before it end before it. Its mean is then that of some steps
        more, and its extremes are not lost, as where a bucket is made to begin (`Table.since`).
        """
        self.compact(0)
        buckets = self.buckets
        across = (buckets.first < step) & (step <= buckets.last)
        last = np.where(across, step - 1, buckets.last)
        spans = np.where(across, np.minimum(buckets.spans, last - buckets.first + 1), buckets.spans)
        self.buckets = Table(buckets.first, last, spans, buckets.mean, buckets.minimum, buckets.maximum)

    def truncate(self, step: int) -> None:
        """Forgets the rows from `step` on, where `holds_boundary`."""
        self.compact(0)
        self.buckets = self.buckets.rows(slice(int(np.searchsorted(self.buckets.first, step))))
        while self.blocks and self.blocks[-1].steps[-1] >= step:
            block = self.blocks.pop()
            keep = int(np.searchsorted(block.steps, step))
            if keep:
                self.blocks.append(Block(block.steps[:keep].copy(), block.values[:keep].copy()))
        self.fill = int(np.searchsorted(self.steps[: self.fill], step))

    def narrowed(self, width: int) -> Segment:
        """The same with its first columns alone."""
        result = Segment(self.revision, min(width, self.width))
        self.seal()
        self.compact(0)
        result.buckets = self.buckets.columns(width)
        result.blocks.extend(Block(block.steps, block.values[:, :width].copy()) for block in self.blocks)
        return result

    def absorb(self, later: Segment) -> None:
        """Takes the rows of the segment that follows, which has the same columns and is complete."""
        self.seal()
        later.compact(0)
        if len(later.buckets):  # buckets come before blocks
            self.pending += [*(block.bucket for block in self.blocks), later.buckets]
            self.blocks.clear()
            self.compact(0)
        for block in later.blocks:
            if self.blocks and len(self.blocks[-1].steps) + len(block.steps) <= BLOCK:
                tail = self.blocks.pop()
                block = Block(np.concatenate([tail.steps, block.steps]), np.concatenate([tail.values, block.values]))
            self.blocks.append(block)
        self.revision = later.revision
