"""Every applied change of a run, each with the step at which it took effect: replayed, the same bits follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from engine.spec import RunSpec
from server.messages import Command, Patch

MOST_ENTRIES: Final = 20_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A command that was applied after `step` steps."""

    step: int
    command: Command


@dataclass(frozen=True, slots=True)
class Journal:
    """The changes since the run began afresh with `start`, one spec a lane.

    It is bounded: of a run that was changed more often, the oldest entries are gone and `dropped` says how many.
    """

    start: tuple[RunSpec, ...]
    entries: tuple[Entry, ...] = ()
    dropped: int = 0

    def with_entry(self, step: int, command: Command) -> Journal:
        """The journal with one more change. Patches of one gesture at one step leave their last values alone."""
        entry = Entry(step, command)
        if self.entries and _continues(self.entries[-1], entry):
            return Journal(self.start, (*self.entries[:-1], entry), self.dropped)
        entries = (*self.entries, entry)
        surplus = max(0, len(entries) - MOST_ENTRIES)
        return Journal(self.start, entries[surplus:], self.dropped + surplus)


def _continues(before: Entry, after: Entry) -> bool:
    first, second = before.command, after.command
    return (
        before.step == after.step
        and isinstance(first, Patch)
        and isinstance(second, Patch)
        and second.gesture is not None
        and (first.gesture, first.lane, first.changes.keys()) == (second.gesture, second.lane, second.changes.keys())
    )
