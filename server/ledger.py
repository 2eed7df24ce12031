"""What is under way between a session and its engine process, and what to go on from if the process is lost.

Nothing that was applied is ever lost: the newest keyframe is kept, and every command applied since, which the next
process is to do again. Nothing that was asked is forgotten either: what was not yet answered is asked again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from server.messages import Command
from server.pipe import Ask, Do
from server.watcher import Watcher

TRIES: Final = 2
"""How often a command is tried when the engine process is lost over it."""


@dataclass(slots=True)
class Entry:
    """A command or a request for rows. `watcher` is None where nobody waits for the answer."""

    request: Do | Ask
    watcher: Watcher | None
    losses: int = 0

    @property
    def command(self) -> Command:
        return self.request.command if isinstance(self.request, Do) else self.request.request


class Ledger:
    """The keyframe, the commands applied since, and the entries not yet answered, in their order."""

    def __init__(self) -> None:
        self.keyframe: bytes | None = None
        self._applied: dict[int, Do] = {}
        self._open: dict[int, Entry] = {}
        self._tickets = 0

    def ticket(self) -> int:
        """A number for the next entry."""
        self._tickets += 1
        return self._tickets

    def add(self, entry: Entry) -> None:
        """An entry that was sent to the engine process."""
        self._open[entry.request.ticket] = entry

    def close(self, ticket: int) -> Entry:
        """The entry that was answered."""
        return self._open.pop(ticket)

    def applied(self, entry: Entry) -> None:
        """A command was applied that no keyframe holds yet."""
        if isinstance(entry.request, Do):
            self._applied[entry.request.ticket] = entry.request

    def save(self, keyframe: bytes) -> None:
        """A keyframe that holds everything applied up to now."""
        self.keyframe = keyframe
        self._applied.clear()

    def again(self) -> list[Entry]:
        """What a new engine process is to be asked after it has the keyframe; to be added as it is sent."""
        entries = [Entry(request, None) for request in self._applied.values()] + list(self._open.values())
        self._applied.clear()
        self._open.clear()
        return entries

    def blame(self) -> Entry | None:
        """The engine process was lost, perhaps over the entry it was at: that entry, if it is not to be tried again."""
        first = next(iter(self._open.values()), None)
        if first is None:
            return None
        first.losses += 1
        return self._open.pop(first.request.ticket) if first.losses >= TRIES else None

    def forget(self, watcher: Watcher) -> None:
        """The watcher no longer waits for answers."""
        for entry in self._open.values():
            if entry.watcher is watcher:
                entry.watcher = None

    def count(self, watcher: Watcher, kind: type[Do] | type[Ask], command: type[object] = object) -> int:
        """How many entries of a kind, and with a command of a type, this watcher waits for."""
        mine = (entry for entry in self._open.values() if entry.watcher is watcher)
        return sum(isinstance(entry.request, kind) and isinstance(entry.command, command) for entry in mine)

    def __len__(self) -> int:
        return len(self._open)
