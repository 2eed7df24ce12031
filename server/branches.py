"""Branches: the futures that a run had before it was continued from one of its past steps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from server.journal import Journal
from server.snapshot import LaneSnapshot

MOST_BRANCHES: Final = 12
CURVE_POINTS: Final = 160


@dataclass(frozen=True, slots=True)
class Branch:
    """A run that was left: its journal, and its lanes as they were at its end."""

    id: int
    journal: Journal
    lanes: tuple[LaneSnapshot, ...]

    @property
    def step(self) -> int:
        """Where it ends."""
        return int(self.lanes[0].state["steps"])

    @property
    def nbytes(self) -> int:
        return sum(lane.nbytes for lane in self.lanes)

    def narrowed(self) -> Branch:
        """With the losses of its series alone."""
        return replace(self, lanes=tuple(lane.narrowed() for lane in self.lanes))

    @property
    def curve(self) -> tuple[list[float], list[float]]:
        """Steps and the first lane's loss at them, in few points."""
        steps: list[float] = []
        losses: list[float] = []
        for _, table in self.lanes[0].steps[1].segments:
            few = table.fitted(CURVE_POINTS)
            steps += few.first.tolist()
            losses += few.mean[:, 0].tolist()
        return steps, losses


def in_common(one: Journal, other: Journal) -> int:
    """How many changes two journals share, those that are gone included."""
    changes = min(one.changes, other.changes)
    while changes > 0 and one.anchor(changes) is not other.anchor(changes):
        changes -= 1
    return changes


def parting(one: Journal, one_end: int, other: Journal, other_end: int) -> int:
    """The last step at which two runs are the same; each is given with the step it has reached."""
    changes = in_common(one, other)
    following = [journal.entries[changes - journal.dropped :] for journal in (one, other)]
    return min(one_end, other_end, *(entries[0].step for entries in following if entries))


def is_part_of(one: Journal, one_end: int, other: Journal, other_end: int) -> bool:
    """Whether the other run has been where this one is."""
    return in_common(one, other) == one.changes and parting(one, one_end, other, other_end) == one_end


def branch_name(branch: Journal, present: Journal) -> str:
    """A branch by what was changed in it, and not in the present run."""
    own = branch.entries[in_common(branch, present) - branch.dropped :]
    if not own:
        return "Unchanged"
    more = f" and {len(own) - 1} more" if len(own) > 1 else ""
    return f"{own[0].label} at step {own[0].step:,}{more}"
