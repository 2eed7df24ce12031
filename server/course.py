"""The course of a run: its lanes and their journal, what can be taken back, its past, and what else it might have been.

Undo and time go together like this: undo takes back what was done (a change, "continue from here", a return to a
branch) and brings the session back as it was before; looking at a past step does nothing that could be undone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any, Final

from engine.exports import numpy_script, pytorch_archive
from engine.history import Keyframe
from engine.trainer import Trainer
from server.branches import Branch, branch_name
from server.changes import Change, RunChange, change_label, planned
from server.comparison import refuse_overflow
from server.journal import Entry, Journal, continues, noted
from server.lockstep import Lockstep
from server.messages import Compare, Event, Export, MessageError, NewSeed, Open, Patch, Reset, TakeBranch, UseOwnData
from server.pictures import Data
from server.runfile import Content, Saved, write
from server.scalars import Scalars
from server.travel import Travel, still_there
from server.undo import Snapshot, UndoStack

SAVED_KEYFRAMES: Final = 64
SAVED_BYTES: Final = 2 * 2**20
"""Of the past, in a keyframe of the session: the steps between are taken again."""
SAVED_UNDO: Final = 50
SAVED_UNDO_BYTES: Final = 2 * 2**20
SAVED_UNDO_ENTRIES: Final = 20_000
"""Of what can be undone, in a keyframe or a file of the session: so many changes, so large, with journals so long."""


class Course:
    """The lanes of a session and all that was done to them."""

    def __init__(self, group: Lockstep, journal: Journal, history: int) -> None:
        """`history` is how many bytes keyframes may take."""
        self.group = group
        self.travel = Travel(journal, group.trainers, history)
        self.undo = UndoStack()
        self._before_gesture: tuple[Trainer, ...] = ()

    @property
    def journal(self) -> Journal:
        return self.travel.journal

    @property
    def trainers(self) -> tuple[Trainer, ...]:
        return self.group.trainers

    @property
    def step(self) -> int:
        return self.group.step

    def news(self) -> list[Event | Data]:
        """What changed and was not told yet."""
        return [*self.group.news(), *self.travel.news(self.step, len(self.trainers))]

    # Changes

    def change(self, command: RunChange) -> str:
        """Applies a change to what is looked at, and goes on from there; what it was in words.

        Raises SpecError or MessageError where it is refused; nothing is changed then.
        """
        seen = self.trainers
        if self.travel.looking is not None and not begins_afresh(command):
            seen = self.travel.looking
        alone = self.travel.looking is not None or not self._before_gesture  # of a gesture that a lost process saw
        one_with_last = not alone and continues(self.journal, self.step, command)
        change = planned(command, self._before_gesture if one_with_last else seen)
        if change.trainers == seen:
            return change.label
        if change.source is not None and self.travel.looking is None:
            self.group.settle()
            refuse_overflow(self.group.diverged, command.id)
        if begins_afresh(command):
            self.come_back()
        else:
            self.go_on()
        label = self._note_for_undo(command, change)
        before, step = self.trainers, self.step
        self.group.take(change.trainers, change.places, change.source)
        if begins_afresh(command) or self.step < step:
            self.travel.branches = ()
            self._follow(Journal(self.group.runs, self.trainers[0].samples.own))
        else:
            self._before_gesture = self._before_gesture if one_with_last else before
            self._follow(noted(self.journal, Entry(step, change.command, label), one_with_last))
        return label

    def _note_for_undo(self, command: RunChange, change: Change) -> str:
        """What the change comes to in words, with those of its gesture."""
        gesture = command.gesture if isinstance(command, Patch | UseOwnData) else None
        merged = self.undo.merged(gesture)
        if merged is None or not isinstance(command, Patch | UseOwnData):
            self.undo.push(self._snapshot(change.label, gesture, opened=_replaces(command)))
            return change.label
        label = change_label(command, [lane.run for lane in merged.lanes], [each.run for each in change.trainers])
        self.undo.relabel(label)
        return label

    def _snapshot(self, label: str, gesture: str | None = None, *, opened: bool = False) -> Snapshot:
        return Snapshot(label, gesture, self.group.snapshot(), self.journal, opened, self.travel.branches)

    def _follow(self, journal: Journal) -> None:
        self.travel.history.follow(journal, self.trainers)

    # Taking back

    def take_back(self) -> tuple[str, bool]:
        """Undoes the last change. Raises MessageError where there is none.

        What was done, and whether another run had been opened: what comes back then stands where it stood, paused.
        """
        return self._exchange(self.undo.undo_label, self.undo.undo, "Undo")

    def bring_back(self) -> tuple[str, bool]:
        """Redoes what was undone last. Raises MessageError where there is nothing. The same is told."""
        return self._exchange(self.undo.redo_label, self.undo.redo, "Redo")

    def _exchange(self, label: str | None, exchange: Callable[[Snapshot], Snapshot], verb: str) -> tuple[str, bool]:
        """Exchanges the course as it is for what one of the stacks of what can be undone holds."""
        if label is None:
            raise MessageError("nothing_to_undo", None, None, f"{verb} refused: there is nothing to {verb.lower()}")
        self.come_back()
        there = exchange(self._snapshot(label))
        self.group.restore(there.lanes)
        self.travel.branches = there.branches
        self._follow(there.journal)
        return f"{verb}: {label}", there.opened

    # Time

    def arrive(self) -> None:
        """The way to a past step is done: it is what is shown."""
        self.group.look_at(self.travel.looking)

    def come_back(self) -> None:
        """Shows the present again."""
        if self.travel.come_back():
            self.group.look_at(None)

    def go_on(self) -> str:
        """Continues from the past step that is looked at, if one is; what came after it stays as a branch."""
        past = self.travel.looking
        if past is None:
            return ""
        step = past[0].steps
        label = f"Continue from step {step:,}"
        left = self._snapshot(label)
        self.undo.push(left)
        journal = self.travel.journal_of_past()
        self.come_back()
        self.group.rewind(past)
        self._follow(journal)
        self.travel.put_aside(left.lanes, left.journal, self.step)
        return label

    def take_branch(self, command: TakeBranch) -> str:
        """Returns to the end of a branch; the present becomes one. Raises MessageError where there is none."""
        branch = self.travel.branch(command.branch, command.id)
        label = f"Return to {branch_name(branch.journal, self.journal)}"
        self.come_back()
        left = self._snapshot(label)
        self.undo.push(left)
        self.group.restore(branch.lanes)
        self.travel.drop(branch)
        self._follow(branch.journal)
        self.travel.put_aside(left.lanes, left.journal, self.step)
        return label

    # Keyframes

    def keyframe(self) -> dict[str, Any]:
        """What `resume` needs, besides the lanes: the journal, some keyframes of the past, the branches."""
        return {
            "journal": self.journal,
            "past": self.travel.history.few(SAVED_KEYFRAMES, SAVED_BYTES),
            "branches": self.travel.branches,
            "looking": self.travel.step,
            "undone": self._undone(),
        }

    def _undone(self) -> tuple[list[Snapshot], list[Snapshot]]:
        return self.undo.newest(SAVED_UNDO, SAVED_UNDO_BYTES, SAVED_UNDO_ENTRIES)

    def resume(
        self,
        past: Iterable[Keyframe],
        branches: tuple[Branch, ...],
        looking: int | None,
        undone: tuple[Iterable[Snapshot], Iterable[Snapshot]],
    ) -> None:
        """Takes in what was kept elsewhere; what was looked at is sought again."""
        self.travel.history.add(past)
        self.travel.take_in(branches)
        self.undo.take_in(*undone)
        if looking is not None:
            self.travel.set_out(looking, self.step, 0)

    # Files

    def content(self, saved: Saved | None = None) -> Content:
        """What a file of the run holds; with `saved`, also what of the session goes on by itself. Of the series of
        branches only the losses.
        """
        branches = tuple(branch.narrowed() for branch in self.travel.branches)
        past = self.travel.history.few(SAVED_KEYFRAMES, SAVED_BYTES)
        run = Content(self.journal, self.group.snapshot(), past, branches)
        if saved is None:
            return run
        undo, redo = self._undone()
        known = {id(branch): branch.narrowed() for snapshot in (*undo, *redo) for branch in snapshot.branches}
        with_known = [
            tuple(replace(each, branches=tuple(known[id(branch)] for branch in each.branches)) for each in stack)
            for stack in (undo, redo)
        ]
        return replace(run, saved=saved, undo=with_known[0], redo=with_known[1])

    def open(self, content: Content) -> str:
        """Goes on with the run of a file; what was before is taken back by undo."""
        label = "Open a saved run"
        self.undo.push(self._snapshot(label, opened=True))
        self.come_back()
        self.group.restore(content.lanes)
        for lane in self.group.lanes:
            lane.renumber_series()
        self._follow(content.journal)
        self.travel.history.add(content.past)
        self.travel.take_in(content.branches)
        self.travel.tell_anew()
        return label

    def export(self, request: Export) -> tuple[str, bytes]:
        """A file and its name: the run as it is; or the network of the first lane as code, of the step that is looked
        at.
        """
        trainer = self.travel.looking[0] if self.travel.looking else self.trainers[0]
        network = f"{self._name}-{trainer.steps}"
        match request.what:
            case "pytorch":
                return f"{network}-pytorch.zip", pytorch_archive(trainer)
            case "numpy":
                return f"{network}-numpy.py", numpy_script(trainer).encode()
            case _:
                return f"{self._name}-{self.step}.backflow", write(self.content())

    @property
    def _name(self) -> str:
        return f"backflow-{self.journal.start[0].data.name}"

    def scalars(self) -> tuple[str, Scalars]:
        """The scalars of all steps in the making, and the name of their file."""
        there = partial(still_there, self.journal)
        return f"{self._name}-{self.step}.csv", Scalars(self.group.lanes, self.travel.history, there)


def begins_afresh(command: RunChange) -> bool:
    """Whether a run begins after it."""
    starts = isinstance(command, Compare) and command.start == "beginning"
    return starts or isinstance(command, Reset | NewSeed) or _replaces(command)


def _replaces(command: RunChange) -> bool:
    """Whether another run takes the place of this one, and is played."""
    return isinstance(command, Open) or (isinstance(command, Patch) and command.restart)
