"""What another process needs to go on from here."""

import numpy as np

from server import messages
from server.session import Session
from tests.server.sessions import (
    Clock,
    assert_same,
    bits,
    do,
    layout,
    only,
    rows,
    run_out,
    session,
    small,
    train,
)


def test_a_session_goes_on_from_a_keyframe_with_the_same_bits() -> None:
    target = session(small(optimizer="adam"))
    train(target, 12)
    do(target, messages.AddUnit, lane=0, layer=1)
    do(target, messages.Pace, steps_per_second=60)
    train(target, 5)
    restored = Session.from_keyframe(target.keyframe(), clock=Clock())
    assert_same(bits(restored), bits(target))
    train(restored, 20)
    train(target, 20)
    assert_same(bits(restored), bits(target))
    assert only(restored.hello_events(), messages.Status).pace == 60
    assert restored.journal == target.journal


def test_a_keyframe_keeps_playing_and_the_steps_still_to_go() -> None:
    target = session()
    do(target, messages.Step, count=50)
    target.advance(0.0)
    restored = Session.from_keyframe(target.keyframe(), clock=Clock())
    assert restored.state == "playing"
    run_out(restored)
    assert (restored.step, restored.state) == (50, "paused")


def test_the_series_survives_in_a_keyframe_and_later_rows_are_void() -> None:
    target = session()
    train(target, 100)
    do(target, messages.AddLayer, lane=0, index=0)
    train(target, 20)
    restored = Session.from_keyframe(target.keyframe(), clock=Clock())
    described = layout(restored)
    assert described.timeline > layout(target).timeline
    assert described.revision > layout(target).revision
    first = rows(restored)
    assert np.array_equal(first.mean, rows(target).mean)
    second = rows(restored, since=first.next_step)
    assert (second.next_step, second.more) == (120, False)
    assert len(rows(restored, "evaluations").from_step) > 0
    moment = target.moment
    assert restored.moment > moment
