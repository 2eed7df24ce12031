"""Keeps one engine process running: starts it, asks whether it still answers, starts it again when it has ended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from server.engine_process import EngineProcess
from server.log import logger
from server.pipe import Ping, Pong, Report, Request, Stop

SILENT_AFTER: Final = 2
"""Unanswered pings, one a second, after which a process no longer counts as answering."""
DEAD_AFTER: Final = 30
"""Unanswered pings after which a process is ended, to be started again."""
FIRST_DELAY: Final = 0.25
LONGEST_DELAY: Final = 10.0
STEADY: Final = 10.0
"""Seconds after which a process counts as having started well, so that the next one starts without delay."""


class Supervisor:
    """One engine process after the other. Everything is called in the event loop."""

    def __init__(
        self,
        number: int,
        log_level: str,
        session_class: str,
        received: Callable[[Report], None],
        interrupted: Callable[[], None],
        restarted: Callable[[], None],
    ) -> None:
        """`received` is called with each report but pongs; `interrupted` when the process is lost, `restarted` when
        another takes requests in its place (which may be lost in turn).
        """
        self.answers = False
        """Whether the process is there and answers."""
        self._number = number
        self._log_level = log_level
        self._session_class = session_class
        self._received = received
        self._interrupted = interrupted
        self._restarted = restarted
        self._loop = asyncio.get_running_loop()
        self._process: EngineProcess | None = None
        self._started = 0.0
        self._unanswered = 0
        self._delay = 0.0
        self._retry: asyncio.TimerHandle | None = None
        self._closing = False

    def start(self) -> None:
        """Starts the process; what is sent meanwhile waits in its pipe."""
        self._started = self._loop.time()
        self._unanswered = 0
        self._process = EngineProcess(
            f"engine {self._number}", self._log_level, self._session_class, self._receive, self._lost
        )

    def send(self, request: Request) -> None:
        """Passes a request on. While there is no process it is dropped: `restarted` is the time to say it again."""
        if self._process is not None:
            self._process.send(request)

    def tick(self) -> None:
        """To be called each second: asks whether the process is still there."""
        if self._process is None:
            return
        self._unanswered += 1
        if self._unanswered > SILENT_AFTER:
            self.answers = False
        if self._unanswered > DEAD_AFTER:
            logger.warning("engine process %d has not answered for %d s: it is ended", self._number, DEAD_AFTER)
            self._process.kill()
        self._process.send(Ping())

    async def close(self) -> None:
        """Ends the process, by force where it does not end by itself within a second."""
        self._closing = True
        if self._retry is not None:
            self._retry.cancel()
        process = self._process
        if process is None:
            return
        process.send(Stop())
        try:
            await asyncio.wait_for(asyncio.shield(process.gone()), 1.0)
        except TimeoutError:
            process.kill()
            await process.gone()

    def _receive(self, report: Report) -> None:
        self._unanswered = 0
        if not self.answers:
            self.answers = True
            logger.info("engine process %d answers (pid %s)", self._number, self._process and self._process.pid)
        if not isinstance(report, Pong):
            self._received(report)

    def _lost(self) -> None:
        self._process = None
        self.answers = False
        if self._closing:
            return
        if self._loop.time() - self._started > STEADY:
            self._delay = 0.0
        logger.warning("engine process %d is lost: it is started again", self._number)
        self._interrupted()
        self._retry = self._loop.call_later(self._delay, self._restart)
        self._delay = min(LONGEST_DELAY, max(FIRST_DELAY, 2 * self._delay))

    def _restart(self) -> None:
        self._retry = None
        self.start()
        self._restarted()
