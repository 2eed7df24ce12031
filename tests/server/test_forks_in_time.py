"""Lanes that were forked off under way, wherever time is involved: replays, keyframes, files, the past, branches."""

from __future__ import annotations

from typing import Any

import pytest

from server import messages
from server.runfile import read
from server.session import Session
from tests.server.forks import ADAM, begins, fork, look, status
from tests.server.sessions import (
    Clock,
    assert_same,
    bits,
    do,
    frame,
    layout,
    only,
    rows,
    session,
    small,
    train,
    trained_alone,
)


def lived() -> Session:
    """A session in which lanes were forked off at 20 and 40, changed at 50, and lane B went at 60."""
    target = session(ADAM)
    train(target, 20)
    fork(target)
    train(target, 20)
    fork(target, lane=1, changes={"training.optimizer": "momentum"})
    train(target, 10)
    do(target, messages.Patch, lane="all", changes={"training.learning_rate": 0.05})
    train(target, 10)
    do(target, messages.RemoveLane, lane=1)
    train(target, 10)
    return target


def test_the_journal_replayed_gives_the_same_lanes() -> None:
    target = lived()
    again = Session(*target.journal.start, clock=Clock())
    for entry in target.journal.entries:
        train(again, entry.step - again.step)
        again.handle(entry.change)
    train(again, target.step - again.step)
    assert_same(bits(again), bits(target))
    assert begins(target) == begins(again) == [0, 40]


def from_keyframe(target: Session) -> Session:
    return Session.from_keyframe(target.keyframe(), clock=Clock())


def from_file(target: Session) -> Session:
    return Session.from_file(target.file(), clock=Clock())


@pytest.mark.parametrize("elsewhere", [from_keyframe, from_file])
def test_such_lanes_go_on_elsewhere_with_the_same_bits_and_the_same_past(elsewhere: Any) -> None:
    target = lived()
    restored = elsewhere(target)
    assert_same(bits(restored), bits(target))
    assert begins(restored) == [0, 40]
    assert rows(restored, lane=1).from_step[0] == 40
    for each in (target, restored):
        train(each, 10)
        each._course.travel.history._keyframes.clear()  # the way is from the beginning, by the journal
        look(each, 45)
    assert_same(*[frame(each, 1).sections["deltas"] for each in (target, restored)])
    look(restored, None)
    assert_same(bits(restored), bits(target))
    for each in (target, restored):
        do(each, messages.Undo)  # the removal of lane B
    assert_same(bits(restored), bits(target))
    assert len(restored.trainers) == 3


def test_a_saved_run_with_such_lanes_is_checked_against_its_keyframes() -> None:
    target = lived()
    _, file = target.export(messages.Export(id=1, what="run"))  # type: ignore[misc]
    content, note = read(file)
    assert (len(content.lanes), note) == (2, "")


def test_a_past_step_shows_the_lanes_that_there_were() -> None:
    target = session(ADAM)
    train(target, 20)
    fork(target)
    train(target, 20)
    now = bits(target)
    told = look(target, 10)
    assert only(told[-1:], messages.Status).lanes == 1
    assert {event.lane for event in told if isinstance(event, messages.Layout | messages.Spec)} <= {0}
    assert len(target.picture((), True, True).frames) == 1
    assert [event.lane for event in target.hello_events() if isinstance(event, messages.Spec)] == [0]
    assert frame(target).step == 10
    # The change was made when 20 steps had been taken: it is part of what step 20 shows.
    told = look(target, 20)
    assert only(told[-1:], messages.Status).lanes == 2
    described = [event for event in told if isinstance(event, messages.Layout)]
    assert [(event.lane, event.from_step) for event in described] == [(1, 0)]
    assert_same(*[frame(target, lane).step for lane in (0, 1)])
    look(target, 10)
    told = look(target, None)
    assert [type(event).__name__ for event in told if getattr(event, "lane", None) == 1][:3] == [
        "Spec", "Layout", "Data",
    ]  # fmt: skip
    assert (status(target).lanes, layout(target, 1).lane) == (2, 1)
    assert_same(bits(target), now)


def test_going_on_from_before_the_fork_leaves_the_lane_in_a_branch() -> None:
    target = session(ADAM)
    train(target, 20)
    fork(target)
    train(target, 20)
    now = bits(target)
    look(target, 10)
    do(target, messages.Patch, lane=0, changes={"training.learning_rate": 0.3})
    assert (target.step, len(target.trainers), begins(target)) == (10, 1, [0])
    train(target, 15)
    (branch,) = only(target.hello_events(), messages.Branches).branches
    assert (branch["name"], branch["from_step"], branch["step"]) == ("Add lane B at step 20", 10, 40)
    left = bits(target)
    do(target, messages.TakeBranch, branch=branch["id"])
    assert_same(bits(target), now)
    assert begins(target) == [0, 20]
    for _ in range(2):  # the return, and the change
        do(target, messages.Undo)
    do(target, messages.Redo)
    assert_same(bits(target)[0]["run"], left[0]["run"])
    do(target, messages.Undo)
    do(target, messages.Undo)  # "continue from step 10"
    assert_same(bits(target), now)


def test_a_lane_whose_source_has_gone_shows_the_source_before_it_was_forked_off() -> None:
    target = session(ADAM)
    train(target, 20)
    fork(target)
    train(target, 20)
    do(target, messages.RemoveLane, lane=0)
    train(target, 20)
    assert begins(target) == [20]
    again = session(ADAM)
    train(again, 10)
    look(target, 10)
    assert_same(frame(target).sections["deltas"], frame(again).sections["deltas"])
    do(target, messages.Continue)
    train(target, 20)
    train(again, 20)
    assert_same(bits(target), bits(again))
    look(target, 25)
    look(again, 25)
    assert_same(frame(target).sections["deltas"], frame(again).sections["deltas"])


def test_lanes_that_went_later_go_where_a_past_step_is_continued_before_another_was_forked_off() -> None:
    target = session(ADAM, small(1), small(3))
    train(target, 20)
    fork(target, lane=2)
    train(target, 10)
    do(target, messages.RemoveLane, lane=1)
    train(target, 10)
    look(target, 10)
    assert status(target).lanes == 2
    do(target, messages.Continue)
    train(target, 10)
    assert_same(target.trainers[1].state(), trained_alone(small(3), 20).state())
    again = from_keyframe(target)
    again._course.travel.history._keyframes.clear()
    look(again, 15)
    look(target, 15)
    assert_same(*[frame(each, 1).sections["deltas"] for each in (target, again)])
