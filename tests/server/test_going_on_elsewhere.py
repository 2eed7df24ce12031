"""What a session knew besides its numbers goes on elsewhere too: what can be undone, verdicts, patience, an autopsy.

Elsewhere is another engine process, which goes on from a keyframe, or another server, which goes on from a file.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.demos import DEMOS
from server import messages
from server.course import SAVED_UNDO
from server.messages import Autopsy, Verdicts
from server.session import Session
from tests.server.own_data import brought
from tests.server.sessions import (
    Clock,
    assert_same,
    bits,
    diverging,
    do,
    losses,
    only,
    refused,
    run_out,
    session,
    small,
    train,
)

Elsewhere = Callable[[Session], Session]
WAYS: dict[str, Elsewhere] = {
    "another process": lambda target: Session.from_keyframe(target.keyframe(), clock=Clock()),
    "another server": lambda target: Session.from_file(target.file(), clock=Clock()),
}
everywhere = pytest.mark.parametrize("elsewhere", WAYS.values(), ids=WAYS)


def status(target: Session) -> messages.Status:
    return only(target.hello_events(), messages.Status)


@everywhere
def test_what_could_be_undone_and_redone_still_can_bit_for_bit(elsewhere: Elsewhere) -> None:
    target = session(small(optimizer="adam"), small(optimizer="momentum"))
    train(target, 20)
    moments: list[Any] = [bits(target)]
    for command, fields in (
        (messages.Patch, {"lane": 0, "changes": {"training.learning_rate": 0.02}}),
        (messages.AddUnit, {"lane": 1, "layer": 1}),
        (messages.UseOwnData, brought()),
        (messages.Reset, {}),
        (messages.RemoveLane, {"lane": 1}),
    ):
        do(target, command, **fields)
        moments.append(bits(target))
    do(target, messages.Undo)
    again = elsewhere(target)
    assert (status(again).undo, status(again).redo) == (status(target).undo, status(target).redo)
    do(again, messages.Redo)
    assert_same(bits(again), moments[-1])
    for moment in reversed(moments[:-1]):
        do(again, messages.Undo)
        assert_same(bits(again), moment)
    assert refused(again, messages.Undo).code == "nothing_to_undo"
    assert [step for step, _ in losses(again)] == list(range(20))


@everywhere
def test_a_branch_that_undo_brings_back_is_the_run_it_was(elsewhere: Elsewhere) -> None:
    target = session()
    train(target, 40)
    end = bits(target)
    do(target, messages.Look, step=10)
    run_out(target)
    do(target, messages.Continue)
    train(target, 5)
    do(target, messages.Reset)
    again = elsewhere(target)
    assert not only(again.hello_events(), messages.Branches).branches
    do(again, messages.Undo)
    (branch,) = only(again.hello_events(), messages.Branches).branches
    do(again, messages.TakeBranch, branch=branch["id"])
    assert_same(bits(again), end)


@everywhere
def test_the_same_bits_follow_an_undo_elsewhere(elsewhere: Elsewhere) -> None:
    target, other = session(small(optimizer="momentum")), session(small(optimizer="momentum"))
    train(target, 15)
    train(other, 15)
    do(target, messages.AddLayer, lane=0, index=1)
    again = elsewhere(target)
    train(again, 8)
    do(again, messages.Undo)
    train(again, 8)
    train(other, 8)
    assert_same(bits(again), bits(other))


@everywhere
def test_of_very_many_changes_the_newest_can_be_undone(elsewhere: Elsewhere) -> None:
    target = session()
    for number in range(SAVED_UNDO + 10):
        do(target, messages.Patch, lane=0, changes={"training.learning_rate": 0.2 + 0.001 * number})
    again = elsewhere(target)
    for _ in range(SAVED_UNDO):
        do(again, messages.Undo)
    assert again.trainers[0].run.training.learning_rate == pytest.approx(0.2 + 0.001 * 9)
    assert refused(again, messages.Undo).code == "nothing_to_undo"


@everywhere
def test_a_gesture_that_was_under_way_goes_on_as_another_change(elsewhere: Elsewhere) -> None:
    target = session()
    train(target, 5)
    do(target, messages.Patch, lane=0, changes={"network.hidden.0.units": 6}, gesture="drag")
    again = elsewhere(target)
    do(again, messages.Patch, lane=0, changes={"network.hidden.0.units": 4}, gesture="drag")
    train(again, 5)
    end = bits(again)
    for step in (7, 10):
        do(again, messages.Look, step=step)
        run_out(again)
    assert len(again.journal.entries) == 2
    do(again, messages.Look, step=6)
    run_out(again)
    do(again, messages.Continue)
    train(again, 4)
    assert_same(bits(again), end)


@everywhere
def test_verdicts_still_hold_elsewhere_since_the_same_step(elsewhere: Elsewhere) -> None:
    target = session(DEMOS["vanishing"].run)
    train(target, 260)
    again = elsewhere(target)
    for each in (target, again):
        train(each, 90)
    found = [only(each.hello_events(), Verdicts).verdicts for each in (again, target)]
    told, before = ([(verdict["name"], verdict["since"]) for verdict in each] for each in found)
    assert told == before != []


@everywhere
def test_patience_is_not_begun_anew_elsewhere(elsewhere: Elsewhere) -> None:
    target = session(small(patience=3, learning_rate=3.0))
    train(target, 12)
    again = elsewhere(target)
    for each in (target, again):
        train(each, 200)
    assert again.step == target.step < 212


@everywhere
def test_numbers_that_overflowed_are_explained_elsewhere_as_they_were(elsewhere: Elsewhere) -> None:
    target = session(diverging())
    train(target, 10_000)
    again = elsewhere(target)
    assert again.state == target.state == "diverged"
    assert only(again.hello_events(), Autopsy) == only(target.hello_events(), Autopsy)
    assert_same(again.picture(("parameters",), False, False).frames[0].sections,
                target.picture(("parameters",), False, False).frames[0].sections)  # fmt: skip
