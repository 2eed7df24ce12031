"""Changes of a run while it trains: applied whole, between steps, and told to everybody."""

import numpy as np

from engine import DataSpec, RunSpec
from server import messages
from server.pictures import Data
from tests.server.sessions import (
    advance,
    assert_same,
    bits,
    do,
    layout,
    only,
    refused,
    session,
    train,
)


def test_reset_repeats_the_initial_weights_and_a_new_seed_does_not() -> None:
    target = session()
    initial = bits(target)
    train(target, 9)
    do(target, messages.Reset)
    assert_same(bits(target), initial)
    assert (target.step, target.state) == (0, "paused")
    do(target, messages.NewSeed, seed=99)
    assert target.trainers[0].run.seed == 99
    assert not np.array_equal(bits(target)[0]["parameters"], initial[0]["parameters"])


def test_reset_keeps_what_was_changed() -> None:
    target = session()
    do(target, messages.Patch, lane=0, changes={"training.learning_rate": 0.5})
    do(target, messages.Reset)
    assert target.trainers[0].run.training.learning_rate == 0.5


def test_open_starts_another_run_paused() -> None:
    target = session()
    do(target, messages.Play)
    advance(target, 1)
    events = do(target, messages.Open, spec=RunSpec(data=DataSpec(name="spiral")))
    assert (target.step, target.state) == (0, "paused")
    assert only(events, messages.Layout).data["name"] == "spiral"
    assert only(events, Data).version == only(events, messages.Layout).data["version"]


def test_a_patch_changes_the_spec_and_training_goes_on_with_the_weights() -> None:
    target = session()
    train(target, 6)
    before = target.trainers[0].network.arena.parameters.copy()
    applied, *told = do(target, messages.Patch, lane=0, changes={"training.learning_rate": 0.01})
    assert isinstance(applied, messages.Applied)
    assert (applied.step, applied.label) == (6, "Learning rate 0.1 → 0.01")
    assert only(told, messages.Spec).spec["training"]["learning_rate"] == 0.01
    assert not [event for event in told if isinstance(event, messages.Layout | Data)]
    assert np.array_equal(target.trainers[0].network.arena.parameters, before)


def test_fields_that_a_patch_does_not_name_follow_where_they_would_not_fit() -> None:
    target = session()
    do(target, messages.Patch, lane=0, changes={"data.name": "pinwheel"})
    assert target.trainers[0].run.network.output_activation == "softmax"


def test_a_patch_applies_whole_or_not_at_all() -> None:
    target = session()
    train(target, 3)
    answer = refused(
        target, messages.Patch, lane=0, changes={"training.learning_rate": 0.5, "network.hidden.0.activation": "spam"}
    )
    assert answer.field == "network.hidden.0.activation"
    assert target.trainers[0].run.training.learning_rate == 0.1
    assert only(target.hello_events(), messages.Status).undo is None


def test_a_patch_that_changes_nothing_is_applied_and_leaves_no_trace() -> None:
    target = session()
    do(target, messages.Patch, lane=0, changes={"training.learning_rate": 0.1})
    assert target.journal.entries == ()
    assert only(target.hello_events(), messages.Status).undo is None


def test_layers_and_units_come_and_go_by_their_ids() -> None:
    target = session()
    train(target, 5)
    told = do(target, messages.AddLayer, lane=0, index=1, units=2)
    assert [layer["id"] for layer in only(told, messages.Layout).layers] == [1, 3, 2, 0]
    do(target, messages.AddUnit, lane=0, layer=3)
    do(target, messages.RemoveUnit, lane=0, layer=3, unit=1)
    told = do(target, messages.RemoveLayer, lane=0, layer=1)
    described = only(told, messages.Layout)
    assert [(layer["id"], layer["unit_ids"]) for layer in described.layers] == [(3, [2, 3]), (2, [1, 2, 3]), (0, [1])]
    assert target.step == 5


def test_a_revision_grows_with_the_shape_and_only_with_it() -> None:
    target = session()
    first = layout(target).revision
    do(target, messages.Patch, lane=0, changes={"training.l2": 0.1})
    assert layout(target).revision == first
    do(target, messages.AddUnit, lane=0, layer=1)
    assert layout(target).revision == first + 1


def test_a_typed_number_is_there_to_the_bit() -> None:
    target = session()
    do(target, messages.SetParameter, lane=0, layer=2, tensor="weight", index=(2, 1), value=0.1)
    assert target.trainers[0].network.parameters["1.weight"][2, 1] == 0.1
    do(target, messages.SetParameter, lane=0, layer=0, tensor="bias", index=(0,), value=-7)
    assert target.trainers[0].network.parameters["2.bias"][0] == -7


def test_scale_and_shift_are_typed_where_a_layer_is_normalised() -> None:
    target = session()
    told = refused(target, messages.SetParameter, lane=0, layer=1, tensor="scale", index=(0,), value=0.5)
    assert (told.field, told.value) == ("tensor", "scale")
    do(target, messages.Patch, lane=0, changes={"network.hidden.0.normalization": "batch"})
    do(target, messages.SetParameter, lane=0, layer=1, tensor="scale", index=(0,), value=0.5)
    do(target, messages.SetParameter, lane=0, layer=1, tensor="shift", index=(1,), value=-0.25)
    parameters = target.trainers[0].network.parameters
    assert (parameters["0.scale"][0], parameters["0.shift"][1]) == (0.5, -0.25)
