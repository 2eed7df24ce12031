"""Numbers that stop being finite stop the run, are never committed and never sent."""

import numpy as np

from engine import DenseSpec, NetworkSpec, RunSpec
from server import messages
from tests.server.sessions import (
    assert_same,
    bits,
    diverging,
    do,
    frame,
    only,
    refused,
    rows,
    run_out,
    session,
    train,
    trained_alone,
)


def test_a_run_that_overflows_stops_at_that_step_and_says_where() -> None:
    target = session(diverging())
    do(target, messages.Step, count=10_000)
    run_out(target)
    event = only(target.events(), messages.Diverged)
    assert target.state == "diverged"
    assert event.step == target.step + 1
    assert event.message.startswith(f"Step {event.step:,}: the numbers overflowed in ")
    assert event.message.endswith("Nothing of that step was kept.")
    assert np.isfinite(target.trainers[0].network.arena.parameters).all()
    assert len(rows(target).from_step) == target.step
    assert np.isfinite(rows(target).mean).all()


def test_a_diverged_run_shows_the_last_step_with_finite_numbers() -> None:
    target = session(diverging())
    train(target, 10_000)
    shown = frame(target)
    assert shown.step == target.step - 1
    expected = trained_alone(diverging(), int(shown.step))
    assert np.isfinite(shown.loss)
    assert all(np.isfinite(array).all() for array in shown.sections.values())
    expected.compute()
    assert shown.loss == expected.record.loss
    assert only(target.hello_events(), messages.Diverged).step == target.step + 1


def test_training_a_diverged_run_is_refused_until_it_is_reset() -> None:
    target = session(diverging())
    train(target, 10_000)
    for command in (messages.Play, messages.Step):
        answer = refused(target, command)
        assert answer.code == "diverged"
        assert "Reset, undo, or change" in answer.message
    told = do(target, messages.Reset)
    assert only(told, messages.Status).state == "paused"
    train(target, 2)
    assert target.step == 2


def test_undo_leads_out_of_divergence() -> None:
    target = session()
    train(target, 3)
    before = bits(target)
    do(target, messages.SetParameter, lane=0, layer=0, tensor="bias", index=(0,), value=1e300)
    told = do(target, messages.Patch, lane=0, changes={"data.name": "plane"})
    told = do(target, messages.SetParameter, lane=0, layer=0, tensor="bias", index=(0,), value=1e300)
    assert only(told, messages.Diverged).tensor == "loss"
    assert target.state == "diverged"
    do(target, messages.Undo)
    assert target.state == "paused"
    do(target, messages.Undo)
    do(target, messages.Undo)
    assert_same(bits(target), before)


def test_a_change_that_helps_leads_out_of_divergence_and_one_that_does_not_says_so_again() -> None:
    target = session(diverging())
    do(target, messages.SetParameter, lane=0, layer=0, tensor="bias", index=(0,), value=1e300)
    told = do(target, messages.Patch, lane=0, changes={"training.learning_rate": 0.01})
    assert only(told, messages.Diverged).step == 1
    told = do(target, messages.SetParameter, lane=0, layer=0, tensor="bias", index=(0,), value=0.0)
    assert target.state == "paused"
    assert only(told, messages.Status).state == "paused"


def test_where_no_pass_was_ever_finite_the_frame_holds_the_parameters_alone() -> None:
    target = session(diverging())
    do(target, messages.SetParameter, lane=0, layer=0, tensor="bias", index=(0,), value=1e300)
    shown = frame(target)
    assert shown.sections.keys() == {"parameters", "inputs", "targets", "samples"}
    assert shown.loss == 0
    assert target.picture((), True, True).maps == ()


def test_a_divergence_found_while_looking_is_told() -> None:
    target = session(diverging())
    train(target, 10_000)
    last = target.step
    target = session(diverging())
    train(target, last)
    assert target.state == "paused"
    target.picture(("norms",), False, False)
    assert target.state == "diverged"
    assert only(target.events(), messages.Diverged).step == last + 1


def test_maps_of_units_that_overflow_are_left_out_while_the_output_is_finite() -> None:
    run = RunSpec(network=NetworkSpec(hidden=(DenseSpec(2, "linear"), DenseSpec(2, "tanh"))))
    target = session(run)
    for place in ((0, 0), (1, 0)):
        do(target, messages.SetParameter, lane=0, layer=1, tensor="weight", index=place, value=1.7e308)
    assert target.picture((), True, False).maps
    assert target.picture((), True, True).maps == ()
