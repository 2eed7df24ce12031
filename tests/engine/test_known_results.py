"""Results that are known from elsewhere, and laws that any network has to keep."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Dataset, DataSpec, DenseSpec, Network, NetworkSpec, RunSpec, Trainer, TrainingSpec
from engine.activations import ACTIVATIONS
from engine.losses import LOSSES

SMOOTH = ["sigmoid", "tanh", "softplus", "gelu", "silu", "mish", "sine", "gaussian"]


def test_the_worked_two_two_two_example_that_is_taught_everywhere() -> None:
    # Inputs .05 .10, targets .01 .99, weights .15 to .55, biases .35 and .60, sigmoid throughout, learning rate .5.
    data = Dataset([[0.05, 0.10]], [[0.01, 0.99]], [[0.05, 0.10]], [[0.01, 0.99]])
    network = NetworkSpec(hidden=(DenseSpec(2, "sigmoid"),), output_activation="sigmoid")
    trainer = Trainer(RunSpec(network=network, training=TrainingSpec(learning_rate=0.5)), dataset=data)
    p = trainer.network.parameters
    p["0.weight"][...] = [[0.15, 0.25], [0.20, 0.30]]
    p["0.bias"][...] = 0.35
    p["1.weight"][...] = [[0.40, 0.50], [0.45, 0.55]]
    p["1.bias"][...] = 0.60
    trainer.compute()
    hidden, output = (layer.activations[:, 0] for layer in trainer.layers)
    np.testing.assert_allclose(hidden, [0.593269992, 0.596884378], atol=5e-10)
    np.testing.assert_allclose(output, [0.751365070, 0.772928465], atol=5e-10)
    assert trainer.record.loss == pytest.approx(0.298371109, abs=5e-10)
    np.testing.assert_allclose(trainer.layers[1].deltas[:, 0], [0.138498562, -0.038098236], atol=5e-10)
    trainer.apply()
    np.testing.assert_allclose(p["1.weight"].T, [[0.358916480, 0.408666186], [0.511301270, 0.561370121]], atol=5e-10)
    np.testing.assert_allclose(p["0.weight"].T, [[0.149780716, 0.199561432], [0.249751144, 0.299502287]], atol=5e-10)


def test_the_error_signal_of_a_deep_sigmoid_network_shrinks_layer_by_layer() -> None:
    hidden = (DenseSpec(8, "sigmoid", init="uniform", bias_init=0.1),) * 10
    for seed in range(5):
        trainer = Trainer(RunSpec(network=NetworkSpec(hidden=hidden), seed=seed))
        norms = trainer.step().delta_rms
        assert (norms[:-1] < norms[1:]).all()
        assert norms[0] < 1e-4 * norms[-1]


def networks(activation: str, loss: str, seed: int) -> tuple[Network, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    output = LOSSES[loss].output_activations[0]
    net = Network((DenseSpec(4, activation), DenseSpec(3, activation), DenseSpec(2, output)), 2, loss, rng)
    x = rng.normal(size=(8, 2))
    y = np.eye(2)[rng.integers(2, size=8)]
    return net, x, 2 * y - 1 if loss == "hinge" else y


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(SMOOTH), st.sampled_from(list(LOSSES)), st.integers(0, 10_000))
def test_a_small_enough_step_lowers_the_loss(activation: str, loss: str, seed: int) -> None:
    net, x, y = networks(activation, loss, seed)
    before, gradients = net.loss_and_gradients(x, y)
    square = sum(float((gradient**2).sum()) for gradient in gradients.values())
    if square < 1e-12:
        return  # a stationary point
    for rate in 10.0 ** -np.arange(1, 8):
        for name, gradient in gradients.items():
            net.parameters[name][...] -= rate * gradient
        after, _ = net.loss_and_gradients(x, y)
        if after < before:
            return
        for name, gradient in gradients.items():
            net.parameters[name][...] += rate * gradient
    raise AssertionError(f"no step lowers the loss from {before}")


@settings(deadline=None, max_examples=30)
@given(st.sampled_from(SMOOTH), st.sampled_from(list(LOSSES)), st.permutations(range(8)))
def test_the_order_within_a_batch_changes_nothing(activation: str, loss: str, order: list[int]) -> None:
    net, x, y = networks(activation, loss, 3)
    value, gradients = net.loss_and_gradients(x, y)
    other_value, others = net.loss_and_gradients(x[order], y[order])
    assert other_value == pytest.approx(value, rel=1e-13)
    for name, gradient in gradients.items():
        np.testing.assert_allclose(others[name], gradient, rtol=1e-10, atol=1e-15)


@pytest.mark.parametrize("normalization", ["none", "batch", "layer"])
@given(order=st.permutations(range(4)))
@settings(deadline=None, max_examples=10)
def test_hidden_units_may_change_places_with_their_weights(normalization: str, order: list[int]) -> None:
    rng = np.random.default_rng(4)
    layers = (DenseSpec(4, "tanh", normalization=normalization), DenseSpec(2, "linear"))
    net = Network(layers, 2, "squared_error", rng)
    net.arena.running += rng.uniform(0, 1, size=net.plan.running)
    x = rng.normal(size=(6, 2))
    before = net.forward(x)
    for name, values in net.parameters.items():
        if name.startswith("0."):
            values[...] = values[..., order]
    net.parameters["1.weight"][...] = net.parameters["1.weight"][order]
    running = net.arena.running.reshape(-1, 4)
    running[...] = running[:, order]
    np.testing.assert_allclose(net.forward(x), before, rtol=1e-12, atol=1e-14)


def test_a_step_with_a_learning_rate_of_nothing_changes_no_parameter() -> None:
    # 0 itself is refused; a schedule may get there.
    training = TrainingSpec(schedule="exponential", schedule_options={"gamma": 0.0})
    trainer = Trainer(RunSpec(training=training))
    trainer.step()
    before = trainer.state()
    for _ in range(30):
        trainer.step()
    np.testing.assert_array_equal(trainer.network.arena.parameters, before["parameters"])


@pytest.mark.parametrize("name", [name for name, entry in ACTIVATIONS.items() if entry.hidden and name != "step"])
def test_float32_and_float64_train_alike_as_far_as_float32_can_hold(name: str) -> None:
    network = NetworkSpec(hidden=(DenseSpec(4, name), DenseSpec(3, name, normalization="layer")))
    records = [
        [trainer.step().loss for _ in range(20)]
        for trainer in (Trainer(RunSpec(data=DataSpec(samples=60), network=network, dtype=dtype))
                        for dtype in ("float32", "float64"))
    ]
    np.testing.assert_allclose(records[0], records[1], rtol=2e-4)


@pytest.mark.parametrize("logit", [0.0, 1e-8, 1.0, 20.0, 745.0, 1e4])
@pytest.mark.parametrize("loss", LOSSES)
def test_no_logit_up_to_ten_thousand_overflows(loss: str, logit: float) -> None:
    for output in LOSSES[loss].output_activations:
        net = Network((DenseSpec(2, output, bias_init=0.0),), 2, loss, np.random.default_rng(0))
        net.parameters["0.weight"][...] = np.eye(2)
        signs = np.array([[1.0, -1.0], [-1.0, 1.0], [1.0, 1.0]])
        for y in (np.array([[1.0, 0.0]] * 3), np.array([[0.0, 1.0]] * 3)):
            value, gradients = net.loss_and_gradients(logit * signs, 2 * y - 1 if loss == "hinge" else y)
            assert np.isfinite(value)
            assert all(np.isfinite(gradient).all() for gradient in gradients.values())


def test_sigmoid_softmax_and_log_sum_exp_are_exact_at_the_extremes() -> None:
    from decimal import Decimal, getcontext

    getcontext().prec = 60
    z = np.array([-700.0, -50.0, -1.0, 0.0, 1.0, 36.0, 50.0])
    exact = [float(1 / (1 + (-Decimal(each)).exp())) for each in z.tolist()]
    np.testing.assert_allclose(ACTIVATIONS["sigmoid"].value(z[None])[0], exact, rtol=4e-16)
    total = sum(Decimal(each).exp() for each in z.tolist())
    exact = [float(Decimal(each).exp() / total) for each in z.tolist()]
    np.testing.assert_allclose(ACTIVATIONS["softmax"].value(z[:, None])[:, 0], exact, rtol=1e-15)
    net = Network((DenseSpec(7, "softmax"),), 7, "cross_entropy", np.random.default_rng(0))
    net.parameters["0.weight"][...] = np.eye(7)
    for label in range(7):
        value, _ = net.loss_and_gradients(z[None], np.array([label]))
        assert value == pytest.approx(float(total.ln() - Decimal(z.tolist()[label])), rel=1e-15)
