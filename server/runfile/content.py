"""What a run file holds, as objects of the session."""

from __future__ import annotations

from dataclasses import dataclass

from engine.history import Keyframe
from server.branches import Branch
from server.journal import Journal
from server.snapshot import LaneSnapshot
from server.undo import Snapshot


@dataclass(frozen=True, slots=True)
class Saved:
    """How the session stood, for going on by itself. `stopping` is what early stopping remembers, a pair a lane."""

    pace: float | None = None
    playing: bool = False
    steps_to_go: int | None = None
    looking: int | None = None
    counters: tuple[int, ...] = ()
    stopping: tuple[tuple[float, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """A run: its journal, its lanes as they are, some of its past, its branches; of a session that is kept also what
    can be undone and redone.
    """

    journal: Journal
    lanes: tuple[LaneSnapshot, ...]
    past: tuple[Keyframe, ...]
    branches: tuple[Branch, ...]
    saved: Saved = Saved()
    undo: tuple[Snapshot, ...] = ()
    redo: tuple[Snapshot, ...] = ()
