"""What can be taken back: snapshots of a session before each change, bounded in number and in bytes."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from server.branches import Branch
from server.journal import Journal
from server.snapshot import LaneSnapshot

MOST_ENTRIES: Final = 100
MOST_BYTES: Final = 64 * 2**20
KEPT_ROWS: Final = 128
"""Rows of a series, of each snapshot that is kept elsewhere."""


@dataclass(frozen=True)
class Snapshot:
    """A session as it was before the change that `label` names."""

    label: str
    gesture: str | None
    lanes: tuple[LaneSnapshot, ...]
    journal: Journal
    opened: bool = False
    """Whether the change opened another run: what comes back then stands where it stood, paused."""
    branches: tuple[Branch, ...] = ()

    @property
    def nbytes(self) -> int:
        return sum(lane.nbytes for lane in self.lanes)

    @cached_property
    def small(self) -> Snapshot:
        """To be kept elsewhere: of its series few rows."""
        return replace(self, lanes=tuple(lane.small(KEPT_ROWS) for lane in self.lanes))


class UndoStack:
    """Two stacks: what can be undone and what can be redone. The oldest undo goes where there are too many."""

    def __init__(self, most_entries: int = MOST_ENTRIES, most_bytes: int = MOST_BYTES) -> None:
        self._most_entries = most_entries
        self._most_bytes = most_bytes
        self._undo: deque[Snapshot] = deque()
        self._redo: list[Snapshot] = []

    @property
    def undo_label(self) -> str | None:
        return self._undo[-1].label if self._undo else None

    @property
    def redo_label(self) -> str | None:
        return self._redo[-1].label if self._redo else None

    def merged(self, gesture: str | None) -> Snapshot | None:
        """What the session was before the last change, where a change of this gesture is one with it."""
        if gesture is None or self._redo or not self._undo or self._undo[-1].gesture != gesture:
            return None
        return self._undo[-1]

    def relabel(self, label: str) -> None:
        """The last change now comes to this."""
        self._undo[-1] = replace(self._undo[-1], label=label)

    def push(self, before: Snapshot) -> None:
        """A new change: what was undone before it cannot be redone."""
        self._redo.clear()
        self._undo.append(before)
        self._bound()

    def undo(self, now: Snapshot) -> Snapshot:
        """Exchanges the session as it is `now` for what it was; there must be something to undo."""
        before = self._undo.pop()
        self._redo.append(replace(now, label=before.label, opened=before.opened))
        self._bound()
        return before

    def redo(self, now: Snapshot) -> Snapshot:
        """The same in the other direction."""
        after = self._redo.pop()
        self._undo.append(replace(now, label=after.label, opened=after.opened))
        self._bound()
        return after

    def newest(self, number: int, nbytes: int, journals: int) -> tuple[list[Snapshot], list[Snapshot]]:
        """What would be undone and redone first, each in the order of its stack: at most so many snapshots, in so many
        bytes, with so many entries in their journals.
        """
        kept: tuple[list[Snapshot], list[Snapshot]] = ([], [])
        for stack, found in zip((reversed(self._undo), reversed(self._redo)), kept, strict=True):
            for snapshot in stack:
                small = snapshot.small
                number, nbytes, journals = number - 1, nbytes - small.nbytes, journals - len(small.journal.entries)
                if min(number, nbytes, journals) < 0:
                    break
                found.insert(0, small)
        return kept

    def take_in(self, undo: Iterable[Snapshot], redo: Iterable[Snapshot]) -> None:
        """Snapshots that were kept elsewhere."""
        self._undo, self._redo = deque(undo), list(redo)
        self._bound()

    def _bound(self) -> None:
        while len(self._undo) > self._most_entries:
            self._undo.popleft()
        while self._undo and self.nbytes > self._most_bytes:
            self._undo.popleft()

    @property
    def nbytes(self) -> int:
        """Of all snapshots; own data that several of them share count once."""
        snapshots = (*self._undo, *self._redo)
        own = {id(lane.own): lane.own.nbytes for each in snapshots for lane in each.lanes if lane.own is not None}
        return sum(snapshot.nbytes for snapshot in snapshots) + sum(own.values())
