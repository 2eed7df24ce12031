"""Every applied change of a run, each with the step at which it took effect: replayed, the same bits follow."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Final

from engine.data import OwnData
from engine.spec import RunSpec
from server.messages import Command, Patch, UseOwnData

MOST_ENTRIES: Final = 20_000
MOST_BYTES: Final = 8 * 2**20
"""Of own data that were brought: every keyframe holds the journal."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A command that was applied after `step` steps."""

    step: int
    command: Command


@dataclass(frozen=True, slots=True)
class Journal:
    """The changes since the run began afresh with `start`, one spec a lane, on the user's `own` data if it was on some.

    It is bounded: of a run that was changed more often, the oldest entries are gone and `dropped` says how many.
    """

    start: tuple[RunSpec, ...]
    own: OwnData | None = None
    entries: tuple[Entry, ...] = ()
    dropped: int = 0

    def with_entry(self, step: int, command: Command) -> Journal:
        """The journal with one more change. Those of one gesture at one step leave their last values alone."""
        entry = Entry(step, command)
        if self.entries and _continues(self.entries[-1], entry):
            return replace(self, entries=(*self.entries[:-1], entry))
        entries = (*self.entries, entry)
        surplus = max(0, len(entries) - MOST_ENTRIES)
        if isinstance(command, UseOwnData):
            surplus = max(surplus, _too_heavy(entries))
        return replace(self, entries=entries[surplus:], dropped=self.dropped + surplus)


def _too_heavy(entries: tuple[Entry, ...]) -> int:
    """How many of the oldest entries go, so that the data that the others brought keep within their bound."""
    weights = [entry.command.nbytes if isinstance(entry.command, UseOwnData) else 0 for entry in entries]
    kept = list(accumulate(reversed(weights)))
    return sum(weight > MOST_BYTES for weight in kept[1:])


def _continues(before: Entry, after: Entry) -> bool:
    first, second = before.command, after.command
    if before.step != after.step or type(first) is not type(second):
        return False
    if isinstance(first, Patch) and isinstance(second, Patch):
        same = first.lane == second.lane and first.changes.keys() == second.changes.keys()
        return same and second.gesture is not None and first.gesture == second.gesture
    if isinstance(first, UseOwnData) and isinstance(second, UseOwnData):
        return second.gesture is not None and first.gesture == second.gesture
    return False
