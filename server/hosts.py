"""All engine processes and all sessions: where a session runs, who may join it, and when it goes."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from functools import partial
from typing import Final

from engine.spec import RunSpec
from server.hosted import HostedSession
from server.log import logger
from server.messages import Closed, Notice, refuse_data_that_did_not_travel
from server.pipe import Failed, Pong, Report
from server.settings import Settings
from server.shelf import Shelf, ShelfError
from server.supervisor import Supervisor
from server.watcher import Watcher

SESSION_CLASS: Final = "server.session:Session"
GOODBYE: Final = Closed(code="shutdown", message="the server ends: start it again and reload")


class NoSession(Exception):  # noqa: N818 (it is an answer, not a fault)
    """A client gets no session; `closed` tells it why."""

    def __init__(self, closed: Closed) -> None:
        super().__init__(closed.message)
        self.closed = closed


class Hosts:
    """The engine processes and the sessions in them."""

    def __init__(
        self, settings: Settings, session_class: str = SESSION_CLASS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._settings = settings
        self._session_class = session_class
        self._clock = clock
        self._keys = 0
        self._sessions: dict[str, HostedSession] = {}
        self._places: dict[int, int] = {}
        self._supervisors: list[Supervisor] = []
        self._watchers: set[Watcher] = set()
        self._everybody_left = asyncio.Event()
        self._ticking: asyncio.Task[None] | None = None
        self._shelf: Shelf | None = None
        self.trouble: str | None = None
        """Why sessions are not kept, where they should be."""

    @property
    def sessions(self) -> int:
        """Sessions there are."""
        return len(self._sessions)

    @property
    def engines(self) -> int:
        """Engine processes that answer."""
        return sum(supervisor.answers for supervisor in self._supervisors)

    def now(self) -> float:
        """The time by which sessions are kept."""
        return self._clock()

    def start(self) -> None:
        """Starts the engine processes, without waiting for them, and opens the shelf of kept sessions."""
        if self._settings.data_dir is not None:
            loop = asyncio.get_running_loop()

            def troubled(sentence: str) -> None:
                loop.call_soon_threadsafe(self._tell_trouble, sentence)

            try:
                self._shelf = Shelf(self._settings.data_dir, troubled)
            except ShelfError as error:
                self._tell_trouble(str(error))
        for place in range(self._settings.hosts):
            self._supervisors.append(
                Supervisor(
                    place + 1,
                    self._settings.log_level,
                    self._session_class,
                    self._receive,
                    partial(self._interrupted, place),
                    partial(self._restarted, place),
                )
            )
            self._supervisors[place].start()
        self._ticking = asyncio.create_task(self._tick())

    def _tell_trouble(self, sentence: str) -> None:
        """Sessions are not kept: everybody is told, whoever comes later too."""
        logger.warning("%s", sentence)
        self.trouble = sentence
        for watcher in self._watchers:
            watcher.send(Notice(message=sentence))

    async def recall(self, token: str | None) -> bytes | None:
        """What an earlier server kept of the session that `token` names, where it is not here."""
        if self._shelf is None or token is None or token in self._sessions:
            return None
        return await asyncio.wrap_future(self._shelf.recall(token))

    def join(
        self, watcher: Watcher, token: str | None, run: RunSpec | None, file: bytes | None = None
    ) -> tuple[HostedSession, bool]:
        """The session that `token` names, or a new one, and whether it was there already.

        `file` is what an earlier server kept of it.

        A token nobody knows (the server was started anew) opens a new session where a spec comes with it.
        Raises NoSession, and MessageError for a run on a user's own data, which only their session has.
        """
        session = self._sessions.get(token or "")
        resumed = session is not None
        if session is None and token is not None and file is not None:
            session, resumed = self._open(run or RunSpec(), token, file), True
        elif session is None:
            refuse_data_that_did_not_travel(run)
            if token is not None and run is None:
                message = "there is no session of this token (any more): open a new one"
                raise NoSession(Closed(code="unknown_session", message=message))
            session = self._open(run or RunSpec())
        elif len(session.watchers) >= self._settings.max_watchers:
            message = f"{self._settings.max_watchers} pages watch this session already"
            raise NoSession(Closed(code="full", message=message))
        self._watchers.add(watcher)
        self._everybody_left.clear()
        return session, resumed

    def leave(self, watcher: Watcher) -> None:
        """Forgets a client."""
        self._watchers.discard(watcher)
        if not self._watchers:
            self._everybody_left.set()

    async def say_goodbye(self, within: float = 0.5) -> None:
        """Tells every client that the server ends, and waits a moment for them to hear it."""
        for watcher in self._watchers:
            watcher.close(GOODBYE)
        if self._watchers:
            try:
                await asyncio.wait_for(self._everybody_left.wait(), within)
            except TimeoutError:
                logger.debug("%d clients did not hear the goodbye", len(self._watchers))

    async def close(self) -> None:
        """Ends the engine processes."""
        if self._ticking is not None:
            self._ticking.cancel()
        await asyncio.gather(*(supervisor.close() for supervisor in self._supervisors))
        if self._shelf is not None:
            await asyncio.to_thread(self._shelf.close)

    # Sessions

    def _open(self, run: RunSpec, token: str | None = None, file: bytes | None = None) -> HostedSession:
        now = self._clock()
        if len(self._sessions) >= self._settings.max_sessions:
            self._make_room()
        self._keys += 1
        places = list(self._places.values())
        place = min(range(len(self._supervisors)), key=places.count)
        token, name = token or secrets.token_urlsafe(24), secrets.token_hex(2)
        keep = partial(self._shelf.keep, token) if self._shelf is not None else None
        send = self._supervisors[place].send
        session = HostedSession(self._keys, name, token, run, self._settings, send, now, keep, file)
        self._sessions[token] = session
        self._places[session.key] = place
        logger.info("session %s opened: %s", name, description(run))
        session.begin()
        return session

    def _make_room(self) -> None:
        """Gives up the session that nobody has watched for the longest time. Raises NoSession where all are watched."""
        abandoned = [session for session in self._sessions.values() if session.watchers.abandoned is not None]
        if not abandoned:
            message = f"there is no room for another session: all {self._settings.max_sessions} are watched"
            raise NoSession(Closed(code="full", message=message))
        oldest = min(abandoned, key=lambda session: session.watchers.abandoned or 0.0)
        self._end(oldest, "another needs its place", Closed(code="full", message="another session needs its place"))

    def _end(self, session: HostedSession, reason: str, closed: Closed) -> None:
        logger.info("session %s closed: %s", session.name, reason)
        session.end(closed)
        del self._sessions[session.token], self._places[session.key]

    # What the engine processes tell

    def _receive(self, report: Report) -> None:
        if isinstance(report, Pong):
            return
        session = next((one for one in self._sessions.values() if one.key == report.session), None)
        if session is None:
            return
        if not isinstance(report, Failed):
            session.receive(report)
        elif session.failed(report, self._clock()):
            session.begin()
        else:
            message = "the session failed again and again: open a new one"
            self._end(session, "it failed again and again", Closed(code="shutdown", message=message))

    def _interrupted(self, place: int) -> None:
        for session in self._in(place):
            session.interrupted()

    def _restarted(self, place: int) -> None:
        for session in self._in(place):
            session.begin()

    def _in(self, place: int) -> list[HostedSession]:
        return [session for session in self._sessions.values() if self._places[session.key] == place]

    # Time

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(1.0)
            now = self._clock()
            for supervisor in self._supervisors:
                supervisor.tick()
            for session in tuple(self._sessions.values()):
                session.tick(now)
                if session.is_over(now):
                    self._end(session, "nobody came back", Closed(code="idle", message="nobody watched this session"))


def description(run: RunSpec) -> str:
    """A run in a few words: "circle, tanh 4-2"."""
    parts: list[tuple[str, list[str]]] = []
    for layer in run.network.hidden:
        if not parts or parts[-1][0] != layer.activation:
            parts.append((layer.activation, []))
        parts[-1][1].append(str(layer.units))
    layers = ", ".join(f"{activation} {'-'.join(units)}" for activation, units in parts)
    return f"{run.data.name}, {layers or 'no hidden layer'}"
