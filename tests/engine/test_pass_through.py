"""How nearly a new layer hands on what it reads."""

import numpy as np
import pytest

from engine.activations import ACTIVATIONS
from engine.pass_through import ANCHORS, pass_through
from engine.spec import DenseSpec

HIDDEN = [name for name, entry in ACTIVATIONS.items() if entry.hidden]
EXACT = [name for name in HIDDEN if name not in ANCHORS]
# Largest errors of the module's docstring, for activations over −1 to 1 and over −5 to 5.
NEAR = {
    "tanh": (0.021, 0.45),
    "sigmoid": (0.021, 0.45),
    "gelu": (0.022, 0.75),
    "silu": (0.011, 0.45),
    "softplus": (0.016, 0.25),
    "mish": (0.004, 0.075),
    "sine": (0.021, 0.45),
    "gaussian": (0.013, 0.36),
    "step": (0.51, 2.51),
}


def handed_on(activation: str, a: np.ndarray) -> np.ndarray:
    """What the layer behind reads in place of a (units, samples)."""
    layer = DenseSpec(len(a), activation)
    through = pass_through(layer, a)
    z = through.scale[:, None] * a + through.shift[:, None]
    passed = ACTIVATIONS[activation].value(z, **layer.activation_options)
    return through.offset[:, None] + through.factor[:, None] * passed


@pytest.mark.parametrize("activation", EXACT)
@pytest.mark.parametrize("reach", [0.1, 1.0, 5.0])
def test_activations_with_a_straight_half_hand_on_exactly(activation: str, reach: float) -> None:
    a = np.linspace(-reach, reach, 101)[None]
    np.testing.assert_allclose(handed_on(activation, a), a, atol=1e-14)


@pytest.mark.parametrize("activation", ANCHORS)
@pytest.mark.parametrize("which", [0, 1])
def test_curved_activations_hand_on_as_nearly_as_is_written(activation: str, which: int) -> None:
    reach = (1.0, 5.0)[which]
    a = np.linspace(-reach, reach, 401)[None]
    assert np.abs(handed_on(activation, a) - a).max() < NEAR[activation][which]


@pytest.mark.parametrize("activation", [name for name in HIDDEN if name != "step"])
def test_faint_signals_are_handed_on_nearly_exactly(activation: str) -> None:
    a = 0.5 + np.linspace(-0.01, 0.01, 101)[None]
    np.testing.assert_allclose(handed_on(activation, a), a, atol=2e-6)


@pytest.mark.parametrize("activation", HIDDEN)
def test_a_unit_that_is_constant_on_the_data_stays_so(activation: str) -> None:
    a = np.full((1, 10), 0.7)
    np.testing.assert_allclose(handed_on(activation, a), a, atol=1e-12)


@pytest.mark.parametrize("activation", ["linear", "relu", "leaky_relu", "elu"])
def test_what_is_never_negative_passes_through_identity_weights(activation: str) -> None:
    through = pass_through(DenseSpec(1, activation), np.array([[0.0, 3.0, 7.0]]))
    assert (through.scale, through.shift, through.factor, through.offset) == (1, 0, 1, 0)


def test_data_a_little_beyond_the_training_data_pass_a_relu_as_well() -> None:
    layer = DenseSpec(1, "relu")
    through = pass_through(layer, np.array([[-1.0, 1.0]]))
    assert (through.scale * -1.15 + through.shift).item() > 0
