"""Numbers by which the page knows revisions, timelines and data of a session: none is used twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

SKIPPED: Final = 10_000


@dataclass(slots=True)
class Counters:
    """Shared by the lanes of a session, so that no number is used twice whatever becomes of them."""

    revision: int = 0
    timeline: int = 0
    data_version: int = 0
    lane: int = 0

    def to_list(self) -> tuple[int, ...]:
        return self.revision, self.timeline, self.data_version, self.lane

    @classmethod
    def from_list(cls, counts: Sequence[int]) -> Counters:
        """What `to_list` gave, with numbers left out as by `skip`."""
        counters = cls(*counts)
        counters.skip()
        return counters

    def skip(self) -> None:
        """Leaves out the numbers that a lost process may have used after these were noted down."""
        self.revision += SKIPPED
        self.timeline += SKIPPED
        self.data_version += SKIPPED
