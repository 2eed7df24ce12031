"""The engine process: advances its sessions in short slices, fairly, and does what the pipe asks of it.

One thread, one loop: first everything that waits in the pipe, then one slice of one session, then what came of both. So
a command waits for one slice at most, and a heavy network takes time from no other.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Final, Protocol

from server.log import logger
from server.pipe import Begin, End, Failed, Ping, Pong, Report, Request, Stop
from server.seat import Clock, Seat
from server.session import Session

MOST_REQUESTS: Final = 64
"""Requests served before the next slice, so that a flood of them does not stop the training of others."""


class Pipe(Protocol):
    """The part of `multiprocessing.connection.Connection` that is used here."""

    def poll(self, timeout: float | None = 0.0, /) -> bool: ...
    def recv(self) -> Request: ...
    def send(self, report: Report, /) -> None: ...


class Host:
    """The sessions of one engine process."""

    def __init__(self, pipe: Pipe, session: type[Session] = Session, clock: Clock = time.perf_counter) -> None:
        self._pipe = pipe
        self._session = session
        self._clock = clock
        self._seats: dict[int, Seat] = {}
        self._turns: deque[Seat] = deque()

    def run(self) -> None:
        """Works until it is told to stop, or the pipe ends because the parent has."""
        try:
            self._pipe.send(Pong())
            while self.turn():
                pass
        except (EOFError, OSError) as error:
            logger.debug("engine process ends with its pipe: %r", error)

    def turn(self) -> bool:
        """Once round: requests, one slice, and what came of them. False when it was told to stop."""
        patience = self._patience()
        served = 0
        while served < MOST_REQUESTS and self._pipe.poll(patience):
            request = self._pipe.recv()
            if isinstance(request, Stop):
                return False
            self._serve(request)
            served, patience = served + 1, 0.0
        seat = self._next_in_turn()
        if seat is not None:
            self._attempt(seat, seat.train)
        for seat in tuple(self._seats.values()):
            # News before the picture, for a layout precedes its first frame; and after it, for making one computes the
            # coming step, which may be found to overflow.
            self._attempt(seat, seat.news)
            if self._attempt(seat, seat.picture):
                self._attempt(seat, seat.news)
            self._attempt(seat, seat.filed)
            self._attempt(seat, seat.saved)
            self._attempt(seat, seat.kept)
        return True

    def _patience(self) -> float | None:
        """Seconds until something is due; None for as long as it takes."""
        due = [time for seat in self._seats.values() if (time := seat.next_due()) is not None]
        return max(0.0, min(due) - self._clock()) if due else None

    def _next_in_turn(self) -> Seat | None:
        now = self._clock()
        for _ in range(len(self._turns)):
            seat = self._turns[0]
            self._turns.rotate(-1)
            if seat.takes_turn(now):
                return seat
        return None

    def _serve(self, request: Request) -> None:
        if isinstance(request, Ping):
            self._pipe.send(Pong())
        elif isinstance(request, Begin):
            self._begin(request)
        elif isinstance(request, End):
            self._drop(request.session)
        elif not isinstance(request, Stop) and (seat := self._seats.get(request.session)) is not None:
            self._attempt(seat, partial(seat.serve, request))

    def _begin(self, request: Begin) -> None:
        try:
            if request.keyframe is None:
                session = self._session.begun(request.run, request.file, clock=self._clock, history=request.history)
            else:
                keyframe, history = request.keyframe, request.history
                session = self._session.from_keyframe(keyframe, clock=self._clock, history=history)
            seat = Seat(request.session, session, self._clock, request.keeps)
            report: Report = seat.begun()
        except Exception as error:
            report = _failure(request.session, error)
        else:
            self._seats[seat.key] = seat
            self._turns.append(seat)
        self._pipe.send(report)

    def _attempt(self, seat: Seat, action: Callable[[], Report | None]) -> bool:
        """Reports what `action` returns, if anything. An error that nobody expected ends this session, and no other."""
        if seat.key not in self._seats:
            return False
        try:
            report = action()
        except Exception as error:
            self._drop(seat.key)
            report = _failure(seat.key, error)
        if report is not None:
            self._pipe.send(report)
        return report is not None

    def _drop(self, session: int) -> None:
        seat = self._seats.pop(session, None)
        if seat is not None:
            self._turns.remove(seat)


def _failure(session: int, error: Exception) -> Failed:
    logger.error("a session failed in its engine process", exc_info=error)
    return Failed(session, f"{type(error).__name__}: {error}")
