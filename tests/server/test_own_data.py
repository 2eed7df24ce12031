"""Data that a user brings: taken in or refused whole, taken back, and kept through the loss of a process."""

from __future__ import annotations

import contextlib
import math
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Trainer
from engine.adapt import with_changes
from server import messages
from server.changes import planned
from server.codec import Message, decode_command, encode_own_data
from server.journal import MOST_BYTES, Journal
from server.messages import BINARY_LIMIT, MessageError, UseOwnData
from server.pictures import Data
from server.session import Session
from server.undo import History, LaneSnapshot, Snapshot
from tests.golden import make
from tests.server.live import Client, Server, serving
from tests.server.sessions import (
    Clock,
    assert_same,
    bits,
    do,
    layout,
    losses,
    only,
    refused,
    session,
    small,
    train,
)

GOLDEN = (make.HERE / "own_data.bin").read_bytes()
PLACES = np.random.default_rng(4).uniform(-5, 5, (40, 2))


def brought(points: Any = PLACES, labels: Any = None, **others: Any) -> dict[str, Any]:
    """The fields of a command that brings points of two classes."""
    places = np.asarray(points, dtype="<f4")
    sides = (places[:, 0] > 0) if labels is None else labels
    fields = {"lane": 0, "inputs": ("x", "y"), "classes": ("-1", "+1"), "ranges": ((-6.0, 6.0), (-6.0, 6.0))}
    return fields | {"points": places.tobytes(), "labels": np.asarray(sides, dtype="<f4").tobytes()} | others


def table(columns: int = 3, classes: int = 3, rows: int = 30) -> dict[str, Any]:
    numbers = np.arange(rows * columns).reshape(rows, columns) / 10
    names = tuple(f"column {index}" for index in range(columns))
    labels = np.arange(rows) % classes if classes else numbers[:, 0]
    kinds = tuple(f"kind {index}" for index in range(classes))
    return brought(numbers, labels, inputs=names, classes=kinds, ranges=None)


def parameters(target: Session) -> bytes:
    return target.trainers[0].network.arena.parameters.tobytes()


# In a session


def test_brought_points_are_trained_on_and_told_with_spec_layout_and_data() -> None:
    target = session()
    events = do(target, UseOwnData, **brought())
    assert only(events, messages.Applied).label == "Own data (40 points)"
    spec = only(events, messages.Spec).spec["data"]
    assert (spec["name"], spec["samples"], spec["own"]["samples"]) == ("own", 40, 40)
    described = only(events, messages.Layout)
    assert described.data == {
        "version": described.data["version"], "name": "own", "task": "classification", "classes": ["-1", "+1"],
        "inputs": ["x", "y"], "samples": 40, "train": 20, "test": 20, "batches": 3,
    }  # fmt: skip
    data = only(events, Data)
    sent = {tuple(point) for point in np.asarray(data.points, "<f4").tolist()}
    assert sent == {tuple(point) for point in PLACES.astype("<f4").tolist()}
    train(target, 10)
    assert target.step == 10


@pytest.mark.parametrize(
    ("fields", "maps", "evaluations"),
    [
        (brought(), {"form": "plane", "grid": [64, 64], "unit": [24, 24], "x": [-6, 6], "y": [-6, 6]}, 4),
        (brought(PLACES * 20, ranges=None), {"form": "plane", "x": [-100, 120], "y": [-100, 100]}, 4),
        (table(1, 0), {"form": "curve", "grid": [256, 1], "unit": [64, 1], "x": [-0.5, 3.5], "y": [-0.29, 3.19]}, 2),
        (table(4, 3), {"form": "samples"}, 4),
    ],
    ids=["drawn", "plane", "curve", "samples"],
)  # fmt: skip
def test_maps_take_the_form_and_the_range_of_the_data(
    fields: dict[str, Any], maps: dict[str, Any], evaluations: int
) -> None:
    target = session()
    do(target, UseOwnData, **fields)
    described = layout(target)
    for name, value in maps.items():
        assert dict(described.maps)[name] == (pytest.approx(value) if name in "xy" else value), name
    assert len(described.series["evaluations"]) == evaluations
    picture = target.picture(messages.FRAME_SECTIONS, True, True)
    assert ("predictions" in picture.maps[0].sections) == (maps["form"] == "samples")


def test_more_points_go_on_from_what_was_learned_and_other_columns_do_not() -> None:
    target = session(small(optimizer="adam"))
    do(target, UseOwnData, **brought())
    train(target, 12)
    learned = parameters(target)
    events = do(target, UseOwnData, **brought(np.vstack([PLACES, [[1, 1], [2, 2]]])))
    assert only(events, messages.Applied).label == "Add 2 points"
    assert (target.step, parameters(target)) == (12, learned)
    assert only(do(target, UseOwnData, **brought(PLACES[1:])), messages.Applied).label == "Erase 3 points"
    assert only(do(target, UseOwnData, **brought(PLACES[1:] + 1)), messages.Applied).label == "Change points"
    assert target.step == 12
    events = do(target, UseOwnData, **table())
    assert only(events, messages.Applied).label == "Own data (30 points)"
    assert target.step == 0


def test_points_drawn_onto_the_circle_go_on_from_what_it_taught() -> None:
    target = session()
    train(target, 12)
    learned = parameters(target)
    do(target, UseOwnData, **brought())
    assert (target.step, parameters(target)) == (12, learned)
    assert len(losses(target)) == 12


def test_the_same_data_again_change_nothing() -> None:
    target = session()
    do(target, UseOwnData, **brought())
    revision = layout(target).revision
    events = do(target, UseOwnData, **brought())
    assert len(events) == 1
    assert layout(target).revision == revision
    do(target, messages.Undo)
    assert target.trainers[0].run == small()


def test_every_lane_sees_the_same_own_data() -> None:
    target = session(small(1), small(3))
    train(target, 7)
    do(target, UseOwnData, **brought(lane=1))
    one, other = target.trainers
    assert one.samples.own is other.samples.own is not None
    assert (one.steps, other.steps) == (7, 7)
    do(target, UseOwnData, **table())
    assert [trainer.steps for trainer in target.trainers] == [0, 0]
    train(target, 5)
    assert refused(target, UseOwnData, **brought(lane=2)).field == "lane"


def test_reset_seed_and_changes_of_the_network_keep_the_data() -> None:
    target = session()
    do(target, UseOwnData, **brought())
    own = target.trainers[0].samples.own
    train(target, 3)
    first = parameters(target)
    for command, fields in (
        (messages.AddUnit, {"lane": 0, "layer": 1}),
        (messages.SetParameter, {"lane": 0, "layer": 1, "tensor": "bias", "index": (0,), "value": 2.0}),
        (messages.Patch, {"lane": 0, "changes": {"training.learning_rate": 0.5}}),
        (messages.Patch, {"lane": 0, "changes": {"data.train_fraction": 0.7}}),
        (messages.Patch, {"lane": 0, "changes": {"seed": 5}}),
        (messages.NewSeed, {"seed": 6}),
        (messages.Reset, {}),
    ):
        do(target, command, **fields)
        train(target, 3)
        assert target.trainers[0].samples.own is own, command
    do(target, messages.Open, spec=with_changes(target.trainers[0].run, {"training.learning_rate": 0.2}))
    assert target.trainers[0].samples.own is own
    assert target.journal == Journal((target.trainers[0].run,), own)
    for _ in range(8):
        do(target, messages.Undo)
    assert parameters(target) == first


def test_a_described_run_is_refused_where_its_data_are_not() -> None:
    target = session()
    do(target, UseOwnData, **brought())
    described = target.trainers[0].run
    do(target, messages.Patch, lane=0, changes={"data.name": "circle"})
    assert target.trainers[0].samples.own is None
    answer = refused(target, messages.Open, spec=described)
    assert (answer.code, answer.field) == ("invalid", "data.own")
    assert answer.message == "this link was made with data of its own, which a link does not carry"
    assert refused(target, messages.Patch, lane=0, changes={"data.name": "own"}).field == "data.own"


REFUSED = {
    "one class": (brought(labels=[1] * 40), "labels", "must be of at least two classes"),
    "a hole": (brought(np.vstack([PLACES, [[0, math.nan]]])), "points", "row 41, y, is not"),
    "ragged": (brought(inputs=("x", "y", "z")), "points", "must be 3 for each of 40 labels"),
    "no rows": (brought(np.empty((0, 2))), "data.own.samples", "must be at least 2"),
    "too many rows": (brought(np.zeros((20_001, 2)), np.arange(20_001) % 2), "data.own.samples", "at most 20,000"),
    "too many classes": (brought(classes=tuple("abcdefghijk")), "data.own.classes", "at most 10 classes"),
    "too many inputs": (table(33), "data.own.inputs", "at most 32 inputs"),
    "a range that falls": (brought(ranges=((6.0, -6.0), (0.0, 1.0))), "ranges.0", "two rising numbers"),
    "two names": (brought(inputs=("x", "x")), "data.own.inputs.1", "named once only"),
    "one point to train on": (brought(PLACES[:3], [0, 1, 0]), "data.train_fraction", "at least one training"),
}


@pytest.mark.parametrize(("fields", "field", "rule"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_used_is_refused_in_a_sentence_and_changes_nothing(
    fields: dict[str, Any], field: str, rule: str
) -> None:
    target = session(with_changes(small(), {"data.train_fraction": 0.9}))
    answer = refused(target, UseOwnData, **fields)
    assert (answer.code, answer.field) == ("invalid", field)
    assert rule in answer.message


# Undo and redo


def test_own_data_are_taken_back_and_brought_back_bit_for_bit() -> None:
    target = session(small(optimizer="adam"))
    train(target, 13)
    before = bits(target)
    do(target, UseOwnData, **brought())
    train(target, 4)
    middle, journal = bits(target), target.journal
    do(target, UseOwnData, **table())
    train(target, 4)
    after = bits(target)
    assert only(do(target, messages.Undo), messages.Applied).label == "Undo: Own data (30 points)"
    assert_same(bits(target), middle)
    assert target.journal == journal
    do(target, messages.Undo)
    assert_same(bits(target), before)
    do(target, messages.Redo)
    events = do(target, messages.Redo)
    assert_same(bits(target), after)
    assert only(events, Data).points.shape == (30, 3)
    train(target, 5)


def test_a_stroke_is_one_step_of_undo_and_one_entry_of_the_journal() -> None:
    target = session()
    do(target, UseOwnData, **brought())
    for count in range(1, 6):
        more = np.vstack([PLACES, np.full((count, 2), 2.0)])
        events = do(target, UseOwnData, **brought(more, gesture="stroke 1"))
    assert only(events, messages.Applied).label == "Add 5 points"
    assert len(target.journal.entries) == 2
    events = do(target, messages.Undo)
    assert only(events, messages.Applied).label == "Undo: Add 5 points"
    assert only(events, Data).points.shape == (40, 2)
    do(target, messages.Undo)
    assert target.trainers[0].run == small()


def test_own_data_may_follow_numbers_that_overflowed() -> None:
    target = session(with_changes(small(), {"data.name": "plane", "training.learning_rate": 900}))
    train(target, 200)
    assert target.state == "diverged"
    do(target, messages.Patch, lane=0, changes={"training.learning_rate": 0.01})
    do(target, UseOwnData, **table(2, 0))
    train(target, 3)
    assert (target.state, target.step) == ("paused", 3)


def test_data_that_several_snapshots_share_count_once() -> None:
    target = session()
    do(target, UseOwnData, **brought())
    own = target.trainers[0].samples.own
    assert own is not None
    snapshot = target._group.snapshot()[0]
    bare = replace(snapshot, own=None)

    def history(lane: LaneSnapshot) -> int:
        stack = History()
        for label in "abc":
            stack.push(Snapshot(label, None, (lane,), Journal((lane.run,))))
        return stack.nbytes

    assert history(snapshot) == history(bare) + own.nbytes


# The loss of a process


def test_a_session_on_own_data_goes_on_from_a_keyframe_with_the_same_bits() -> None:
    target = session(small(optimizer="adam"))
    do(target, UseOwnData, **brought())
    train(target, 12)
    restored = Session.from_keyframe(target.keyframe(), clock=Clock())
    assert_same(bits(restored), bits(target))
    assert restored.journal == target.journal
    for one in (restored, target):
        do(one, UseOwnData, **brought(PLACES[5:]))
        train(one, 20)
    assert_same(bits(restored), bits(target))


def test_a_run_replayed_from_its_journal_gives_the_same_bits() -> None:
    target = session()
    do(target, UseOwnData, **table())
    train(target, 6)
    do(target, messages.Reset)
    train(target, 7)
    do(target, UseOwnData, **table(rows=50))
    train(target, 4)
    journal = target.journal
    trainer = Trainer(journal.start[0], own=journal.own)
    for entry in journal.entries:
        while trainer.steps < entry.step:
            trainer.step()
        (trainer,) = planned(entry.command, (trainer,)).trainers
    while trainer.steps < target.step:
        trainer.step()
    assert_same([trainer.state()], [target.trainers[0].state()])


def test_the_journal_forgets_the_oldest_data_where_they_grow_too_heavy() -> None:
    heavy = UseOwnData(id=1, lane=0, inputs=("x",), classes=(), points=b"\0" * (MOST_BYTES // 3), labels=b"")
    journal = Journal((small(),))
    for step in range(10):
        journal = journal.with_entry(step, heavy)
    assert (len(journal.entries), journal.dropped) == (3, 7)
    larger = replace(heavy, points=b"\0" * (MOST_BYTES + 1))
    journal = journal.with_entry(10, larger)
    assert [entry.command for entry in journal.entries] == [larger]


# On the wire


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
    "another kind": (patched(6, 1), "malformed", "a binary message of kind 1: a page sends kind 5 alone"),
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
