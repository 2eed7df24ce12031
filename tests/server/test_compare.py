"""Lanes that come and go, and changes that go to one of them or to all."""

import numpy as np
import pytest

from server import messages
from server.session import Session
from tests.server.own_data import brought
from tests.server.sessions import (
    Clock,
    advance,
    assert_same,
    bits,
    diverging,
    do,
    layout,
    only,
    refused,
    rows,
    session,
    small,
    train,
    trained_alone,
)

SIGMOID = {"network.hidden.*.activation": "sigmoid"}


def rates(target: Session) -> list[float]:
    return [trainer.run.training.learning_rate for trainer in target.trainers]


def test_a_further_lane_has_what_was_changed_and_all_begin_equal() -> None:
    target = session(small(3))
    train(target, 12)
    do(target, messages.Play)
    told = do(target, messages.Compare, lane=0, changes=SIGMOID)
    status = only(told, messages.Status)
    assert (status.state, status.step, status.lanes, status.undo) == ("paused", 0, 2, "Add lane B")
    train(target, 9)
    assert_same(target.trainers[0].state(), trained_alone(small(3), 9).state())
    assert_same(target.trainers[1].state(), trained_alone(small(3, "sigmoid"), 9).state())
    assert np.array_equal(*[trainer.batch_samples for trainer in target.trainers])


def test_a_newcomer_among_the_lanes_is_introduced_with_spec_layout_and_data() -> None:
    told = do(session(), messages.Compare, lane=0, changes=SIGMOID)
    of_the_new = [event for event in told if getattr(event, "lane", None) == 1]
    assert [type(event).__name__ for event in of_the_new] == ["Spec", "Layout", "Data"]


def test_a_lane_may_be_deeper_or_flatter_and_sees_the_same_batches() -> None:
    target = session(small(2, "relu"))
    do(target, messages.Compare, lane=0, layers=5, changes={"network.hidden.4.units": 2})
    do(target, messages.Compare, lane=1, layers=1)
    do(target, messages.Compare, lane=0, layers=0)
    sizes = [[layer.units for layer in trainer.run.network.hidden] for trainer in target.trainers]
    assert sizes == [[3, 3], [3, 3, 3, 3, 2], [3], []]
    assert target.trainers[1].run.network.hidden[3].activation == "relu"
    train(target, 6)
    samples = [trainer.batch_samples for trainer in target.trainers]
    assert all(np.array_equal(samples[0], each) for each in samples)


def test_a_further_lane_is_trained_on_the_users_own_data_too() -> None:
    target = session(small(2))
    do(target, messages.UseOwnData, **brought())
    do(target, messages.Compare, lane=0, changes=SIGMOID)
    train(target, 6)
    first, second = target.trainers
    assert first.samples.own is second.samples.own
    assert np.array_equal(first.batch_inputs, second.batch_inputs)


def test_what_would_part_the_lanes_or_is_too_much_is_refused() -> None:
    target = session()
    answer = refused(target, messages.Compare, lane=0, changes={"data.noise": 0.2})
    assert answer.message == "data.noise 0.2 refused: must be the same in all lanes, which are trained on the same data"
    assert refused(target, messages.Compare, lane=0, changes={"seed": 4}).field == "seed"
    assert refused(target, messages.Compare, lane=1).field == "lane"
    assert refused(target, messages.RemoveLane, lane=1).field == "lane"
    assert refused(target, messages.RemoveLane, lane=0).message == "the only lane cannot be removed"
    for _ in range(3):
        do(target, messages.Compare, lane=0)
    assert refused(target, messages.Compare, lane=0).message == "a further lane refused: there are at most 4"


def test_a_lane_that_goes_leaves_the_others_at_their_step_and_those_behind_move_up() -> None:
    target = session(small(1), small(2), small(3))
    train(target, 7)
    before, loss = bits(target), rows(target, lane=2).mean
    told = do(target, messages.RemoveLane, lane=1)
    assert only(told, messages.Status).lanes == 2
    assert_same(bits(target), [before[0], before[2]])
    described = only(told, messages.Layout)
    assert (described.lane, described.from_step) == (1, 0)
    assert np.array_equal(rows(target, lane=1).mean, loss)
    train(target, 4)
    assert_same(target.trainers[1].state(), trained_alone(small(3), 11).state())


def test_a_lane_can_go_while_the_others_play() -> None:
    target = session(small(1), small(2))
    do(target, messages.Play)
    do(target, messages.RemoveLane, lane=0)
    advance(target, 1.0)
    assert target.state == "playing"
    assert target.step > 0


@pytest.mark.parametrize(("command", "fields"), [
    (messages.Compare, {"lane": 1, "changes": SIGMOID}),
    (messages.RemoveLane, {"lane": 0}),
    (messages.RemoveLane, {"lane": 1}),
    (messages.Patch, {"lane": "all", "changes": {"training.learning_rate": 0.3}}),
    (messages.AddUnit, {"lane": "all", "layer": 1}),
    (messages.Reset, {}),
])  # fmt: skip
def test_each_is_one_step_of_undo_and_comes_back_bit_for_bit(command, fields) -> None:  # type: ignore[no-untyped-def]
    target = session(small(2), small(3, "relu"))
    train(target, 8)
    before, loss = bits(target), [rows(target, lane=lane).mean for lane in (0, 1)]
    do(target, command, **fields)
    train(target, 3)
    after = bits(target)
    do(target, messages.Undo)
    assert_same(bits(target), before)
    assert_same([rows(target, lane=lane).mean for lane in (0, 1)], loss)
    do(target, messages.Redo)
    assert_same(bits(target), after)
    do(target, messages.Undo)
    train(target, 5)
    assert_same(target.trainers[1].state(), trained_alone(small(3, "relu"), 13).state())


def test_whoever_watches_is_told_of_every_row_anew_where_another_lane_took_the_place() -> None:
    target = session(small(1), small(2))
    train(target, 6)
    do(target, messages.RemoveLane, lane=0)
    told = do(target, messages.Undo)
    assert {(event.lane, event.from_step) for event in told if isinstance(event, messages.Layout)} == {(0, 0), (1, 0)}
    assert [layout(target, lane).lane for lane in (0, 1)] == [0, 1]


def test_a_live_change_goes_to_one_lane_or_to_all() -> None:
    target = session(small(1), small(2), small(3))
    train(target, 3)
    told = do(target, messages.Patch, lane=1, changes={"training.learning_rate": 0.2})
    assert (rates(target), only(told, messages.Status).undo) == ([0.1, 0.2, 0.1], "Learning rate 0.1 → 0.2, lane B")
    told = do(target, messages.Patch, lane="all", changes={"training.learning_rate": 0.3})
    assert only(told, messages.Status).undo == "Learning rate 0.1 → 0.3, all lanes"
    assert (rates(target), target.step) == ([0.3, 0.3, 0.3], 3)
    do(target, messages.Patch, lane="all", changes={"network.hidden.1.activation": "relu"})
    activations = [[layer.activation for layer in trainer.run.network.hidden] for trainer in target.trainers]
    assert activations == [["tanh"], ["tanh", "relu"], ["tanh", "relu", "tanh"]]


def test_surgery_on_all_lanes_reaches_those_that_have_the_layer() -> None:
    target = session(small(1), small(2))
    do(target, messages.AddUnit, lane="all", layer=1)
    do(target, messages.RemoveLayer, lane="all", layer=2)
    do(target, messages.AddLayer, lane="all", index=1, units=2)
    assert [[layer.units for layer in trainer.run.network.hidden] for trainer in target.trainers] == [[4, 2], [4, 2]]
    answer = refused(target, messages.AddUnit, lane="all", layer=9)
    assert answer.field == "layer"


def test_what_one_of_all_lanes_refuses_none_takes() -> None:
    target = session(small(1), small(2))
    assert refused(target, messages.Patch, lane="all", changes={"training.learning_rate": -1}).field
    target = session(*[small(1)] * 2)
    do(target, messages.Patch, lane=1, changes={"network.hidden.0.units": 128})
    assert refused(target, messages.AddUnit, lane="all", layer=1).field == "units"


def test_a_drag_on_all_lanes_is_one_step_of_undo() -> None:
    target = session(small(1), small(2))
    for rate in (0.2, 0.3):
        told = do(target, messages.Patch, lane="all", changes={"training.learning_rate": rate}, gesture="g")
    assert only(told, messages.Status).undo == "Learning rate 0.1 → 0.3, all lanes"
    do(target, messages.Undo)
    assert rates(target) == [0.1, 0.1]


def test_one_lane_that_diverges_stops_all_and_the_others_go_on_without_it() -> None:
    target = session(diverging())
    do(target, messages.Compare, lane=0, changes={"training.learning_rate": 1e-4})
    train(target, 10_000)
    event = only(target.hello_events(), messages.Diverged)
    assert (target.state, event.lane, event.step) == ("diverged", 0, target.step + 1)
    assert event.message.endswith("It was lane A, and the other lanes stopped with it.")
    assert {trainer.steps for trainer in target.trainers} == {target.step}
    stopped = target.step
    told = do(target, messages.RemoveLane, lane=0)
    assert only(told, messages.Status).state == "paused"
    train(target, 20)
    assert target.step == stopped + 20


def test_keyframes_and_the_journal_keep_the_lanes() -> None:
    target = session(small(1))
    train(target, 3)
    do(target, messages.Compare, lane=0, changes=SIGMOID)
    train(target, 5)
    do(target, messages.Compare, lane=1, layers=3)
    train(target, 2)
    do(target, messages.Patch, lane="all", changes={"training.learning_rate": 0.05})
    train(target, 2)
    do(target, messages.RemoveLane, lane=0)
    train(target, 4)
    restored = Session.from_keyframe(target.keyframe(), clock=Clock())
    assert_same(bits(restored), bits(target))
    assert restored.journal == target.journal
    again = Session(*target.journal.start, clock=Clock())
    for entry in target.journal.entries:
        train(again, entry.step - again.step)
        again.handle(entry.change)
    train(again, target.step - again.step)
    assert_same(bits(again), bits(target))
    do(restored, messages.Compare, lane=1)
    assert only(restored.hello_events(), messages.Status).lanes == 3
