"""Data that a user brings: taken in or refused whole, taken back, and kept through the loss of a process."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine import Trainer
from engine.adapt import with_changes
from server import messages
from server.changes import planned
from server.journal import MOST_BYTES, Entry, Journal, noted
from server.messages import UseOwnData
from server.pictures import Data
from server.session import Session
from server.snapshot import LaneSnapshot
from server.undo import Snapshot, UndoStack
from tests.server.own_data import PLACES, brought, table
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
    columns = [name for name in described.series["evaluations"] if not name.startswith(("saturated.", "dead."))]
    assert len(columns) == evaluations
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
        stack = UndoStack()
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
        (trainer,) = planned(entry.change, (trainer,)).trainers
    while trainer.steps < target.step:
        trainer.step()
    assert_same([trainer.state()], [target.trainers[0].state()])


def test_the_journal_forgets_the_oldest_data_where_they_grow_too_heavy() -> None:
    heavy = UseOwnData(id=1, lane=0, inputs=("x",), classes=(), points=b"\0" * (MOST_BYTES // 3), labels=b"")
    journal = Journal((small(),))
    for step in range(10):
        journal = noted(journal, Entry(step, heavy), False)
    assert (len(journal.entries), journal.dropped) == (3, 7)
    larger = replace(heavy, points=b"\0" * (MOST_BYTES + 1))
    journal = noted(journal, Entry(10, larger), False)
    assert [entry.change for entry in journal.entries] == [larger]
