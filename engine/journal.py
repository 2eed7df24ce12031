"""The journal of a run: every change that was applied to it, with the step at which it took effect.

A run is its start and its journal. Both are immutable, and a journal that grew out of another shares its entries with
it: so two journals of one origin tell by the identity of their entries how far they agree.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from engine.data import OwnData
from engine.spec import RunSpec

Change = TypeVar("Change")


@dataclass(frozen=True)
class Entry(Generic[Change]):
    """A change that was applied after ``step`` steps, and what it was in words."""

    step: int
    change: Change
    label: str = ""


@dataclass(frozen=True)
class Journal(Generic[Change]):
    """The changes since a run began with ``start``, one spec a lane, on the user's ``own`` data if it was on some.

    The oldest entries may be gone; ``dropped`` says how many.
    """

    start: tuple[RunSpec, ...]
    own: OwnData | None = None
    entries: tuple[Entry[Change], ...] = ()
    dropped: int = 0
    last_dropped: Entry[Change] | None = field(default=None, compare=False, repr=False)

    @property
    def changes(self) -> int:
        """How many there have been, those that are gone included."""
        return self.dropped + len(self.entries)

    def with_entry(self, entry: Entry[Change], *, in_place_of_last: bool = False) -> Journal[Change]:
        """The journal with one more change, or with another last one."""
        before = self.entries[:-1] if in_place_of_last else self.entries
        return replace(self, entries=(*before, entry))

    def without_oldest(self, count: int) -> Journal[Change]:
        """The journal without its first ``count`` entries."""
        if count == 0:
            return self
        last = self.entries[count - 1]
        return replace(self, entries=self.entries[count:], dropped=self.dropped + count, last_dropped=last)

    def until(self, step: int) -> Journal[Change]:
        """The changes up to that step, it included."""
        kept = tuple(entry for entry in self.entries if entry.step <= step)
        return self if len(kept) == len(self.entries) else replace(self, entries=kept)

    def anchor(self, changes: int) -> object | None:
        """What stands for the first so many changes, in this journal and in all that share them; None where unknown."""
        place = changes - self.dropped
        if not 0 <= place <= len(self.entries):
            return None
        if place > 0:
            return self.entries[place - 1]
        return self.start if self.dropped == 0 else self.last_dropped
