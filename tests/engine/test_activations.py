import math

import numpy as np
import pytest

from engine.activations import ACTIVATIONS

ELEMENTWISE = [name for name, activation in ACTIVATIONS.items() if activation.elementwise]
EXTREME = np.array([[-np.inf, -1e308, -1e200, -800.0, -40.0, 40.0, 800.0, 1e200, 1e307, np.inf]])


def written_out(name: str, z: float) -> float:
    """Each activation with the default options, as its formula says, for moderate z."""
    match name:
        case "linear":
            return z
        case "sigmoid":
            return 1 / (1 + math.exp(-z))
        case "tanh":
            return math.tanh(z)
        case "relu":
            return max(0.0, z)
        case "leaky_relu":
            return z if z > 0 else 0.01 * z
        case "elu":
            return z if z > 0 else math.expm1(z)
        case "gelu":
            return z / 2 * (1 + math.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3)))
        case "silu":
            return z / (1 + math.exp(-z))
        case "softplus":
            return math.log1p(math.exp(z))
        case "mish":
            return z * math.tanh(math.log1p(math.exp(z)))
        case "hard_sigmoid":
            return min(max(z / 6 + 1 / 2, 0.0), 1.0)
        case "hard_tanh":
            return min(max(z, -1.0), 1.0)
        case "sine":
            return math.sin(z)
        case "gaussian":
            return math.exp(-(z**2))
        case "step":
            return float(z > 0)
    raise AssertionError(f"{name} has no formula here")


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_values_are_those_of_the_formula(name: str) -> None:
    z = np.linspace(-6, 6, 49).reshape(7, 7)
    expected = np.vectorize(lambda each: written_out(name, each))(z)
    np.testing.assert_allclose(ACTIVATIONS[name].value(z), expected, rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_slopes_are_the_difference_quotients_of_the_values(name: str) -> None:
    z = np.linspace(-6.05, 6.05, 40).reshape(4, 10)  # 0, where some have a kink, is not among them
    activation, h = ACTIVATIONS[name], 1e-6
    quotients = (activation.value(z + h) - activation.value(z - h)) / (2 * h)
    np.testing.assert_allclose(activation.slope(z), quotients, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_slopes_reach_and_keep_the_range_that_is_told(name: str) -> None:
    slopes = ACTIVATIONS[name].slope(np.linspace(-30, 30, 60_001).reshape(1, -1))
    low, high = ACTIVATIONS[name].slope_range
    assert (slopes.min(), slopes.max()) == pytest.approx((low, high), abs=1e-4)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_no_pre_activation_however_large_gives_nan_or_a_warning(name: str) -> None:
    activation = ACTIVATIONS[name]
    assert not np.isnan(activation.value(EXTREME[:, 1:-1])).any()
    slopes = activation.slope(EXTREME[:, 1:-1] if name == "sine" else EXTREME)  # infinity has no sine
    assert np.isfinite(slopes).all()
    low, high = activation.slope_range
    assert slopes.min() >= low
    assert slopes.max() <= high


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_values_and_slopes_keep_the_precision(name: str, dtype: type) -> None:
    z = np.ones((3, 2), dtype=dtype)
    assert ACTIVATIONS[name].value(z).dtype == dtype
    if ACTIVATIONS[name].elementwise:
        assert ACTIVATIONS[name].slope(z).dtype == dtype


def test_small_values_of_a_sigmoid_keep_their_digits() -> None:
    z = np.array([[-30.0, -37.0, -300.0]])
    np.testing.assert_allclose(ACTIVATIONS["sigmoid"].value(z), np.exp(z), rtol=1e-12)
    np.testing.assert_allclose(ACTIVATIONS["sigmoid"].slope(z), np.exp(z), rtol=1e-12)
    np.testing.assert_allclose(ACTIVATIONS["softplus"].slope(z), np.exp(z), rtol=1e-12)


def test_the_step_tells_nothing_of_where_it_would_have_to_go() -> None:
    z = np.linspace(-3, 3, 7).reshape(1, -1)
    np.testing.assert_array_equal(ACTIVATIONS["step"].value(z), [[0, 0, 0, 0, 1, 1, 1]])
    np.testing.assert_array_equal(ACTIVATIONS["step"].slope(z), 0)


def test_at_zero_relu_leaky_relu_and_elu_take_the_slope_from_below() -> None:
    zero = np.zeros((1, 1))
    assert ACTIVATIONS["relu"].slope(zero) == 0
    assert ACTIVATIONS["leaky_relu"].slope(zero) == 0.01
    assert ACTIVATIONS["elu"].slope(zero, alpha=0.5) == 0.5


def test_options_change_the_function() -> None:
    z = np.array([[-2.0, 3.0]])
    np.testing.assert_allclose(ACTIVATIONS["leaky_relu"].value(z, negative_slope=0.25), [[-0.5, 3.0]])
    np.testing.assert_allclose(ACTIVATIONS["leaky_relu"].slope(z, negative_slope=0.0), [[0.0, 1.0]])
    np.testing.assert_allclose(ACTIVATIONS["elu"].value(z, alpha=2.0), [[2 * math.expm1(-2), 3.0]])
    np.testing.assert_allclose(ACTIVATIONS["elu"].slope(z, alpha=2.0), [[2 * math.exp(-2), 1.0]])


def test_softmax_gives_each_sample_probabilities_for_any_logits() -> None:
    z = np.array([[1.0, 1e308, -1000.0], [2.0, -1e307, -1000.0], [3.0, 0.0, -1001.0]])
    a = ACTIVATIONS["softmax"].value(z)
    np.testing.assert_allclose(a.sum(0), 1)
    np.testing.assert_allclose(a[:, 0], np.exp([1, 2, 3]) / np.exp([1, 2, 3]).sum())
    np.testing.assert_allclose(a[:, 1], [1, 0, 0])


def test_softmax_has_no_slope_of_one_number() -> None:
    with pytest.raises(ValueError, match="Softmax has no slope"):
        ACTIVATIONS["softmax"].slope(np.zeros((2, 1)))


def test_values_stay_within_the_range_they_are_drawn_in() -> None:
    z = np.linspace(-50, 50, 101).reshape(1, -1)
    for activation in ACTIVATIONS.values():
        if activation.display_range is not None:
            low, high = activation.display_range
            assert (activation.value(z) >= low).all()
            assert (activation.value(z) <= high).all()
