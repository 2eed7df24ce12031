"""What of a session outlives its process, and how it goes on from that: keyframes and files."""

from __future__ import annotations

import pickle
import time
from abc import ABC, abstractmethod
from typing import Any, Self

from engine.history import BUDGET
from engine.spec import RunSpec
from engine.stopping import EarlyStopping
from server.counters import Counters
from server.course import Course
from server.errand import Errand
from server.journal import Journal
from server.lockstep import Clock, Lockstep
from server.messages import Export, MessageError, Notice, State
from server.pace import Pace
from server.painter import Painter
from server.runfile import RunFileError, Saved, read, write


class KeptSession(ABC):
    """The part of a session that is kept; the rest of it is in `Session`."""

    _group: Lockstep
    _course: Course
    _pace: Pace
    _painter: Painter
    _state: State
    _steps_to_go: int | None
    _moment: int
    _command: int
    _news: list[Any]
    _errand: Errand | None
    _status_is_due: bool

    @abstractmethod
    def __init__(self, *runs: RunSpec, clock: Clock = time.perf_counter, history: int = BUDGET) -> None:
        """A paused session with a lane for each run."""

    @abstractmethod
    def _begin(
        self, group: Lockstep, journal: Journal, steps_per_second: float | None, clock: Clock, history: int
    ) -> None:
        """Sets everything up."""

    @abstractmethod
    def _run(self, steps: int | None) -> None:
        """Plays, or takes so many steps."""

    def export(self, request: Export) -> tuple[str, bytes] | Errand:
        """A file of the run as it is, and its name; or the errand that comes to it. Raises MessageError where one is
        under way already. To ask for none gives that up.
        """
        if request.what == "none":
            self._end_errand()
            return "", b""
        if request.what != "series":
            return self._course.export(request)
        if self._errand is not None:
            raise MessageError("busy", None, None, "export refused: the scalars are being written already", request.id)
        self._errand = Errand(*self._course.scalars())
        return self._errand

    def _end_errand(self) -> None:
        if self._errand is not None:
            self._errand.give_up()
            self._errand = None
            self._status_is_due = True

    def file(self) -> bytes:
        """The run and how the session stands, as a file from which it goes on in any later server."""
        playing = self._state == "playing"
        looking, counters = self._course.travel.step, self._group.counters.to_list()
        stopping = tuple((lane.stopping.best, lane.stopping.epochs) for lane in self._group.lanes)
        saved = Saved(self._pace.steps_per_second, playing, self._steps_to_go, looking, counters, stopping)
        return write(self._course.content(saved))

    def keyframe(self) -> bytes:
        """Everything needed to go on from here in another process; opaque, and only for `from_keyframe`.

        Of what could be undone the newest is part of it; old rows of the series and old keyframes are few.
        """
        return pickle.dumps(
            {
                "group": self._group.keyframe(),
                **self._course.keyframe(),
                "pace": self._pace.steps_per_second,
                "playing": self._state == "playing",
                "steps_to_go": self._steps_to_go,
                "moment": self._moment,
                "command": self._command,
                "pictures": self._painter.pictures,
            }
        )

    @classmethod
    def from_keyframe(cls, keyframe: bytes, *, clock: Clock = time.perf_counter, history: int = BUDGET) -> Self:
        """The session as it was, to the same bits, playing if it played. Timelines grow: what came after is void."""
        content = pickle.loads(keyframe)
        session = cls.__new__(cls)
        group = Lockstep.from_keyframe(content["group"], clock)
        group.lead_up(content["past"], content["journal"].changes)
        session._begin(group, content["journal"], content["pace"], clock, history)
        session._course.resume(content["past"], content["branches"], content["looking"], content["undone"])
        session._moment = content["moment"] + 1
        session._command, session._painter.pictures = content["command"], content["pictures"]
        if content["playing"] and session._state == "paused":
            session._run(content["steps_to_go"])
        return session

    @classmethod
    def begun(
        cls, run: RunSpec, file: bytes | None, *, clock: Clock = time.perf_counter, history: int = BUDGET
    ) -> Self:
        """A new session, or the one that was kept; where that cannot be read, a new one that says so."""
        if file is None:
            return cls(run, clock=clock, history=history)
        try:
            return cls.from_file(file, clock=clock, history=history)
        except RunFileError as error:
            session = cls(run if run.data.own is None else RunSpec(), clock=clock, history=history)
            session._news.append(Notice(message=f"The session that was kept could not be gone on with: {error}."))
            return session

    @classmethod
    def from_file(cls, file: bytes, *, clock: Clock = time.perf_counter, history: int = BUDGET) -> Self:
        """The session that `file` was called of, in another server. Raises RunFileError."""
        content, note = read(file)
        saved, session = content.saved, cls.__new__(cls)
        group = Lockstep.from_snapshots(content.lanes, Counters.from_list(saved.counters), clock)
        for lane, remembered in zip(group.lanes, saved.stopping, strict=False):
            lane.stopping = EarlyStopping(*remembered)
        group.lead_up(content.past, content.journal.changes)
        session._begin(group, content.journal, saved.pace, clock, history)
        session._course.resume(content.past, content.branches, saved.looking, (content.undo, content.redo))
        if note:
            session._news.append(Notice(message=note))
        if saved.playing and session._state == "paused":
            session._run(saved.steps_to_go)
        return session
