"""Time that runs both ways: keyframes of a run, from which any past step is computed again to the same bits.

A keyframe is a copy of all state (`Trainer.state()`) of every lane after some steps and some changes of the journal.
To reach step n, the nearest keyframe before it is loaded, the steps from there are taken again, and the changes of the
journal are applied where they were. Where no keyframe is left, the run starts from its spec.

Steps and changes are all that a state depends on. So a keyframe belongs to every journal that begins with the same
changes: branches of a run share what they have in common, and going back to one finds its keyframes again.

Keyframes thin out as they age: their distance grows in proportion to their age, so that their number grows with the
logarithm of the steps done, and the budget decides how dense they are.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final, Generic

import numpy as np

from engine.data import OwnData
from engine.journal import Change, Journal
from engine.spec import RunSpec
from engine.trainer import Trainer

BUDGET: Final = 64 * 2**20
"""Bytes that the keyframes of a history may take together, by default."""
INTERVAL: Final = 100
"""Steps between two keyframes while they are young. A copy costs less than a fifth of a step, so under 1 %."""
MOST_KEYFRAMES: Final = 1_024
"""Small networks do not need all of the budget: so many keyframes keep any of a million steps within 0.1 s or so."""
OVERHEAD: Final = 1_024
"""Bytes of the dictionaries and array headers of one lane's state."""
_ROOM: Final = 0.75
"""How much of what is allowed is left after thinning out, so that it is seldom done."""
_DENSEST: Final = 1 / MOST_KEYFRAMES
_FINER: Final = 1.25
"""Steps in which the ratio of distance to age is sought."""
_ELSEWHERE: Final = 0.25
"""Largest part of the budget for what belongs to other journals than the present one."""


@dataclass(frozen=True, slots=True)
class LaneState:
    """A lane at one step: its spec, the user's own data if it is on some, and `Trainer.state()`."""

    run: RunSpec
    own: OwnData | None
    state: dict[str, Any]

    @classmethod
    def of(cls, trainer: Trainer) -> LaneState:
        return cls(trainer.run, trainer.samples.own, trainer.state())

    def trainer(self) -> Trainer:
        """A trainer in this state."""
        trainer = Trainer(self.run, own=self.own)
        trainer.load_state(self.state)
        return trainer

    @property
    def nbytes(self) -> int:
        """Of the state; own data are shared by many."""
        arrays = (self.state["parameters"], self.state["running"], *self.state["slots"].values())
        return OVERHEAD + sum(array.nbytes for array in arrays if isinstance(array, np.ndarray))


@dataclass(frozen=True, slots=True)
class Keyframe:
    """All lanes after ``step`` steps and the first ``changes`` changes of a journal, which ``anchor`` stands for."""

    step: int
    changes: int
    anchor: object
    lanes: tuple[LaneState, ...]
    nbytes: int

    def leads_to(self, journal: Journal[Any]) -> bool:
        """Whether a run with this journal has been here."""
        if journal.anchor(self.changes) is not self.anchor:
            return False
        place = self.changes - journal.dropped
        return place == len(journal.entries) or journal.entries[place].step >= self.step


_STEP: Final = attrgetter("step")

Seen = Callable[[Sequence[Trainer]], object]
"""Is shown the trainers of a step."""


class History(Generic[Change]):
    """The keyframes of a run and of its branches. ``apply`` gives the trainers that a change makes of others."""

    def __init__(
        self,
        journal: Journal[Change],
        apply: Callable[[Sequence[Trainer], Change], Sequence[Trainer]],
        budget: int = BUDGET,
    ) -> None:
        self.journal = journal
        """The changes of the present run."""
        self._apply = apply
        self._budget = budget
        self._keyframes: list[Keyframe] = []  # by step
        self._nbytes = 0
        self._kept_step = -INTERVAL
        self._ratio = _DENSEST

    @property
    def nbytes(self) -> int:
        """Bytes of all keyframes."""
        return self._nbytes

    @property
    def keyframes(self) -> tuple[Keyframe, ...]:
        """Those of the present run, by step."""
        return tuple(keyframe for keyframe in self._keyframes if keyframe.leads_to(self.journal))

    @property
    def earliest(self) -> int:
        """The first step that can be reached: 0 unless the oldest changes are gone."""
        if self.journal.dropped == 0:
            return 0
        return min((keyframe.step for keyframe in self.keyframes), default=self._kept_step)

    def few(self, number: int, room: int) -> tuple[Keyframe, ...]:
        """At most so many keyframes of the present run, in so many bytes, to be kept elsewhere."""
        kept, _ = _thinned(self.keyframes, self._kept_step, number, room)
        return tuple(sorted(kept, key=_STEP)) if _total(kept) <= room else ()

    def follow(self, journal: Journal[Change], trainers: Sequence[Trainer]) -> None:
        """The present run has this journal now, and these trainers: a change was made, or another branch taken."""
        self.journal = journal
        self._keep(trainers, journal.changes)

    def keep(self, trainers: Sequence[Trainer]) -> None:
        """Keeps a keyframe of the present run where the last one is old enough: to be called every few steps."""
        if trainers[0].steps - self._kept_step >= INTERVAL:
            self._keep(trainers, self.journal.changes)

    def add(self, keyframes: Iterable[Keyframe]) -> None:
        """Takes keyframes that were kept elsewhere; they have the anchors of this history's journal."""
        for keyframe in keyframes:
            self._insert(keyframe)
        self._thin_out(self._kept_step)

    def replay(self, step: int) -> Replay[Change]:
        """What goes to a past step: its changes included. Raises ValueError where that cannot be reached."""
        return Replay(self, *self._nearest(step), step)

    def retrace(self, first: int, end: int, seen: Seen) -> Replay[Change]:
        """What takes the steps from `first` to `end` again, and shows each of them, computed, before it is taken. It
        keeps nothing. Raises ValueError where `first` cannot be reached.
        """
        return Replay(self, *self._nearest(first), end, lambda trainers: trainers[0].steps < first or seen(trainers))

    def _nearest(self, step: int) -> tuple[tuple[Trainer, ...], int]:
        """Trainers as they were at or before a past step, and how many entries of the journal they have seen."""
        if step < self.earliest:
            raise ValueError(f"step {step} refused: must be at least {self.earliest}")
        journal = self.journal
        for place in range(bisect_right(self._keyframes, step, key=_STEP) - 1, -1, -1):
            keyframe = self._keyframes[place]
            if keyframe.leads_to(journal):
                return tuple(lane.trainer() for lane in keyframe.lanes), keyframe.changes - journal.dropped
        return tuple(Trainer(run, own=journal.own) for run in journal.start), 0

    # Keeping

    def _keep(self, trainers: Sequence[Trainer], changes: int) -> None:
        self._kept_step = trainers[0].steps
        self.keep_at(trainers, self.journal, changes)
        self._thin_out(self._kept_step)

    def keep_at(self, trainers: Sequence[Trainer], journal: Journal[Change], changes: int) -> None:
        """Keeps the state after so many changes of that journal, unless there is one of the same moment already."""
        if any(trainer.samples.given for trainer in trainers):
            raise ValueError("a run on a dataset that was handed over has no history: its spec does not describe it")
        step, anchor = trainers[0].steps, journal.anchor(changes)
        place = bisect_left(self._keyframes, step, key=_STEP)
        while place < len(self._keyframes) and self._keyframes[place].step == step:
            if self._keyframes[place].anchor is anchor:
                return
            place += 1
        lanes = tuple(map(LaneState.of, trainers))
        self._insert(Keyframe(step, changes, anchor, lanes, sum(lane.nbytes for lane in lanes)))

    def _insert(self, keyframe: Keyframe) -> None:
        self._keyframes.insert(bisect_right(self._keyframes, keyframe.step, key=_STEP), keyframe)
        self._nbytes += keyframe.nbytes

    def _thin_out(self, now: int) -> None:
        """Keeps within budget: of other journals every second one goes, of the present one those that are too close."""
        if len(self._keyframes) <= MOST_KEYFRAMES and self._nbytes <= self._budget:
            return
        here = self.keyframes
        mine = set(map(id, here))
        others = [keyframe for keyframe in self._keyframes if id(keyframe) not in mine]
        while others and (len(others) > _ELSEWHERE * MOST_KEYFRAMES or _total(others) > _ELSEWHERE * self._budget):
            others = others[1::2]
        number = _ROOM * MOST_KEYFRAMES - len(others)
        kept, self._ratio = _thinned(here, now, number, _ROOM * self._budget - _total(others), self._ratio)
        self._keyframes = sorted((*others, *kept), key=_STEP)
        self._nbytes = _total(self._keyframes)


class Replay(Generic[Change]):
    """On the way to a past step; `advance` takes it further. It leaves keyframes where it passes, or shows steps."""

    def __init__(
        self,
        history: History[Change],
        trainers: tuple[Trainer, ...],
        changes: int,
        step: int,
        seen: Seen | None = None,
    ) -> None:
        self.trainers = trainers
        """Where it is; once it has arrived, that step with all changes that were made at it."""
        self.target = step
        self.start = trainers[0].steps
        self._history = history
        self._journal = history.journal
        self._place = changes  # of the next entry
        self._kept_step = self.start
        self._seen = seen

    @property
    def step(self) -> int:
        """Where it is."""
        return self.trainers[0].steps

    def advance(self, go_on: Callable[[], bool] = lambda: True) -> bool:
        """Takes steps while ``go_on()``, one at least; whether it has arrived.

        Raises NonFiniteError where the numbers overflow, which they did not when these steps were first taken.
        """
        entries = self._journal.entries
        while True:
            while self._place < len(entries) and entries[self._place].step == self.step:
                self.trainers = tuple(self._history._apply(self.trainers, entries[self._place].change))
                self._place += 1
            if self.step == self.target:
                return True
            if self._seen is None:
                self._keep()
            for trainer in self.trainers:
                trainer.compute()
            if self._seen is not None:
                self._seen(self.trainers)
            for trainer in self.trainers:
                trainer.apply()
            if not go_on():
                return False

    def _keep(self) -> None:
        if self.step - self._kept_step >= INTERVAL:
            self._kept_step = self.step
            self._history.keep_at(self.trainers, self._journal, self._place + self._journal.dropped)
            self._history._thin_out(self.target)


def _thinned(
    keyframes: Sequence[Keyframe], now: int, number: float, room: float, before: float = _DENSEST
) -> tuple[Sequence[Keyframe], float]:
    """At most so many of them, in so many bytes, one at least; and the ratio that was found for them. It is sought from
    a little below the one of `before`: it seldom changes much.
    """
    kept, ratio = keyframes, max(_DENSEST, before / _FINER**2)
    while len(kept) > 1 and (len(kept) > number or _total(kept) > room):
        kept = _spaced(keyframes, now, ratio)
        ratio *= _FINER
    return kept, ratio


def _spaced(keyframes: Sequence[Keyframe], now: int, ratio: float) -> list[Keyframe]:
    """Those whose distance is at least ``ratio`` times their age, and the oldest; from 1 on, the youngest alone."""
    by_age = sorted(keyframes, key=lambda keyframe: abs(now - keyframe.step))
    if ratio >= 1:
        return by_age[:1]
    kept, last = [], float("-inf")
    for keyframe in by_age[:-1]:
        age = abs(now - keyframe.step)
        if age - last >= ratio * age:
            kept.append(keyframe)
            last = age
    return [*kept, by_age[-1]]


def _total(keyframes: Iterable[Keyframe]) -> int:
    return sum(keyframe.nbytes for keyframe in keyframes)
