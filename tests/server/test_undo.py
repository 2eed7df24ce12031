"""Undo and redo: every change, with parameters, optimizer state and step, bit for bit."""

import numpy as np
import pytest

from engine import DataSpec, RunSpec
from server import messages
from server.journal import Journal
from server.snapshot import LaneSnapshot
from server.undo import Snapshot, UndoStack
from tests.server.sessions import assert_same, bits, do, layout, losses, only, refused, rows, session, small, train

CHANGES = {
    "learning rate": (messages.Patch, {"lane": 0, "changes": {"training.learning_rate": 0.01}}),
    "optimizer": (messages.Patch, {"lane": 0, "changes": {"training.optimizer": "rmsprop"}}),
    "activation": (messages.Patch, {"lane": 0, "changes": {"network.hidden.*.activation": "relu"}}),
    "batch size": (messages.Patch, {"lane": 0, "changes": {"training.batch_size": 7}}),
    "features": (messages.Patch, {"lane": 0, "changes": {"data.features": ["x", "x2"]}}),
    "noise": (messages.Patch, {"lane": 0, "changes": {"data.noise": 0.3}}),
    "data set": (messages.Patch, {"lane": 0, "changes": {"data.name": "pinwheel"}}),
    "initializer": (messages.Patch, {"lane": 0, "changes": {"network.hidden.0.init": "zeros"}}),
    "new layer": (messages.AddLayer, {"lane": 0, "index": 1}),
    "removed layer": (messages.RemoveLayer, {"lane": 0, "layer": 1}),
    "new unit": (messages.AddUnit, {"lane": 0, "layer": 2}),
    "removed unit": (messages.RemoveUnit, {"lane": 0, "layer": 2, "unit": 1}),
    "typed weight": (
        messages.SetParameter, {"lane": 0, "layer": 1, "tensor": "weight", "index": (1, 2), "value": 3.0},
    ),
    "reset": (messages.Reset, {}),
    "new seed": (messages.NewSeed, {"seed": 12}),
    "another run": (messages.Open, {"spec": RunSpec(data=DataSpec(name="digits", samples=50))}),
}  # fmt: skip


@pytest.mark.parametrize(("command", "fields"), CHANGES.values(), ids=CHANGES)
def test_every_change_is_taken_back_and_brought_back_bit_for_bit(command, fields) -> None:  # type: ignore[no-untyped-def]
    target = session(small(optimizer="adam"))
    train(target, 13)
    before, journal = bits(target), target.journal
    do(target, command, **fields)
    train(target, 4)
    after, later_journal = bits(target), target.journal
    do(target, messages.Undo)
    assert_same(bits(target), before)
    assert target.journal == journal
    do(target, messages.Redo)
    assert_same(bits(target), after)
    assert target.journal == later_journal


@pytest.mark.parametrize(("command", "fields"), CHANGES.values(), ids=CHANGES)
def test_the_same_bits_follow_after_undo(command, fields) -> None:  # type: ignore[no-untyped-def]
    target, other = session(small(optimizer="momentum")), session(small(optimizer="momentum"))
    train(target, 5)
    do(target, command, **fields)
    train(target, 3)
    do(target, messages.Undo)
    train(target, 6)
    train(other, 11)
    assert_same(bits(target), bits(other))
    assert losses(target) == losses(other)
    assert losses(target, "evaluations") == losses(other, "evaluations")


def test_changes_are_taken_back_one_after_the_other() -> None:
    target = session()
    states = []
    for command, fields in list(CHANGES.values())[:6]:
        train(target, 2)
        states.append(bits(target))
        do(target, command, **fields)
    for state in reversed(states):
        do(target, messages.Undo)
        assert_same(bits(target), state)
    assert refused(target, messages.Undo).code == "nothing_to_undo"
    for state in states[1:]:
        do(target, messages.Redo)
        do(target, messages.Redo)
        do(target, messages.Undo)
        assert_same(bits(target), state)


def test_the_status_names_what_would_be_undone_and_redone() -> None:
    target = session()
    told = do(target, messages.AddLayer, lane=0, index=0)
    assert (only(told, messages.Status).undo, only(told, messages.Status).redo) == ("Add layer 1", None)
    told = do(target, messages.Undo)
    assert (only(told, messages.Status).undo, only(told, messages.Status).redo) == (None, "Add layer 1")


def test_undo_of_an_opened_run_that_plays_pauses_and_of_any_other_change_plays_on() -> None:
    target = session()
    train(target, 3)
    do(target, messages.Open, spec=small(hidden=1))
    do(target, messages.Play)
    told = do(target, messages.Undo)
    assert (only(told, messages.Status).state, target.step) == ("paused", 3)
    do(target, messages.Play)
    assert only(do(target, messages.Redo), messages.Status).state == "paused"
    do(target, messages.Patch, lane=0, changes={"training.learning_rate": 0.7})
    do(target, messages.Play)
    assert only(do(target, messages.Undo), messages.Status).state == "playing"


def test_patches_of_one_gesture_are_one_step_of_undo() -> None:
    target = session()
    train(target, 3)
    before = bits(target)
    for rate in (0.2, 0.3, 0.4):
        told = do(target, messages.Patch, lane=0, changes={"training.learning_rate": rate}, gesture="drag 1")
        train(target, 2)
    assert only(told, messages.Status).undo == "Learning rate 0.1 → 0.4"
    do(target, messages.Undo)
    assert_same(bits(target), before)


def test_a_gesture_that_comes_again_after_an_undo_is_a_change_of_its_own() -> None:
    target = session()
    for rate in (0.2, 0.3):
        do(target, messages.Patch, lane=0, changes={"training.learning_rate": rate}, gesture=f"drag {rate}")
    do(target, messages.Undo)
    do(target, messages.Patch, lane=0, changes={"training.learning_rate": 0.7}, gesture="drag 0.2")
    do(target, messages.Undo)
    assert target.trainers[0].run.training.learning_rate == 0.2


def test_a_new_change_ends_what_could_be_redone() -> None:
    target = session()
    do(target, messages.AddUnit, lane=0, layer=1)
    do(target, messages.Undo)
    do(target, messages.AddLayer, lane=0, index=0)
    assert refused(target, messages.Redo).message == "Redo refused: there is nothing to redo"


def test_undo_cuts_the_series_off_where_the_change_was_made() -> None:
    target = session()
    train(target, 6)
    do(target, messages.Patch, lane=0, changes={"training.learning_rate": 0.2})
    train(target, 5)
    timeline = layout(target).timeline
    told = do(target, messages.Undo)
    described = only(told, messages.Layout)
    assert (described.timeline, described.from_step) == (timeline + 1, 6)
    assert rows(target).from_step.tolist() == list(range(6))
    assert rows(target, "evaluations").from_step.tolist() == [0, 3]


def test_undo_of_a_change_that_no_step_followed_leaves_the_timeline() -> None:
    target = session()
    train(target, 6)
    timeline = layout(target).timeline
    do(target, messages.AddUnit, lane=0, layer=1)
    told = do(target, messages.Undo)
    described = only(told, messages.Layout)
    assert described.timeline == timeline
    train(target, 1)
    assert rows(target, since=6).revision == described.revision


def test_undo_of_a_reset_brings_the_whole_series_back() -> None:
    target = session()
    train(target, 30)
    loss = rows(target).mean
    do(target, messages.Reset)
    train(target, 50)
    do(target, messages.Undo)
    assert np.array_equal(rows(target).mean, loss)


def snapshot(label: str, entries: int = 0) -> Snapshot:
    target = session()
    lane = target._group.lanes[0].snapshot()
    state = {"parameters": np.zeros(entries)}
    return Snapshot(label, None, (LaneSnapshot(lane.run, state, lane.steps, lane.evaluations),), Journal((lane.run,)))


def test_the_oldest_changes_are_forgotten_where_there_are_too_many() -> None:
    history = UndoStack(most_entries=3)
    for number in range(5):
        history.push(snapshot(str(number)))
    labels = []
    while history.undo_label is not None:
        labels.append(history.undo(snapshot("now")).label)
    assert labels == ["4", "3", "2"]


def test_the_oldest_changes_are_forgotten_where_they_take_too_much_memory() -> None:
    history = UndoStack(most_bytes=5000)
    for number in range(5):
        history.push(snapshot(str(number), entries=200))
    assert history.nbytes <= 5000
    assert history.undo_label == "4"
