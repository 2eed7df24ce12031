"""Data that a page brings, as they come over the wire: read strictly, bounded, and safe from the loss of a process."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.codec import Message, decode_command, encode_own_data
from server.messages import BINARY_LIMIT, MessageError, UseOwnData
from tests.golden import make
from tests.server.live import Client, Server, serving
from tests.server.own_data import PLACES, brought

GOLDEN = (make.HERE / "own_data.bin").read_bytes()


def test_a_binary_command_is_read_as_it_was_written() -> None:
    command = UseOwnData(id=3, **brought(gesture="g"))
    assert decode_command(encode_own_data(command)) == command


def altered(**fields: Any) -> bytes:
    return encode_own_data(replace(UseOwnData(id=3, **brought()), **fields))


def without(section: int) -> bytes:
    """The golden message whose section of that number goes by another."""
    message = bytearray(GOLDEN)
    for place in range(64, 64 + 3 * 16, 16):
        if message[place] == section:
            message[place] = 42
            message[place + 2] = 1
    return bytes(message)


def patched(offset: int, *values: int) -> bytes:
    return GOLDEN[:offset] + bytes(values) + GOLDEN[offset + len(values) :]


BROKEN = {
    "nothing": (b"", "malformed", "message refused: a binary message of 0 bytes: its header alone has 64"),
    "noise": (b"\x07" * 80, "malformed", "message refused: a binary message that is not Backflow's"),
    "another version": (patched(4, 2), "malformed", "a binary message of version 2: this is version 1"),
    "another kind": (patched(6, 1), "malformed", "a binary message of kind 1: a page sends the kinds 5 and 6 alone"),
    "a long directory": (patched(28, 200), "malformed", "ends within its directory of 200 sections"),
    "an unknown section": (patched(64, 99), "malformed", "with section 99 of type 3, which there is not"),
    "an unknown type": (patched(66, 9), "malformed", "with section 40 of type 9, which there is not"),
    "points beyond the end": (patched(72, 255, 255), "malformed", "ends within its section points"),
    "points of bytes": (patched(66, 1), "malformed", "message refused: section points must be of float32"),
    "no command": (without(43), "malformed", "message refused: section split must be of float32"),
    "names that are no texts": (altered(inputs=(1, 2)), "invalid", "must be a text"),
    "a range of three": (altered(ranges=((0, 1, 2),)), "invalid", "ranges [[0, 1, 2]] refused: must be a list of"),
    "no such lane": (altered(lane=9), "invalid", "lane 9 refused: must be a whole number from 0 to 3"),
}


@pytest.mark.parametrize(("message", "code", "sentence"), BROKEN.values(), ids=BROKEN)
def test_a_binary_message_that_is_damaged_is_refused_in_a_sentence(message: bytes, code: str, sentence: str) -> None:
    with pytest.raises(MessageError) as caught:
        decode_command(message)
    assert caught.value.code == code
    assert sentence in caught.value.message


@settings(deadline=None)
@given(st.dictionaries(st.integers(0, len(GOLDEN) - 1), st.integers(0, 255)), st.integers(0, len(GOLDEN)))
def test_no_bytes_whatever_get_past_the_rules(changes: dict[int, int], length: int) -> None:
    message = bytearray(GOLDEN)
    for place, value in changes.items():
        message[place] = value
    with contextlib.suppress(MessageError):
        assert isinstance(decode_command(bytes(message[:length])), UseOwnData)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


def bring(client: Client, **fields: Any) -> dict[str, Any]:
    """Sends data and waits for the answer."""
    command = 900 + len(client.events)
    client.send_raw(encode_own_data(UseOwnData(id=command, **fields)))
    answer: dict[str, Any] = client.until(
        lambda message: isinstance(message, dict) and message.get("command") == command
    )
    return answer


def test_a_page_brings_the_most_data_that_there_may_be(server: Server) -> None:
    rows, names = 20_000, tuple(f"{index:060d}" for index in range(32))
    points = np.random.default_rng(0).normal(size=(rows, 32))
    with server.joined() as client:
        labels = np.arange(rows) % 10
        fields = brought(points, labels, inputs=names, classes=tuple("abcdefghij"), ranges=None)
        assert len(encode_own_data(UseOwnData(id=1, **fields))) <= BINARY_LIMIT
        assert bring(client, **fields)["type"] == "applied"
        data = client.binary(4)
        assert data.sections["points"].size == rows * 32
        assert client.do("step", count=2)["type"] == "applied"
        assert client.until(lambda message: isinstance(message, Message) and message.step == 2).kind in (1, 3)


def test_more_than_that_is_refused_and_the_connection_stays(server: Server) -> None:
    with server.joined() as client:
        answer = bring(client, **brought(np.zeros((400_000, 2)), np.zeros(400_000)))
        assert (answer["type"], answer["code"]) == ("rejected", "invalid")
        assert answer["message"].startswith("own data of 4,8")
        assert answer["message"].endswith("refused: must be at most 3,145,728")
        assert client.do("play")["type"] == "applied"


def test_own_data_outlive_the_process_that_trains_on_them(server: Server) -> None:
    with server.joined() as client:
        assert bring(client, **brought())["type"] == "applied"
        assert client.do("step", count=5)["type"] == "applied"
        client.until(lambda message: isinstance(message, Message) and message.kind == 1 and message.step == 5)
        os.kill(server.pids()[-1], signal.SIGKILL)
        assert client.event("restarted")["message"]
        # The newest keyframe may be of before them; then the command is done again.
        client.until(lambda message: isinstance(message, Message) and message.kind == 4 and message.rows == 40)
        assert bring(client, **brought(PLACES[1:]))["label"] == "Erase 1 point"


def test_a_link_to_own_data_says_that_they_did_not_travel_and_another_hello_may_follow(server: Server) -> None:
    with server.joined() as client:
        bring(client, **brought())
        spec = next(event["spec"] for event in reversed(client.events) if event["type"] == "spec")
        if spec["data"]["name"] != "own":
            spec = client.event("spec")["spec"]
        token = client.welcome["token"]
    with server.client() as elsewhere:
        hello = elsewhere.send("hello", version=1, token=None, spec=spec)
        rejected = elsewhere.event("rejected")
        assert (rejected["command"], rejected["code"], rejected["field"]) == (hello, "invalid", "data.own")
        assert rejected["message"] == "this link was made with data of its own, which a link does not carry"
        elsewhere.send("hello", version=1, token=None)
        assert elsewhere.event("welcome")["resumed"] is False
    with server.joined(token, spec=spec) as back:  # a reload finds its session, and the data in it
        assert back.welcome["resumed"] is True
        assert back.event("spec")["spec"] == spec


def test_data_before_hello_and_of_a_watcher_are_refused(server: Server) -> None:
    with server.client() as stranger:
        assert bring(stranger, **brought())["message"] == "own_data refused: hello comes first"
    with server.joined() as controller, server.joined(controller.welcome["token"]) as watcher:
        assert bring(watcher, **brought())["code"] == "watching"
