"""A step allocates nothing that grows with the network, and its arrays lie where the plan says."""

import gc
import tracemalloc

import numpy as np
import pytest

from engine import DataSpec, DenseSpec, NetworkSpec, RunSpec, Trainer, TrainingSpec


def trainer(units: int, activation: str = "tanh", **training: object) -> Trainer:
    return Trainer(
        RunSpec(
            data=DataSpec(samples=400),
            network=NetworkSpec(hidden=(DenseSpec(units, activation),) * 3),
            training=TrainingSpec(batch_size=100, **training),
        )
    )


def peak_of_steps(running: Trainer) -> int:
    """Most bytes held at once, over what was held before, in two epochs."""
    for _ in range(2 * running.batches_per_epoch):
        _ = running.step().values
    gc.collect()
    tracemalloc.start()
    try:
        for _ in range(2 * running.batches_per_epoch):
            _ = running.step().values
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("activation", "training"), [
    ("tanh", {}),
    ("elu", {"optimizer": "adam", "l1": 1e-4, "l2": 1e-4, "clip_value": 1.0, "clip_norm": 1.0}),
    ("gelu", {"optimizer": "rmsprop", "learning_rate": 0.0003}),
    ("silu", {"optimizer": "nesterov"}),
    ("softplus", {"optimizer": "momentum"}),
    ("leaky_relu", {}),
])
def test_a_step_of_a_wide_network_allocates_no_more_than_one_of_a_narrow_network(
    activation: str, training: dict[str, object]
) -> None:
    narrow, wide = (peak_of_steps(trainer(units, activation, **training)) for units in (2, 128))
    assert wide < narrow + 1000
    assert wide < 16_000


def test_all_that_norms_are_taken_of_lies_in_one_buffer_without_gaps() -> None:
    running = trainer(4)
    running.compute()
    arena = running.network.arena
    z = np.concatenate([layer.pre_activations.reshape(-1) for layer in running.layers])
    assert np.shares_memory(running.layers[0].pre_activations, arena.memory)
    assert arena.memory.size == 2 * (z.size + len(running.layers) * 100) + 3 * arena.parameters.size
    for part in (arena.gradients, arena.parameters, running.updates, running.layers[-1].deltas):
        assert np.shares_memory(part, arena.memory)


def test_activations_stand_over_rows_of_ones_that_no_step_touches() -> None:
    running = trainer(4)
    for _ in range(9):
        running.step()
    running.compute()
    for layer in running.layers:
        below = np.lib.stride_tricks.as_strided(layer.activations[-1:], shape=(2, 100))[1]
        np.testing.assert_array_equal(below, 1)
