"""What can be taken back: snapshots of a session before each change, bounded in number and in bytes."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import Final

from server.branches import Branch
from server.journal import Journal
from server.snapshot import LaneSnapshot

MOST_ENTRIES: Final = 100
MOST_BYTES: Final = 64 * 2**20


@dataclass(frozen=True, slots=True)
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
