"""The backward pass against arithmetic by hand, and against central differences."""

from dataclasses import replace

import numpy as np
import pytest

from engine import DenseSpec, Network
from engine.activations import ACTIVATIONS
from engine.gradcheck import Check, check_gradients, numeric_gradient
from engine.losses import LOSSES

HIDDEN = [name for name, activation in ACTIVATIONS.items() if activation.hidden]
SMOOTH = [name for name in HIDDEN if name != "step"]
TOLERANCE = 1e-6
# Below this, what the differences of a loss near 1 lose to rounding (1e-11) is too near a millionth of a gradient.
SMALLEST = 1e-4
OUTPUTS = dict.fromkeys(LOSSES, 2) | {"cross_entropy": 3}


def network(hidden: tuple[DenseSpec, ...], loss: str, output_activation: str, seed: int = 5) -> Network:
    output = DenseSpec(OUTPUTS[loss], output_activation, bias_init=0.1)
    return Network((*hidden, output), inputs=2, loss=loss, rng=np.random.default_rng(seed))


def batch(loss: str, samples: int = 5) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(6)
    x, outputs = rng.normal(size=(samples, 2)), OUTPUTS[loss]
    if loss == "cross_entropy":
        return x, np.eye(outputs)[rng.integers(outputs, size=samples)]
    if loss == "binary_cross_entropy":
        return x, rng.integers(2, size=(samples, outputs)).astype(float)
    if loss == "hinge":
        return x, rng.choice([-1.0, 1.0], size=(samples, outputs))
    return x, rng.normal(size=(samples, outputs))


def largest_error(net: Network, loss: str) -> float:
    """Relative to each tensor's largest gradient, or to SMALLEST where terms that cancel leave less than that."""
    return max(
        float(np.abs(check.analytic - check.numeric).max()) / max(float(np.abs(check.analytic).max()), SMALLEST)
        for check in check_gradients(net, *batch(loss))
    )


@pytest.mark.parametrize("depth", [0, 1, 2, 5])
@pytest.mark.parametrize("loss", list(LOSSES))
@pytest.mark.parametrize("activation", HIDDEN)
def test_gradients_agree_with_differences(activation: str, loss: str, depth: int) -> None:
    # A slope of a sixth, five times over, would leave gradients no larger than the rounding of the differences.
    gain = 3.0 if activation == "hard_sigmoid" else 1.0
    hidden = (DenseSpec(3, activation, init="xavier_normal", init_gain=gain, bias_init=0.05),) * depth
    assert largest_error(network(hidden, loss, LOSSES[loss].output_activations[-1]), loss) < TOLERANCE


@pytest.mark.parametrize("activation", HIDDEN)
def test_gradients_agree_at_every_output_activation_of_the_squared_losses(activation: str) -> None:
    for loss in ("squared_error", "half_squared_error"):
        assert largest_error(network((DenseSpec(3, "tanh"),), loss, activation), loss) < TOLERANCE


def test_gradients_agree_where_every_layer_has_another_activation_and_width() -> None:
    hidden = tuple(DenseSpec(2 + place, name, bias_init=0.05) for place, name in enumerate(SMOOTH))
    assert largest_error(network(hidden, "half_squared_error", "tanh"), "half_squared_error") < TOLERANCE


def test_gradients_agree_with_options_of_the_activation() -> None:
    hidden = (
        DenseSpec(3, "leaky_relu", {"negative_slope": 0.3}),
        DenseSpec(4, "leaky_relu", {"negative_slope": 0.7}),
        DenseSpec(3, "elu", {"alpha": 2.5}),
    )
    assert largest_error(network(hidden, "half_squared_error", "linear"), "half_squared_error") < TOLERANCE


def test_gradients_agree_on_a_batch_of_one() -> None:
    net = network((DenseSpec(4, "tanh"), DenseSpec(1, "sigmoid")), "half_squared_error", "linear")
    x, y = batch("half_squared_error", samples=1)
    assert max(check.error for check in check_gradients(net, x, y)) < TOLERANCE


def test_the_checker_notices_a_gradient_that_is_wrong_by_a_thousandth() -> None:
    net = network((DenseSpec(4, "tanh"),), "half_squared_error", "tanh")
    for check in check_gradients(net, *batch("half_squared_error")):
        assert check.error < 1e-8
        wrong = replace(check, analytic=1.001 * check.analytic)
        assert wrong.error == pytest.approx(1e-3, rel=0.01)


def test_the_checker_notices_one_wrong_entry() -> None:
    numeric = np.array([[1.0, 2.0], [3.0, 4.0]])
    analytic = numeric.copy()
    analytic[0, 0] *= 1.001
    assert Check("0.weight", numeric, numeric).error == 0
    assert Check("0.weight", analytic, numeric).error == pytest.approx(0.001 / 4)


def test_a_numeric_gradient_leaves_the_parameter_as_it_was() -> None:
    net = network((DenseSpec(4, "tanh"),), "half_squared_error", "tanh")
    before = {name: values.copy() for name, values in net.parameters.items()}
    numeric_gradient(net, *batch("half_squared_error"), "0.weight", (1, 2))
    for name, values in before.items():
        np.testing.assert_array_equal(net.parameters[name], values)


def test_a_2_2_1_network_worked_by_hand() -> None:
    # Two inputs, two sigmoid units, one linear output, half squared error, one sample.
    #
    #   x = (1, 0.5)   y = 1
    #   W0 = [[0.4, -0.2],    b0 = (0.1, 0.3)      W1 = [[0.5],     b1 = (-0.1)
    #         [0.6,  0.8]]                               [-0.3]]
    #
    # Forward:
    #   z0 = (1 · 0.4 + 0.5 · 0.6 + 0.1,  1 · -0.2 + 0.5 · 0.8 + 0.3) = (0.8, 0.5)
    #   a0 = (1 / (1 + e^-0.8), 1 / (1 + e^-0.5)) = (0.6899744811, 0.6224593312)
    #   ŷ  = 0.5 · 0.6899744811 - 0.3 · 0.6224593312 - 0.1 = 0.0582494412
    #   L  = ½ (0.0582494412 - 1)² = 0.4434470574
    #
    # Backward:
    #   δ1 = ŷ - y = -0.9417505588
    #   ∂L/∂W1 = a0 δ1 = (-0.6497838531, -0.5862014230)     ∂L/∂b1 = δ1
    #   ∂L/∂a0 = W1 δ1 = (-0.4708752794, 0.2825251676)
    #   f'(z0) = a0 (1 - a0) = (0.2139096965, 0.2350037122)
    #   δ0 = ∂L/∂a0 · f'(z0) = (-0.1007247881, 0.0663944632)
    #   ∂L/∂W0 = x δ0: first row (1) = δ0, second row (0.5) = δ0 / 2     ∂L/∂b0 = δ0
    net = Network(
        (DenseSpec(2, "sigmoid"), DenseSpec(1, "linear")), 2, "half_squared_error", np.random.default_rng(0)
    )
    net.parameters["0.weight"][...] = [[0.4, -0.2], [0.6, 0.8]]
    net.parameters["0.bias"][...] = [0.1, 0.3]
    net.parameters["1.weight"][...] = [[0.5], [-0.3]]
    net.parameters["1.bias"][...] = -0.1
    loss, gradients = net.loss_and_gradients([[1.0, 0.5]], [[1.0]])
    assert loss == pytest.approx(0.4434470574, abs=1e-9)
    delta0 = np.array([-0.1007247881, 0.0663944632])
    np.testing.assert_allclose(gradients["0.weight"], [delta0, delta0 / 2], atol=1e-9)
    np.testing.assert_allclose(gradients["0.bias"], delta0, atol=1e-9)
    np.testing.assert_allclose(gradients["1.weight"], [[-0.6497838531], [-0.5862014230]], atol=1e-9)
    np.testing.assert_allclose(gradients["1.bias"], [-0.9417505588], atol=1e-9)
