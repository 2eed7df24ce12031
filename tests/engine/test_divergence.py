"""Numbers that are not finite are never committed, and the first tensor that held one is named."""

import numpy as np
import pytest

from engine import Dataset, DenseSpec, NetworkSpec, NonFiniteError, RunSpec, Trainer, TrainingSpec


def train(trainer: Trainer, steps: int) -> None:
    for _ in range(steps):
        trainer.step()


def exploding() -> Trainer:
    hidden = (DenseSpec(16, "relu", init="he_normal", init_gain=2.0),) * 10
    return Trainer(RunSpec(network=NetworkSpec(hidden=hidden, output_activation="linear")))


def test_a_step_that_is_not_finite_is_not_taken_and_says_where_it_overflowed() -> None:
    trainer, ahead = exploding(), exploding()
    with pytest.raises(NonFiniteError) as stopped:
        train(ahead, 200)
    train(trainer, ahead.steps)
    before = trainer.state()
    with pytest.raises(NonFiniteError):
        trainer.step()
    error = stopped.value
    assert (error.step, trainer.steps) == (before["steps"] + 1, before["steps"])
    assert error.layer_id == trainer.layers[error.layer].id
    assert error.tensor.startswith(f"{error.layer}.")
    assert error.tensor in str(error)
    np.testing.assert_array_equal(trainer.network.arena.parameters, before["parameters"])
    assert np.isfinite(trainer.network.arena.parameters).all()
    with pytest.raises(RuntimeError, match="no computed step"):
        trainer.apply()
    with pytest.raises(NonFiniteError):
        trainer.step()


@pytest.mark.parametrize(("name", "value", "tensor"), [
    ("0.weight", 1e308, "0.pre-activation"), ("1.weight", np.nan, "1.pre-activation"),
    ("2.bias", np.inf, "2.pre-activation"), ("2.weight", 1e305, "loss"),
])
def test_the_first_tensor_that_overflows_is_named(name: str, value: float, tensor: str) -> None:
    trainer = Trainer(RunSpec(network=NetworkSpec(output_activation="linear")))
    trainer.network.parameters[name][...] = value
    with pytest.raises(NonFiniteError) as stopped:
        trainer.compute()
    assert stopped.value.tensor == tensor


def test_an_overflow_that_a_saturated_unit_would_hide_is_found() -> None:
    trainer = Trainer(RunSpec(network=NetworkSpec(hidden=(DenseSpec(2, "relu"),), output_activation="tanh")))
    trainer.network.parameters["0.bias"][...] = 1e170
    trainer.network.parameters["1.weight"][...] = 1e140
    with pytest.raises(NonFiniteError, match=r"1\.pre-activation"):
        trainer.compute()


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_weight_that_would_overflow_with_its_update_is_never_committed(dtype: str) -> None:
    # The input is always 0, so that a huge weight does no harm, and the velocity pushes it on.
    data = Dataset(np.zeros((2, 1)), [[1.0], [1.0]], np.zeros((2, 1)), [[1.0], [1.0]])
    network = NetworkSpec(hidden=(), output_activation="linear")
    training = TrainingSpec(optimizer="momentum", learning_rate=1.0)
    trainer = Trainer(RunSpec(network=network, training=training, dtype=dtype), dataset=data)
    state, largest = trainer.state(), np.finfo(dtype).max
    state["parameters"][0] = 0.6 * largest
    state["slots"]["velocity"][0] = -0.6 * largest
    trainer.load_state(state)
    with pytest.raises(NonFiniteError, match=r"in 0\.weight$"):
        trainer.step()
    np.testing.assert_array_equal(trainer.network.arena.parameters, state["parameters"])


def test_an_optimizer_state_that_overflows_is_never_committed() -> None:
    # The gradient is x times δ: 1e160, whose square is not finite though the update would be.
    data = Dataset([[1e160]], [[1.0]], [[1e160]], [[1.0]])
    network = NetworkSpec(hidden=(), output_activation="sigmoid", loss="binary_cross_entropy", output_init="zeros")
    trainer = Trainer(RunSpec(network=network, training=TrainingSpec(optimizer="adam")), dataset=data)
    with pytest.raises(NonFiniteError, match=r"0\.weight update"):
        trainer.step()
    assert all((values == 0).all() for values in trainer.state()["slots"].values())


def test_a_run_that_clips_the_norm_stays_finite_where_the_same_run_explodes() -> None:
    run = exploding().run
    clipped = Trainer(RunSpec(network=run.network, training=TrainingSpec(clip_norm=1.0)))
    for _ in range(200):
        clipped.step()
    assert np.isfinite(clipped.evaluate().train.loss)


def test_what_an_overflow_left_behind_does_not_disturb_batches_of_another_size() -> None:
    # 23 samples in batches of 10: the last of an epoch has 3, whose arrays share memory with those of the others.
    rng = np.random.default_rng(4)
    x = rng.uniform(-1, 1, size=(23, 2))
    data, run = Dataset(x, x[:, 0], x, x[:, 0]), RunSpec(network=NetworkSpec(output_activation="linear"))
    disturbed, calm = Trainer(run, dataset=data), Trainer(run, dataset=data)
    for trainer in (disturbed, calm):
        train(trainer, 3)
    weight = disturbed.network.parameters["0.weight"]
    kept = weight.copy()
    weight[...] = np.nan
    with pytest.raises(NonFiniteError):
        disturbed.compute()
    weight[...] = kept
    for _ in range(6):
        assert disturbed.step().values.tobytes() == calm.step().values.tobytes()
