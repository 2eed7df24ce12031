import numpy as np
import pytest

from engine import Dataset, DenseSpec, NetworkSpec, RunSpec, Trainer, TrainingSpec
from engine.initializers import INITIALIZERS

FAN_IN, FAN_OUT = 300, 200


def drawn(name: str) -> np.ndarray:
    return INITIALIZERS[name].init(np.random.default_rng(1), FAN_IN, FAN_OUT)


@pytest.mark.parametrize(("name", "deviation"), [
    ("zeros", 0.0),
    ("uniform", 1 / np.sqrt(12)),
    ("normal", 1.0),
    ("xavier_uniform", np.sqrt(2 / 500)),
    ("xavier_normal", np.sqrt(2 / 500)),
    ("he_uniform", np.sqrt(2 / 300)),
    ("he_normal", np.sqrt(2 / 300)),
    ("lecun_normal", np.sqrt(1 / 300)),
    ("orthogonal", np.sqrt(1 / 300)),
    ("lsuv", np.sqrt(1 / 300)),
    ("identity", np.sqrt(1 / 300)),
    ("constant", 0.0),
])
def test_weights_have_the_spread_that_the_scheme_promises(name: str, deviation: float) -> None:
    weights = drawn(name)
    assert weights.shape == (FAN_IN, FAN_OUT)
    assert weights.std() == pytest.approx(deviation, rel=0.02)
    if name not in {"constant", "identity"}:
        assert weights.mean() == pytest.approx(0, abs=0.02 * deviation)


@pytest.mark.parametrize(("name", "limit"), [
    ("uniform", 0.5), ("xavier_uniform", np.sqrt(6 / 500)), ("he_uniform", np.sqrt(6 / 300)),
])
def test_uniform_weights_fill_their_range_and_no_more(name: str, limit: float) -> None:
    extent = np.abs(drawn(name)).max()
    assert 0.999 * limit < extent <= limit


def test_every_initializer_is_tested_here() -> None:
    schemes = {f"{scheme}_{form}" for scheme in ("xavier", "he") for form in ("uniform", "normal")}
    assert set(INITIALIZERS) == {
        "zeros", "uniform", "normal", "lecun_normal", "orthogonal", "lsuv", "identity", "constant", *schemes,
    }


@pytest.mark.parametrize("name", list(INITIALIZERS))
def test_the_generator_alone_decides_what_is_drawn(name: str) -> None:
    np.testing.assert_array_equal(drawn(name), drawn(name))


@pytest.mark.parametrize(("fan_in", "fan_out"), [(5, 5), (7, 3), (3, 7), (1, 4), (4, 1)])
@pytest.mark.parametrize("name", ["orthogonal", "lsuv"])
def test_orthogonal_weights_turn_but_do_not_stretch(name: str, fan_in: int, fan_out: int) -> None:
    weights = INITIALIZERS[name].init(np.random.default_rng(2), fan_in, fan_out)
    assert weights.shape == (fan_in, fan_out)
    product = weights.T @ weights if fan_in >= fan_out else weights @ weights.T
    np.testing.assert_allclose(product, np.eye(len(product)), atol=1e-14)


def test_orthogonal_weights_prefer_no_direction() -> None:
    rng = np.random.default_rng(3)
    drawn = np.array([INITIALIZERS["orthogonal"].init(rng, 3, 3) for _ in range(4000)])
    np.testing.assert_allclose(drawn.mean(0), 0, atol=0.04)
    np.testing.assert_allclose((drawn**2).mean(0), 1 / 3, atol=0.03)


def test_identity_passes_on_what_is_in_the_same_place_and_constant_is_1() -> None:
    rng = np.random.default_rng(0)
    np.testing.assert_array_equal(INITIALIZERS["identity"].init(rng, 2, 3), [[1, 0, 0], [0, 1, 0]])
    np.testing.assert_array_equal(INITIALIZERS["constant"].init(rng, 2, 3), np.ones((2, 3)))


@pytest.mark.parametrize("gain", [1.0, 0.25])
def test_lsuv_gives_every_layer_pre_activations_of_the_gain_s_spread(gain: float) -> None:
    hidden = (DenseSpec(7, "tanh", init="lsuv", init_gain=gain), DenseSpec(5, "relu", init="lsuv", init_gain=gain),
              DenseSpec(3, "sigmoid"))
    trainer = Trainer(RunSpec(network=NetworkSpec(hidden=hidden), training=TrainingSpec(batch_size=250)))
    trainer.compute()
    spreads = [float(layer.pre_activations.std()) for layer in trainer.layers]
    np.testing.assert_allclose(spreads[:2], gain, rtol=1e-12)
    assert abs(spreads[2] - gain) > 0.01


def test_lsuv_leaves_a_layer_alone_that_is_constant_on_the_data() -> None:
    data = Dataset(np.zeros((4, 2)), np.ones((4, 1)), np.zeros((4, 2)), np.ones((4, 1)))
    run = RunSpec(network=NetworkSpec(hidden=(DenseSpec(3, init="lsuv"),)))
    weight = Trainer(run, dataset=data).network.parameters["0.weight"]
    np.testing.assert_allclose(weight @ weight.T, np.eye(2), atol=1e-14)
