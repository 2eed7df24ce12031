"""A session outlives its server: killed and started again, it goes on where it was, a second ago at most."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from server.codec import Message, decode
from server.messages import PROTOCOL_VERSION
from tests.kept import last_written
from tests.serving import Playground, playground


@contextmanager
def joined(server: Playground, token: str | None = None) -> Iterator[Page]:
    """A client over a real socket."""
    with connect(server.address.replace("http", "ws") + "/socket", max_size=None) as socket:
        yield Page(socket, token)


class Page:
    """What a page sends and waits for."""

    def __init__(self, socket: ClientConnection, token: str | None) -> None:
        self.socket = socket
        self.ids = 0
        self.send("hello", version=PROTOCOL_VERSION, token=token)
        self.welcome = self.until("welcome")

    def send(self, kind: str, **fields: Any) -> int:
        self.ids += 1
        self.socket.send(json.dumps({"type": kind, "id": self.ids, **fields}))
        return self.ids

    def receive(self) -> dict[str, Any] | Message:
        """The next message; frames are acknowledged."""
        message = self.socket.recv(20)
        if isinstance(message, str):
            event: dict[str, Any] = json.loads(message)
            return event
        decoded = decode(message)
        if decoded.kind == 1:
            self.send("ack", picture=decoded.seq)
        return decoded

    def until(self, kind: str, **fields: Any) -> dict[str, Any]:
        """The next event of a type with these fields."""
        while True:
            event = self.receive()
            if isinstance(event, dict) and event["type"] == kind and fields.items() <= event.items():
                return event

    def frame(self, step: int) -> list[float]:
        """The parameters of the next frame of that step."""
        while True:
            message = self.receive()
            if isinstance(message, Message) and message.kind == 1 and message.step == step:
                return list(message.sections["parameters"].tolist())


def test_a_server_that_is_killed_and_started_again_goes_on_with_its_session(tmp_path: Path) -> None:
    flags = ("--port", "0", "--data-dir", str(tmp_path))
    with playground(flags=flags) as server, joined(server) as page:
        token = page.welcome["token"]
        page.send("step", count=300)
        page.until("status", state="paused", step=300)
        page.send("patch", lane=0, changes={"training.learning_rate": 0.2})
        page.send("step", count=120)
        parameters = page.frame(420)
        wait_until_kept(page, tmp_path)
        server.process.send_signal(signal.SIGKILL)
        server.process.wait(20)
    with playground(flags=flags) as server, joined(server, token) as page:
        assert (page.welcome["resumed"], page.welcome["token"]) == (True, token)
        assert page.until("spec")["spec"]["training"]["learning_rate"] == 0.2
        assert page.until("marks")["marks"][0]["step"] == 300
        assert page.until("status")["step"] == 420
        assert page.frame(420) == parameters
        page.send("look", step=200)
        page.frame(200)
        with playground(flags=flags) as second, joined(second) as other:
            assert other.welcome["resumed"] is False
            assert "another server uses it" in other.until("notice")["message"]
        page.send("look", step=None)
        assert page.frame(420) == parameters


def wait_until_kept(page: Page, folder: Path) -> None:
    """Until three files were written: the first may be of before, and the last may be under way."""
    for pace in (100, 200, 300):
        before = last_written(folder)
        page.send("pace", steps_per_second=pace)
        while last_written(folder) <= before:
            page.socket.ping().wait(5)
