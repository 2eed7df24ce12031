"""What the journal of a session keeps of its commands, and how much."""

from __future__ import annotations

from itertools import accumulate
from typing import Final

from engine import journal
from server.messages import Command, Patch, UseOwnData

MOST_ENTRIES: Final = 20_000
MOST_BYTES: Final = 8 * 2**20
"""Of own data that were brought: every keyframe of a session holds its journal."""

Entry = journal.Entry[Command]
Journal = journal.Journal[Command]


def noted(before: Journal, entry: Entry, in_place_of_last: bool) -> Journal:
    """The journal with one more change, or another last one. It is bounded: of a run that was changed more often, the
    oldest are gone.
    """
    after = before.with_entry(entry, in_place_of_last=in_place_of_last)
    surplus = max(0, len(after.entries) - MOST_ENTRIES)
    if isinstance(entry.change, UseOwnData):
        surplus = max(surplus, _too_heavy(after.entries))
    return after.without_oldest(surplus)


def continues(before: Journal, step: int, command: Command) -> bool:
    """Whether the command is one with the last change: of one gesture, at one step, only the last value counts.

    It then has to be applied to what that change was applied to, or a replay would not give the same bits.
    """
    if not before.entries or before.entries[-1].step != step:
        return False
    first, second = before.entries[-1].change, command
    if isinstance(first, Patch) and isinstance(second, Patch):
        same = first.lane == second.lane and first.changes.keys() == second.changes.keys()
        return same and second.gesture is not None and first.gesture == second.gesture
    if isinstance(first, UseOwnData) and isinstance(second, UseOwnData):
        return second.gesture is not None and first.gesture == second.gesture
    return False


def _too_heavy(entries: tuple[Entry, ...]) -> int:
    """How many of the oldest entries go, so that the data that the others brought keep within their bound."""
    weights = [entry.change.nbytes if isinstance(entry.change, UseOwnData) else 0 for entry in entries]
    kept = list(accumulate(reversed(weights)))
    return sum(weight > MOST_BYTES for weight in kept[1:])
