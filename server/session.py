"""The state machine of one session: one to four lanes trained in lockstep. No asyncio, no sockets, no threads.

Whoever hosts a session calls it from one thread: `handle` for each command, `advance` for each slice of training,
`events` after either, and `picture` when a client has room for one.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from typing import Final

from engine.history import BUDGET
from engine.records import NonFiniteError
from engine.spec import RunSpec, SpecError
from engine.trainer import Trainer
from server.changes import RunChange, no_such_lane
from server.course import Course, begins_afresh
from server.journal import Journal
from server.kept import KeptSession
from server.lane import Lane
from server.lockstep import Clock, Lockstep
from server.messages import (
    MAX_LANES,
    Applied,
    Command,
    Continue,
    Event,
    Inspect,
    Inspection,
    Look,
    MessageError,
    Notice,
    OpenFile,
    Pause,
    Play,
    Redo,
    Rejected,
    Series,
    State,
    Status,
    Step,
    TakeBranch,
    Undo,
)
from server.messages import Pace as SetPace
from server.pace import DEFAULT, Meter, Pace
from server.painter import Painter
from server.pictures import Data, Picture, Rows
from server.runfile import RunFileError, read

Outgoing = Event | Data

STATUS_INTERVAL: Final = 0.25


class Session(KeptSession):
    """One to four networks, trained in lockstep on the same data, and everything that was done to them."""

    def __init__(self, *runs: RunSpec, clock: Clock = time.perf_counter, history: int = BUDGET) -> None:
        """A paused session with a lane for each run. `clock` gives seconds; `history` is what keyframes may take."""
        if not 1 <= len(runs) <= MAX_LANES:
            raise ValueError(f"a session of {len(runs)} lanes refused: must be 1 to {MAX_LANES}")
        self._begin(Lockstep.of(runs, clock), Journal(runs), DEFAULT, clock, history)

    def _begin(
        self, group: Lockstep, journal: Journal, steps_per_second: float | None, clock: Clock, history: int
    ) -> None:
        self._clock = clock
        self._group = group
        self._course = Course(group, journal, history)
        self._pace = Pace(steps_per_second, clock())
        self._meter = Meter()
        self._state: State = "paused"
        self._steps_to_go: int | None = None
        self._moment = 0
        self._command = 0
        self._painter = Painter(clock)
        self._news: list[Outgoing] = []
        self._errand = None
        self._status_is_due = False
        self._next_status = clock()
        self._follow()

    @property
    def state(self) -> State:
        """Paused; playing, also while a count of steps is being taken; or diverged."""
        return self._state

    @property
    def step(self) -> int:
        """Steps done, in every lane."""
        return self._group.step

    @property
    def moment(self) -> int:
        """Grows whenever a picture made now would differ from the one before; who has this moment's needs no other."""
        return self._moment

    @property
    def journal(self) -> Journal:
        """What was done to the run; replaying it gives the same bits."""
        return self._course.journal

    @property
    def trainers(self) -> tuple[Trainer, ...]:
        """The trainer of each lane, to be looked at."""
        return self._group.trainers

    # Commands

    def handle(self, command: Command) -> tuple[Outgoing, ...]:
        """Applies a command (any but hello, subscribe, series, ack) between steps.

        The first of what it returns is `Applied` or `Rejected`, to the sender; the rest is for everybody, in order.
        """
        try:
            label = self._apply(command)
            self._tell_changes()
        except (SpecError, MessageError) as error:
            return (Rejected.of(error, command.id),)
        if not isinstance(command, Look):  # which shows when it has arrived
            self._command = command.id
        self._moment += 1
        lane = self._group.lane(getattr(command, "lane", 0))
        applied = Applied(command=command.id, step=self.step, revision=lane.revision, label=label)
        return (applied, *self._drain())

    def _apply(self, command: Command) -> str:
        if self._course.travel.journey is not None and not isinstance(command, Look | Pause | SetPace):
            message = f"{command.type} refused: the way to the step that was asked for is still being computed"
            raise MessageError("busy", None, None, message)
        if isinstance(command, RunChange):
            return self._change(command)
        match command:
            case Look():
                return self._look(command)
            case Continue():
                if self._course.travel.step is None:
                    raise MessageError("invalid", None, None, "continue refused: no past step is looked at")
                return self._course.go_on()
            case TakeBranch():
                label = self._course.take_branch(command)
                self._stop()
                return label
            case Play():
                self._course.go_on()
                self._refuse_if_diverged("play")
                self._run(None)
                self._status_is_due = True
                return "Play"
            case Step():
                self._course.go_on()
                self._refuse_if_diverged("step")
                # A second step asked for before the first was taken is one more, not the same one.
                self._run((self._steps_to_go or 0) + command.count)
                return "1 step" if command.count == 1 else f"{command.count:,} steps"
            case Pause():
                self._course.travel.journey = None
                self._stop()
                return "Pause"
            case SetPace():
                self._pace.change(command.steps_per_second, self._clock())
                self._status_is_due = True
                rate = command.steps_per_second
                return "As fast as possible" if rate is None else f"{rate:g} steps a second"
            case OpenFile():
                label = self._open_file(command)
                self._stop()
                return label
            case Undo() | Redo():
                back = self._course.take_back if isinstance(command, Undo) else self._course.bring_back
                label, opened = back()
                if opened:
                    self._stop()
                return label
            case _:
                raise TypeError(f"a session does not handle {command.type}")

    def _refuse_if_diverged(self, what: str) -> None:
        if self._group.diverged is not None:
            why = f"{self._group.diverged.message} Reset, undo, or change what made them overflow."
            raise MessageError("diverged", None, None, f"{what} refused. {why}")

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
        label = self._course.change(command)
        if begins_afresh(command):
            self._stop()
        return label

    def _open_file(self, command: OpenFile) -> str:
        try:
            content, note = read(command.file)
        except RunFileError as error:
            raise MessageError("invalid", "file", None, f"{error}. Nothing was changed.") from None
        label = self._course.open(content)
        self._news.append(Notice(message=f"The run goes on from step {self.step:,}. {note}".rstrip()))
        return label

    def _look(self, command: Look) -> str:
        if command.step is None or command.step == self.step:
            self._stop()
            self._course.come_back()
            self._command = command.id
            return "The present"
        self._course.travel.set_out(command.step, self.step, command.id)
        self._stop()
        return f"Step {command.step:,}"

    def _tell_changes(self) -> None:
        """What became of the course, where anything did."""
        news = self._course.news()
        if news:
            self._news += news
            self._status_is_due = True
            self._follow()

    # Training

    def advance(self, deadline: float) -> float | None:
        """Trains the steps that are due at the session's pace, until `deadline` (of the session's clock) at the latest.

        Returns the time at which it wants to be called again (now or earlier: there is more to do), or None while it is
        paused. At least one due step is taken however short the slice. A file that is being made gets half of it.
        """
        if self._errand is None:
            return self._go_on(deadline)
        now = self._clock()
        self._go_on(now + (deadline - now) / 2)
        self._errand.advance(lambda: self._clock() < deadline)
        if self._errand.over:
            self._end_errand()
        return self._clock()

    def _go_on(self, deadline: float) -> float | None:
        if self._course.travel.journey is not None:
            return self._advance_journey(deadline)
        if self._state != "playing":
            return None
        now = self._clock()
        due = self._pace.due(now) if self._steps_to_go is None else self._steps_to_go
        if due == 0:
            return self._pace.next_time(now)
        taken = self._group.train(due, deadline)
        self._moment += taken
        self._course.travel.history.keep(self.trainers)
        self._pace.took(taken)
        self._meter.count(taken)
        self._follow()
        self._tell_verdicts(numbers=False)
        stopped = self._group.stopped()
        if stopped:
            self._stop()
            self._news += stopped
        if self._steps_to_go is not None:
            self._steps_to_go -= taken
            if self._steps_to_go == 0:
                self._stop()
        if self._state != "playing":
            return None
        return now if self._steps_to_go is not None else self._pace.next_time(now)

    def _advance_journey(self, deadline: float) -> float | None:
        """A slice of the way to a past step; when it wants the next."""
        travel = self._course.travel
        journey = travel.journey
        if journey is None:
            return None
        try:
            if not travel.advance(lambda: self._clock() < deadline):
                return self._clock()
        except NonFiniteError as error:
            travel.journey = None
            why = f"the numbers overflowed at step {error.step:,}, as they did not before"
            message = f"Step {journey.replay.target:,} cannot be shown: on the way to it {why}."
            self._news.append(Notice(message=message))
            self._status_is_due = True
            return None
        self._course.arrive()
        self._command = max(self._command, journey.command)
        self._moment += 1
        self._status_is_due = True
        self._tell_changes()
        return None

    def _follow(self) -> None:
        """Stops where the numbers are not finite any more, and is merely paused where they are again."""
        diverged = self._group.diverged
        if diverged is not None:
            self._stop()
            self._state = "diverged"
            self._news.append(diverged)
            self._news += [lane.findings.autopsy for lane in self._group.lanes if lane.findings.autopsy]
            self._tell_verdicts(numbers=True)
        elif self._state == "diverged":
            self._state = "paused"
            self._status_is_due = True

    def _tell_verdicts(self, numbers: bool) -> None:
        for lane in self._group.seen:
            self._news += lane.findings.news(numbers)

    # What is told

    def hello_events(self) -> tuple[Outgoing, ...]:
        """What a newcomer gets before its first picture: for each lane spec, layout and data, then the status."""
        introductions = [item for lane in self._group.seen for item in lane.introduction()]
        diverged = self._group.diverged
        told = (self._course.travel.marks(len(self.trainers)), self._course.travel.told_branches(self.step))
        return (*introductions, *([diverged] if diverged else []), *told, self._status())

    def events(self) -> tuple[Outgoing, ...]:
        """What came up since the last call, for everybody: diverged, status (at most four a second while playing)."""
        moves = self._state == "playing" or self._course.travel.journey is not None or self._errand is not None
        if moves and self._clock() >= self._next_status:
            self._status_is_due = True
        return self._drain()

    def _drain(self) -> tuple[Outgoing, ...]:
        if self._status_is_due:
            self._tell_verdicts(numbers=True)
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
            epoch=self.trainers[0].epoch,
            undo=self._course.undo.undo_label,
            redo=self._course.undo.redo_label,
            looking=self._course.travel.step,
            replay=self._course.travel.progress,
            writing=None if self._errand is None else self._errand.share,
            lanes=len(self._group.seen),
        )

    # What is shown

    def data(self, lane: int) -> Data:
        """The data set of a lane."""
        return self._group.lanes[lane].data()

    def picture(self, sections: Collection[str], maps: bool, unit_maps: bool) -> Picture:
        """One coherent picture of all lanes as they are now.

        `maps` and `unit_maps` say what is wanted; while playing they are left out where they are not due yet (fifteen a
        second, and a tenth of the time). While paused, slow ones come with the next picture of the same moment; this
        one says that there is `more`. Frames are views: encode them before the next call.
        """
        if self._state != "diverged" and self._course.travel.looking is None:
            self._group.settle()
            self._follow()
        wish = (sections, maps, unit_maps)
        return self._painter.picture(self._group, self._command, self._moment, self._state == "playing", wish)

    def inspect(self, request: Inspect) -> Inspection:
        """Where a number of the step that is shown came from. Raises MessageError where there is no such thing."""
        if self._state != "diverged" and self._course.travel.looking is None:
            self._group.settle()
            self._follow()
        return self._lane(request).inspect(request)

    def series(self, request: Series) -> Rows:
        """Rows of a lane's series. Raises MessageError where there is no such lane."""
        return self._lane(request).rows(request)

    def _lane(self, request: Series | Inspect) -> Lane:
        lanes = self._group.lanes
        if request.lane >= len(lanes):
            raise no_such_lane(request.lane, len(lanes), request.id)
        return lanes[request.lane]
