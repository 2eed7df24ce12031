"""One session's place in an engine process: when it is its turn, what it may show, when its keyframe is due."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from server.codec import encode_data, encode_file, encode_picture, encode_rows
from server.errand import Errand
from server.messages import Applied, Export, Inspect, MessageError, Rejected
from server.pictures import Data
from server.pipe import Ask, Begun, Do, Done, Greet, Greeting, Kept, Message, News, Report, Saved, Show, Shown, Told
from server.session import Outgoing, Session

Clock = Callable[[], float]

SLICE: Final = 0.004
"""Seconds a session trains before the next one and the pipe have their turn."""
PICTURE_INTERVAL: Final = 1 / 120
"""Least time between two pictures that only show progress: no screen shows more."""
KEYFRAME_INTERVAL: Final = 1.0
KEYFRAME_SHARE: Final = 0.05
"""Largest share of the time that keyframes may take; a session for which one is dear has fewer."""


class Seat:
    """A session and its accounts. `now` is always the clock's time."""

    def __init__(self, key: int, session: Session, clock: Clock, keeps: bool = False) -> None:
        self.key = key
        self._keeps = keeps
        self._kept_moment = -1
        self._next_file = 0.0
        self.session = session
        self.next_step: float | None = None
        """When the session wants to train; None while it is paused."""
        self._clock = clock
        self._overrun = 0.0
        self._credit: Show | None = None
        self._shown_moment = -1
        self._shown_wish: Show | None = None
        self._urgent = True
        self._next_picture = 0.0
        self._saved_moment = -1
        self._has_unsaved_command = False
        self._last_keyframe = 0.0
        self._keyframe_cost = 0.0
        self._errands: list[tuple[Ask, Errand]] = []

    # What is asked of it

    def begun(self) -> Begun:
        self.next_step = self._clock()
        return Begun(self.key, self.session.step, self._keyframe())

    def serve(self, request: Greet | Do | Ask | Show) -> Report | None:
        match request:
            case Greet():
                self._shown_moment, self._urgent = -1, True
                return Greeting(self.key, request.watchers, _messages(self.session.hello_events()))
            case Do():
                return self._do(request)
            case Ask():
                return self._ask(request)
            case Show():
                if not _same_wish(request, self._shown_wish):
                    self._shown_moment, self._urgent = -1, True
                self._credit = request
                return None

    def _do(self, request: Do) -> Done:
        answer, *news = self.session.handle(request.command)
        if not isinstance(answer, Applied | Rejected):
            raise TypeError(f"a session answered a command with {type(answer).__name__}")
        self.next_step = self._clock()
        self._urgent = True
        self._has_unsaved_command |= isinstance(answer, Applied)
        return Done(self.key, request.ticket, answer, _messages(news))

    def _ask(self, request: Ask) -> Told | None:
        try:
            if isinstance(request.request, Inspect):
                return Told(self.key, request.ticket, self.session.inspect(request.request))
            if isinstance(request.request, Export):
                file = self.session.export(request.request)
                if isinstance(file, Errand):
                    self._errands.append((request, file))
                    self.next_step = self._clock()
                    return None
                return Told(self.key, request.ticket, encode_file(*file, request.request.id))
            return Told(self.key, request.ticket, encode_rows(self.session.series(request.request), request.request.id))
        except MessageError as error:
            return Told(self.key, request.ticket, Rejected.of(error, request.request.id))

    # What it does by itself

    def takes_turn(self, now: float) -> bool:
        """Whether training is due. Who overran its slices sits out as many turns as it took too long."""
        if self.next_step is None or self.next_step > now:
            return False
        if self._overrun >= SLICE:
            self._overrun -= SLICE
            return False
        return True

    def train(self) -> None:
        """One slice."""
        start = self._clock()
        self.next_step = self.session.advance(start + SLICE)
        self._overrun = max(0.0, self._overrun + self._clock() - start - SLICE)

    def filed(self) -> Told | None:
        """A file that was asked for and took its time, or that it was given up."""
        for place, (request, errand) in enumerate(self._errands):
            if errand.over:
                del self._errands[place]
                try:
                    return Told(self.key, request.ticket, encode_file(errand.name, errand.file(), request.request.id))
                except MessageError as error:
                    return Told(self.key, request.ticket, Rejected.of(error, request.request.id))
        return None

    def news(self) -> News | None:
        """What came up since the last call."""
        messages = _messages(self.session.events())
        return News(self.key, messages) if messages else None

    def picture(self) -> Shown | None:
        """A picture, where there is a credit for one and something that the last one does not show."""
        credit = self._credit
        if credit is None or self.session.moment == self._shown_moment:
            return None
        now = self._clock()
        if now < self._next_picture and not self._urgent:
            return None
        self._credit, self._urgent, self._next_picture = None, False, now + PICTURE_INTERVAL
        picture = self.session.picture(credit.sections, credit.maps, credit.unit_maps)
        self._shown_moment, self._shown_wish = -1 if picture.more else self.session.moment, credit
        return Shown(self.key, credit.grant, picture.number, (*encode_picture(picture), *picture.evaluations))

    def saved(self) -> Saved | None:
        """A keyframe, where one is due: each second while things change, and soon after a command."""
        return Saved(self.key, self._keyframe()) if self._has_changed and self._clock() >= self._next_keyframe else None

    def kept(self) -> Kept | None:
        """A file for later servers, where sessions are kept: each second while things change."""
        start = self._clock()
        if not self._has_news_for_file or start < self._next_file:
            return None
        file = self.session.file()
        end = self._clock()
        self._kept_moment = self.session.moment
        self._next_file = end + max(KEYFRAME_INTERVAL, (end - start) / KEYFRAME_SHARE)
        return Kept(self.key, file)

    @property
    def _has_news_for_file(self) -> bool:
        return self._keeps and self.session.moment != self._kept_moment

    def next_due(self) -> float | None:
        """When something is to be done here without being asked; None for never."""
        due = [] if self.next_step is None else [self.next_step]
        if self._credit is not None and self.session.moment != self._shown_moment:
            due.append(self._next_picture)
        if self._has_changed:
            due.append(self._next_keyframe)
        if self._has_news_for_file:
            due.append(self._next_file)
        return min(due, default=None)

    # Keyframes

    @property
    def _has_changed(self) -> bool:
        return self._has_unsaved_command or self.session.moment != self._saved_moment

    @property
    def _next_keyframe(self) -> float:
        interval = 0.0 if self._has_unsaved_command else KEYFRAME_INTERVAL
        return self._last_keyframe + max(interval, self._keyframe_cost / KEYFRAME_SHARE)

    def _keyframe(self) -> bytes:
        start = self._clock()
        keyframe = self.session.keyframe()
        end = self._clock()
        self._keyframe_cost = end - start
        self._last_keyframe = end
        self._saved_moment = self.session.moment
        self._has_unsaved_command = False
        return keyframe


def _messages(outgoing: Iterable[Outgoing]) -> tuple[Message, ...]:
    return tuple(encode_data(item) if isinstance(item, Data) else item for item in outgoing)


def _same_wish(one: Show, other: Show | None) -> bool:
    if other is None:
        return False
    return (one.sections, one.maps, one.unit_maps) == (other.sections, other.maps, other.unit_maps)
