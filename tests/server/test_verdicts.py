"""A session tells what is wrong with each lane, once it changes; what overflowed is dissected; cures are taken back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.demos import DEMOS
from server import messages
from server.messages import FRAME_SECTIONS, Autopsy, Verdicts
from server.session import Outgoing, Session
from tests.engine.observed import observed
from tests.server.sessions import advance, assert_same, bits, clock_of, do, only, session, train

VANISHING, EXPLODING = DEMOS["vanishing"].run, DEMOS["exploding"].run


def told(target: Session, steps: int, slice_seconds: float = 1.0) -> list[Outgoing]:
    """What is told while it takes so many steps."""
    events = list(do(target, messages.Step, count=steps))
    while advance(target, slice_seconds) is not None:
        events += target.events()
    return [*events, *target.events()]


def verdicts(target: Session, lane: int = 0) -> Verdicts:
    """As a newcomer learns of them."""
    return [event for event in target.hello_events() if isinstance(event, Verdicts)][lane]


def names(event: Verdicts) -> list[str]:
    return [verdict["name"] for verdict in event.verdicts]


def test_a_healthy_run_is_told_nothing_of() -> None:
    assert not [event for event in told(session(), 300) if isinstance(event, Verdicts)]


def test_a_verdict_is_told_when_it_comes_with_numbers_layers_source_and_cures() -> None:
    first = next(event for event in told(session(VANISHING), 150) if isinstance(event, Verdicts))
    (verdict,) = first.verdicts
    (held,) = observed(VANISHING, first.step).verdicts
    assert (verdict["name"], verdict["since"], verdict["layers"]) == ("vanishing", held.since, [1])
    assert verdict["numbers"] == held.finding.numbers
    assert held.finding.what in verdict["sentence"]
    assert verdict["source"]
    assert {(cure["cure"], cure["way"]) for cure in verdict["cures"]} >= {("tanh", "keep"), ("tanh", "restart")}


def test_verdicts_depend_on_steps_alone_whatever_the_slices() -> None:
    one, other = session(VANISHING), session(VANISHING)
    told(one, 260)
    for _ in range(26):
        told(other, 10, 1e-5)
        other.picture(FRAME_SECTIONS, True, True)
    assert verdicts(one) == verdicts(other)


def test_each_lane_has_verdicts_of_its_own() -> None:
    target = session(VANISHING, DEMOS["vanishing"].cures[0].run)
    train(target, 150)
    assert (names(verdicts(target, 0)), names(verdicts(target, 1))) == (["vanishing"], [])


@pytest.mark.parametrize("way", ["keep", "restart"])
def test_a_cure_is_one_change_that_one_undo_takes_back_with_its_verdict(way: str) -> None:
    target = session(VANISHING)
    train(target, 200)
    before, sick = bits(target), verdicts(target)
    cure: Any = next(cure for cure in sick.verdicts[0]["cures"] if (cure["cure"], cure["way"]) == ("tanh", way))
    do(target, messages.Patch, lane=0, changes=cure["changes"], restart=way == "restart")
    assert target.step == (0 if way == "restart" else 200)
    train(target, 300)
    assert names(verdicts(target)) == []
    assert "tanh" in (target._status().undo or "")
    do(target, messages.Undo)
    assert_same(bits(target), before)
    assert verdicts(target).verdicts[0]["numbers"] == sick.verdicts[0]["numbers"]


def test_a_restart_begins_afresh_from_the_same_seed_and_is_paused() -> None:
    target = session(VANISHING)
    do(target, messages.Play)
    advance(target, 0.01)
    label = do(target, messages.Patch, lane=0, changes={"network.hidden.*.activation": "tanh"}, restart=True)[0].label
    assert label == "Restart with activation of all layers sigmoid → tanh"
    assert (target.state, target.step, target.trainers[0].run.seed) == ("paused", 0, VANISHING.seed)
    assert_same(bits(target), bits(session(target.trainers[0].run)))


def test_what_overflowed_is_dissected_down_to_the_layers_of_both_passes() -> None:
    target = session(EXPLODING)
    events = told(target, 10)
    diverged, autopsy = only(events, messages.Diverged), only(events, Autopsy)
    assert (autopsy.step, autopsy.layer_id) == (diverged.step, diverged.layer_id)
    assert autopsy.finite is not None
    assert (autopsy.finite["step"], autopsy.overflowed["step"]) == (autopsy.step - 2, autopsy.step - 1)
    assert all(value is not None for norms in autopsy.finite["layers"] for value in norms.values())
    assert autopsy.overflowed["layers"][autopsy.layer]["pre_activation"] is None
    assert autopsy.overflowed["layers"][0]["pre_activation"] is not None
    assert [row["step"] for row in autopsy.steps] == [0, 1]
    verdict = [event for event in events if isinstance(event, Verdicts)][-1].verdicts[0]
    first, last = (autopsy.finite["layers"][index]["delta"] or 0 for index in (0, -2))
    assert (verdict["name"], verdict["numbers"]) == ("exploding", {"step": autopsy.step, "ratio": first / last})
    assert {cure["way"] for cure in verdict["cures"]} == {"restart"}
    newcomer = target.hello_events()
    assert only(newcomer, Autopsy) == autopsy
    do(target, messages.Reset)
    assert names(verdicts(target)) == []
    assert not [event for event in target.hello_events() if isinstance(event, Autopsy)]


def test_a_pass_that_is_not_finite_from_the_first_has_no_finite_one_before_it() -> None:
    target = session(DEMOS["dying_relu"].run)
    layer = target.trainers[0].identity.layers[0].id
    events = do(target, messages.SetParameter, lane=0, layer=layer, tensor="weight", index=(0, 0), value=1e308)
    autopsy = only(events, Autopsy)
    assert (autopsy.step, autopsy.layer, autopsy.tensor) == (1, 0, "pre-activation")
    assert autopsy.finite is None
    assert autopsy.overflowed["layers"][0]["pre_activation"] is None
    assert names(verdicts(target)) == ["exploding"]


def test_another_process_goes_on_with_what_was_found() -> None:
    target = session(VANISHING)
    train(target, 150)
    again = Session.from_keyframe(target.keyframe(), clock=clock_of(target))
    assert names(verdicts(again)) == ["vanishing"]


def test_another_seed_is_another_run_without_a_verdict() -> None:
    target = session(VANISHING)
    train(target, 150)
    do(target, messages.NewSeed, seed=5)
    assert names(verdicts(target)) == []
    assert target.trainers[0].run == replace(VANISHING, seed=5)
