"""Histograms of the layers' tensors: where entries are counted, and that none is lost."""

from __future__ import annotations

import numpy as np
import pytest

from engine import DenseSpec, NetworkSpec, RunSpec, Trainer, TrainingSpec
from engine.distributions import BINS, TENSORS, Distribution, as_arrays, distributions


def computed(*hidden: DenseSpec, output: str = "tanh", **training: object) -> Trainer:
    network = NetworkSpec(hidden=hidden, output_activation=output)
    trainer = Trainer(RunSpec(network=network, training=TrainingSpec(**training)))
    trainer.compute()
    return trainer


def tensors(trainer: Trainer, index: int) -> dict[str, np.ndarray]:
    layer, gradients = trainer.layers[index], trainer.network.plan.named(trainer.network.arena.gradients)
    return {
        "pre_activations": layer.pre_activations, "activations": layer.activations, "deltas": layer.deltas,
        "weights": trainer.network.parameters[f"{index}.weight"], "gradients": gradients[f"{index}.weight"],
    }


def expected(values: np.ndarray, found: Distribution) -> list[int]:
    """NumPy's own histogram; its bins are closed at the left as well."""
    if found.logarithmic:
        values = np.log10(np.abs(values[values != 0]))
    return np.histogram(values, BINS, (found.low, found.high))[0].tolist()


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_counts_are_those_of_the_layers_own_entries(dtype: str) -> None:
    hidden = (DenseSpec(5, "relu"), DenseSpec(3, "sigmoid", normalization="layer"), DenseSpec(3, "tanh", residual=True))
    trainer = Trainer(RunSpec(network=NetworkSpec(hidden=hidden), dtype=dtype))
    trainer.compute()
    found = distributions(trainer)
    assert tuple(found) == TENSORS
    for index in range(4):
        for name, values in tensors(trainer, index).items():
            assert found[name].counts[index].tolist() == expected(values.astype(np.float64), found[name]), (name, index)
            assert found[name].zeros[index] == (values == 0).sum()


def test_bounded_activations_have_their_own_range_and_others_a_round_one() -> None:
    sigmoids = distributions(computed(DenseSpec(4, "sigmoid"), output="sigmoid"))
    assert (sigmoids["activations"].low, sigmoids["activations"].high) == (0, 1)
    mixed = distributions(computed(DenseSpec(4, "sigmoid"), DenseSpec(4, "tanh")))
    assert (mixed["activations"].low, mixed["activations"].high) == (-1, 1)
    relus = distributions(computed(DenseSpec(4, "relu"), output="linear"))["activations"]
    assert relus.low == -relus.high
    assert f"{relus.high:e}"[0] in "125"


def test_sizes_of_error_signals_are_counted_over_decades_and_zeros_apart() -> None:
    trainer = computed(*(DenseSpec(8, "sigmoid", init="uniform", init_gain=0.01),) * 64)
    deltas = distributions(trainer)["deltas"]
    assert deltas.logarithmic
    assert deltas.low < -170
    assert deltas.high <= 1
    first, last = (counts.nonzero()[0] for counts in deltas.counts[[0, -1]])
    assert first.max() < last.min()
    assert not deltas.zeros.any()
    dead = distributions(computed(DenseSpec(3, "relu", init="zeros", bias_init=-1.0)))["deltas"]
    assert dead.zeros[0] == 30
    assert not dead.counts[0].any()


def test_a_tensor_of_zeros_has_an_axis_all_the_same() -> None:
    found = distributions(computed(DenseSpec(3, "tanh", init="zeros"), DenseSpec(3, "tanh", init="zeros")))
    for one in found.values():
        assert one.low < one.high
    assert found["weights"].zeros[:2].tolist() == [6, 9]


@pytest.mark.parametrize("size", [1e150, 1e307, 1e-300])
def test_entries_of_any_size_are_counted(size: float) -> None:
    trainer = computed(DenseSpec(3, "tanh"))
    weights = trainer.network.parameters["0.weight"]
    weights[...] = np.sign(weights) * size
    trainer.network.parameters["1.weight"][...] = 0
    trainer.compute()
    found = distributions(trainer)["weights"]
    assert found.counts[0].sum() == 6
    assert found.counts[0][BINS // 2 :].sum() == (weights > 0).sum()
    assert size <= found.high <= 2 * size


def test_of_a_large_tensor_every_so_manieth_entry_counts() -> None:
    trainer = computed(DenseSpec(128, "relu"), *(DenseSpec(128, "relu"),) * 12, batch_size=10)
    counts = distributions(trainer)["weights"].counts.sum(axis=1)
    assert counts.sum() <= 65_536
    np.testing.assert_allclose(counts[1:-1] / counts[1], 1, atol=0.01)


def test_as_arrays_they_stand_in_the_order_of_the_tensors_with_zeros_last() -> None:
    found = distributions(computed(DenseSpec(3, "relu")))
    counts, axes = as_arrays(found)
    assert counts.shape == (len(TENSORS), 2, BINS + 1)
    np.testing.assert_array_equal(counts[2, :, :BINS], found["deltas"].counts)
    np.testing.assert_array_equal(counts[2, :, BINS], found["deltas"].zeros)
    assert axes[2].tolist() == [found["deltas"].low, found["deltas"].high, 1.0]
