"""A file that takes longer than a slice to make: worked on beside the training until it is there or given up."""

from __future__ import annotations

from collections.abc import Callable

from server.messages import MessageError
from server.scalars import Scalars


class Errand:
    """The scalars of all steps, on the way to becoming a file."""

    def __init__(self, name: str, scalars: Scalars) -> None:
        self.name = name
        self._scalars = scalars
        self._given_up = False

    @property
    def share(self) -> float:
        """How much of it is done, from 0 to 1."""
        return self._scalars.share

    @property
    def over(self) -> bool:
        return self._given_up or self._scalars.file is not None

    def advance(self, go_on: Callable[[], bool]) -> None:
        """Goes on for a slice."""
        self._scalars.advance(go_on)

    def give_up(self) -> None:
        """Ends it, unless its file is there already."""
        self._given_up = self._scalars.file is None

    def file(self) -> bytes:
        """What came of it, once it is over. Raises MessageError where it was given up."""
        file = self._scalars.file
        if file is None:
            message = f"The scalars were given up when {self.share:.0%} of them were done."
            raise MessageError("given_up", None, None, message)
        return file
