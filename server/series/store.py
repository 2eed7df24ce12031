"""Everything of one series that is kept: the last steps exactly, older ones as buckets, chunked by revision.

Columns change with the layers, so a segment of rows is kept for each revision; of the oldest revisions only the first
columns survive (the loss), joined into one. So the loss is complete from step 0 on, however long a run and however many
its revisions, and the memory held is bounded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from server.series.segment import BLOCK, Segment
from server.series.table import Floats, Table

EXACT_ROWS: Final = 65_536
BUCKETS: Final = 2_048
SEGMENTS: Final = 64
CONDENSED_ROWS: Final = 512


@dataclass(frozen=True, slots=True)
class Reading:
    """Rows of one revision; `next_step` is where to go on and `more` whether there is more."""

    revision: int
    next_step: int
    more: bool
    table: Table


@dataclass(frozen=True, slots=True)
class Condensed:
    """A whole series in few rows: revision and rows of each segment."""

    segments: tuple[tuple[int, Table], ...]

    def narrowed(self, columns: int, rows: int | None = None) -> Condensed:
        """The first columns alone; in about so many rows at most."""
        most = None if rows is None else max(1, rows // max(1, len(self.segments)))
        tables = ((revision, table.columns(columns)) for revision, table in self.segments)
        return Condensed(tuple((revision, table if most is None else table.fitted(most)) for revision, table in tables))

    @property
    def nbytes(self) -> int:
        return sum(table.nbytes for _, table in self.segments)


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a series that can be gone back to by cutting off what came after, as long as nothing before it was."""

    step: int
    lineage: object
    cuts: int


class SeriesStore:
    """The rows of one series. `begin` comes before the first `append`.

    `kept` is how many columns survive in the oldest revisions.
    """

    def __init__(self, kept: int = 1) -> None:
        self._lineage = object()
        self._cuts: list[int] = []
        self._kept = kept
        self._segments: list[Segment] = []
        self._sealed = 0
        self._longest = BLOCK

    def begin(self, revision: int, width: int) -> None:
        """From now on rows have `width` columns and belong to `revision`."""
        if self._segments:
            current = self._segments[-1]
            if (current.revision, current.width) == (revision, width):
                return
            self._sealed += current.seal()
            if current.last is None:
                self._segments.pop()
        self._segments.append(Segment(revision, width))
        if len(self._segments) > SEGMENTS:
            oldest, second = (segment.narrowed(self._kept) for segment in self._segments[:2])
            oldest.absorb(second)
            self._segments[:2] = [oldest]
            self._count()
        self._age()

    def append(self, step: int, values: ArrayLike) -> None:
        """The row of `step`, which is larger than the last one's; `values` (columns,) are copied."""
        segment = self._segments[-1]
        fill = segment.fill
        segment.steps[fill] = step
        segment.values[fill] = values
        segment.fill = fill = fill + 1
        if fill == BLOCK:
            self._sealed += segment.seal()
            self._age()

    def extend(self, step: int, rows: Floats) -> None:
        """The rows (steps, columns) of `step` and those that follow it; they are copied."""
        done = 0
        while done < len(rows):
            segment = self._segments[-1]
            start, fill = segment.fill, min(BLOCK, segment.fill + len(rows) - done)
            taken = fill - start
            segment.steps[start:fill] = np.arange(step + done, step + done + taken)
            segment.values[start:fill] = rows[done : done + taken]
            segment.fill, done = fill, done + taken
            if fill == BLOCK:
                self._sealed += segment.seal()
                self._age()

    def _count(self) -> None:
        self._sealed = sum(segment.sealed_rows for segment in self._segments)

    def _age(self) -> None:
        if self._sealed <= EXACT_ROWS:
            return
        for segment in self._segments:
            while segment.blocks and self._sealed - len(segment.blocks[0].steps) >= EXACT_ROWS:
                self._sealed -= segment.age(self._longest)
        while sum(len(segment.buckets) for segment in self._segments) > BUCKETS:
            self._longest *= 2
            for segment in self._segments:
                segment.compact(self._longest)

    def read(self, since: int, limit: int) -> Reading:
        """Rows of the first revision that has any from step `since` on, merged to at most `limit`."""
        for place, segment in enumerate(self._segments):
            last = segment.last
            if last is not None and last >= since:
                more = any(later.last is not None for later in self._segments[place + 1 :])
                coarse = last - since > BLOCK // 2 * limit  # rows would be merged to about as many steps anyway
                return Reading(segment.revision, int(last) + 1, more, segment.table(since, coarse).fitted(limit))
        current = self._segments[-1]
        return Reading(current.revision, since, False, Table.nothing(current.width))

    def mark(self, step: int) -> Mark:
        """Where the series stands at `step`, all of whose rows are before it."""
        return Mark(step, self._lineage, len(self._cuts))

    def go_back(self, mark: Mark) -> bool:
        """Forgets the rows from the mark on. False, and nothing is done, where the rows before it are not those that it
        saw, or are in one bucket with later ones.
        """
        same = mark.lineage is self._lineage and all(cut >= mark.step for cut in self._cuts[mark.cuts :])
        return same and self._truncate(mark.step)

    def _truncate(self, step: int) -> bool:
        if not all(segment.holds_boundary(step) for segment in self._segments):
            return False
        self._cuts.append(step)
        for segment in self._segments:
            segment.truncate(step)
        first, *others = self._segments
        self._segments = [first, *(segment for segment in others if segment.last is not None)]
        self._count()
        return True

    def cut_off(self, step: int) -> None:
        """Forgets the rows from `step` on, whatever was before. A bucket that reaches beyond it ends there then."""
        if self._segments and not self._truncate(step):
            for segment in self._segments:
                segment.end_at(step)
            self._truncate(step)

    def renumber(self, last: int, first_free: int) -> int:
        """Gives the segments other revisions: `last` to what has the present columns, and free ones to the others.
        Returns how many it took of these.
        """
        width = self._segments[-1].width
        newest = self._segments[-2:] if self._segments[-1].last is None else self._segments[-1:]
        taken = 0
        for segment in self._segments:
            if segment in newest and segment.width == width:
                segment.revision = last
            else:
                segment.revision = first_free + taken
                taken += 1
        return taken

    def condensed(self, rows: int = CONDENSED_ROWS) -> Condensed:
        """The whole series in about so many rows."""
        coarse = self._sealed > 8 * rows
        tables = [(segment.revision, segment.table(coarse=coarse)) for segment in self._segments]
        steps = sum(float(table.spans.sum()) for _, table in tables) or 1.0
        return Condensed(
            tuple(
                (revision, table.fitted(max(8, int(rows * float(table.spans.sum()) / steps))))
                for revision, table in tables
                if len(table)
            )
        )

    @classmethod
    def restored(cls, condensed: Condensed, kept: int = 1) -> SeriesStore:
        """A series that goes on from a condensed one."""
        store = cls(kept)
        for revision, table in condensed.segments:
            segment = Segment(revision, table.mean.shape[1])
            segment.buckets = table
            store._segments.append(segment)
            store._longest = max(store._longest, BLOCK, 1 << int(table.spans.max()).bit_length())
        return store
