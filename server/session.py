"""The state machine of one session: one to four lanes trained in lockstep. No asyncio, no sockets, no threads.

Whoever hosts a session calls it from one thread: `handle` for each command, `advance` for each slice of training,
`events` after either, and `picture` when a client has room for one.
"""

from __future__ import annotations

import pickle
import time
from collections import deque
from collections.abc import Callable, Collection
from typing import Final, Self

from engine.records import NonFiniteError
from engine.spec import RunSpec, SpecError
from engine.trainer import Trainer
from server.changes import Change, RunChange, no_such_lane, planned
from server.checkpoints import Checkpoints
from server.journal import Journal
from server.labels import divergence_sentence
from server.lane import Counters, Lane
from server.messages import (
    MAX_LANES,
    Applied,
    Command,
    Diverged,
    Event,
    MessageError,
    NewSeed,
    Open,
    Pause,
    Play,
    Redo,
    Rejected,
    Reset,
    Series,
    State,
    Status,
    Step,
    Undo,
)
from server.messages import Pace as SetPace
from server.pace import DEFAULT, Meter, Pace
from server.pictures import Data, Picture, Rows
from server.undo import History, Snapshot

Clock = Callable[[], float]
Outgoing = Event | Data

STATUS_INTERVAL: Final = 0.25
MAPS_INTERVAL: Final = 1 / 15
MAPS_SHARE: Final = 0.1
"""Largest part of the time that maps and evaluations may take while training."""


class Session:
    """One to four networks, trained in lockstep on the same data, and everything that was done to them."""

    def __init__(self, *runs: RunSpec, clock: Clock = time.perf_counter) -> None:
        """A paused session with a lane for each run. `clock` gives seconds."""
        if not 1 <= len(runs) <= MAX_LANES:
            raise ValueError(f"a session of {len(runs)} lanes refused: must be 1 to {MAX_LANES}")
        counters = Counters()
        lanes = [Lane(index, Trainer(run), counters) for index, run in enumerate(runs)]
        self._begin(lanes, counters, Journal(runs), Pace(DEFAULT, clock()), clock)
        self._settle()
        self.events()

    def _begin(self, lanes: list[Lane], counters: Counters, journal: Journal, pace: Pace, clock: Clock) -> None:
        self._clock = clock
        self._lanes = lanes
        self._counters = counters
        self._journal = journal
        self._pace = pace
        self._meter = Meter()
        self._history = History()
        self._checkpoints = Checkpoints(clock)
        self._state: State = "paused"
        self._steps_to_go: int | None = None
        self._diverged: Diverged | None = None
        self._moment = 0
        self._command = 0
        self._pictures = 0
        self._news: list[Outgoing] = []
        for lane in lanes:
            deque(lane.news(), maxlen=0)  # whoever comes is introduced to them
        self._status_is_due = True
        self._next_status = clock()
        self._next_maps = clock()

    @property
    def state(self) -> State:
        return self._state

    @property
    def step(self) -> int:
        """Steps done, in every lane."""
        return self._lanes[0].trainer.steps

    @property
    def moment(self) -> int:
        """Grows whenever a picture made now would differ from the one before; who has this moment's needs no other."""
        return self._moment

    @property
    def journal(self) -> Journal:
        """What was done to the run; replaying it gives the same bits."""
        return self._journal

    @property
    def trainers(self) -> tuple[Trainer, ...]:
        """The trainer of each lane, to be looked at."""
        return tuple(lane.trainer for lane in self._lanes)

    # Commands

    def handle(self, command: Command) -> tuple[Outgoing, ...]:
        """Applies a command (any but hello, subscribe, series, ack) between steps.

        The first of what it returns is `Applied` or `Rejected`, to the sender; the rest is for everybody, in order.
        """
        try:
            label = self._apply(command)
        except (SpecError, MessageError) as error:
            return (Rejected.of(error, command.id),)
        self._command = command.id
        self._moment += 1
        lane = self._lanes[getattr(command, "lane", 0)]
        applied = Applied(command=command.id, step=self.step, revision=lane.revision, label=label)
        return (applied, *self._drain())

    def _apply(self, command: Command) -> str:
        if isinstance(command, RunChange):
            return self._change(command)
        match command:
            case Play():
                self._refuse_if_diverged("play")
                self._run(None)
                self._status_is_due = True
                return "Play"
            case Step():
                self._refuse_if_diverged("step")
                self._run(command.count)
                return "1 step" if command.count == 1 else f"{command.count:,} steps"
            case Pause():
                self._stop()
                return "Pause"
            case SetPace():
                self._pace.change(command.steps_per_second, self._clock())
                self._status_is_due = True
                rate = command.steps_per_second
                return "As fast as possible" if rate is None else f"{rate:g} steps a second"
            case Undo():
                return self._travel(self._history.undo_label, self._history.undo, "Undo")
            case Redo():
                return self._travel(self._history.redo_label, self._history.redo, "Redo")
            case _:
                raise TypeError(f"a session does not handle {command.type}")

    def _refuse_if_diverged(self, what: str) -> None:
        if self._diverged is not None:
            message = f"{what} refused: {self._diverged.message} Reset, undo, or change what made it overflow."
            raise MessageError("diverged", None, None, message)

    def _run(self, steps: int | None) -> None:
        if self._state != "playing":
            self._meter.begin(self._clock())
            self._pace.begin(self._clock())
            self._state = "playing"
        self._steps_to_go = steps

    def _stop(self) -> None:
        if self._state == "playing":
            self._state = "paused"
        self._steps_to_go = None
        self._meter.end()
        self._moment += 1
        self._status_is_due = True

    def _change(self, command: RunChange) -> str:
        change = planned(command, self.trainers)
        gesture = getattr(command, "gesture", None)
        label = change.label
        if self._history.merges(gesture):
            self._history.relabel(label)
        else:
            self._history.push(self._snapshot(label, gesture))
        before = self.step
        self._take(change)
        if isinstance(command, Reset | NewSeed | Open):
            self._stop()
        if self.step < before or isinstance(command, Reset | NewSeed | Open):
            self._journal = Journal(tuple(lane.run for lane in self._lanes))
        else:
            self._journal = self._journal.with_entry(before, change.command)
        self._look_anew()
        return label

    def _take(self, change: Change) -> None:
        del self._lanes[len(change.trainers) :]
        for lane, trainer in zip(self._lanes, change.trainers, strict=True):
            if trainer is not lane.trainer:
                lane.replace(trainer)

    def _snapshot(self, label: str, gesture: str | None = None) -> Snapshot:
        return Snapshot(label, gesture, tuple(lane.snapshot() for lane in self._lanes), self._journal)

    def _travel(self, label: str | None, exchange: Callable[[Snapshot], Snapshot], verb: str) -> str:
        if label is None:
            raise MessageError("nothing_to_undo", None, None, f"{verb} refused: there is nothing to {verb.lower()}")
        there = exchange(self._snapshot(label))
        del self._lanes[len(there.lanes) :]
        for index, snapshot in enumerate(there.lanes):
            if index == len(self._lanes):
                self._lanes.append(Lane(index, Trainer(snapshot.run), self._counters))
            self._lanes[index].restore(snapshot)
        self._journal = there.journal
        self._look_anew()
        return f"{verb}: {label}"

    def _look_anew(self) -> None:
        """After a change: what was noted of the way here is no longer of use, and the numbers may be finite again."""
        self._checkpoints.clear()
        for lane in self._lanes:
            self._news += lane.news()
        self._status_is_due = True
        self._settle()

    # Training

    def advance(self, deadline: float) -> float | None:
        """Trains the steps that are due at the session's pace, until `deadline` (of the session's clock) at the latest.

        Returns the time at which it wants to be called again (now or earlier: there is more to do), or None while it is
        paused. At least one due step is taken however short the slice.
        """
        if self._state != "playing":
            return None
        now = self._clock()
        due = self._pace.due(now) if self._steps_to_go is None else self._steps_to_go
        if due == 0:
            return self._pace.next_time(now)
        self._checkpoints.keep(self.trainers)
        taken = self._train(due, deadline)
        self._pace.took(taken)
        self._meter.count(taken)
        if self._steps_to_go is not None:
            self._steps_to_go -= taken
            if self._steps_to_go == 0:
                self._stop()
        if self._state != "playing":
            return None
        return now if self._steps_to_go is not None else self._pace.next_time(now)

    def _train(self, steps: int | None, deadline: float) -> int:
        taken = 0
        while taken != steps:
            for lane in self._lanes:
                try:
                    lane.trainer.compute()
                except NonFiniteError as error:
                    self._diverge(lane, error)
                    return taken
            for lane in self._lanes:
                lane.commit()
            taken += 1
            self._moment += 1
            if self._clock() >= deadline:
                break
        return taken

    def _settle(self) -> None:
        """Computes the coming step of every lane, so that it can be shown, and finds out whether it can be taken."""
        for lane in self._lanes:
            try:
                lane.trainer.compute()
            except NonFiniteError as error:
                self._diverge(lane, error)
                return
            lane.shown = lane.trainer
        self._diverged = None
        if self._state == "diverged":
            self._state = "paused"
            self._status_is_due = True

    def _diverge(self, lane: Lane, error: NonFiniteError) -> None:
        """Stops. What is shown from now on is the last step whose numbers are finite, where it can be found again."""
        finite = self._checkpoints.replay(self.trainers, self.step - 1)
        for index, each in enumerate(self._lanes):
            if finite is not None or self._state != "diverged":  # else what was shown is still the last
                each.shown = finite[index] if finite else None
        self._stop()
        self._state = "diverged"
        self._diverged = Diverged(
            lane=lane.index,
            step=error.step,
            layer=error.layer,
            layer_id=error.layer_id,
            tensor=error.tensor,
            message=divergence_sentence(error, lane.trainer),
        )
        self._news.append(self._diverged)

    # What is told

    def hello_events(self) -> tuple[Outgoing, ...]:
        """What a newcomer gets before its first picture: for each lane spec, layout and data, then the status."""
        introductions = [item for lane in self._lanes for item in lane.introduction()]
        return (*introductions, *([self._diverged] if self._diverged else []), self._status())

    def events(self) -> tuple[Outgoing, ...]:
        """What came up since the last call, for everybody: diverged, status (at most four a second while playing)."""
        if self._state == "playing" and self._clock() >= self._next_status:
            self._status_is_due = True
        return self._drain()

    def _drain(self) -> tuple[Outgoing, ...]:
        news, self._news = self._news, []
        if self._status_is_due:
            news.append(self._status())
            self._status_is_due = False
            self._next_status = self._clock() + STATUS_INTERVAL
        return tuple(news)

    def _status(self) -> Status:
        return Status(
            state=self._state,
            pace=self._pace.steps_per_second,
            steps_per_second=self._meter.read(self._clock()),
            step=self.step,
            epoch=self._lanes[0].trainer.epoch,
            undo=self._history.undo_label,
            redo=self._history.redo_label,
        )

    # What is shown

    def data(self, lane: int) -> Data:
        """The data set of a lane."""
        return self._lanes[lane].data()

    def picture(self, sections: Collection[str], maps: bool, unit_maps: bool) -> Picture:
        """One coherent picture of all lanes as they are now.

        `maps` and `unit_maps` say what is wanted; while playing they are left out where they are not due yet (fifteen a
        second, and a tenth of the time). Frames are views: encode them before the next call.
        """
        if self._state != "diverged":
            self._settle()
        self._pictures += 1
        frames = tuple(lane.frame(sections) for lane in self._lanes)
        picture = Picture(self._pictures, self._command, frames)
        now = self._clock()
        if not maps or (self._state == "playing" and now < self._next_maps):
            return picture
        shown = [lane.maps(unit_maps) for lane in self._lanes]
        evaluations = [lane.current_evaluation(self._state == "playing") for lane in self._lanes]
        took = self._clock() - now
        self._next_maps = now + max(MAPS_INTERVAL, took / MAPS_SHARE)
        return Picture(
            self._pictures,
            self._command,
            frames,
            tuple(item for item in shown if item),
            tuple(item for item in evaluations if item),
        )

    def series(self, request: Series) -> Rows:
        """Rows of a lane's series. Raises MessageError where there is no such lane."""
        if request.lane >= len(self._lanes):
            raise no_such_lane(request.lane, len(self._lanes), request.id)
        return self._lanes[request.lane].rows(request)

    # Keyframes

    def keyframe(self) -> bytes:
        """Everything needed to go on from here in another process; opaque, and only for `from_keyframe`.

        What could be undone is not part of it, and old rows of the series are few.
        """
        return pickle.dumps(
            {
                "lanes": [lane.keyframe() for lane in self._lanes],
                "counters": self._counters,
                "journal": self._journal,
                "pace": self._pace.steps_per_second,
                "playing": self._state == "playing",
                "steps_to_go": self._steps_to_go,
                "moment": self._moment,
                "command": self._command,
                "pictures": self._pictures,
            }
        )

    @classmethod
    def from_keyframe(cls, keyframe: bytes, *, clock: Clock = time.perf_counter) -> Self:
        """The session as it was, to the same bits, playing if it played. Timelines grow: what came after is void."""
        content = pickle.loads(keyframe)
        counters: Counters = content["counters"]
        counters.skip()
        lanes = [Lane.from_keyframe(index, lane, counters) for index, lane in enumerate(content["lanes"])]
        session = cls.__new__(cls)
        session._begin(lanes, counters, content["journal"], Pace(content["pace"], clock()), clock)
        session._moment = content["moment"] + 1
        session._command, session._pictures = content["command"], content["pictures"]
        session._settle()
        if content["playing"] and session._diverged is None:
            session._run(content["steps_to_go"])
        session.events()
        return session
