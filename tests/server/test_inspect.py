"""A page asks where a number came from, and is answered of the step that pictures show, all of one piece."""

from __future__ import annotations

import json
from itertools import count
from typing import Any, get_args

import pytest

from engine.inspection import Kind
from server import messages
from server.messages import Inspect, Inspection, MessageError
from server.messages.commands import InspectedKind
from server.pipe import Ask, Told
from server.session import Session
from tests.server.room import Room, received
from tests.server.sessions import assert_same, bits, diverging, do, frame, run_out, session, small, train

_ids = count(1)


def asked(target: Session, **fields: Any) -> Inspection:
    return target.inspect(Inspect(id=next(_ids), **({"lane": 0} | fields)))


def weight(target: Session, **fields: Any) -> Inspection:
    """Of the first input's weight to the second unit of the first layer."""
    return asked(target, **({"kind": "weight", "layer": 1, "unit": 2, "origin": 0} | fields))


def gradient(inspection: Inspection) -> float | None:
    return inspection.blocks[0]["equations"][0]["value"]


def test_every_kind_that_the_engine_knows_can_be_asked_for() -> None:
    assert get_args(InspectedKind) == get_args(Kind)


def test_the_answer_is_of_the_frame_that_is_shown_at_that_moment() -> None:
    target = session()
    train(target, 7)
    shown, answer = frame(target), weight(target)
    assert (answer.step, answer.revision, answer.timeline) == (shown.step, shown.revision, shown.timeline)
    assert gradient(answer) == pytest.approx(shown.sections["gradients"][1], rel=1e-6)
    assert answer.sample_index == shown.sections["samples"][answer.sample]


def test_asking_changes_nothing() -> None:
    target = session()
    train(target, 3)
    before = bits(target)
    weight(target, check=True)
    asked(target, kind="walk", stage=4)
    assert_same(before, bits(target))


def test_a_check_nudges_the_weight_and_confirms_its_gradient() -> None:
    check = weight(session(), check=True).check
    assert check is not None
    assert check["numeric"] == pytest.approx(check["analytic"], rel=1e-6)
    assert weight(session()).check is None


def test_a_past_step_that_is_looked_at_is_inspected_as_it_was() -> None:
    target = session()
    train(target, 20)
    then = weight(target)
    train(target, 20)
    do(target, messages.Look, step=20)
    run_out(target)
    again = weight(target)
    assert (again.step, again.blocks) == (20, then.blocks)
    check = weight(target, check=True).check
    assert check is not None
    assert check["analytic"] == gradient(then)


def test_after_an_overflow_the_last_whole_step_is_inspected() -> None:
    target = session(diverging())
    train(target, 10_000)
    assert weight(target).step == frame(target).step


def test_where_no_step_is_finite_there_is_nothing_to_look_into() -> None:
    target = session()
    do(target, messages.SetParameter, lane=0, layer=1, tensor="weight", index=(0, 0), value=1e308)
    do(target, messages.SetParameter, lane=0, layer=1, tensor="weight", index=(1, 0), value=-1e308)
    do(target, messages.SetParameter, lane=0, layer=1, tensor="bias", index=(0,), value=1e308)
    with pytest.raises(MessageError, match="no step with finite numbers"):
        weight(target)


def test_each_lane_is_inspected_by_itself() -> None:
    target = session(small(), small(activation="sigmoid"))
    train(target, 5)
    first, second = (asked(target, lane=lane, kind="unit", layer=1, unit=1) for lane in (0, 1))
    assert (first.lane, second.lane) == (0, 1)
    assert first.plot is not None
    assert second.plot is not None
    assert (first.plot["title"], second.plot["title"]) == ("Tanh and its slope", "Sigmoid and its slope")


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"layer": 9}, "layer"), ({"unit": 9}, "unit"), ({"origin": 9}, "from"), ({"kind": "scale"}, "kind")],
)
def test_what_is_not_there_is_refused_by_field_and_rule(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(MessageError) as caught:
        weight(session(), **fields)
    assert (caught.value.code, caught.value.field) == ("invalid", field)
    assert "must be" in caught.value.message


def test_a_sample_beyond_a_smaller_last_batch_is_its_last_one() -> None:
    target = session(small(batch_size=16))
    train(target, 1)
    answer = weight(target, sample=15)
    assert (answer.batch, answer.sample) == (4, 3)


@pytest.mark.parametrize("stage", range(9))
def test_every_stage_of_a_walk_fits_into_json(stage: int) -> None:
    text = json.loads(asked(session(), kind="walk", stage=stage).to_json(1))
    assert text["title"] == text["stages"][stage]
    assert text["sentence"]
    assert all(block["equations"] for block in text["blocks"])


def test_watchers_may_inspect_and_the_answer_is_theirs_alone() -> None:
    room = Room()
    controller, watcher = room.join(), room.join()
    received(watcher), received(controller)
    room.session.command(watcher, Inspect(id=2, lane=0, kind="loss"))
    [ask] = room.asked()
    assert isinstance(ask, Ask)
    answer = asked(session(), kind="loss")
    room.session.receive(Told(1, ask.ticket, answer))
    assert received(watcher) == [answer]
    assert received(controller) == []
