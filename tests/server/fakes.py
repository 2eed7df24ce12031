"""A session that only counts, for the tests of what hosts sessions. Works without an engine, in any process."""

import os
import pickle
import signal
import time
from collections.abc import Callable, Collection
from typing import Any

import numpy as np

from engine import RunSpec
from server.messages import Applied, Command, MessageError, NewSeed, Pause, Play, Rejected, Reset, Series, Status
from server.pictures import Data, Frame, Picture, Rows

LAST_WORDS = 666
"""The seed at which a session (of `FatalSession`) or its process (of `DeadlySession`) ends."""


class FakeSession:
    """Steps take `cost` seconds of its clock. New seed sets `seed`; reset brings step 0 back."""

    cost = 0.0001

    def __init__(self, run: RunSpec, *, clock: Callable[[], float] = time.perf_counter, history: int = 0) -> None:
        self.clock = clock
        self.state, self.step, self.seed, self.moment = "paused", 0, run.seed, 0
        self.pictures, self.command = 0, 0
        self.commands: list[int] = []
        self.news: tuple[Any, ...] = ()
        self.news_of_pictures: tuple[Any, ...] = ()
        """What making the next picture brings up."""

    def handle(self, command: Command) -> tuple[Any, ...]:
        self.command = command.id
        match command:
            case Play():
                self.state = "playing"
            case Pause():
                self.state = "paused"
            case Reset():
                self.state, self.step = "paused", 0
            case NewSeed(seed=int(seed)):
                self.seed = seed
            case _:
                rejected = Rejected(command=command.id, code="invalid", field="type", value=None, message="not here")
                return (rejected,)
        self.moment += 1
        self.commands.append(command.id)
        label = f"{command.type} {self.seed}"
        return Applied(command=command.id, step=self.step, revision=1, label=label), self.status()

    def status(self) -> Status:
        rates = {"pace": None, "steps_per_second": 0.0}
        return Status(state=self.state, step=self.step, epoch=0.0, undo=None, redo=None, **rates)

    def hello_events(self) -> tuple[Any, ...]:
        points = np.zeros((2, 2), np.float32)
        data = Data(0, 1, 1, points, np.zeros(2, np.float32), np.zeros(2, np.uint8))
        return data, self.status()

    def take_step(self) -> None:
        self.step += 1
        self.moment += 1

    def advance(self, deadline: float) -> float | None:
        if self.state != "playing":
            return None
        while True:
            self.take_step()
            if self.clock() >= deadline:
                return deadline

    def events(self) -> tuple[Any, ...]:
        news, self.news = self.news, ()
        return news

    def picture(self, sections: Collection[str], maps: bool, unit_maps: bool) -> Picture:
        self.pictures += 1
        self.news, self.news_of_pictures = self.news_of_pictures, ()
        contents = {"parameters": np.full(1, self.seed)} if "parameters" in sections else {}
        frame = Frame(0, 1, 1, self.step, 0.0, 0.0, 1, np.ones((4, 1)), (1,), (1,), contents)
        return Picture(self.pictures, self.command, (frame,))

    def series(self, request: Series) -> Rows:
        if request.lane != 0:
            raise MessageError("invalid", "lane", request.lane, f"lane {request.lane} refused: there is none")
        steps = np.arange(request.from_step, self.step, dtype=float)[: request.limit]
        mean = np.repeat(steps, 2).reshape(-1, 2)
        done = request.from_step + len(steps)
        return Rows(0, 1, 1, done, done < self.step, steps, np.ones(len(steps), np.uint32), mean, mean, mean)

    def keyframe(self) -> bytes:
        return pickle.dumps((self.state, self.step, self.seed, self.moment, self.commands))

    @classmethod
    def begun(cls, run: RunSpec, file: bytes | None, **others: Any) -> "FakeSession":
        session = cls(run, **others)
        session.file_of = file
        return session

    def file(self) -> bytes:
        return f"file at step {self.step}".encode()

    @classmethod
    def from_keyframe(
        cls, keyframe: bytes, *, clock: Callable[[], float] = time.perf_counter, history: int = 0
    ) -> "FakeSession":
        session = cls(RunSpec(), clock=clock, history=history)
        session.state, session.step, session.seed, session.moment, session.commands = pickle.loads(keyframe)
        return session


class FatalSession(FakeSession):
    """Raises an error that nobody expects when it is given the seed 666."""

    def handle(self, command: Command) -> tuple[Any, ...]:
        if isinstance(command, NewSeed) and command.seed == LAST_WORDS:
            raise ZeroDivisionError("the seed of the beast")
        return super().handle(command)


class DeadlySession(FakeSession):
    """Takes its process with it when it is given the seed 666."""

    def handle(self, command: Command) -> tuple[Any, ...]:
        if isinstance(command, NewSeed) and command.seed == LAST_WORDS:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().handle(command)
