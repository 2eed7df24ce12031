import numpy as np
import pytest

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
])
def test_weights_have_the_spread_that_the_scheme_promises(name: str, deviation: float) -> None:
    weights = drawn(name)
    assert weights.shape == (FAN_IN, FAN_OUT)
    assert weights.std() == pytest.approx(deviation, rel=0.02)
    assert weights.mean() == pytest.approx(0, abs=0.02 * deviation)


@pytest.mark.parametrize(("name", "limit"), [
    ("uniform", 0.5), ("xavier_uniform", np.sqrt(6 / 500)), ("he_uniform", np.sqrt(6 / 300)),
])
def test_uniform_weights_fill_their_range_and_no_more(name: str, limit: float) -> None:
    extent = np.abs(drawn(name)).max()
    assert 0.999 * limit < extent <= limit


def test_every_initializer_is_tested_here() -> None:
    schemes = {f"{scheme}_{form}" for scheme in ("xavier", "he") for form in ("uniform", "normal")}
    assert set(INITIALIZERS) == {"zeros", "uniform", "normal", "lecun_normal", *schemes}


@pytest.mark.parametrize("name", list(INITIALIZERS))
def test_the_generator_alone_decides_what_is_drawn(name: str) -> None:
    np.testing.assert_array_equal(drawn(name), drawn(name))
