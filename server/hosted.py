"""The server's side of one session: its watchers, commands under way, and what to go on from if its process is lost.

Pure: requests leave through `send`, reports come in through `receive`, the time is handed in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import reduce
from operator import or_
from typing import Final

from engine.spec import RunSpec
from server.attendance import Attendance
from server.ledger import Entry, Ledger
from server.log import logger
from server.messages import (
    Ack,
    Applied,
    Closed,
    Command,
    Export,
    Hello,
    Inspect,
    Pause,
    Rejected,
    Restarted,
    Role,
    Series,
    Status,
    Subscribe,
    UseOwnData,
)
from server.messages.parse import RejectionCode
from server.outbox import Picture
from server.pipe import (
    Ask,
    Begin,
    Begun,
    Do,
    Done,
    End,
    Failed,
    Greet,
    Greeting,
    Kept,
    Message,
    News,
    Request,
    Saved,
    Show,
    Shown,
    Told,
)
from server.settings import Settings
from server.watcher import NOTHING, Subscription, Watcher

MOST_WAITING: Final = 256
"""Commands of one client that may wait for an answer."""
MOST_SERIES: Final = 16
"""Requests for series of one client that may wait for an answer: the answers are large."""
MOST_OWN_DATA: Final = 4
"""Data sets of one client that may wait to be used: they are larger still."""
MOST_FAILURES: Final = 4
"""How often in a minute a session may fail before it is given up."""
MINUTE: Final = 60.0

SessionReport = Begun | Greeting | Done | Told | News | Saved | Kept | Shown


class HostedSession:
    """One session, wherever it runs."""

    def __init__(
        self,
        key: int,
        name: str,
        token: str,
        run: RunSpec,
        settings: Settings,
        send: Callable[[Request], None],
        now: float,
        keep: Callable[[bytes], None] | None = None,
        file: bytes | None = None,
    ) -> None:
        """`keep` is called with a file of the session each second; `file` is one that an earlier server kept."""
        self.key = key
        self.name = name
        """For the log; the token is a secret."""
        self.token = token
        self.watchers = Attendance(settings.controller_grace, now)
        self._run = run
        self._settings = settings
        self._send = send
        self._keep = keep
        self._file = file
        self._status: Status | None = None
        self._ledger = Ledger()
        self._grant = 0
        self._granted = False
        self._failures: list[float] = []

    # Clients

    def join(self, watcher: Watcher, now: float) -> Role:
        """A client comes, and is greeted by the engine process; its role.

        The same page's former connection, whose end was not heard of because the network changed, makes way.
        """
        self.watchers.join(watcher, now)
        if (former := self.watchers.former(watcher)) is not None:
            self.leave(former, now)
            former.close(Closed(code="idle", message="the page has come back over another connection"))
        watcher.on_room = self._ask_for_picture
        self._send(Greet(self.key, (watcher.number,)))
        self._ask_for_picture(anew=True)
        self._tell_status()
        return self.watchers.role(watcher)

    def leave(self, watcher: Watcher, now: float) -> None:
        """A client is gone. What it commanded is still done."""
        self.watchers.leave(watcher, now)
        watcher.on_room = lambda: None
        self._ledger.forget(watcher)
        self._tell_status()
        self._ask_for_picture()

    def command(self, watcher: Watcher, command: Command) -> None:
        """Does what a client asks, or rejects it."""
        match command:
            case Ack():
                watcher.acknowledge(command.picture)
            case Subscribe():
                watcher.subscription = Subscription.of(command)
                self._ask_for_picture(anew=True)
            case Hello():
                self._reject(watcher, command, "invalid", "hello refused: this connection has opened its session")
            case Series() | Export() | Inspect():
                if self._ledger.count(watcher, Ask) >= MOST_SERIES:
                    message = f"{command.type} refused: {MOST_SERIES} of this client's requests are waiting already"
                    self._reject(watcher, command, "busy", message)
                else:
                    self._pass_on(Entry(Ask(self.key, self._ledger.ticket(), command), watcher))
            case _ if watcher is not self.watchers.controller:
                self._reject(
                    watcher, command, "watching", f"{command.type} refused: this page watches, another one controls"
                )
            case UseOwnData() if self._ledger.count(watcher, Do, UseOwnData) >= MOST_OWN_DATA:
                message = f"own_data refused: {MOST_OWN_DATA} data sets of this client are waiting already"
                self._reject(watcher, command, "busy", message)
            case _ if self._ledger.count(watcher, Do) >= MOST_WAITING:
                message = f"{command.type} refused: {MOST_WAITING} of this client's commands are waiting already"
                self._reject(watcher, command, "busy", message)
            case _:
                self._do(command, watcher)

    # The engine process

    def begin(self) -> None:
        """Starts in an engine process, or goes on in another from the newest keyframe."""
        history, keeps = self._settings.history * 2**20, self._keep is not None
        self._send(Begin(self.key, self._run, self._ledger.keyframe, history, self._file, keeps))
        self._file = None
        if numbers := tuple(watcher.number for watcher in self.watchers):
            self._send(Greet(self.key, numbers))
        self._granted = False
        self._ask_for_picture()
        for entry in self._ledger.again():
            self._pass_on(entry)

    def interrupted(self) -> None:
        """The engine process is lost, or the session in it. `begin` is to follow.

        The first command not yet answered may be what it died of; it is tried once more, not for ever.
        """
        for watcher in self.watchers:
            watcher.interrupted |= watcher.greeted
            watcher.greeted = False
        blamed = self._ledger.blame()
        if blamed is not None and blamed.watcher is not None:
            command = blamed.command
            message = f"{command.type} refused: the engine process was lost over it twice; nothing was changed"
            self._reject(blamed.watcher, command, "busy", message)

    def failed(self, report: Failed, now: float) -> bool:
        """The session raised an error; whether it is worth going on from the keyframe."""
        self._failures = [then for then in self._failures if now - then < MINUTE] + [now]
        logger.error("session %s failed: %s", self.name, report.message)
        self.interrupted()
        return len(self._failures) < MOST_FAILURES

    def end(self, closed: Closed) -> None:
        """Tells everybody, and the engine process."""
        for watcher in self.watchers:
            watcher.close(closed)
        self._send(End(self.key))

    def receive(self, report: SessionReport) -> None:
        """Takes in what the engine process reports of this session."""
        match report:
            case Begun():
                self._ledger.keyframe = report.keyframe
                self._tell_restarted(report.step)
            case Greeting():
                self._greet(report)
            case Done():
                self._done(report)
            case Told():
                entry = self._ledger.close(report.ticket)
                if entry.watcher is not None:
                    entry.watcher.send(report.answer)
            case News():
                self._tell(*report.messages)
            case Kept():
                if self._keep is not None:
                    self._keep(report.file)
            case Saved():
                self._ledger.save(report.keyframe)
            case Shown():
                self._granted = self._granted and report.grant != self._grant
                picture = Picture(report.number, report.parts)
                for watcher in self.watchers:
                    if watcher.greeted:
                        watcher.show(picture)
        self._ask_for_picture()

    # Time

    def tick(self, now: float) -> None:
        """What happens by itself: an empty controller's place is filled, a session that nobody watches pauses."""
        if self.watchers.settle(now):
            self._tell_status()
        abandoned = self.watchers.abandoned
        playing = self._status is not None and self._status.state == "playing"
        if abandoned is not None and playing and now - abandoned >= self._settings.pause_after and not self._ledger:
            logger.info("session %s pauses: nobody has watched it for %g s", self.name, self._settings.pause_after)
            self._do(Pause(id=1), None)

    def is_over(self, now: float) -> bool:
        """Whether nobody has watched for so long that the session goes."""
        return self.watchers.abandoned is not None and now - self.watchers.abandoned >= self._settings.close_after

    # Commands under way

    def _do(self, command: Command, watcher: Watcher | None) -> None:
        self._pass_on(Entry(Do(self.key, self._ledger.ticket(), command), watcher))

    def _pass_on(self, entry: Entry) -> None:
        self._ledger.add(entry)
        self._send(entry.request)

    def _done(self, report: Done) -> None:
        entry = self._ledger.close(report.ticket)
        if isinstance(report.answer, Applied):
            self._ledger.applied(entry)
        if entry.watcher is not None:
            entry.watcher.send(report.answer)
        self._tell(*report.news)

    @staticmethod
    def _reject(watcher: Watcher, command: Command, code: RejectionCode, message: str) -> None:
        watcher.send(Rejected(command=command.id, code=code, field=None, value=None, message=message))

    # Messages

    def _greet(self, report: Greeting) -> None:
        self._status = next((message for message in report.messages if isinstance(message, Status)), self._status)
        for number in report.watchers:
            if (watcher := self.watchers.find(number)) is not None:
                watcher.greeted = True
                for message in report.messages:
                    watcher.send(self._addressed(message, watcher))

    def _tell(self, *messages: Message) -> None:
        for message in messages:
            if isinstance(message, Status):
                self._status = message
            for watcher in self.watchers:
                if watcher.greeted:
                    watcher.send(self._addressed(message, watcher))

    def _tell_status(self) -> None:
        if self._status is not None:
            self._tell(self._status)

    def _tell_restarted(self, step: int) -> None:
        message = f"the engine process was lost; the run goes on from step {step:,}"
        for watcher in self.watchers:
            if watcher.interrupted:
                watcher.interrupted = False
                watcher.send(Restarted(step=step, message=message))

    def _addressed(self, message: Message, watcher: Watcher) -> Message:
        """A status names the role of whom it is sent to."""
        if isinstance(message, Status):
            return replace(message, watchers=len(self.watchers), role=self.watchers.role(watcher))
        return message

    # Pictures

    def _ask_for_picture(self, anew: bool = False) -> None:
        """Grants a credit where at least one watcher has room; `anew` where what they want has changed."""
        if (self._granted and not anew) or not any(watcher.wants_picture for watcher in self.watchers):
            return
        wish = reduce(or_, (watcher.subscription for watcher in self.watchers), NOTHING)
        self._granted = True
        self._grant += 1
        self._send(Show(self.key, self._grant, wish.sections, wish.maps, wish.unit_maps))
