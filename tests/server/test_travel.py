"""A session's own time: past steps are looked at, run on from and returned to, and the present is never lost."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from server import messages
from server.codec import decode, encode_picture
from server.messages import FRAME_SECTIONS
from server.session import Session
from tests.server.sessions import (
    Clock,
    advance,
    assert_same,
    bits,
    diverging,
    do,
    frame,
    layout,
    losses,
    only,
    refused,
    run_out,
    session,
    small,
    train,
)

RATE = {"lane": 0, "changes": {"training.learning_rate": 0.3}}


def look(target: Session, step: int | None) -> list[Any]:
    """Goes to a past step; everything that is told of it."""
    told = list(do(target, messages.Look, step=step))
    while advance(target, 1e-3) is not None:
        told += target.events()
    return told + list(target.events())


def picture(target: Session) -> list[Any]:
    """All that a picture shows, with maps: the sections of every message."""
    shown = target.picture(FRAME_SECTIONS, True, True)
    parts = [decode(part) for part in encode_picture(shown)]
    content = [{name: array.copy() for name, array in part.sections.items()} for part in parts]
    return [*content, *shown.evaluations]


def status(target: Session) -> messages.Status:
    return only(target.hello_events(), messages.Status)


def branches(target: Session) -> list[messages.BranchLine]:
    return only(target.hello_events(), messages.Branches).branches


def test_a_past_step_is_shown_as_it_was_and_the_present_stays() -> None:
    target = session(small(optimizer="adam"))
    train(target, 120)
    then = picture(target)
    do(target, messages.Patch, **RATE)
    train(target, 380)
    now, present = picture(target), bits(target)
    told = look(target, 120)
    assert only([e for e in told if isinstance(e, messages.Status)][-1:], messages.Status).looking == 120
    assert frame(target).step == 120
    # The change was made when 120 steps had been taken: it is part of what step 120 shows.
    assert only(look(target, 119), messages.Spec).spec["training"]["learning_rate"] == 0.1
    assert only(look(target, 120), messages.Spec).spec["training"]["learning_rate"] == 0.3
    assert_same(picture(target)[0]["parameters"], then[0]["parameters"])
    assert_same(picture(target)[1:], then[1:])
    assert_same(bits(target), present)
    look(target, None)
    assert_same(picture(target), now)
    assert (status(target).looking, status(target).step) == (None, 500)


def test_the_picture_names_the_command_when_the_step_is_there_and_not_before() -> None:
    target = session()
    train(target, 300)
    before = frame(target).command
    (applied, *_) = do(target, messages.Look, step=50)
    assert isinstance(applied, messages.Applied)
    assert (frame(target).command, frame(target).step) == (before, 300)
    moment = target.moment
    while advance(target, 1e-4) is not None:
        assert only(target.hello_events(), messages.Status).replay is not None
    assert target.moment > moment
    assert (frame(target).command, frame(target).step) == (applied.command, 50)


def test_the_network_data_and_settings_of_a_past_step_come_with_it() -> None:
    target = session()
    train(target, 60)
    do(target, messages.AddLayer, lane=0, index=1)
    do(target, messages.Patch, lane=0, changes={"data.noise": 0.4})
    train(target, 60)
    now = layout(target)
    told = look(target, 20)
    described = only(told, messages.Layout)
    assert (described.past, len(described.layers), described.timeline) == (True, 3, now.timeline)
    assert described.revision > now.revision
    assert described.data["version"] != now.data["version"]
    assert len([event for event in told if type(event).__name__ == "Data"]) == 1
    assert frame(target).revision == described.revision
    assert [e for e in look(target, 30) if isinstance(e, messages.Layout | messages.Spec)] == []
    # A newcomer knows the columns of the series and what is shown.
    first, second = [event for event in target.hello_events() if isinstance(event, messages.Layout)]
    assert ((first.past, first.revision), (second.past, second.revision)) == (
        (False, now.revision), (True, described.revision),
    )  # fmt: skip
    back = only(look(target, None), messages.Layout)
    assert (back.past, back.revision, back.timeline) == (False, now.revision, now.timeline)
    assert back.data["version"] == now.data["version"]


@pytest.mark.parametrize("lanes", [1, 3])
def test_going_on_from_a_past_step_branches_and_the_old_future_can_be_returned_to(lanes: int) -> None:
    runs = [small(optimizer=name) for name in ("sgd", "adam", "momentum")[:lanes]]
    target = session(*runs)
    train(target, 500)
    old, old_losses = bits(target), losses(target)
    look(target, 120)
    told = do(target, messages.Continue)
    described = [event for event in told if isinstance(event, messages.Layout)]
    assert [(event.lane, event.from_step) for event in described] == [(lane, 120) for lane in range(lanes)]
    assert (target.step, status(target).looking) == (120, None)
    assert losses(target) == old_losses[:120]
    (branch,) = branches(target)
    assert (branch["name"], branch["from_step"], branch["step"]) == ("Unchanged", 120, 500)
    assert len(branch["steps"]) == len(branch["losses"]) > 50

    do(target, messages.Patch, **RATE)
    train(target, 80)
    new, new_losses = bits(target), losses(target)
    do(target, messages.TakeBranch, branch=branch["id"])
    assert_same(bits(target), old)
    assert target.step == 500
    (left,) = branches(target)
    changed = "Learning rate 0.1 → 0.3" + (", lane A" if lanes > 1 else "")
    assert (left["name"], left["from_step"], left["step"]) == (f"{changed} at step 120", 120, 200)
    train(target, 40)
    again = session(*runs)
    train(again, 540)
    assert_same(bits(target), bits(again))
    do(target, messages.TakeBranch, branch=left["id"])
    assert_same(bits(target), new)
    assert losses(target)[-1] == new_losses[-1]


def test_every_step_of_every_branch_is_reached() -> None:
    target = session()
    train(target, 200)
    look(target, 150)
    do(target, messages.AddUnit, lane=0, layer=1)
    train(target, 100)
    seen = dict.fromkeys((0, 120, 150, 180, 249))
    for step in seen:
        look(target, step)
        seen[step] = picture(target)[0]["parameters"]  # type: ignore[assignment]
    (branch,) = branches(target)
    do(target, messages.TakeBranch, branch=branch["id"])
    look(target, 180)
    assert frame(target).sections["parameters"].shape != seen[180].shape  # type: ignore[attr-defined]
    for step in (0, 120):
        look(target, step)
        assert_same(picture(target)[0]["parameters"], seen[step])
    (other,) = branches(target)
    do(target, messages.TakeBranch, branch=other["id"])
    for step, parameters in seen.items():
        look(target, step)
        assert_same(picture(target)[0]["parameters"], parameters)


@pytest.mark.parametrize(
    ("command", "fields"),
    [(messages.Patch, RATE), (messages.Play, {}), (messages.Step, {"count": 3}),
     (messages.SetParameter, {"lane": 0, "layer": 1, "tensor": "bias", "index": (0,), "value": 1.5})],
)  # fmt: skip
def test_what_is_done_to_a_past_step_goes_on_from_it(command: Any, fields: dict[str, Any]) -> None:
    target = session()
    train(target, 300)
    look(target, 40)
    do(target, command, **fields)
    assert status(target).looking is None
    assert 40 <= target.step <= 43
    assert len(branches(target)) == 1
    do(target, messages.Pause)


def test_a_change_that_is_refused_leaves_the_past_step_on_the_screen_and_the_present_as_it_was() -> None:
    target = session()
    train(target, 100)
    look(target, 30)
    refused(target, messages.Patch, lane=0, changes={"training.learning_rate": -1})
    refused(target, messages.RemoveLayer, lane=0, layer=77)
    assert (status(target).looking, target.step, branches(target)) == (30, 100, [])


def test_undo_brings_back_what_was_before_continue_and_before_a_return() -> None:
    target = session()
    train(target, 200)
    before = bits(target)
    look(target, 50)
    do(target, messages.Continue)
    assert status(target).undo == "Continue from step 50"
    train(target, 20)
    after = bits(target)
    do(target, messages.Undo)
    assert_same(bits(target), before)
    assert branches(target) == []
    do(target, messages.Redo)
    assert_same(bits(target), after)
    (branch,) = branches(target)
    do(target, messages.TakeBranch, branch=branch["id"])
    # The run that was left is a part of this one: no branch of its own.
    assert branches(target) == []
    assert status(target).undo == "Return to Unchanged"
    do(target, messages.Undo)
    assert_same(bits(target), after)


def test_undo_while_looking_returns_to_the_present_first() -> None:
    target = session()
    train(target, 20)
    before = bits(target)
    do(target, messages.Patch, **RATE)
    train(target, 20)
    look(target, 5)
    do(target, messages.Undo)
    assert_same(bits(target), before)
    assert (status(target).looking, target.step) == (None, 20)


def test_a_run_that_begins_anew_has_no_branches_and_undo_brings_them_back() -> None:
    target = session()
    train(target, 50)
    look(target, 10)
    do(target, messages.Continue)
    told = do(target, messages.Reset)
    assert only(told, messages.Branches).branches == []
    assert only(told, messages.Marks).marks == []
    do(target, messages.Undo)
    assert len(branches(target)) == 1
    assert target.step == 10


def test_going_back_from_a_divergence_and_on_with_a_smaller_rate() -> None:
    target = session(diverging())
    do(target, messages.Play)
    while target.state == "playing":
        advance(target, 0.1)
    assert target.state == "diverged"
    last = target.step
    look(target, last - 1)
    assert frame(target).step == last - 1
    look(target, 0)
    do(target, messages.Patch, lane=0, changes={"training.learning_rate": 0.001})
    assert target.state == "paused"
    train(target, 10)
    assert (target.state, target.step) == ("paused", 10)


def test_the_marks_name_what_was_changed_and_a_drag_is_one() -> None:
    target = session()
    train(target, 5)
    for rate in (0.2, 0.3):
        do(target, messages.Patch, lane=0, changes={"training.learning_rate": rate}, gesture="drag")
        train(target, 2)
    told = do(target, messages.AddLayer, lane=0, index=0)
    assert only(told, messages.Marks).marks == [
        {"step": 5, "label": "Learning rate 0.1 → 0.3"}, {"step": 9, "label": "Add layer 1"},
    ]  # fmt: skip
    train(target, 1)
    assert not any(isinstance(event, messages.Marks) for event in target.events())


def test_steps_that_there_are_not_are_refused_and_so_is_all_else_on_the_way() -> None:
    target = session()
    assert refused(target, messages.Continue).message == "continue refused: no past step is looked at"
    train(target, 3_000)
    refusal = refused(target, messages.Look, step=3_001)
    assert refusal.message == "step 3,001 refused: must be from 0 (the run begins there) to 3,000, where the run is"
    assert (refusal.field, refused(target, messages.TakeBranch, branch=9).message) == (
        "step", "branch 9 refused: there is none",
    )  # fmt: skip
    look(target, 1_000)
    target._course.travel.history._keyframes.clear()
    do(target, messages.Look, step=2_000)
    advance(target, 0.0)
    for command in (messages.Play, messages.Continue, messages.Undo):
        assert refused(target, command).code == "busy"
    do(target, messages.Pause)
    assert (status(target).looking, status(target).replay) == (1_000, None)


def test_a_newer_wish_takes_the_place_of_the_way_to_an_older_one() -> None:
    target = session()
    train(target, 400)
    target._course.travel.history._keyframes.clear()
    do(target, messages.Look, step=300)
    advance(target, 0.0)
    look(target, 10)
    assert status(target).looking == 10
    do(target, messages.Look, step=300)
    do(target, messages.Look, step=None)
    run_out(target)
    assert (status(target).looking, frame(target).step) == (None, 400)


def test_looking_pauses_and_training_does_not_go_on_behind_it() -> None:
    target = session()
    do(target, messages.Play)
    advance(target, 0.5)
    do(target, messages.Pace, steps_per_second=None)
    advance(target, 0.01)
    step = target.step
    look(target, 0)
    assert (target.state, target.step, frame(target).step) == ("paused", step, 0)


def test_branches_history_and_the_step_looked_at_survive_in_a_keyframe() -> None:
    target = session()
    train(target, 2_000)
    look(target, 300)
    do(target, messages.Patch, **RATE)
    train(target, 1_000)
    look(target, 700)
    shown = picture(target)
    restored = Session.from_keyframe(target.keyframe(), clock=Clock())
    run_out(restored)
    assert_same(picture(restored), shown)
    assert [branch["name"] for branch in branches(restored)] == ["Unchanged"]
    assert len(restored._course.travel.history.keyframes) > 5
    do(restored, messages.TakeBranch, branch=branches(restored)[0]["id"])
    look(restored, 1_234)
    again = session()
    train(again, 1_234)
    assert_same(picture(restored)[0]["parameters"], frame(again).sections["parameters"])


def test_old_rows_of_the_series_are_cut_where_a_branch_begins() -> None:
    target = session(small(hidden=1))
    store = target._group.lanes[0].steps
    for step in range(70_000):
        store.append(step, np.full(9, float(step)))
    store.cut_off(1_000)
    last = store.read(0, 4096).table
    assert (last.first[-1] + last.spans[-1], last.last[-1]) == (1_000, 999)
    store.append(1_000, np.zeros(9))
    assert store.read(1_000, 10).table.first.tolist() == [1_000]


def test_of_lanes_that_were_removed_the_past_shows_those_that_are_left() -> None:
    target = session(small(), small(optimizer="adam"), small(optimizer="momentum"))
    train(target, 60)
    do(target, messages.RemoveLane, lane=1)
    train(target, 40)
    look(target, 30)
    again = session(small(), small(optimizer="momentum"))
    train(again, 30)
    for lane in (0, 1):
        assert_same(frame(target, lane).sections["deltas"], frame(again, lane).sections["deltas"])
    train(target, 20)  # goes on from there
    train(again, 20)
    assert_same(bits(target), bits(again))
    look(target, 45)
    look(again, 45)
    assert_same(picture(target)[0], picture(again)[0])
    (branch,) = branches(target)
    do(target, messages.TakeBranch, branch=branch["id"])
    assert (target.step, len(target.trainers)) == (100, 2)
    do(target, messages.Undo)
    do(target, messages.Undo)
    do(target, messages.Undo)
    assert (target.step, len(target.trainers)) == (60, 3)
