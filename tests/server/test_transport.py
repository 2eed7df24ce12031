"""Playing, pausing, stepping and the pace."""

import pytest

from server import messages
from tests.server.sessions import advance, do, now, only, run_out, session, train, wait


def test_play_trains_at_the_pace_and_pause_stops() -> None:
    target = session()
    do(target, messages.Play)
    assert target.state == "playing"
    start = now(target)
    while now(target) < start + 2:
        wake = advance(target, 0.004)
        assert wake is not None
        wait(target, wake)
    assert target.step == pytest.approx(2 * 240, abs=2)
    status = only(target.events(), messages.Status)
    assert status.steps_per_second == pytest.approx(240, rel=0.05)
    do(target, messages.Pause)
    assert target.state == "paused"
    assert advance(target, 1) is None


def test_a_session_that_had_to_wait_catches_up_a_fraction_of_a_second_and_no_more() -> None:
    target = session()
    do(target, messages.Pace, steps_per_second=100)
    do(target, messages.Play)
    wait(target, now(target) + 60)
    advance(target, 1000)
    assert 1 < target.step <= 26


def test_a_pace_as_fast_as_possible_fills_the_slice() -> None:
    target = session()
    do(target, messages.Pace, steps_per_second=None)
    do(target, messages.Play)
    deadline = now(target) + 0.01
    assert target.advance(deadline) is not None
    assert target.step > 100
    assert now(target) >= deadline


def test_a_due_step_is_taken_however_short_the_slice() -> None:
    target = session()
    do(target, messages.Play)
    target.advance(0.0)
    assert target.step == 1


def test_a_changed_pace_takes_effect_at_once() -> None:
    target = session()
    do(target, messages.Pace, steps_per_second=0.1)
    do(target, messages.Play)
    advance(target, 1)
    assert target.step == 1
    do(target, messages.Pace, steps_per_second=1000)
    wake = advance(target, 1)
    assert wake is not None
    assert wake < now(target) + 0.01


def test_many_steps_are_taken_in_slices_and_then_it_is_paused() -> None:
    target = session()
    do(target, messages.Step, count=10_000)
    wake = advance(target, 0.004)
    assert wake is not None
    assert 0 < target.step < 10_000
    run_out(target)
    assert (target.step, target.state) == (10_000, "paused")
    assert only(target.events(), messages.Status).state == "paused"


def test_a_pause_ends_a_count_of_steps() -> None:
    target = session()
    do(target, messages.Step, count=10_000)
    advance(target, 0.001)
    do(target, messages.Pause)
    done = target.step
    train(target, 1)
    assert target.step == done + 1


def test_the_status_comes_at_most_four_times_a_second_while_playing() -> None:
    target = session()
    do(target, messages.Pace, steps_per_second=1000.0)
    do(target, messages.Play)
    target.events()
    seen = 0
    end = now(target) + 1.0
    while now(target) < end:
        wait(target, advance(target, 0.004))
        seen += len(target.events())
    assert 3 <= seen <= 4
