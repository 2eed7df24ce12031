"""The factors by which the error signal shrinks or grows: that they are what they say, and that nothing is left out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import DataSpec, DenseSpec, NetworkSpec, RunSpec, Trainer, TrainingSpec
from engine.factors import chi, factors
from engine.layers import FACTORS

HIDDEN = st.builds(
    DenseSpec,
    units=st.integers(2, 5),
    activation=st.sampled_from(["sigmoid", "tanh", "leaky_relu", "softplus"]),
    init=st.sampled_from(["xavier_uniform", "normal"]),
    init_gain=st.sampled_from([0.05, 1.0, 3.0]),
    bias_init=st.just(0.1),
    normalization=st.sampled_from(["none", "batch", "layer"]),
    dropout=st.sampled_from([0.0, 0.3]),
)


@st.composite
def networks(draw: st.DrawFn) -> NetworkSpec:
    """Layers of every kind, the residual ones as wide as what they read."""
    layers: list[DenseSpec] = []
    for layer in draw(st.lists(HIDDEN, min_size=1, max_size=8)):
        if draw(st.booleans()):
            layer = replace(layer, units=layers[-1].units if layers else 2, residual=True)
        layers.append(layer)
    loss, output = draw(st.sampled_from([
        ("half_squared_error", "tanh"), ("squared_error", "linear"), ("binary_cross_entropy", "sigmoid"),
    ]))
    return NetworkSpec(hidden=tuple(layers), loss=loss, output_activation=output)


def computed(network: NetworkSpec, steps: int = 0, **run: object) -> Trainer:
    trainer = Trainer(RunSpec(network=network, **run))
    for _ in range(steps):
        trainer.step()
    trainer.compute()
    return trainer


def plain(*layers: DenseSpec, output: str = "linear") -> NetworkSpec:
    return NetworkSpec(hidden=layers, output_activation=output)


@settings(max_examples=60, deadline=None)
@given(networks(), st.integers(0, 3), st.sampled_from(["float64", "float32"]))
def test_the_product_of_all_factors_is_the_ratio_of_error_signals(network: NetworkSpec, seed: int, dtype: str) -> None:
    trainer = computed(network, steps=2, seed=seed, dtype=dtype)
    found, delta = factors(trainer), trainer.record.delta_rms
    close = 1e-12 if dtype == "float64" else 1e-5
    assert found.values.shape == (len(network.hidden), len(FACTORS))
    np.testing.assert_allclose(found.values.prod(axis=1), delta[:-1] / delta[1:], rtol=close)
    assert found.values.prod() == pytest.approx(delta[0] / delta[-1], rel=close)
    assert found.ratio == pytest.approx(delta[0] / delta[-1], rel=close)
    for row, left, reached in zip(found.present, trainer.network.layers[1:], network.hidden, strict=True):
        there = {"gain", "slope"}
        there |= {"normalization"} if left.normalization != "none" else set()
        there |= {"skip"} if left.residual else set()
        there |= {"dropout"} if reached.dropout else set()
        assert {name for name, is_there in zip(FACTORS, row, strict=True) if is_there} == there
    assert (found.values[~found.present] == 1).all()


def root_mean_square(values: np.ndarray) -> float:
    return float(np.sqrt(np.square(values).mean()))


def test_each_factor_is_the_ratio_that_it_is_called() -> None:
    layer = DenseSpec(4, "tanh", normalization="batch", residual=True)
    trainer = computed(plain(DenseSpec(4, "sigmoid", dropout=0.4), layer, output="tanh"), steps=3)
    below, above = trainer.layers[:2]
    a, w = below.activations, trainer.network.parameters["1.weight"]
    u = w.T @ a + trainer.network.parameters["1.bias"][:, None]
    scale = trainer.network.parameters["1.scale"][:, None]
    # ∂L/∂u of γ (u − μ) / √(σ² + ε) by the matrix of its derivatives, unit by unit.
    samples = u.shape[1]
    centre = np.eye(samples) - 1 / samples
    of_u = np.empty_like(u)
    for unit in range(len(u)):
        deviation, spread = centre @ u[unit], np.sqrt(u[unit].var() + 1e-5)
        jacobian = centre / spread - np.outer(deviation, deviation) / (samples * spread**3)
        of_u[unit] = scale[unit] * (jacobian @ above.deltas[unit])
    f = 1 / (1 + np.exp(-below.pre_activations))
    sloped = below.upstream * f * (1 - f)
    stations = [above.deltas, of_u, w @ of_u, below.upstream, sloped, below.deltas]
    norms = [root_mean_square(station) for station in stations]
    np.testing.assert_allclose(factors(trainer).norms[0], norms, rtol=1e-9)
    np.testing.assert_allclose(factors(trainer).values[0], np.divide(norms[1:], norms[:-1]), rtol=1e-9)


def test_a_sigmoids_slope_is_never_over_a_quarter_and_that_of_a_linear_layer_is_1() -> None:
    found = factors(computed(plain(*(DenseSpec(4, "sigmoid"),) * 3, *(DenseSpec(4, "linear"),) * 2)))
    assert (found.of("slope")[:3] <= 0.25).all()
    np.testing.assert_allclose(found.of("slope")[3:], 1)


def test_factors_of_64_sigmoid_layers_neither_underflow_nor_lose_digits() -> None:
    trainer = computed(plain(*(DenseSpec(8, "sigmoid", init="uniform", init_gain=0.01),) * 64))
    found, delta = factors(trainer), trainer.record.delta_rms
    assert 0 < found.norms[0, -1] < 1e-170
    np.testing.assert_allclose(found.values.prod(axis=1), delta[:-1] / delta[1:], rtol=1e-12)
    assert np.log10(found.values).sum() == pytest.approx(np.log10(found.ratio), abs=1e-9)


@pytest.mark.parametrize("size", [1e150, 1e-150])
def test_factors_hold_for_weights_of_any_size(size: float) -> None:
    trainer = computed(plain(DenseSpec(3, "tanh"), DenseSpec(3, "tanh"), output="tanh"), training=TrainingSpec())
    before = factors(trainer).values[0]
    trainer.network.parameters["1.bias"][...] = 0
    trainer.network.parameters["0.weight"][...] *= 1e-3 / max(size, 1)
    trainer.network.parameters["0.bias"][...] = 0
    trainer.network.parameters["1.weight"][...] *= size
    trainer.compute()
    after = factors(trainer).values[0]
    assert np.isfinite(after).all()
    assert after[1] / before[1] == pytest.approx(size, rel=3)


def test_nothing_is_multiplied_where_no_error_signal_arrives() -> None:
    dead = DenseSpec(3, "relu", init="zeros", bias_init=-1.0)
    found = factors(computed(plain(DenseSpec(3, "tanh"), dead)))
    slope, gain = FACTORS.index("slope"), FACTORS.index("gain")
    assert found.values[1, slope] == 0
    assert found.norms[0].tolist() == [0.0] * 6
    assert np.isnan(found.values[0, [gain, slope]]).all()
    assert found.ratio == 0


def test_a_network_without_hidden_layers_has_no_factors() -> None:
    found = factors(computed(NetworkSpec(hidden=())))
    assert found.values.shape == (0, len(FACTORS))
    assert found.ratio == 1


def test_looking_at_factors_changes_no_bit_of_the_run() -> None:
    hidden = (DenseSpec(4, "tanh", normalization="layer"), DenseSpec(4, "relu", residual=True, dropout=0.2))
    watched, alone = (Trainer(RunSpec(network=plain(*hidden))) for _ in range(2))
    for _ in range(5):
        watched.compute()
        factors(watched)
        chi(watched)
        assert watched.step().values.tobytes() == alone.step().values.tobytes()


def test_chi_is_fan_in_times_variance_times_mean_squared_slope() -> None:
    trainer = computed(plain(DenseSpec(5, "tanh"), DenseSpec(3, "relu")), data=DataSpec(samples=200))
    weight, z = trainer.network.parameters["1.weight"], trainer.layers[0].pre_activations
    expected = 5 * weight.var() * np.square(1 - np.tanh(z) ** 2).mean()
    assert chi(trainer)[0] == pytest.approx(expected, rel=1e-12)


def test_chi_of_relu_with_he_is_near_1_and_foretells_the_square_of_the_factors() -> None:
    trainer = computed(plain(*(DenseSpec(128, "relu", init="he_normal"),) * 6), training=TrainingSpec(batch_size=200))
    values = chi(trainer)[:-1]
    np.testing.assert_allclose(values, 1, atol=0.15)
    np.testing.assert_allclose(factors(trainer).values.prod(axis=1)[:-1] ** 2, values, rtol=0.35)


def test_chi_is_not_given_where_its_theory_does_not_hold() -> None:
    hidden = (DenseSpec(4, "tanh"), DenseSpec(4, "tanh", normalization="layer"), DenseSpec(4, "tanh", residual=True),
              DenseSpec(4, "tanh", dropout=0.1), DenseSpec(4, "tanh"))
    np.testing.assert_array_equal(np.isnan(chi(computed(plain(*hidden)))), [True, True, False, True, False])
