"""How many steps are due: an accumulator on the clock, so that a pace neither drifts nor catches up in a burst."""

from __future__ import annotations

from typing import Final

DEFAULT: Final = 240.0
CATCH_UP: Final = 0.25
"""Seconds of training that a session makes up for at most, where it had to wait for its turn."""


class Pace:
    """`steps_per_second`, or as many as possible where that is None. `now` is always the clock's time."""

    def __init__(self, steps_per_second: float | None, now: float) -> None:
        self.steps_per_second = steps_per_second
        self._due = 0.0
        self._as_of = now

    def begin(self, now: float) -> None:
        """Training begins: the first step is due at once."""
        self._due, self._as_of = 1.0, now

    def change(self, steps_per_second: float | None, now: float) -> None:
        """Another pace from now on; what was due stays due, but no more than a step."""
        self._accumulate(now)
        self._due = min(self._due, 1.0)
        self.steps_per_second = steps_per_second

    def due(self, now: float) -> int | None:
        """How many steps are due; None for as many as there is time for."""
        if self.steps_per_second is None:
            return None
        self._accumulate(now)
        return int(self._due)

    def took(self, steps: int) -> None:
        self._due = max(0.0, self._due - steps)

    def next_time(self, now: float) -> float:
        """When the next step is due; `now` where one is already."""
        if self.steps_per_second is None:
            return now
        return self._as_of + max(0.0, 1.0 - self._due) / self.steps_per_second

    def _accumulate(self, now: float) -> None:
        rate = self.steps_per_second or 0.0
        self._due = min(self._due + (now - self._as_of) * rate, max(1.0, rate * CATCH_UP))
        self._as_of = now


class Meter:
    """The measured rate of steps, over intervals long enough to hold a few of them."""

    INTERVAL: Final = 0.25
    FEW: Final = 5
    LONGEST: Final = 30.0

    def __init__(self) -> None:
        self.steps_per_second = 0.0
        self._steps = 0
        self._since: float | None = None

    def begin(self, now: float) -> None:
        self._steps, self._since = 0, now

    def end(self) -> None:
        self.steps_per_second, self._since = 0.0, None

    def count(self, steps: int) -> None:
        self._steps += steps

    def read(self, now: float) -> float:
        """The rate, measured anew where the interval is long enough."""
        if self._since is not None:
            interval = now - self._since
            if interval >= self.LONGEST or (interval >= self.INTERVAL and self._steps >= self.FEW):
                self.steps_per_second = self._steps / interval
                self.begin(now)
        return self.steps_per_second
