"""Saturated, silent and dead: counted on networks whose weights are set by hand."""

from __future__ import annotations

import numpy as np
import pytest

from engine import Dataset, DataSpec, DenseSpec, NetworkSpec, RunSpec, Trainer, TrainingSpec
from engine.shares import shares_of_batch, shares_of_training_set


def trainer(*layers: DenseSpec, batch_size: int = 4) -> Trainer:
    """On x = 0, 1, ..., 11 (a single input), in this order."""
    x = np.arange(12.0)[:, None]
    run = RunSpec(
        data=DataSpec(features=("x",)),
        network=NetworkSpec(hidden=layers, output_activation="linear"),
        training=TrainingSpec(batch_size=batch_size, shuffle="none"),
    )
    running = Trainer(run, dataset=Dataset(x, 0 * x, x, 0 * x))
    running.compute()
    return running


def with_weights(running: Trainer, weights: list[float], biases: list[float]) -> Trainer:
    running.network.parameters["0.weight"][...] = [weights]
    running.network.parameters["0.bias"][...] = biases
    running.compute()
    return running


@pytest.mark.parametrize(("activation", "middle", "slope", "share"), [
    # tanh z > 0.97 from z = 2.0923 on, σ(z) > 0.97 from z = 3.4761 on; the straight ones at 0.97 and 2.82.
    ("tanh", 0.0, 0.4, 6 / 12),
    ("sigmoid", 0.0, 0.4, 3 / 12),
    ("hard_tanh", 0.0, 0.4, 9 / 12),
    ("hard_sigmoid", 0.0, 0.4, 4 / 12),
])
def test_a_value_is_saturated_where_it_is_pressed_against_either_end_of_its_range(
    activation: str, middle: float, slope: float, share: float
) -> None:
    running = with_weights(trainer(DenseSpec(2, activation)), [slope, -slope], [middle, middle])
    shares = shares_of_training_set(running)[0]
    assert shares.saturation is not None
    np.testing.assert_allclose(shares.saturation, share)
    assert shares.saturated == pytest.approx(share)
    assert shares.zero is None
    assert shares.zero_share is None


def test_a_unit_that_is_silent_on_a_batch_is_dead_only_if_it_is_0_on_all_training_data() -> None:
    running = with_weights(trainer(DenseSpec(3, "relu")), [1.0, 1.0, -1.0], [0.0, -5.0, -1.0])
    batch, training = shares_of_batch(running)[0], shares_of_training_set(running)[0]
    assert batch.zero is not None
    assert training.zero is not None
    # The first batch is x = 0 ... 3: the second unit begins at 6.
    assert batch.zero.tolist() == [False, True, True]
    assert training.zero.tolist() == [False, False, True]
    assert training.zero_share == pytest.approx(1 / 3)
    assert batch.saturation is None
    assert batch.saturated is None


@pytest.mark.parametrize("option", [{"residual": True}, {"dropout": 0.5}])
def test_what_is_put_around_an_activation_does_not_hide_that_its_unit_is_dead(option: dict[str, object]) -> None:
    running = with_weights(trainer(DenseSpec(1, "relu", **option)), [0.0], [-1.0])
    assert shares_of_batch(running)[0].zero_share == 1
    assert shares_of_training_set(running)[0].zero_share == 1


def test_a_dead_unit_gets_no_error_signal_from_any_batch() -> None:
    running = trainer(DenseSpec(6, "relu", bias_init=-4.0))
    dead = shares_of_training_set(running)[0].zero
    assert dead is not None
    assert 0 < dead.sum() < 6
    for _ in range(3):
        assert not running.layers[0].deltas[dead].any()
        running.apply()
        running.compute()


def test_the_shares_of_a_training_set_are_the_same_however_it_is_cut_into_chunks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    running = trainer(DenseSpec(5, "tanh", init_gain=2.0), DenseSpec(5, "relu"))
    whole = shares_of_training_set(running)
    monkeypatch.setattr(type(running.network), "chunk", 5)
    for one, other in zip(whole, shares_of_training_set(running), strict=True):
        np.testing.assert_array_equal(one.saturation, other.saturation)
        np.testing.assert_array_equal(one.zero, other.zero)


def test_an_evaluation_has_the_shares_of_the_training_set_layer_by_layer() -> None:
    running = trainer(
        DenseSpec(5, "tanh", init_gain=2.0), DenseSpec(4, "tanh", init_gain=2.0), DenseSpec(5, "relu"),
        DenseSpec(5, "relu", residual=True), DenseSpec(5, "sigmoid", residual=True, init_gain=3.0),
    )  # fmt: skip
    evaluation, layers = running.evaluate(), shares_of_training_set(running)
    saturated, dead = ([getattr(layer, name) for layer in layers] for name in ("saturated", "zero_share"))
    assert saturated[0] > 0
    assert dead[2] > 0
    assert dead[0] is saturated[2] is None
    for found, expected in ((evaluation.saturated, saturated), (evaluation.dead, dead)):
        assert [share is None for share in found] == [share is None for share in expected]
        np.testing.assert_allclose(np.array(found, dtype=float), np.array(expected, dtype=float), rtol=1e-14)


def test_looking_at_shares_changes_nothing_of_the_computed_pass() -> None:
    running = trainer(DenseSpec(5, "relu"), DenseSpec(5, "tanh"))
    before = [layer.activations.copy() for layer in running.layers]
    shares_of_training_set(running)
    shares_of_batch(running)
    for values, layer in zip(before, running.layers, strict=True):
        np.testing.assert_array_equal(values, layer.activations)
