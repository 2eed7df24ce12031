"""A kind of layer of its own, with running state and noise: network and trainer carry it without knowing of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

import numpy as np
import pytest

from engine import Dataset, DenseSpec, Network, NetworkSpec, RunSpec, Trainer, TrainingSpec
from engine.factors import factors
from engine.kernels import Array, Kernels, constant
from engine.layers import LAYERS, BackwardArrays, ForwardArrays, Parameter, Pointwise


@dataclass(frozen=True)
class NoisySpec(DenseSpec):
    """Units that scale their input, with noise added in training, minus the average of what they have seen."""

    kind: ClassVar[str] = "noisy"


class Noisy:
    """z = w x + ½ noise − mean, one weight a unit, no bias; the mean moves a tenth towards the batch's at each step."""

    def __init__(self, spec: Any, fan_in: int) -> None:
        self.units = self.running = self.noise = fan_in
        self.memory = 0
        self.parameters = (Parameter("weight", (fan_in,), weight=True),)
        self.pointwise = Pointwise("tanh", ())

    def initialize(self, parameters: Mapping[str, Array], running: Array, rng: np.random.Generator) -> None:
        parameters["weight"][...] = rng.uniform(0.5, 1.5, self.units)
        running[...] = 0.25

    def draw(self, noise: Array, rng: np.random.Generator) -> None:
        noise[...] = rng.normal(size=noise.shape)

    def forward(self, arrays: ForwardArrays) -> Kernels:
        z, x = arrays.pre_activations, arrays.inputs[:-1]
        weights, mean = arrays.parameters[:, None], arrays.running[:, None]
        half_noise = np.zeros_like(z)
        kernels: Kernels = (partial(np.multiply, weights, x, z), partial(np.subtract, z, mean, z))
        if arrays.training:
            after, tenth = arrays.next_running, constant(0.1, z)
            kernels += (
                partial(np.multiply, arrays.noise, constant(0.5, z), half_noise),
                partial(np.add, z, half_noise, z),
                partial(np.mean, x, 1, None, after),
                partial(np.subtract, after, arrays.running, after),
                partial(np.multiply, after, tenth, after),
                partial(np.add, after, arrays.running, after),
            )
        return (*kernels, *self.pointwise.bind_value(z, arrays.activations))

    def backward(self, forward: ForwardArrays, backward: BackwardArrays) -> Kernels:
        weights, x, product = forward.parameters[:, None], forward.inputs[:-1], np.empty_like(backward.deltas)
        assert backward.slopes is not None
        kernels: Kernels = (
            partial(np.multiply, backward.upstream, backward.slopes, backward.deltas),
            partial(np.multiply, x, backward.deltas, product),
            partial(np.add.reduce, product, 1, None, backward.gradients),
        )
        if backward.input_upstream is None:
            return kernels
        return (*kernels, partial(np.multiply, weights, backward.deltas, backward.input_upstream))

    def route(self, forward: ForwardArrays, backward: BackwardArrays) -> Mapping[str, Array]:
        reached = {"slope": backward.deltas}
        return reached if backward.input_upstream is None else reached | {"gain": backward.input_upstream}


@pytest.fixture(autouse=True)
def noisy_layers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LAYERS, "noisy", Noisy)


HIDDEN = (DenseSpec(3, "tanh"), NoisySpec(3), DenseSpec(2, "relu", bias_init=0.1))


def trainer(seed: int = 0) -> Trainer:
    rng = np.random.default_rng(5)
    x = rng.normal(size=(26, 2))
    data = Dataset(x[:20], x[:20, :1] * x[:20, 1:], x[20:], x[20:, :1] * x[20:, 1:])
    network = NetworkSpec(hidden=HIDDEN, output_activation="linear")
    return Trainer(RunSpec(network=network, training=TrainingSpec(batch_size=6), seed=seed), dataset=data)


def test_its_parameters_are_named_and_trained_with_the_others() -> None:
    running = trainer()
    assert list(running.network.parameters) == [
        "0.weight", "0.bias", "1.weight", "2.weight", "2.bias", "3.weight", "3.bias",
    ]
    before = running.network.parameters["1.weight"].copy()
    record = running.step()
    assert (running.network.parameters["1.weight"] != before).all()
    assert record.gradient_rms[1] == pytest.approx(
        np.sqrt(np.square(running.network.plan.named(running.network.arena.gradients)["1.weight"]).mean())
    )


def test_its_gradient_is_that_of_the_loss_with_the_same_noise() -> None:
    h = 1e-6

    def network(nudge: float = 0.0) -> Network:
        net = Network((*HIDDEN, DenseSpec(1, "linear")), 2, "squared_error", np.random.default_rng(1))
        net.parameters["1.weight"][1] += nudge
        return net

    x, y = np.random.default_rng(2).normal(size=(4, 2)), np.ones((4, 1))
    _, gradients = network().loss_and_gradients(x, y)
    above, below = (network(nudge).loss_and_gradients(x, y)[0] for nudge in (h, -h))
    assert gradients["1.weight"][1] == pytest.approx((above - below) / (2 * h), rel=1e-6)


def test_its_running_state_changes_only_when_a_step_is_applied() -> None:
    running = trainer()
    state = running.network.arena.running
    np.testing.assert_array_equal(state, 0.25)
    running.compute()
    running.evaluate()
    running.network.loss_and_gradients([[1.0, 2.0]], [[0.0]])
    np.testing.assert_array_equal(state, 0.25)
    before = running.layers[0].activations.mean(1)
    running.apply()
    np.testing.assert_allclose(state, 0.25 + 0.1 * (before - 0.25))


def test_its_noise_is_the_same_however_often_a_step_is_computed_and_another_at_the_next() -> None:
    running = trainer()
    running.compute()
    first = running.layers[1].pre_activations.copy()
    running.compute()
    np.testing.assert_array_equal(running.layers[1].pre_activations, first)
    np.testing.assert_array_equal(trainer().step().values, running.record.values)
    running.apply()
    running.compute()
    assert (running.layers[1].pre_activations != first).all()


def test_evaluation_neither_draws_nor_moves_the_mean() -> None:
    running = trainer()
    x = running.dataset.x_train
    np.testing.assert_array_equal(running.network.forward(x), running.network.forward(x))
    assert running.evaluate() == running.evaluate()


def test_its_state_comes_back_with_the_rest() -> None:
    running, other = trainer(), trainer()
    for _ in range(7):
        running.step()
    other.load_state(running.state())
    for _ in range(5):
        assert running.step().values.tobytes() == other.step().values.tobytes()
    assert running.network.arena.running.tobytes() == other.network.arena.running.tobytes()


def test_its_factors_are_found_by_its_own_route() -> None:
    running = trainer()
    running.compute()
    delta = running.record.delta_rms
    assert factors(running).values.prod() == pytest.approx(delta[0] / delta[-1], rel=1e-12)


def test_a_dense_layer_refuses_to_draw() -> None:
    with pytest.raises(TypeError, match="Dense draws no random numbers"):
        LAYERS["dense"](DenseSpec(2, "tanh"), 2).draw(np.zeros((0, 3)), np.random.default_rng(0))
