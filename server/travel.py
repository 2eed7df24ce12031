"""A session's own time: the past step it looks at, the way to it, and the branches of its run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from engine.history import BUDGET, History, Replay
from engine.trainer import Trainer
from server import lineage
from server.branches import MOST_BRANCHES, Branch, branch_name, is_part_of, parting
from server.changes import RunChange, planned
from server.journal import Entry, Journal
from server.labels import lane_name
from server.messages import Branches, BranchLine, Command, Mark, Marks, MessageError, RemoveLane, ReplayProgress
from server.snapshot import LaneSnapshot

MOST_MARKS: Final = 100
_BRANCHES_SHARE: Final = 0.5
"""Largest part of the budget for the ends of branches."""


@dataclass(slots=True)
class Journey:
    """A replay under way, and the command that asked for it."""

    replay: Replay[Command]
    command: int


class Travel:
    """What is looked at besides the present: a step of the past, in all lanes; and what the run might have been."""

    def __init__(self, journal: Journal, trainers: Sequence[Trainer], budget: int = BUDGET) -> None:
        self.history: History[Command] = History(journal, applied, budget)
        self.history.follow(journal, trainers)
        self.looking: tuple[Trainer, ...] | None = None
        """The lanes at the past step that is shown; None for the present."""
        self.journey: Journey | None = None
        self.branches: tuple[Branch, ...] = ()
        self._left_out: tuple[int, ...] = ()
        self._budget = budget
        self._ids = 0
        self._told = self._telling()

    @property
    def journal(self) -> Journal:
        return self.history.journal

    @property
    def step(self) -> int | None:
        """The past step that is shown."""
        return self.looking[0].steps if self.looking else None

    @property
    def progress(self) -> ReplayProgress | None:
        """How far the way to a step is, once it is begun."""
        if self.journey is None or self.journey.replay.step == self.journey.replay.start:
            return None
        replay = self.journey.replay
        return {"from_step": replay.start, "step": replay.step, "target": replay.target}

    # Looking

    def set_out(self, step: int, present: int, command: int) -> None:
        """Begins the way to a past step. Raises MessageError where there is no such step."""
        if not self.history.earliest <= step <= present:
            lowest = f"{self.history.earliest:,}"
            why = "the changes before it are forgotten" if self.history.earliest else "the run begins there"
            rule = f"must be from {lowest} ({why}) to {present:,}, where the run is"
            raise MessageError("invalid", "step", step, f"step {step:,} refused: {rule}", command)
        self.journey = Journey(self.history.replay(step), command)

    def advance(self, go_on: Callable[[], bool]) -> bool:
        """Goes on for a slice; whether it has arrived, and the past step is what is looked at.

        Raises NonFiniteError where the numbers overflow on the way.
        """
        journey = self.journey
        if journey is None or not journey.replay.advance(go_on):
            return False
        trainers = journey.replay.trainers
        for trainer in trainers:
            trainer.compute()
        seen = lineage.seen(self.journal, trainers[0].steps, len(trainers))
        self.journey, self.looking = None, tuple(trainers[place] for place in seen)
        self._left_out = tuple(place for place in range(len(trainers)) if place not in seen)
        return True

    def journal_of_past(self) -> Journal:
        """The journal of the past step that is looked at. Lanes that were removed later are not there: they go now."""
        step = self.step or 0
        journal = self.journal.until(step)
        for place in reversed(self._left_out):
            journal = journal.with_entry(Entry(step, RemoveLane(id=1, lane=place), f"Remove {lane_name(place)}"))
        return journal

    def come_back(self) -> bool:
        """Looks at the present again, and gives a journey up; whether anything else was looked at."""
        was_away = self.looking is not None
        self.looking = self.journey = None
        return was_away

    # Branches

    def put_aside(self, lanes: tuple[LaneSnapshot, ...], journal: Journal, now: int) -> None:
        """Keeps a run that is left as a branch, unless the present run (its journal, at step `now`) has been there."""
        end = int(lanes[0].state["steps"])
        if is_part_of(journal, end, self.journal, now):
            return
        self._ids += 1
        branches = (*self.branches, Branch(self._ids, journal, lanes))[-MOST_BRANCHES:]
        while len(branches) > 1 and sum(branch.nbytes for branch in branches) > _BRANCHES_SHARE * self._budget:
            branches = branches[1:]
        self.branches = branches

    def take_in(self, branches: tuple[Branch, ...]) -> None:
        """Branches that were kept elsewhere."""
        self.branches = branches
        self._ids = max((branch.id for branch in branches), default=0)
        self._told = self._telling()

    def tell_anew(self) -> None:
        """Everything is another run's: marks and branches are told again."""
        self._told = (Journal(()), -1, ())

    def drop(self, branch: Branch) -> None:
        """It is the present run now."""
        self.branches = tuple(other for other in self.branches if other is not branch)

    def branch(self, number: int, command: int) -> Branch:
        """The branch of that number. Raises MessageError where there is none."""
        found = next((branch for branch in self.branches if branch.id == number), None)
        if found is None:
            raise MessageError("invalid", "branch", number, f"branch {number} refused: there is none", command)
        return found

    # What is told

    def news(self, now: int, lanes: int) -> list[Marks | Branches]:
        """Marks and branches of the run with so many lanes, where they changed since they were told."""
        told = self._telling()
        before, self._told = self._told, told
        moved = before[0] is not told[0]
        found: list[Marks | Branches] = [self.marks(lanes)] if moved or before[1] != told[1] else []
        if before[2] is not told[2] or (moved and self.branches):
            found.append(self.told_branches(now))
        return found

    def _telling(self) -> tuple[Journal, int, tuple[Branch, ...]]:
        return self.journal, self.history.earliest, self.branches

    def marks(self, lanes: int) -> Marks:
        """The changes of the present run; those of one gesture are one."""
        marks: list[Mark] = []
        gesture: str | None = None
        for entry in self.journal.entries[-4 * MOST_MARKS :]:
            now = getattr(entry.change, "gesture", None)
            if marks and now is not None and now == gesture:
                marks[-1] = {"step": marks[-1]["step"], "label": entry.label}
            else:
                marks.append({"step": entry.step, "label": entry.label})
            gesture = now
        begins = lineage.beginnings(self.journal, lanes)
        return Marks(earliest=self.history.earliest, marks=marks[-MOST_MARKS:], begins=begins)

    def told_branches(self, now: int) -> Branches:
        """The branches by name, with their losses."""
        lines: list[BranchLine] = []
        for branch in self.branches:
            steps, losses = branch.curve
            lines.append(
                {
                    "id": branch.id,
                    "name": branch_name(branch.journal, self.journal),
                    "from_step": parting(branch.journal, branch.step, self.journal, now),
                    "step": branch.step,
                    "steps": steps,
                    "losses": losses,
                }
            )
        return Branches(branches=lines)


def still_there(journal: Journal, trainers: Sequence[Trainer]) -> tuple[Trainer, ...]:
    """Of the trainers of a past step, those of the lanes that are left."""
    return tuple(trainers[place] for place in lineage.survivors(journal, trainers[0].steps, len(trainers)))


def applied(trainers: Sequence[Trainer], command: Command) -> Sequence[Trainer]:
    if not isinstance(command, RunChange):
        raise TypeError(f"{command.type} is no change of a run")
    return planned(command, trainers).trainers
