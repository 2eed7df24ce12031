"""The lanes of a session, trained in lockstep: each step is taken by all of them or by none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Self

from engine.history import Keyframe
from engine.records import NonFiniteError
from engine.spec import RunSpec
from engine.trainer import Trainer
from server.checkpoints import Checkpoints
from server.counters import Counters
from server.labels import divergence_sentence, lane_name
from server.lane import Lane
from server.messages import Diverged, Event, Stopped
from server.pictures import Data
from server.snapshot import LaneSnapshot

Clock = Callable[[], float]


class Lockstep:
    """One to four lanes at the same step. `diverged` says why the coming step cannot be taken, where it cannot."""

    def __init__(self, lanes: list[Lane], counters: Counters, clock: Clock) -> None:
        self.lanes = lanes
        self.diverged: Diverged | None = None
        self.counters = counters
        self._seen: int | None = None
        self._clock = clock
        self._checkpoints = Checkpoints(clock)
        self.settle()
        for _ in self.news():  # nobody is there yet: whoever comes is introduced
            pass

    @classmethod
    def of(cls, runs: Sequence[RunSpec], clock: Clock) -> Self:
        counters = Counters()
        return cls([Lane(index, Trainer(run), counters) for index, run in enumerate(runs)], counters, clock)

    @property
    def trainers(self) -> tuple[Trainer, ...]:
        return tuple(lane.trainer for lane in self.lanes)

    @property
    def runs(self) -> tuple[RunSpec, ...]:
        return tuple(lane.run for lane in self.lanes)

    @property
    def seen(self) -> list[Lane]:
        """The lanes that there are at the step that is looked at; those that were forked off later are not."""
        return self.lanes[: self._seen]

    def lane(self, place: object) -> Lane:
        """The lane at a place; the first one where that says all of them, or where there is none any more."""
        return self.lanes[place if isinstance(place, int) and place < len(self.lanes) else 0]

    @property
    def step(self) -> int:
        """Steps done."""
        return self.lanes[0].trainer.steps

    # Training

    def train(self, steps: int | None, deadline: float) -> int:
        """Takes so many steps, or as many as it can where that is None, but none after `deadline` save the first.

        Returns how many it took. Where a step's numbers are not finite it stops before it, `diverged`.
        """
        self._checkpoints.keep(self.trainers)
        taken = 0
        while taken != steps and self._compute():
            for lane in self.lanes:
                lane.commit()
            taken += 1
            if self._clock() >= deadline or any(lane.stopped for lane in self.lanes):
                break
        return taken

    def stopped(self) -> list[Stopped]:
        """Why training should pause, told once."""
        found = [lane.stopped for lane in self.lanes if lane.stopped]
        for lane in self.lanes:
            lane.stopped = None
        return found

    def settle(self) -> None:
        """Computes the coming step so that it can be shown, and finds out whether it can be taken."""
        if self._compute():
            self.diverged = None
            for lane in self.lanes:
                lane.shown, lane.findings.autopsy = lane.trainer, None

    def _compute(self) -> bool:
        for lane in self.lanes:
            try:
                lane.trainer.compute()
            except NonFiniteError as error:
                self._diverge(lane, error)
                return False
        return True

    def _diverge(self, lane: Lane, error: NonFiniteError) -> None:
        """What is shown from now on is the last step whose numbers are finite, where it can be found again."""
        finite = self._checkpoints.replay(self.trainers, self.step - 1)
        for index, each in enumerate(self.lanes):
            if finite is not None:
                each.shown = finite[index]
            elif self.diverged is None:  # else what was shown is still the last
                each.shown = None
        sentence = divergence_sentence(error, lane.trainer)
        if len(self.lanes) > 1:
            sentence = f"{sentence} It was {lane_name(lane.index)}, and the other lanes stopped with it."
        lane.dissect(error)
        self.diverged = Diverged(
            lane=lane.index,
            step=error.step,
            layer=error.layer,
            layer_id=error.layer_id,
            tensor=error.tensor,
            message=sentence,
        )

    def lead_up(self, past: Iterable[Keyframe], changes: int) -> None:
        """Finds the last finite step of lanes that came diverged from elsewhere, from a keyframe after all changes."""
        before = [keyframe for keyframe in past if keyframe.changes == changes and keyframe.step < self.step]
        if self.diverged is not None and before:
            last = max(before, key=lambda keyframe: keyframe.step)
            self._checkpoints.recall(last.step, [lane.state for lane in last.lanes])
            self.settle()

    # Changes

    def take(self, trainers: Sequence[Trainer], places: Sequence[int | None], source: int | None = None) -> None:
        """Goes on with these trainers, one a lane; `places` says where each lane stood, None for a new one. That was
        what `source` is, where this names a lane: what was observed of it is known of the new one as well.
        """
        lanes = []
        for index, (trainer, place) in enumerate(zip(trainers, places, strict=True)):
            lane = Lane(index, trainer, self.counters) if place is None else self.lanes[place]
            if place is None and source is not None:
                lane.findings.observer = self.lanes[source].findings.observer.following(trainer)
            lane.move(index)
            if trainer is not lane.trainer:
                lane.replace(trainer)
            lanes.append(lane)
        self.lanes = lanes
        self._look_anew()

    def snapshot(self) -> tuple[LaneSnapshot, ...]:
        return tuple(lane.snapshot() for lane in self.lanes)

    def restore(self, snapshots: Sequence[LaneSnapshot]) -> None:
        """Goes back to how the lanes were, to the same bits."""
        present = {lane.key: lane for lane in self.lanes}
        self.lanes = [
            present.get(snapshot.key)
            or Lane(index, Trainer(snapshot.run, own=snapshot.own), self.counters, snapshot.key)
            for index, snapshot in enumerate(snapshots)
        ]
        for index, (lane, snapshot) in enumerate(zip(self.lanes, snapshots, strict=True)):
            lane.move(index)
            lane.restore(snapshot)
        self._look_anew()

    def rewind(self, trainers: Sequence[Trainer]) -> None:
        """Goes on from a past step of the run, with the trainers that have reached it again, one a lane."""
        self.lanes = self.lanes[: len(trainers)]  # the others were forked off later
        for lane, trainer in zip(self.lanes, trainers, strict=True):
            lane.rewind(trainer)
        self._look_anew()

    def look_at(self, past: Sequence[Trainer] | None) -> None:
        """Shows a past step of the lanes that there were, or the present of all again."""
        known = len(self.seen)
        self._seen = None if past is None else len(past)
        for index, lane in enumerate(self.seen):
            lane.look_at(None if past is None else past[index])
        for lane in self.seen[known:]:  # which were forgotten while they were not there
            lane.tell_anew()

    def _look_anew(self) -> None:
        """What was kept of the way to here does not lead here any more, and the numbers may be finite again."""
        self._checkpoints.clear()
        self.settle()

    def news(self) -> Iterator[Event | Data]:
        """What changed and was not told yet."""
        for lane in self.seen:
            yield from lane.news()

    # Keyframes

    def keyframe(self) -> dict[str, Any]:
        return {"lanes": [lane.keyframe() for lane in self.lanes], "counters": self.counters}

    @classmethod
    def from_snapshots(cls, snapshots: Sequence[LaneSnapshot], counters: Counters, clock: Clock) -> Self:
        """Lanes as they were in another server, in new timelines."""
        lanes = []
        for index, snapshot in enumerate(snapshots):
            lane = Lane(index, Trainer(snapshot.run, own=snapshot.own), counters, snapshot.key)
            lane.restore(snapshot)
            lane.renumber_series()
            lanes.append(lane)
        return cls(lanes, counters, clock)

    @classmethod
    def from_keyframe(cls, keyframe: dict[str, Any], clock: Clock) -> Self:
        """The lanes as they were, in new timelines."""
        counters: Counters = keyframe["counters"]
        counters.skip()
        lanes = [Lane.from_keyframe(index, lane, counters) for index, lane in enumerate(keyframe["lanes"])]
        return cls(lanes, counters, clock)
