"""Singular values against what they are defined by, and against weights whose values are known."""

import numpy as np
import pytest

from engine import DenseSpec, NetworkSpec, RunSpec, Trainer
from engine.spectrum import singular_values


def trainer(*hidden: DenseSpec, dtype: str = "float64") -> Trainer:
    return Trainer(RunSpec(network=NetworkSpec(hidden=hidden), dtype=dtype))


def test_every_layer_has_as_many_as_the_smaller_of_its_sides_the_largest_first() -> None:
    found = singular_values(trainer(DenseSpec(4), DenseSpec(8), DenseSpec(4), DenseSpec(8)).network)
    assert [len(values) for values in found] == [2, 4, 4, 4, 1]
    assert all((np.diff(values) <= 0).all() for values in found)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_their_squares_are_the_eigenvalues_of_the_weights_times_themselves(dtype: str) -> None:
    network = trainer(DenseSpec(5), DenseSpec(7), DenseSpec(7), dtype=dtype).network
    for index, values in enumerate(singular_values(network)):
        weight = network.parameters[f"{index}.weight"].astype(np.float64)
        gram = weight @ weight.T if weight.shape[0] < weight.shape[1] else weight.T @ weight
        np.testing.assert_allclose(values**2, np.linalg.eigvalsh(gram)[::-1], atol=1e-12)


def test_an_orthogonal_layer_stretches_nothing() -> None:
    values = singular_values(trainer(DenseSpec(6, init="orthogonal"), DenseSpec(6, init="orthogonal")).network)[1]
    np.testing.assert_allclose(values, 1, rtol=1e-12)


def test_no_input_comes_out_longer_than_the_largest_times_its_length() -> None:
    network = trainer(DenseSpec(6), DenseSpec(9)).network
    weight, largest = network.parameters["1.weight"], singular_values(network)[1][0]
    x = np.random.default_rng(0).normal(size=(1000, 6))
    stretched = np.linalg.norm(x @ weight, axis=1) / np.linalg.norm(x, axis=1)
    assert 0.7 * largest < stretched.max() <= largest * (1 + 1e-12)
