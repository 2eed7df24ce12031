"""What holds for all tests of the server: loggers are left as they were found."""

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def loggers_as_before() -> Iterator[None]:
    """A handler that a test leaves behind would go on writing to its stream, which is closed by then."""
    loggers = [logging.getLogger(name) for name in ("backflow", "uvicorn", "asyncio")]
    before = [(log, log.handlers, log.propagate, log.level) for log in loggers]
    yield
    for log, handlers, propagate, level in before:
        log.handlers, log.propagate = handlers, propagate
        log.setLevel(level)
