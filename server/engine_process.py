"""The parent's end of one engine process: it is spawned, written to and read from by threads of its own.

A thread is what can wait for a pipe on every system, and it keeps the event loop from ever waiting for a process.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import TYPE_CHECKING, Final

from server.log import logger
from server.spawned import run

if TYPE_CHECKING:
    from server.pipe import Report, Request

STOP_WITHIN: Final = 1.0
"""Seconds an engine process has to end by itself once its pipe has ended."""

_spawn = multiprocessing.get_context("spawn")


class EngineProcess:
    """One spawned process. `received` and `lost` are called in the event loop; `lost` once, as the last."""

    def __init__(
        self,
        name: str,
        log_level: str,
        session_class: str,
        received: Callable[[Report], None],
        lost: Callable[[], None],
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._received = received
        self._lost = lost
        self._requests: SimpleQueue[Request | None] = SimpleQueue()
        ours, theirs = _spawn.Pipe()
        self._process = _spawn.Process(target=run, args=(theirs, log_level, session_class), name=name, daemon=True)
        self._reader = threading.Thread(target=self._read, args=(ours, theirs), name=f"{name} reader", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int | None:
        """The process's id; None until it was spawned."""
        return self._process.pid

    def send(self, request: Request) -> None:
        """Queues a request; it is dropped where the process has ended, of which `lost` tells."""
        self._requests.put(request)

    def kill(self) -> None:
        """Ends the process at once; `lost` follows."""
        if self._process.pid is not None:
            self._process.kill()

    async def gone(self) -> None:
        """Waits until the process and the threads have ended."""
        await asyncio.to_thread(self._reader.join)

    def _read(self, ours: Connection, theirs: Connection) -> None:
        try:
            self._start()
        except OSError as error:
            logger.error("no engine process could be started: %s", error)
            ours.close()
            self._call(self._lost)
            return
        finally:
            theirs.close()  # so that ours ends when the child's does
        writer = threading.Thread(target=self._write, args=(ours,), name=f"{self._process.name} writer", daemon=True)
        writer.start()
        try:
            while True:
                self._call(self._received, ours.recv())
        except (EOFError, OSError):
            self._requests.put(None)
        writer.join()
        ours.close()
        self._process.join(STOP_WITHIN)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._call(self._lost)

    def _start(self) -> None:
        """Spawns the process with ctrl-C blocked, which it inherits: it must not be hit while it still imports."""
        if not hasattr(signal, "pthread_sigmask"):
            self._process.start()
            return
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        self._process.start()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})

    def _write(self, ours: Connection) -> None:
        while (request := self._requests.get()) is not None:
            try:
                ours.send(request)
            except OSError:
                return  # the reader sees the same end, and tells

    def _call(self, function: Callable[..., None], *arguments: object) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody listens any more
            self._loop.call_soon_threadsafe(function, *arguments)
