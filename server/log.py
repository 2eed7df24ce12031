"""Log lines a person can read: `12:04:31 session a1b2 opened: circle, tanh 4-2`."""

from __future__ import annotations

import logging
import sys

logger = logging.getLogger("backflow")


class _Line(logging.Formatter):
    """Time and message; what is worse than information says so."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(message)s", "%H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (the name is logging's)
        if record.levelno >= logging.WARNING:
            record.message = f"{record.levelname.lower()}: {record.message}"
        return super().formatMessage(record)


def set_up(level: str) -> None:
    """Sends our log, and what goes wrong in the libraries below, to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Line())
    for name, least in (
        ("backflow", level),
        ("uvicorn", "debug" if level == "debug" else "warning"),
        ("asyncio", "error"),
    ):
        log = logging.getLogger(name)
        log.handlers = [handler]
        log.propagate = False
        log.setLevel(least.upper())
