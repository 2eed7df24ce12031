"""A network that is changed keeps every weight whose two ends survive, and its function where that is possible."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import surgery
from engine.adapt import with_changes
from engine.data import Dataset
from engine.optimizers import OPTIMIZERS
from engine.spec import DataSpec, DenseSpec, NetworkSpec, RunSpec, SpecError
from engine.trainer import Trainer
from tests.engine.surgical import assert_kept, edges, outputs, same_state, small_run, trained

CHANGES: dict[str, Callable[[Trainer], Trainer]] = {
    "add layer": lambda trainer: surgery.add_layer(trainer, 1),
    "remove layer": lambda trainer: surgery.remove_layer(trainer, 1),
    "add unit": lambda trainer: surgery.add_unit(trainer, 1),
    "remove unit": lambda trainer: surgery.remove_unit(trainer, 2),
    "activation": lambda trainer: surgery.change(trainer, with_changes(trainer.run, {"network.loss": "cross_entropy"})),
    "features": lambda trainer: surgery.change(trainer, with_changes(trainer.run, {"data.features": ["x2", "x"]})),
}


@pytest.mark.parametrize("name", CHANGES)
def test_the_old_trainer_is_left_as_it_was(name: str) -> None:
    trainer, twin = trained(small_run()), trained(small_run())
    CHANGES[name](trainer)
    assert same_state(trainer, twin)
    trainer.step()
    twin.step()
    assert same_state(trainer, twin)


@pytest.mark.parametrize("name", CHANGES)
def test_the_same_change_of_the_same_state_gives_the_same_bits(name: str) -> None:
    first, second = (CHANGES[name](trained(small_run())) for _ in range(2))
    for _ in range(20):
        first.step()
        second.step()
    assert same_state(first, second)


@pytest.mark.parametrize("name", CHANGES)
def test_the_step_count_goes_on_and_training_with_it(name: str) -> None:
    new = CHANGES[name](trained(small_run(), 61))
    assert new.step().step == 62
    assert RunSpec.from_dict(new.run.to_dict()) == new.run


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_new_unit_leaves_the_function_unchanged_and_keeps_all_weights_with_their_optimizer_state(
    optimizer: str,
) -> None:
    trainer = trained(small_run(optimizer))
    new = surgery.add_unit(trainer, 1)
    np.testing.assert_allclose(outputs(new), outputs(trainer), atol=1e-14)
    assert_kept(trainer, new, at_least=len(edges(trainer)))


def test_a_new_unit_has_fresh_weights_sends_zero_and_has_no_optimizer_state() -> None:
    trainer = trained(small_run("adam"))
    after = edges(surgery.add_unit(trainer, 1))
    incoming = [after[source, (1, 5)] for source in ("x", "y")]
    outgoing = [after[(1, 5), (2, unit)] for unit in (1, 2, 3)]
    assert all(values[0] != 0 for values in incoming)
    assert all(values[0] == 0 for values in outgoing)
    assert all(values[1:] == (0, 0) for values in (*incoming, *outgoing))


def test_new_units_are_drawn_differently_each_time() -> None:
    trainer = trained(small_run())
    twice = surgery.add_unit(surgery.add_unit(trainer, 1), 1)
    first_layer = twice.network.parameters["0.weight"]
    assert len(np.unique(first_layer.round(12))) == first_layer.size


def test_a_new_unit_learns() -> None:
    new = surgery.add_unit(trained(small_run("sgd")), 1)
    before = edges(new)
    for _ in range(20):
        new.step()
    after = edges(new)
    assert all(after[edge] != before[edge] for edge in after if (1, 5) in edge)


def test_a_removed_unit_takes_only_its_own_weights_with_it() -> None:
    trainer = trained(small_run())
    new = surgery.remove_unit(trainer, 1, unit_id=2)
    assert new.identity.layers[0].units == (1, 3, 4)
    assert_kept(trainer, new, at_least=len(edges(trainer)) - (2 + 1 + 3))
    assert surgery.remove_unit(trainer, 1).identity.layers[0].units == (1, 2, 3)


def test_ids_of_units_and_layers_are_never_used_twice() -> None:
    trainer = trained(small_run(), 1)
    new = surgery.add_unit(surgery.remove_unit(trainer, 1, 4), 1)
    assert new.identity.layers[0].units == (1, 2, 3, 5)
    again = surgery.add_layer(surgery.remove_layer(trainer, 2), 1)
    assert [layer.id for layer in again.identity.layers] == [1, 3, 0]


def test_removing_a_layer_keeps_the_others_and_draws_the_weights_between_them() -> None:
    trainer = trained(small_run())
    new = surgery.remove_layer(trainer, 2)
    before, after = edges(trainer), edges(new)
    assert_kept(trainer, new, at_least=4 * 3 + 1)
    assert [layer.units for layer in new.network.layers] == [4, 1]
    between = [after[(1, unit), (0, 1)] for unit in (1, 2, 3, 4)]
    assert all(weight != 0 and state == (0, 0) for weight, *rest in between for state in [tuple(rest)])
    assert after["bias", (0, 1)] == before["bias", (0, 1)]


def test_all_hidden_layers_can_be_removed_and_come_back() -> None:
    bare = surgery.remove_layer(surgery.remove_layer(trained(small_run()), 1), 2)
    assert bare.run.network.hidden == ()
    new = surgery.add_layer(bare, 0, units=5)
    np.testing.assert_allclose(outputs(new), outputs(bare), atol=0.1)
    assert new.run.network.hidden == (DenseSpec(5),)


# How far outputs (tanh, in −1..1) may move: exact for activations that are straight somewhere.
STRAIGHT = dict.fromkeys(("linear", "relu", "leaky_relu", "elu"), 1e-12)
CURVED = dict.fromkeys(("tanh", "sigmoid", "gelu", "silu", "softplus"), 0.1)


@pytest.mark.parametrize("activation", [*STRAIGHT, *CURVED])
@pytest.mark.parametrize("index", [0, 1, 2])
def test_a_new_layer_is_as_near_to_the_identity_as_its_activation_allows(activation: str, index: int) -> None:
    trainer = trained(small_run("sgd", activation, samples=300, train_fraction=0.8), 400)
    new = surgery.add_layer(trainer, index)
    assert np.abs(outputs(new) - outputs(trainer)).max() <= (STRAIGHT | CURVED)[activation]
    assert [layer.id for layer in new.identity.layers if layer.id not in (0, 1, 2)] == [3]
    assert new.identity.layers[index].id == 3
    widths = [2, 4, 3]
    assert new.run.network.hidden[index] == DenseSpec(widths[index], activation)


def test_a_new_layer_with_more_units_than_needed_has_room_to_learn() -> None:
    trainer = trained(small_run(activation="relu"))
    new = surgery.add_layer(trainer, 2, units=8)
    np.testing.assert_allclose(outputs(new), outputs(trainer), atol=1e-12)
    np.testing.assert_array_equal(new.network.parameters["3.weight"][3:], 0)
    assert np.all(new.network.parameters["2.weight"][:, 3:] != 0)


def test_a_narrow_new_layer_passes_on_what_matters_most() -> None:
    trainer = trained(small_run("sgd", "relu", samples=300), 400)
    weights = trainer.network.parameters["1.weight"]
    weights[2] = 0
    new = surgery.add_layer(trainer, 1, units=3)
    np.testing.assert_allclose(outputs(new), outputs(trainer), atol=1e-12)


def test_a_new_layer_in_front_of_images_has_a_unit_for_every_pixel() -> None:
    network = NetworkSpec((DenseSpec(8, "relu"),), "softmax", "cross_entropy")
    trainer = Trainer(RunSpec(DataSpec("digits", 100), network))
    new = surgery.add_layer(trainer, 0)
    assert new.run.network.hidden[0].units == 64
    np.testing.assert_allclose(outputs(new), outputs(trainer), atol=1e-12)


def test_adam_counts_anew_where_others_join_and_goes_on_where_none_do() -> None:
    trainer = trained(small_run("adam"))
    assert surgery.add_unit(trainer, 1).optimizer.steps == 0
    assert surgery.remove_unit(trainer, 1).optimizer.steps == 60
    slower = surgery.change(trainer, with_changes(trainer.run, {"training.learning_rate": 0.001}))
    assert slower.optimizer.steps == 60


def test_data_that_were_handed_over_stay() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(30, 3))
    own = Dataset(x[:20], x[:20].sum(axis=1), x[20:], x[20:].sum(axis=1))
    run = RunSpec(network=NetworkSpec((DenseSpec(4),), "linear"))
    trainer = Trainer(run, dataset=own)
    trainer.step()
    new = surgery.add_layer(surgery.add_unit(trainer, 1), 0)
    assert new.dataset is own
    assert new.network.plan.inputs == 3
    wider = surgery.change(trainer, with_changes(run, {"training.batch_size": 5}))
    np.testing.assert_array_equal(wider.network.arena.parameters, trainer.network.arena.parameters)


REFUSED: list[tuple[Callable[[Trainer], Trainer], str]] = [
    (lambda trainer: surgery.add_layer(trainer, 3), "index 3 refused: must be at most 2"),
    (lambda trainer: surgery.add_layer(trainer, -1), "index -1 refused: must be at least 0"),
    (lambda trainer: surgery.add_layer(trainer, 0, 0), "units 0 refused: must be at least 1"),
    (lambda trainer: surgery.add_layer(trainer, 0, 129), "units 129 refused: must be at most 128"),
    (lambda trainer: surgery.remove_layer(trainer, 0), "layer 0 refused: must be the id of a hidden layer"),
    (lambda trainer: surgery.remove_layer(trainer, 9), "layer 9 refused: must be the id of a hidden layer"),
    (lambda trainer: surgery.add_unit(trainer, 0), "layer 0 refused: must be the id of a hidden layer"),
    (lambda trainer: surgery.remove_unit(trainer, 1, 9), "unit 9 refused: must be the id of a unit of this layer"),
]


@pytest.mark.parametrize(("change", "sentence"), REFUSED, ids=[sentence for _, sentence in REFUSED])
def test_a_change_that_makes_no_sense_is_refused(change: Callable[[Trainer], Trainer], sentence: str) -> None:
    with pytest.raises(SpecError) as caught:
        change(Trainer(small_run()))
    assert str(caught.value) == sentence


def test_limits_hold_for_surgery_as_well() -> None:
    deepest = Trainer(RunSpec(network=NetworkSpec((DenseSpec(1),) * 64)))
    with pytest.raises(SpecError, match="must be at most 64 layers"):
        surgery.add_layer(deepest, 5)
    with pytest.raises(SpecError, match="remove the layer instead"):
        surgery.remove_unit(deepest, 1)
    widest = Trainer(RunSpec(network=NetworkSpec((DenseSpec(128),))))
    with pytest.raises(SpecError, match=r"units 129 refused: must be at most 128"):
        surgery.add_unit(widest, 1)


actions = st.sampled_from(["add layer", "remove layer", "add unit", "remove unit", "features", "batch", "step"])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(actions, st.integers(0, 30)), max_size=8))
def test_whatever_is_changed_in_whatever_order_weights_between_survivors_are_kept(plan: list[tuple[str, int]]) -> None:
    trainer = trained(small_run("momentum", "relu"), 5)
    for action, number in plan:
        hidden = [layer for layer in trainer.identity.layers if layer.id]
        layer = hidden[number % len(hidden)] if hidden else None
        old = trainer
        match action:
            case "add layer":
                trainer = surgery.add_layer(trainer, number % (len(hidden) + 1))
            case "remove layer" if layer:
                trainer = surgery.remove_layer(trainer, layer.id)
            case "add unit" if layer:
                trainer = surgery.add_unit(trainer, layer.id)
            case "remove unit" if layer and len(layer.units) > 1:
                trainer = surgery.remove_unit(trainer, layer.id, layer.units[number % len(layer.units)])
            case "features":
                names = ["x", "y", "xy", "x2"][: number % 4 + 1]
                trainer = surgery.change(trainer, with_changes(trainer.run, {"data.features": names}))
            case "batch":
                trainer = surgery.change(trainer, with_changes(trainer.run, {"training.batch_size": number + 1}))
            case _:
                trainer.step()
                continue
        before, after = edges(old), edges(trainer)
        # A new layer takes over part of the bias behind it; everything else between survivors stays.
        both = {edge for edge in before.keys() & after.keys() if action != "add layer" or edge[0] != "bias"}
        assert {edge: before[edge] for edge in both} == {edge: after[edge] for edge in both}
        # Where no layer was left to take after, the new one is tanh, which cannot hand on everything.
        straight = {layer.activation for layer in trainer.run.network.hidden} == {"relu"}
        if action in ("add unit", "batch") or (action == "add layer" and straight):
            np.testing.assert_allclose(outputs(trainer), outputs(old), rtol=1e-9, atol=1e-9)
    trainer.step()
