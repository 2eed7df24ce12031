"""What the tests of lanes that are forked off under way share."""

from __future__ import annotations

from typing import Any

from server import messages
from server.messages import Compare
from server.session import Session
from tests.server.sessions import advance, do, only, small

SIGMOID = {"network.hidden.*.activation": "sigmoid"}
ADAM = small(2, optimizer="adam")


def fork(target: Session, **fields: Any) -> tuple[Any, ...]:
    """A further lane from here: sigmoid beside lane A, unless the fields say otherwise."""
    return do(target, Compare, start="here", **{"lane": 0, "changes": SIGMOID} | fields)


def look(target: Session, step: int | None) -> list[Any]:
    """Goes to a past step; everything that is told of it."""
    told = list(do(target, messages.Look, step=step))
    while advance(target, 1e-3) is not None:
        told += target.events()
    return told + list(target.events())


def status(target: Session) -> messages.Status:
    return only(target.hello_events(), messages.Status)


def begins(target: Session) -> list[int]:
    return only(target.hello_events(), messages.Marks).begins
