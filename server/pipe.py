"""What goes through the pipe between the server and an engine process: requests down, reports up.

Both directions are bounded: a report answers a request (a `Shown` picture answers a `Show`), or comes at a bounded rate
(a status four times a second, a keyframe each second).
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.spec import RunSpec
from server.messages import Command, Event, Export, Inspect, Inspection, Rejected, Series

Message = Event | bytes
"""What is sent to a client: an event, still without its number, or a binary message as it goes over the wire."""


# Requests


@dataclass(frozen=True, slots=True)
class Begin:
    """Takes a session in: from its keyframe, or from its spec where there is none yet. Answered by `Begun`.

    Or, without a keyframe, from the file that an earlier server kept. `history` is how many bytes the keyframes of its
    past may take; where it `keeps`, a file of it is reported each second while things change.
    """

    session: int
    run: RunSpec
    keyframe: bytes | None = None
    history: int = 64 * 2**20
    file: bytes | None = None
    keeps: bool = False


@dataclass(frozen=True, slots=True)
class Greet:
    """Asks for what newcomers need before their first picture. Answered by `Greeting`; a picture follows."""

    session: int
    watchers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Do:
    """A command that changes the session. Answered by `Done` with the same ticket."""

    session: int
    ticket: int
    command: Command


@dataclass(frozen=True, slots=True)
class Ask:
    """A request for rows of a series, for a file, or for where a number came from. Answered by `Told`, same ticket."""

    session: int
    ticket: int
    request: Series | Export | Inspect


@dataclass(frozen=True, slots=True)
class Show:
    """A credit for one picture, with the sections that somebody wants. Replaces a credit not yet used."""

    session: int
    grant: int
    sections: frozenset[str]
    maps: bool
    unit_maps: bool


@dataclass(frozen=True, slots=True)
class End:
    """Gives a session up. Not answered."""

    session: int


@dataclass(frozen=True, slots=True)
class Ping:
    """Answered by `Pong`."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Ends the engine process."""


Request = Begin | Greet | Do | Ask | Show | End | Ping | Stop


# Reports


@dataclass(frozen=True, slots=True)
class Pong:
    """The engine process answers; also sent once when it is ready."""


@dataclass(frozen=True, slots=True)
class Begun:
    """The session is there, at `step`. The keyframe is what to continue from if that is needed once more."""

    session: int
    step: int
    keyframe: bytes


@dataclass(frozen=True, slots=True)
class Greeting:
    """Spec, layout and data of each lane, and the status, for these watchers alone."""

    session: int
    watchers: tuple[int, ...]
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """`Applied` or `Rejected` for the sender of the command, and what became of it for everybody.

    Until a keyframe follows, the command must be kept, to be done again if the process is lost.
    """

    session: int
    ticket: int
    answer: Event
    news: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """Rows of a series, a file, or where a number came from; or why there is no such thing."""

    session: int
    ticket: int
    answer: bytes | Inspection | Rejected


@dataclass(frozen=True, slots=True)
class News:
    """What came up in a session, for everybody."""

    session: int
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Saved:
    """A keyframe of a session: all that was reported of it before is part of it."""

    session: int
    keyframe: bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of a session, for later servers."""

    session: int
    file: bytes


@dataclass(frozen=True, slots=True)
class Shown:
    """One picture, for everybody; uses up the credit `grant`."""

    session: int
    grant: int
    number: int
    parts: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """The session raised an error that nobody expected, and is no longer there."""

    session: int
    message: str


Report = Pong | Begun | Greeting | Done | Told | News | Saved | Kept | Shown | Failed
