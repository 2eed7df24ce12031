"""Lanes come and go while a run goes on: which lanes of a past step are left, and since when each has been.

A journal tells it. Lanes are removed, and forked off another from where that stood; a lane that is forked off stands
behind all others, so that the lanes of a past step that are left are the first ones of the present.
"""

from __future__ import annotations

from server.journal import Journal
from server.messages import Compare, RemoveLane


def survivors(journal: Journal, step: int, lanes: int) -> tuple[int, ...]:
    """Of so many lanes at a past step (its changes included), the places of those that there are now."""
    places, _ = _since(journal, step, lanes)
    return tuple(place for place in places if place is not None)


def seen(journal: Journal, step: int, lanes: int) -> tuple[int, ...]:
    """The places of those that are shown of that step: where none of them is left, the one that the first came from."""
    _, origins = _since(journal, step, lanes)
    return survivors(journal, step, lanes) or (origins[0],)


def beginnings(journal: Journal, lanes: int) -> list[int]:
    """The step at which each of the lanes that there are now was forked off; 0 for those that the run began with."""
    begun = [0] * lanes
    places: list[int | None] = list(range(lanes))
    # Backwards: the oldest changes may be forgotten.
    for entry in reversed(journal.entries):
        match entry.change:
            case RemoveLane(lane=lane):
                places.insert(lane, None)
            case Compare():
                place = places.pop()
                if place is not None:
                    begun[place] = entry.step
    return begun


def _since(journal: Journal, step: int, lanes: int) -> tuple[list[int | None], list[int]]:
    """Of each lane that there is now, its place at the past step (None before it was forked off), and the place of what
    it came from."""
    places: list[int | None] = list(range(lanes))
    origins = list(range(lanes))
    for entry in journal.entries:
        if entry.step <= step:
            continue
        match entry.change:
            case RemoveLane(lane=lane):
                del places[lane], origins[lane]
            case Compare(lane=lane):
                places.append(None)
                origins.append(origins[lane])
    return places, origins
