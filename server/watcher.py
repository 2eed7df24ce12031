"""One client of a session, as the server sees it: its subscription and its outbox. No sockets, no asyncio."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from server.messages import FRAME_SECTIONS, ON_REQUEST, Branches, Closed, Event, Layout, Marks, Status, Subscribe
from server.outbox import Outbox, Picture
from server.pipe import Message


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a client wants its pictures to contain."""

    sections: frozenset[str] = frozenset(FRAME_SECTIONS) - ON_REQUEST
    maps: bool = True
    unit_maps: bool = True

    @classmethod
    def of(cls, command: Subscribe) -> Subscription:
        return cls(frozenset(command.sections), command.maps, command.unit_maps)

    def __or__(self, other: Subscription) -> Subscription:
        """What serves both."""
        return Subscription(self.sections | other.sections, self.maps or other.maps, self.unit_maps or other.unit_maps)


NOTHING: Final = Subscription(frozenset(), False, False)


class Watcher:
    """Whoever follows or controls a session over one connection."""

    def __init__(self, wake: Callable[[], None] = lambda: None) -> None:
        """`wake` is called whenever there may be something to take."""
        self.number = 0
        """Given by the session it joins."""
        self.subscription = Subscription()
        """Everything, until the client says otherwise."""
        self.page: str | None = None
        """What the page calls itself; it is the same for its next connection."""
        self.joined = 0.0
        self.greeted = False
        """It has what a newcomer needs; before that, news of the session would make no sense to it."""
        self.interrupted = False
        """It was greeted by an engine process that has been lost since."""
        self.closed: Closed | None = None
        """Set when the server has ended this connection."""
        self.on_room: Callable[[], None] = lambda: None
        """Called when there may be room for another picture."""
        self._outbox: Outbox[Message] = Outbox()
        self._wake = wake

    def send(self, message: Message) -> None:
        """Queues a message. A client that lets too much pile up is sent away."""
        if self.closed is not None:
            return
        if isinstance(message, bytes):
            self._outbox.put(message, size=len(message))
        elif isinstance(message, Status | Marks | Branches):
            self._outbox.put(message, newest_of=message.type)
        else:
            self._outbox.put(message)
            if isinstance(message, Layout):
                self._outbox.drop_picture()
        if self._outbox.overflowed:
            self.close(Closed(code="too_slow", message="too much was waiting to be sent: reconnect to go on from here"))
        self._wake()

    def show(self, picture: Picture[Message]) -> None:
        """Queues a picture in place of one that still waits."""
        if self.closed is None:
            self._outbox.put_picture(picture)
            self._wake()

    def acknowledge(self, picture: int) -> None:
        """The client has drawn the picture with this number."""
        self._outbox.acknowledge(picture)
        self._wake()
        self.on_room()

    def close(self, event: Closed) -> None:
        """Ends the connection, after what still waits, with `event`."""
        if self.closed is None:
            self.closed = event
            self._outbox.part(event)
            self._wake()

    def take(self) -> Sequence[Event | bytes]:
        """What to send next: one message, the parts of one picture, or nothing."""
        messages = self._outbox.take()
        self.on_room()
        return messages

    @property
    def wants_picture(self) -> bool:
        """Whether a picture made now could be sent at once."""
        return self.closed is None and self._outbox.wants_picture
