"""A message that is far too large is cut off unread: its sender is told why, and the session goes on."""

from __future__ import annotations

import json
from collections.abc import Iterator

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from server.messages import FILE_LIMIT, PROTOCOL_VERSION
from tests.serving import playground

HUGE = 200 * 2**20


def test_a_client_that_sends_200_mb_is_told_why_it_is_sent_away_and_comes_back_to_its_session() -> None:
    with playground() as server:
        address = server.address.replace("http", "ws") + "/socket"
        with connect(address, max_size=None) as socket:
            hello(socket, None)
            token = until(socket, "welcome")["token"]
            socket.send(json.dumps({"type": "step", "id": 2, "count": 3}))
            until(socket, "status", step=3, state="paused")
            socket.send(bytes(HUGE))
            seqs, closed = rest(socket)
        assert closed["code"] == "too_large"
        limit = FILE_LIMIT // 2**20
        assert closed["message"] == (
            f"a message of 200 MB refused unread: a file must be at most {limit} MB. "
            "Nothing was changed: reconnect to go on."
        )
        assert seqs == list(range(seqs[0], seqs[0] + len(seqs)))
        with connect(address, max_size=None) as socket:
            hello(socket, token)
            assert until(socket, "welcome")["resumed"] is True
            assert until(socket, "status")["step"] == 3
    assert not any("Traceback" in line for line in server.log)


def hello(socket: ClientConnection, token: str | None) -> None:
    socket.send(json.dumps({"type": "hello", "id": 1, "version": PROTOCOL_VERSION, "token": token}))


def until(socket: ClientConnection, kind: str, **fields: object) -> dict[str, object]:
    """The next event of a type with these fields."""
    while True:
        message = socket.recv(20)
        event = json.loads(message) if isinstance(message, str) else {}
        if event.get("type") == kind and fields.items() <= event.items():
            return dict(event)


def rest(socket: ClientConnection) -> tuple[list[int], dict[str, object]]:
    """The numbers of all events that still come until the connection is closed, and the last of them."""
    messages = list(received(socket))
    assert socket.close_code == 1009
    events = [json.loads(message) for message in messages if isinstance(message, str)]
    return [event["seq"] for event in events], events[-1]


def received(socket: ClientConnection) -> Iterator[str | bytes]:
    while True:
        try:
            yield socket.recv(20)
        except ConnectionClosed:
            return
