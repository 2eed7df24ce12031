import math
from collections.abc import Callable

import numpy as np
import pytest

from engine.activations import ACTIVATIONS
from engine.kernels import Array, run
from engine.losses import LOSSES, BoundLoss


def loss_and_gradient(
    name: str, z: Array, y: Array, activation: str, **options: float
) -> tuple[float, Array]:
    """The loss of pre-activations (outputs, batch), and what its backward pass starts from."""
    gradient = np.empty_like(z)
    chosen = BoundLoss.of(name, options).options
    kernels, value = LOSSES[name].bind(z, ACTIVATIONS[activation].value(z), y, gradient, chosen)
    run(kernels)
    return value(), gradient


def column(*values: float) -> Array:
    return np.array(values).reshape(-1, 1)


def test_half_squared_error_is_half_the_squared_distance_a_sample() -> None:
    a, y = np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([[0.0, 2.0], [1.0, 1.0]])
    loss, gradient = loss_and_gradient("half_squared_error", a, y, "linear")
    # distances squared: sample 1: 1 + 4, sample 2: 0 + 4; halves 2.5 and 2, mean 2.25
    assert loss == pytest.approx(2.25)
    np.testing.assert_allclose(gradient, (a - y) / 2)


def test_squared_error_is_the_mean_over_batch_and_outputs() -> None:
    a, y = np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([[0.0, 2.0], [1.0, 1.0]])
    loss, gradient = loss_and_gradient("squared_error", a, y, "linear")
    assert loss == pytest.approx((1 + 4 + 0 + 4) / 4)
    np.testing.assert_allclose(gradient, 2 * (a - y) / 4)


def test_mean_absolute_error_is_the_mean_distance_over_batch_and_outputs() -> None:
    a, y = np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([[0.0, 2.0], [1.0, 1.0]])
    loss, gradient = loss_and_gradient("mean_absolute_error", a, y, "linear")
    assert loss == pytest.approx((1 + 0 + 2 + 2) / 4)
    np.testing.assert_allclose(gradient, np.array([[1, 0], [1, -1]]) / 4)


@pytest.mark.parametrize("delta", [0.5, 1.0, 3.0])
def test_huber_is_squared_within_delta_and_straight_beyond(delta: float) -> None:
    a, y = np.array([[0.3, 2.0], [-4.0, -1.0]]), np.array([[0.0, 2.0], [1.0, 1.0]])
    loss, gradient = loss_and_gradient("huber", a, y, "linear", delta=delta)
    d = a - y
    each = np.where(np.abs(d) <= delta, d**2 / 2, delta * (np.abs(d) - delta / 2))
    assert loss == pytest.approx(each.mean())
    np.testing.assert_allclose(gradient, np.clip(d, -delta, delta) / 4)


def test_hinge_counts_what_is_wrong_or_not_clear_enough() -> None:
    a, y = np.array([[2.0, 0.5], [0.25, -3.0]]), np.array([[1.0, 1.0], [-1.0, -1.0]])
    loss, gradient = loss_and_gradient("hinge", a, y, "linear")
    assert loss == pytest.approx((0 + 0.5 + 1.25 + 0) / 4)
    np.testing.assert_allclose(gradient, np.array([[0, -1], [1, 0]]) / 4)


def test_binary_cross_entropy_is_the_mean_over_batch_and_outputs() -> None:
    z, y = np.array([[0.5, -2.0], [1.5, 0.0]]), np.array([[1.0, 0.0], [0.0, 0.25]])
    p = 1 / (1 + np.exp(-z))
    loss, gradient = loss_and_gradient("binary_cross_entropy", z, y, "sigmoid")
    assert loss == pytest.approx(-(y * np.log(p) + (1 - y) * np.log(1 - p)).mean())
    np.testing.assert_allclose(gradient, (p - y) / 4)


def test_cross_entropy_is_the_mean_over_the_batch() -> None:
    z, y = np.array([[0.5, -2.0], [1.5, 0.0], [0.0, 0.0]]), np.array([[1.0, 0.0], [0.0, 0.25], [0.0, 0.75]])
    p = np.exp(z) / np.exp(z).sum(0)
    loss, gradient = loss_and_gradient("cross_entropy", z, y, "softmax")
    assert loss == pytest.approx(-(y * np.log(p)).sum(0).mean())
    np.testing.assert_allclose(gradient, (p - y) / 2)


@pytest.mark.parametrize(("z", "y", "expected"), [
    (1000.0, 1.0, 0.0), (1000.0, 0.0, 1000.0), (-1000.0, 0.0, 0.0), (-1000.0, 1.0, 1000.0),
    (1e300, 1.0, 0.0), (-1e300, 1.0, 1e300), (40.0, 1.0, math.exp(-40)), (-40.0, 0.0, math.exp(-40)),
])
def test_binary_cross_entropy_is_right_for_any_logit(z: float, y: float, expected: float) -> None:
    loss, gradient = loss_and_gradient("binary_cross_entropy", column(z), column(y), "sigmoid")
    assert loss == pytest.approx(expected, rel=1e-12)
    assert np.isfinite(gradient).all()


@pytest.mark.parametrize(("z", "right", "expected"), [
    ((1000.0, 0.0, -1000.0), 0, 0.0), ((1000.0, 0.0, -1000.0), 2, 2000.0),
    ((1e300, -1e300, 0.0), 0, 0.0), ((1e300, 0.0, -1e300), 1, 1e300), ((-5000.0, -5000.0, -5000.0), 1, math.log(3)),
])
def test_cross_entropy_is_right_for_any_logits(z: tuple[float, ...], right: int, expected: float) -> None:
    loss, gradient = loss_and_gradient("cross_entropy", column(*z), np.eye(3)[:, [right]], "softmax")
    assert loss == pytest.approx(expected, rel=1e-12)
    assert np.isfinite(gradient).all()


def test_a_fused_loss_is_told_by_the_pair_it_belongs_to() -> None:
    for loss in LOSSES.values():
        assert loss.fused == (len(loss.output_activations) == 1)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", list(LOSSES))
def test_every_loss_keeps_the_precision(name: str, dtype: type) -> None:
    z, y = np.full((2, 3), 0.5, dtype=dtype), np.full((2, 3), 0.5, dtype=dtype)
    gradient: Array = np.empty((2, 3), dtype=dtype)
    activation: Callable[[Array], Array] = ACTIVATIONS[LOSSES[name].output_activations[0]].value
    kernels, value = LOSSES[name].bind(z, activation(z), y, gradient, BoundLoss.of(name, {}).options)
    run(kernels)
    assert type(value()) is float
