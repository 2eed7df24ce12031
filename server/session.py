"""The state machine of one session: one to four lanes trained in lockstep. No asyncio, no sockets, no threads.

Whoever hosts a session calls it from one thread: `handle` for each command, `advance` for each slice of training,
`events` after either, and `picture` when a client has room for one.
"""

import time
from collections.abc import Callable, Collection
from typing import Self

from engine.spec import RunSpec
from server.messages import Command, Event, Series
from server.pictures import Data, Picture, Rows

Clock = Callable[[], float]
Outgoing = Event | Data


class Session:
    """One to four networks, trained in lockstep on the same data, and everything that was done to them."""

    def __init__(self, *runs: RunSpec, clock: Clock = time.perf_counter) -> None:
        """A paused session with a lane for each run. `clock` gives seconds."""
        raise NotImplementedError

    @property
    def state(self) -> str:
        """ "paused", "playing" or "diverged"."""
        raise NotImplementedError

    @property
    def step(self) -> int:
        """Steps done, in every lane."""
        raise NotImplementedError

    @property
    def moment(self) -> int:
        """Grows whenever a picture made now would differ from the one before; who has this moment's needs no other."""
        raise NotImplementedError

    def handle(self, command: Command) -> tuple[Outgoing, ...]:
        """Applies a command (any but hello, subscribe, series, ack) between steps.

        The first of what it returns is `Applied` or `Rejected`, to the sender; the rest is for everybody, in order.
        """
        raise NotImplementedError

    def hello_events(self) -> tuple[Outgoing, ...]:
        """What a newcomer gets before its first picture: for each lane spec, layout and data, then the status."""
        raise NotImplementedError

    def data(self, lane: int) -> Data:
        """The data set of a lane."""
        raise NotImplementedError

    def advance(self, deadline: float) -> float | None:
        """Trains the steps that are due at the session's pace, until `deadline` (of the session's clock) at the latest.

        Returns the time at which it wants to be called again (now or earlier: there is more to do), or None while it is
        paused. At least one due step is taken however short the slice.
        """
        raise NotImplementedError

    def events(self) -> tuple[Outgoing, ...]:
        """What came up since the last call, for everybody: diverged, status (at most four a second while playing)."""
        raise NotImplementedError

    def picture(self, sections: Collection[str], maps: bool, unit_maps: bool) -> Picture:
        """One coherent picture of all lanes as they are now.

        `maps` and `unit_maps` say what is wanted; while playing they are left out where they are not due yet (fifteen a
        second, and a tenth of the time). Frames are views: encode them before the next call.
        """
        raise NotImplementedError

    def series(self, request: Series) -> Rows:
        """Rows of a lane's series. Raises MessageError where there is no such lane."""
        raise NotImplementedError

    def keyframe(self) -> bytes:
        """Everything needed to go on from here in another process; opaque, and only for `from_keyframe`."""
        raise NotImplementedError

    @classmethod
    def from_keyframe(cls, keyframe: bytes, *, clock: Clock = time.perf_counter) -> Self:
        """The session as it was, to the same bits, playing if it played. Timelines grow: what came after is void."""
        raise NotImplementedError
