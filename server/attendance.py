"""Who is there in a session, and who of them controls it. Pure: the time is handed in."""

from __future__ import annotations

from collections.abc import Iterator

from server.messages import Role
from server.watcher import Watcher


class Attendance:
    """The watchers of one session, in the order they came, and the one that controls.

    Whoever comes while nobody controls gets the controller's place. A controller that leaves (a reload, a cut
    connection) finds it free again for `grace` seconds; after that it passes to the watcher who has been there longest.
    A reload whose hello overtakes the end of its old connection gets the place too: it came shortly before it was left.
    """

    def __init__(self, grace: float, now: float) -> None:
        self.controller: Watcher | None = None
        self.abandoned: float | None = now
        """Since when nobody has been there; None while somebody is."""
        self._grace = grace
        self._left = 0.0
        self._count = 0
        self._watchers: dict[int, Watcher] = {}

    def __iter__(self) -> Iterator[Watcher]:
        return iter(tuple(self._watchers.values()))

    def __len__(self) -> int:
        return len(self._watchers)

    def find(self, number: int) -> Watcher | None:
        """The watcher with this number, if it is still there."""
        return self._watchers.get(number)

    def former(self, watcher: Watcher) -> Watcher | None:
        """Another connection of the same page, if there is one."""
        others = (other for other in self if other is not watcher)
        return next((other for other in others if other.page is not None and other.page == watcher.page), None)

    def role(self, watcher: Watcher) -> Role:
        return "controller" if watcher is self.controller else "watcher"

    def join(self, watcher: Watcher, now: float) -> None:
        """Numbers the watcher and makes it the controller where there is none."""
        self._count += 1
        watcher.number, watcher.joined = self._count, now
        self._watchers[watcher.number] = watcher
        self.abandoned = None
        if self.controller is None:
            self.controller = watcher

    def leave(self, watcher: Watcher, now: float) -> None:
        self._watchers.pop(watcher.number, None)
        if not self._watchers:
            self.abandoned = now
        if watcher is self.controller:
            self.controller, self._left = None, now
            newest = max(self, key=lambda other: other.joined, default=None)
            if newest is not None and now - newest.joined < self._grace:
                self.controller = newest

    def settle(self, now: float) -> bool:
        """Fills a controller's place left empty for too long; whether it did."""
        if self.controller is not None or not self._watchers or now - self._left < self._grace:
            return False
        self.controller = next(iter(self))
        return True
