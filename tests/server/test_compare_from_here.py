"""A lane that is forked off another under way: it keeps what that one learned, and nothing starts again."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from engine import Trainer, surgery
from engine.adapt import with_changes
from server import messages
from server.errand import Errand
from server.messages import Compare
from tests.server.forks import ADAM, SIGMOID, begins, fork, look, status
from tests.server.own_data import brought
from tests.server.sessions import (
    advance,
    assert_same,
    bits,
    diverging,
    do,
    losses,
    only,
    refused,
    rows,
    run_out,
    session,
    small,
    train,
    trained_alone,
)


def changed_alone(steps: int, changes: dict[str, Any], more: int) -> Trainer:
    """A lone run that is changed live after some steps."""
    before = trained_alone(ADAM, steps)
    trainer = surgery.change(before, with_changes(ADAM, changes))
    for _ in range(more):
        trainer.step()
    return trainer


@pytest.mark.parametrize("changes", [
    SIGMOID,
    {"training.learning_rate": 0.01},
    {"training.optimizer": "sgd"},
    {"training.clip_norm": 1.0, "network.hidden.*.normalization": "batch"},
    {"network.hidden.0.units": 5},
])  # fmt: skip
def test_a_lane_from_here_has_the_bits_of_the_same_live_change_of_a_lone_run(changes: dict[str, Any]) -> None:
    target = session(ADAM)
    train(target, 13)
    before = bits(target)
    told = only(fork(target, changes=changes), messages.Status)
    assert (told.step, told.lanes, told.undo) == (13, 2, "Add lane B")
    assert_same(bits(target)[:1], before)
    assert_same(target.trainers[1].state(), changed_alone(13, changes, 0).state())
    train(target, 20)
    assert_same(target.trainers[0].state(), trained_alone(ADAM, 33).state())
    assert_same(target.trainers[1].state(), changed_alone(13, changes, 20).state())
    samples = [trainer.batch_samples for trainer in target.trainers]
    assert_same(*samples)


@pytest.mark.parametrize(("layers", "sizes"), [(4, [3, 3, 3, 3]), (1, [3]), (0, [])])
def test_depth_changes_from_here_as_by_hand(layers: int, sizes: list[int]) -> None:
    target = session(ADAM)
    train(target, 13)
    fork(target, layers=layers, changes={})
    assert [layer.units for layer in target.trainers[1].run.network.hidden] == sizes
    by_hand = session(ADAM)
    train(by_hand, 13)
    for index in range(2, layers):
        do(by_hand, messages.AddLayer, lane=0, index=index)
    for layer in reversed(range(layers, 2)):
        do(by_hand, messages.RemoveLayer, lane=0, layer=layer + 1)
    assert_same(target.trainers[1].state(), by_hand.trainers[0].state())


def test_a_lane_from_here_may_be_deeper_and_differ_in_the_new_layers() -> None:
    target = session(ADAM)
    train(target, 5)
    fork(target, layers=3, changes={"network.hidden.2.activation": "relu"})
    assert [layer.activation for layer in target.trainers[1].run.network.hidden] == ["tanh", "tanh", "relu"]


def test_the_others_play_on_while_a_lane_is_forked_off() -> None:
    target = session()
    do(target, messages.Pace, steps_per_second=None)
    do(target, messages.Play)
    advance(target, 0.001)
    step = target.step
    told = only(fork(target), messages.Status)
    assert (told.state, told.step) == ("playing", step)
    advance(target, 0.001)
    assert len({trainer.steps for trainer in target.trainers}) == 1
    assert target.step > step > 0


def test_the_series_of_the_new_lane_begins_where_it_was_forked_off() -> None:
    target = session(ADAM)
    train(target, 13)
    loss = losses(target)
    told = fork(target)
    of_the_new = [event for event in told if getattr(event, "lane", None) == 1]
    assert [type(event).__name__ for event in of_the_new][:3] == ["Spec", "Layout", "Data"]
    assert begins(target) == [0, 13]
    train(target, 9)
    assert losses(target)[:13] == loss
    new = rows(target, lane=1)
    assert new.from_step.tolist() == list(range(13, 22))
    assert rows(target, series="evaluations", lane=1).from_step.tolist() == [15, 18, 21]
    errand = target.export(messages.Export(id=1, what="series"))
    assert isinstance(errand, Errand)
    run_out(target)
    table = list(csv.DictReader(io.StringIO(errand.file().decode())))
    assert [int(row["step"]) for row in table if row["B.loss"]] == list(range(13, 22))
    assert len([row for row in table if row["A.loss"]]) == 22


def test_scalars_that_are_computed_again_invent_no_past_of_the_new_lane(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.series.store.EXACT_ROWS", 128)
    target = session(ADAM)
    train(target, 300)
    fork(target)
    train(target, 500)
    errand = target.export(messages.Export(id=1, what="series"))
    assert isinstance(errand, Errand)
    run_out(target)
    table = list(csv.DictReader(io.StringIO(errand.file().decode())))
    assert {row["mean_of_steps"] for row in table} == {"1"}
    there = [int(row["step"]) for row in table if row["B.loss"]]
    assert there == list(range(300, 800))
    assert [row["B.loss"] == row["A.loss"] for row in table[:302]] == [False] * 302


def test_what_was_found_of_the_source_is_known_of_the_new_lane() -> None:
    target = session(ADAM)
    train(target, 200)
    fork(target, changes={"training.learning_rate": 0.01})
    of_a, of_b = (lane.findings.observer.memory for lane in target._group.lanes)
    assert (of_a.start, of_a.epochs) == (of_b.start, of_b.epochs)


@pytest.mark.parametrize(("changes", "message"), [
    ({"network.hidden.*.init": "he_normal"},
     'network.hidden.*.init "he_normal" refused: acts only at the start, so a lane from here cannot differ in it; '
     "start from the beginning"),
    ({"training.learning_rate": 0.3, "network.output_bias_init": 1},
     "network.output_bias_init 1 refused: acts only at the start, so a lane from here cannot differ in it; start from "
     "the beginning"),
    ({"data.noise": 0.2},
     "data.noise 0.2 refused: must be the same in all lanes, which are trained on the same data"),
    ({"seed": 4}, "seed 4 refused: must be the same in all lanes, which are trained on the same data"),
    ({}, "a lane from here refused: it must differ from lane A in a setting at least"),
    ({"training.learning_rate": 0.1},
     "a lane from here refused: it must differ from lane A in a setting at least"),
])  # fmt: skip
def test_what_cannot_be_taken_over_from_here_is_refused(changes: dict[str, Any], message: str) -> None:
    target = session()
    train(target, 5)
    assert refused(target, Compare, lane=0, changes=changes, start="here").message == message
    assert (target.step, status(target).lanes, status(target).undo) == (5, 1, None)


def test_an_initializer_that_stays_as_it_is_is_no_reason_to_refuse() -> None:
    target = session()
    train(target, 5)
    fork(target, changes=SIGMOID | {"network.output_init": "xavier_uniform"})
    assert target.step == 5


def test_there_are_at_most_four_lanes_and_those_there_are_not_cannot_be_forked() -> None:
    target = session()
    assert refused(target, Compare, lane=1, changes=SIGMOID, start="here").field == "lane"
    for rate in (0.2, 0.3, 0.4):
        fork(target, changes={"training.learning_rate": rate})
    answer = refused(target, Compare, lane=0, changes=SIGMOID, start="here")
    assert answer.message == "a further lane refused: there are at most 4"


@pytest.mark.parametrize("known", [True, False])
def test_a_run_whose_numbers_overflow_is_not_forked_but_an_earlier_step_of_it_is(known: bool) -> None:
    target = session(diverging())
    train(target, 10_000)
    last = target.step
    if not known:  # nobody has tried the step that overflows
        target = session(diverging())
        train(target, last)
    assert target.state == ("diverged" if known else "paused")
    answer = refused(target, Compare, lane=0, changes={"training.learning_rate": 1e-4}, start="here")
    why = f"the numbers of lane A overflow at step {last + 1}, and no lane goes on alone"
    assert (answer.code, answer.field) == ("diverged", "start")
    assert answer.message == f"a lane from here refused: {why}. Start from the beginning, or from an earlier step."
    look(target, last - 2)
    fork(target, changes={"training.learning_rate": 1e-4})
    assert (target.step, status(target).state, begins(target)) == (last - 2, "paused", [0, last - 2])
    train(target, 1)
    assert target.step == last - 1


def test_a_lane_from_here_is_trained_on_the_users_own_data_too() -> None:
    target = session(small(2))
    do(target, messages.UseOwnData, **brought())
    train(target, 4)
    fork(target)
    train(target, 6)
    first, second = target.trainers
    assert first.samples.own is second.samples.own
    assert_same(first.batch_inputs, second.batch_inputs)


def test_undo_takes_the_lane_away_and_redo_brings_it_back_bit_for_bit() -> None:
    target = session(ADAM, small(3))
    train(target, 13)
    before, loss = bits(target), [rows(target, lane=lane).mean for lane in (0, 1)]
    fork(target, lane=1)
    at_once = bits(target)
    do(target, messages.Undo)
    assert_same(bits(target), before)
    assert_same([rows(target, lane=lane).mean for lane in (0, 1)], loss)
    assert begins(target) == [0, 0]
    do(target, messages.Redo)
    assert_same(bits(target), at_once)
    train(target, 7)
    after, new = bits(target), rows(target, lane=2)
    do(target, messages.Undo)
    assert_same(bits(target), before)
    do(target, messages.Redo)
    assert_same(bits(target), after)
    assert (begins(target), rows(target, lane=2).from_step.tolist()) == ([0, 0, 13], new.from_step.tolist())
    train(target, 5)
    assert_same(target.trainers[0].state(), trained_alone(ADAM, 25).state())


def test_a_reset_begins_all_lanes_again_and_none_is_forked_any_more() -> None:
    target = session(ADAM)
    train(target, 20)
    fork(target)
    do(target, messages.Reset)
    assert (target.step, len(target.trainers), begins(target)) == (0, 2, [0, 0])
    train(target, 5)
    assert_same(target.trainers[1].state(), trained_alone(with_changes(ADAM, SIGMOID), 5).state())
    assert rows(target, lane=1).from_step.tolist() == list(range(5))


def test_a_comparison_from_the_beginning_begins_all_lanes_again() -> None:
    target = session(ADAM)
    train(target, 20)
    fork(target)
    train(target, 5)
    do(target, Compare, lane=0, changes={"training.learning_rate": 0.3})
    assert (target.step, len(target.trainers), begins(target)) == (0, 3, [0, 0, 0])
