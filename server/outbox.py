"""What waits to be sent to one client. Pure: no sockets, no tasks, no clock.

Two kinds of things wait, and they are kept differently because they age differently:

- *Messages* (events, data, series) are facts: all of them arrive, in order. They are bounded; a client that lets them
  pile up has overflowed and is sent away, to come back with its token.
- A *picture* is a state: only the newest is worth sending. It is overwritten while it waits, and at most `UNDER_WAY`
  pictures are sent ahead of the client's acknowledgements.

Messages go before the picture, so that a layout always precedes its first frame.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Message = TypeVar("Message")

UNDER_WAY = 2


@dataclass(frozen=True)
class Picture(Generic[Message]):
    """One coherent picture: the frames of all lanes at one step, and the maps and evaluations that go with them."""

    number: int
    parts: tuple[Message, ...]


@dataclass(frozen=True)
class _Waiting(Generic[Message]):
    message: Message
    size: int
    kind: str | None


class Outbox(Generic[Message]):
    """Ordered, bounded messages and the newest picture, for one client."""

    def __init__(self, max_messages: int = 512, max_bytes: int = 16 * 2**20) -> None:
        self._max_messages = max_messages
        self._max_bytes = max_bytes
        self._messages: deque[_Waiting[Message]] = deque()
        self._bytes = 0
        self._picture: Picture[Message] | None = None
        self._under_way: deque[int] = deque()
        self.overflowed = False
        """The client was too slow: nothing is accepted any more but the parting message."""

    def put(self, message: Message, size: int = 0, newest_of: str | None = None) -> None:
        """Appends a message of `size` bytes (0 for small ones).

        Where `newest_of` names a kind of which only the newest counts (as of the status), one that waits is dropped.
        """
        if self.overflowed:
            return
        if newest_of is not None:
            self._drop(newest_of)
        self._append(_Waiting(message, size, newest_of))
        too_much = self._bytes > self._max_bytes and len(self._messages) > 1  # one message may be as large as it is
        if too_much or len(self._messages) > self._max_messages:
            self.overflowed = True
            self._clear()

    def put_picture(self, picture: Picture[Message]) -> None:
        """Replaces the picture that waits, if one does."""
        if not self.overflowed:
            self._picture = picture

    def drop_picture(self) -> None:
        """Forgets the picture that waits: the layout it was made for is no longer the newest."""
        self._picture = None

    def part(self, message: Message) -> None:
        """Lets nothing follow but this last message. What waits is sent before it, unless the outbox overflowed."""
        self._picture = None
        self._append(_Waiting(message, 0, None))

    def acknowledge(self, number: int) -> None:
        """The client has drawn picture `number`, hence needs none before it; unknown numbers change nothing."""
        if number in self._under_way:
            while self._under_way.popleft() != number:
                pass

    @property
    def wants_picture(self) -> bool:
        """Whether a picture made now could be sent at once."""
        return self._picture is None and self._has_room and not self.overflowed

    def take(self) -> Sequence[Message]:
        """What to send next: one message, all parts of a picture, or nothing."""
        if self._messages:
            waiting = self._messages.popleft()
            self._bytes -= waiting.size
            return (waiting.message,)
        if self._picture is not None and self._has_room:
            picture, self._picture = self._picture, None
            self._under_way.append(picture.number)
            return picture.parts
        return ()

    @property
    def _has_room(self) -> bool:
        return len(self._under_way) < UNDER_WAY

    def _append(self, waiting: _Waiting[Message]) -> None:
        self._messages.append(waiting)
        self._bytes += waiting.size

    def _drop(self, kind: str) -> None:
        for waiting in self._messages:
            if waiting.kind == kind:
                self._messages.remove(waiting)
                self._bytes -= waiting.size
                return

    def _clear(self) -> None:
        self._messages.clear()
        self._bytes = 0
        self._picture = None
