"""A server that really runs, in a thread of the test, and clients that really connect to it."""

from __future__ import annotations

import json
import logging
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Self

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from server.app import create_app
from server.codec import Message, decode
from server.command_line import listen, make_server
from server.hosts import SESSION_CLASS, Hosts
from server.settings import Settings

PATIENCE = 20.0
"""Seconds after which a test that waits for something has failed."""


def eventually(condition: Callable[[], Any], what: str) -> Any:
    """Waits until `condition` holds; what it gave."""
    deadline = time.monotonic() + PATIENCE
    pause = threading.Event()
    while not (result := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {PATIENCE:g} s: {what}")
        pause.wait(0.01)
    return result


class Server:
    """A running server, its log, and the clients that were opened."""

    def __init__(self, listener: socket.socket, hosts: Hosts) -> None:
        self.port = listener.getsockname()[1]
        self.hosts = hosts
        self.log: list[str] = []

    def get(self, path: str, **options: Any) -> httpx.Response:
        return httpx.get(f"http://127.0.0.1:{self.port}{path}", timeout=PATIENCE, **options)

    def client(self, **options: Any) -> Client:
        return Client(self.port, **options)

    def joined(self, token: str | None = None, **hello: Any) -> Client:
        """A client that has said hello and was welcomed."""
        client = self.client()
        client.send("hello", version=1, token=token, **hello)
        client.welcome = client.event("welcome")
        return client

    def pids(self) -> list[int]:
        """The engine processes that answered, in the order in which they came."""
        return [int(found[1]) for line in self.log if (found := re.search(r"answers \(pid (\d+)\)", line))]


class Client:
    """A page, in as far as the server can tell."""

    def __init__(self, port: int, **options: Any) -> None:
        address = f"ws://127.0.0.1:{port}/socket"
        limits = {"max_size": None, "open_timeout": PATIENCE, "close_timeout": 1}
        self._connecting = connect(address, compression=None, **limits, **options)
        self._socket = self._connecting.__enter__()
        self._ids = 0
        self.welcome: dict[str, Any] = {}
        self.events: list[dict[str, Any]] = []
        """Every event that came, in order."""
        self.acknowledges = True

    def send(self, kind: str, **fields: Any) -> int:
        """Sends a command; its id."""
        self._ids += 1
        self.send_raw(json.dumps({"type": kind, "id": self._ids, **fields}))
        return self._ids

    def send_raw(self, message: str | bytes) -> None:
        self._socket.send(message)

    def receive(self) -> dict[str, Any] | Message:
        """The next message, acknowledged if it is a picture. Raises ConnectionClosed, or TimeoutError."""
        message = self._socket.recv(timeout=PATIENCE)
        if isinstance(message, str):
            event: dict[str, Any] = json.loads(message)
            self.events.append(event)
            return event
        decoded = decode(message)
        if decoded.kind == 1 and self.acknowledges:
            self.send("ack", picture=decoded.seq)
        return decoded

    def until(self, wanted: Callable[[Any], bool]) -> Any:
        """The next message that is wanted; those before it are passed over."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            message = self.receive()
            if wanted(message):
                return message
        raise AssertionError(f"not within {PATIENCE:g} s: the message that is waited for")

    def event(self, *kinds: str) -> dict[str, Any]:
        """The next event of one of these types."""
        return self.until(lambda message: isinstance(message, dict) and message["type"] in kinds)

    def binary(self, kind: int = 1) -> Message:
        """The next binary message of a kind (1 is a frame)."""
        return self.until(lambda message: isinstance(message, Message) and message.kind == kind)

    def do(self, kind: str, **fields: Any) -> dict[str, Any]:
        """Sends a command and waits for its answer."""
        command = self.send(kind, **fields)
        return self.until(lambda message: isinstance(message, dict) and message.get("command") == command)

    def rows(self, since: int, limit: int = 4096) -> Message:
        """Sends a request for rows of the steps and waits for them."""
        command = self.send("series", lane=0, series="steps", timeline=1, limit=limit, **{"from": since})
        return self.until(lambda message: isinstance(message, Message) and (message.kind, message.seq) == (2, command))

    def closing(self) -> tuple[dict[str, Any], int]:
        """The event that says why the server ends the connection, and the code with which it then does."""
        event = self.event("closed")
        with pytest.raises(ConnectionClosed) as closed:
            self.until(lambda _: False)
        assert closed.value.rcvd is not None
        return event, closed.value.rcvd.code

    def close(self) -> None:
        self._connecting.__exit__(None, None, None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextmanager
def serving(session_class: str = SESSION_CLASS, ready: bool = True, **settings: Any) -> Iterator[Server]:
    """A server on a free port; with `ready`, one whose engine processes answer."""
    chosen = Settings(**{"port": 0, "hosts": 1, **settings})
    listener = listen(chosen)
    app = create_app(chosen, session_class)
    server = Server(listener, app.state.hosts)
    handler = logging.Handler()
    handler.emit = lambda record: server.log.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("backflow")
    logger.addHandler(handler)
    level, logger.level = logger.level, logging.INFO
    running = make_server(app)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        if ready:
            # Counted as answering, and said so in the log, from which tests read their pids.
            eventually(
                lambda: server.hosts.engines == chosen.hosts and len(server.pids()) >= chosen.hosts,
                "the engine processes answer",
            )
        yield server
    finally:
        running.should_exit = True
        thread.join(PATIENCE)
        logger.removeHandler(handler)
        logger.level = level
        assert not thread.is_alive(), "the server did not end"
