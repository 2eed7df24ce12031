"""Switching a layer's normalisation while a run goes on leaves what the network computes as it is, where it can."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine import DataSpec, DenseSpec, NetworkSpec, RunSpec, Trainer, TrainingSpec, surgery
from engine.adapt import with_changes
from engine.normalizations import EPSILON


def trained(*normalizations: str, steps: int = 60, dtype: str = "float64") -> Trainer:
    hidden = tuple(DenseSpec(5, "tanh", normalization=name) for name in normalizations)
    training = TrainingSpec("adam", learning_rate=0.01, batch_size=10)
    run = RunSpec(DataSpec("moons", noise=0.1), NetworkSpec(hidden), training, dtype=dtype)
    trainer = Trainer(run)
    for _ in range(steps):
        trainer.step()
    return trainer


def switched(before: Trainer, to: str, which: str = "*") -> Trainer:
    return surgery.change(before, with_changes(before.run, {f"network.hidden.{which}.normalization": to}))


def jump(before: Trainer, after: Trainer) -> float:
    """The largest change of an output over the test data, which the statistics were not taken from."""
    x = before.dataset.x_test
    return float(np.abs(after.network.forward(x) - before.network.forward(x)).max())


@pytest.mark.parametrize(("before", "after"), [("none", "batch"), ("batch", "none")])
@pytest.mark.parametrize(("dtype", "rounding"), [("float64", 1e-12), ("float32", 1e-4)])
def test_batch_normalisation_comes_and_goes_without_a_jump(
    before: str, after: str, dtype: str, rounding: float
) -> None:
    old = trained(before, before, before, dtype=dtype)
    new = switched(old, after)
    assert jump(old, new) < rounding
    assert new.steps == old.steps
    assert new.evaluate().test.loss == pytest.approx(old.evaluate().test.loss, rel=100 * rounding)


def test_a_layer_that_becomes_normalised_starts_from_the_statistics_of_the_training_data() -> None:
    old = trained("none", "none")
    new = switched(old, "batch", "1")
    p = old.network.parameters
    u = np.tanh(old.dataset.x_train @ p["0.weight"] + p["0.bias"]) @ p["1.weight"] + p["1.bias"]
    np.testing.assert_allclose(new.network.arena.running, [*u.mean(0), *u.var(0, ddof=1)], rtol=1e-12)
    np.testing.assert_allclose(new.network.parameters["1.scale"], np.sqrt(u.var(0, ddof=1) + EPSILON), rtol=1e-12)
    np.testing.assert_allclose(new.network.parameters["1.shift"], u.mean(0), rtol=1e-12)
    for name in ("0.weight", "0.bias", "1.weight", "1.bias", "2.weight", "2.bias"):
        np.testing.assert_array_equal(new.network.parameters[name], p[name])


def test_the_training_pass_after_the_switch_is_that_of_before_on_the_whole_data() -> None:
    old = trained("none", "none")
    new = switched(old, "batch")
    x, y = (getattr(old.samples.train, name) for name in ("inputs", "targets"))
    losses = [trainer.network.loss_and_gradients(x, y)[0] for trainer in (old, new)]
    assert losses[1] == pytest.approx(losses[0], rel=0.01)


def pre_activations(trainer: Trainer) -> np.ndarray:
    """z (units, samples) of the first layer in evaluation, over the training data."""
    x = trainer.dataset.x_train
    evaluation = trainer.network.forward_pass(len(x))
    evaluation.inputs[...] = x.T
    evaluation.run()
    return evaluation.signals.pre_activations[trainer.network.plan.rows[0]].copy()


@pytest.mark.parametrize(("before", "after"), [
    ("none", "layer"), ("layer", "none"), ("layer", "batch"), ("batch", "layer"),
])
def test_layer_normalisation_depends_on_the_sample_and_is_switched_as_nearly_as_a_line_can(
    before: str, after: str
) -> None:
    old = trained(before)
    new = switched(old, after)
    z, was = pre_activations(new), pre_activations(old)
    left = was - z
    assert jump(old, new) > 0
    # The least squares leave nothing that a line of the new z could still explain.
    np.testing.assert_allclose(left.mean(1), 0, atol=1e-10)
    np.testing.assert_allclose((left * z).mean(1), 0, atol=1e-10)
    assert ((left**2).mean(1) < was.var(1)).all()


def test_a_layer_whose_signal_has_died_starts_as_a_new_one_and_is_rescued() -> None:
    run = RunSpec(
        network=NetworkSpec((DenseSpec(8, "sigmoid"),) * 10), training=TrainingSpec(learning_rate=0.1, batch_size=25)
    )
    old = Trainer(run)
    for _ in range(300):
        old.step()
    new = switched(old, "batch")
    np.testing.assert_allclose(new.network.parameters["9.scale"], 1)
    np.testing.assert_allclose(new.network.parameters["9.shift"], 0, atol=1e-12)
    for _ in range(1000):
        old.step()
        new.step()
    assert new.evaluate().train.loss < 0.1 < 0.4 < old.evaluate().train.loss


def test_weights_that_were_rescaled_lose_their_optimizer_state_and_others_keep_it() -> None:
    old = trained("batch", "none")
    folded, added = switched(old, "none", "0"), switched(old, "batch", "1")
    for new, lost in ((folded, {"0.weight", "0.bias"}), (added, {"1.scale", "1.shift"})):
        for name, values in new.optimizer_state["mean"].items():
            kept = old.optimizer_state["mean"].get(name)
            assert (name in lost) == (not values.any())
            assert name in lost or np.array_equal(values, kept)
        for _ in range(30):
            new.step()


def test_units_that_come_with_the_switch_start_as_new_ones_do() -> None:
    old = trained("none")
    changes = {"network.hidden.0.normalization": "batch", "network.hidden.0.units": 7}
    new = surgery.change(old, with_changes(old.run, changes))
    np.testing.assert_array_equal(new.network.parameters["0.scale"][5:], 1)
    np.testing.assert_array_equal(new.network.arena.running.reshape(2, 7)[:, 5:], [[0, 0], [1, 1]])
    assert jump(old, new) < 1e-12


def test_a_unit_that_is_constant_stays_what_it_is() -> None:
    old = trained("none")
    old.network.parameters["0.weight"][:, 2] = 0
    for new in (switched(old, "batch"), switched(switched(old, "batch"), "none")):
        assert jump(old, new) < 1e-12


def test_a_network_without_statistics_of_its_own_is_switched_by_those_it_was_given() -> None:
    run = replace(trained("none", steps=0).run, network=NetworkSpec((DenseSpec(4, "relu", normalization="batch"),)))
    old = Trainer(run)
    new = switched(old, "none")
    assert jump(old, new) < 1e-12
    np.testing.assert_allclose(
        new.network.parameters["0.weight"], old.network.parameters["0.weight"] / np.sqrt(1 + EPSILON), rtol=1e-15
    )
