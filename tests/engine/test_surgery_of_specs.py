"""Any other change of a spec keeps what it can: weights, optimizer state, the place in the epoch."""

from dataclasses import replace

import numpy as np
import pytest

from engine import surgery
from engine.adapt import with_changes
from engine.spec import DenseSpec
from engine.trainer import Trainer
from tests.engine.surgical import assert_kept, edges, outputs, same_state, small_run, trained

KEEPING: list[dict[str, object]] = [
    {"training.learning_rate": 0.5},
    {"training.batch_size": 3},
    {"training.l2": 0.01},
    {"training.clip_norm": 1.0},
    {"training.shuffle": "once"},
    {"training.optimizer_options.beta1": 0.8},
    {"network.hidden.*.activation": "relu"},
    {"network.output_activation": "linear"},
    {"network.loss": "squared_error"},
    {"data.noise": 0.3},
    {"data.samples": 100},
    {"data.train_fraction": 0.7},
]


@pytest.mark.parametrize("changes", KEEPING, ids=lambda changes: next(iter(changes)))
def test_a_change_that_leaves_the_shape_keeps_all_weights_and_optimizer_state(changes: dict[str, object]) -> None:
    trainer = trained(small_run("adam"))
    new = surgery.change(trainer, with_changes(trainer.run, changes))
    assert edges(new) == edges(trainer)
    assert new.optimizer.steps == trainer.optimizer.steps
    assert new.steps == 60
    assert not surgery.begins_afresh(trainer, new.run)


def test_a_change_of_the_learning_rate_alone_goes_on_with_the_same_bits() -> None:
    trainer = trained(small_run("adam"))
    new = surgery.change(trainer, trainer.run)
    for _ in range(50):
        trainer.step()
        new.step()
    assert same_state(trainer, new)


@pytest.mark.parametrize("batch_size", [1, 3, 8, 60])
def test_another_batch_size_goes_on_as_far_into_the_epoch_and_never_back(batch_size: int) -> None:
    trainer = trained(small_run(), 8)
    new = surgery.change(trainer, with_changes(trainer.run, {"training.batch_size": batch_size}))
    assert trainer.epoch <= new.epoch <= trainer.epoch + 1 / new.batches_per_epoch


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        ("momentum", "nesterov", {"velocity"}),
        ("adam", "rmsprop", {"square"}),
        ("rmsprop", "adam", {"square"}),
        ("momentum", "adam", set()),
        ("adam", "sgd", set()),
    ],
)
def test_another_optimizer_keeps_the_slots_of_the_same_name(old: str, new: str, kept: set[str]) -> None:
    trainer = trained(small_run(old))
    changed = surgery.change(trainer, with_changes(trainer.run, {"training.optimizer": new}))
    np.testing.assert_array_equal(changed.network.arena.parameters, trainer.network.arena.parameters)
    for slot, values in changed.optimizer.current.items():
        expected = trainer.optimizer.current[slot] if slot in kept else 0
        np.testing.assert_array_equal(values, np.broadcast_to(expected, values.shape))
    assert changed.optimizer.steps == (60 if kept else 0)


def test_another_precision_keeps_the_weights() -> None:
    trainer = trained(small_run())
    new = surgery.change(trainer, with_changes(trainer.run, {"dtype": "float32"}))
    np.testing.assert_allclose(new.network.arena.parameters, trainer.network.arena.parameters, rtol=1e-6)
    assert new.network.dtype == np.float32


def test_a_new_feature_leaves_the_function_unchanged_and_a_removed_one_takes_only_its_own_weights() -> None:
    trainer = trained(small_run())
    more = surgery.change(trainer, with_changes(trainer.run, {"data.features": ["x", "xy", "y"]}))
    np.testing.assert_allclose(outputs(more), outputs(trainer), atol=1e-14)
    assert_kept(trainer, more, at_least=len(edges(trainer)))
    less = surgery.change(trainer, with_changes(trainer.run, {"data.features": ["y"]}))
    assert_kept(trainer, less, at_least=len(edges(trainer)) - 4)


def test_units_set_by_number_keep_the_first_and_add_at_the_end() -> None:
    trainer = trained(small_run())
    wider = surgery.change(trainer, with_changes(trainer.run, {"network.hidden.0.units": 6}))
    np.testing.assert_allclose(outputs(wider), outputs(trainer), atol=1e-14)
    narrower = surgery.change(wider, with_changes(wider.run, {"network.hidden.0.units": 4}))
    assert edges(narrower) == edges(trainer)
    assert surgery.add_unit(narrower, 1).identity.layers[0].units == (1, 2, 3, 4, 7)


def test_a_spec_with_other_layers_keeps_those_at_the_same_places() -> None:
    trainer = trained(small_run())
    run = replace(trainer.run, network=replace(trainer.run.network, hidden=(*trainer.run.network.hidden, DenseSpec(5))))
    new = surgery.change(trainer, run)
    assert_kept(trainer, new, at_least=2 * 4 + 4 + 4 * 3 + 3)
    assert [layer.id for layer in new.identity.layers] == [1, 2, 3, 0]


@pytest.mark.parametrize(
    "changes",
    [
        {"data.name": "xor"},
        {"seed": 8},
        {"network.hidden.*.init": "he_normal"},
        {"network.hidden.0.init_gain": 2.0},
        {"network.hidden.1.bias_init": 0.1},
        {"network.output_init": "zeros"},
        {"network.output_init_gain": 0.5},
        {"network.output_bias_init": 0.1},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_another_data_set_seed_or_initializer_starts_afresh(changes: dict[str, object]) -> None:
    trainer = trained(small_run())
    run = with_changes(trainer.run, changes)
    assert same_state(surgery.change(trainer, run), Trainer(run))
    assert surgery.begins_afresh(trainer, run)


def test_softmax_after_sigmoid_says_the_same_and_back() -> None:
    run = with_changes(small_run("sgd"), {"network.loss": "binary_cross_entropy"})
    sigmoid = trained(run, 200)
    softmax = surgery.change(sigmoid, with_changes(run, {"network.loss": "cross_entropy"}))
    np.testing.assert_allclose(outputs(softmax)[:, 1], outputs(sigmoid)[:, 0], atol=1e-12)
    assert_kept(sigmoid, softmax, at_least=len(edges(sigmoid)))
    assert edges(surgery.change(softmax, run)) == edges(sigmoid)
