"""What all events have in common."""

import json
from dataclasses import dataclass, fields
from typing import ClassVar


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """Something that the server tells the page. `type` is its tag on the wire."""

    type: ClassVar[str]

    def to_json(self, seq: int) -> str:
        """The message, numbered `seq` in its connection. Raises ValueError for NaN or infinity, which JSON has not."""
        content = {"type": self.type, "seq": seq} | {item.name: getattr(self, item.name) for item in fields(self)}
        return json.dumps(content, allow_nan=False, separators=(",", ":"))
