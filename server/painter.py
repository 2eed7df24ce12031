"""Makes the pictures of a session: frames of all lanes each time, maps as often as there is time for them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final

from server.lockstep import Clock, Lockstep
from server.pictures import Picture

MAPS_INTERVAL: Final = 1 / 15
MAPS_SHARE: Final = 0.1
"""Largest part of the time that maps and evaluations may take while training."""
MAPS_SLOW: Final = 0.02
"""Seconds: where maps took longer, a paused picture does not wait for the next ones."""


class Painter:
    """Numbers the pictures, and knows when maps are due."""

    def __init__(self, clock: Clock) -> None:
        self.pictures = 0
        """How many were made."""
        self._clock = clock
        self._next_maps = clock()
        self._maps_took = 0.0
        self._framed = -1
        """The moment that was last shown without its maps."""

    def picture(
        self, group: Lockstep, command: int, moment: int, playing: bool, wish: tuple[Collection[str], bool, bool]
    ) -> Picture:
        """One coherent picture of all lanes as they are shown now; `wish` is sections, maps, unit maps."""
        sections, maps, unit_maps = wish
        lanes = group.seen
        self.pictures += 1
        frames = tuple(lane.frame(sections) for lane in lanes)
        picture = Picture(self.pictures, command, frames)
        now = self._clock()
        if not maps or (playing and now < self._next_maps):
            return picture
        if not playing and self._maps_took > MAPS_SLOW and self._framed != moment:
            self._framed = moment
            return replace(picture, more=True)
        shown = [lane.maps(unit_maps) for lane in lanes]
        evaluations = [lane.current_evaluation(playing) for lane in lanes]
        self._maps_took = self._clock() - now
        self._next_maps = now + max(MAPS_INTERVAL, self._maps_took / MAPS_SHARE)
        return Picture(
            self.pictures,
            command,
            frames,
            tuple(item for item in shown if item),
            tuple(item for item in evaluations if item),
        )
