"""Penalties and clipping, between the gradient that is shown and the update that is applied."""

import numpy as np
import pytest

from engine import DataSpec, DenseSpec, NetworkSpec, RunSpec, Trainer, TrainingSpec

RATE = 0.1


def computed(**training: object) -> Trainer:
    network = NetworkSpec(hidden=(DenseSpec(4, "tanh", bias_init=0.5),), output_activation="linear")
    trainer = Trainer(
        RunSpec(data=DataSpec(name="plane"), network=network, training=TrainingSpec(learning_rate=RATE, **training))
    )
    trainer.compute()
    return trainer


def weights_only(trainer: Trainer) -> np.ndarray:
    """1 at each weight, 0 at each bias."""
    names = trainer.network.parameters.items()
    return np.concatenate([np.full(values.size, float(name.endswith("weight"))) for name, values in names])


def test_without_penalty_and_clipping_the_update_is_the_gradient_times_the_learning_rate() -> None:
    trainer = computed()
    np.testing.assert_allclose(trainer.updates, -RATE * trainer.network.arena.gradients, rtol=1e-15)


@pytest.mark.parametrize(("l1", "l2"), [(0.0, 0.2), (0.3, 0.0), (0.3, 0.2)])
def test_penalties_act_on_weights_and_leave_the_shown_gradient_and_the_loss_alone(l1: float, l2: float) -> None:
    plain, penalised = computed(), computed(l1=l1, l2=l2)
    w, gradients = penalised.network.arena.parameters, penalised.network.arena.gradients
    np.testing.assert_array_equal(gradients, plain.network.arena.gradients)
    assert penalised.record.loss == plain.record.loss
    penalty = weights_only(penalised) * (l1 * np.sign(w) + l2 * w)
    np.testing.assert_allclose(penalised.updates, -RATE * (gradients + penalty), rtol=1e-12)


def test_the_penalty_gradient_is_that_of_l1_times_the_sum_of_sizes_and_half_l2_times_the_sum_of_squares() -> None:
    trainer, h = computed(l1=0.3, l2=0.2), 1e-6
    w, mask = trainer.network.arena.parameters, weights_only(trainer)

    def penalty(values: np.ndarray) -> float:
        return float((mask * (0.3 * np.abs(values) + 0.1 * values**2)).sum())

    steps = h * np.eye(w.size)
    numeric = [(penalty(w + step) - penalty(w - step)) / (2 * h) for step in steps]
    np.testing.assert_allclose(-trainer.updates / RATE - trainer.network.arena.gradients, numeric, atol=1e-8)


def test_clipping_by_value_holds_each_entry() -> None:
    trainer = computed(clip_value=0.01)
    gradients = trainer.network.arena.gradients
    assert np.abs(gradients).max() > 0.01
    np.testing.assert_allclose(trainer.updates, -RATE * np.clip(gradients, -0.01, 0.01), rtol=1e-12)


def test_clipping_by_norm_shortens_a_long_gradient_and_spares_a_short_one() -> None:
    gradients = computed().network.arena.gradients.copy()
    norm = float(np.linalg.norm(gradients))
    clipped = computed(clip_norm=norm / 4)
    np.testing.assert_allclose(clipped.updates, -RATE * gradients / 4, rtol=1e-5)
    assert np.linalg.norm(clipped.updates) <= RATE * norm / 4
    spared = computed(clip_norm=norm * 4)
    np.testing.assert_array_equal(spared.updates, computed().updates)


def test_penalties_come_first_then_clipping_by_value_then_by_norm() -> None:
    trainer = computed(l2=5.0, clip_value=0.4, clip_norm=0.3)
    arena = trainer.network.arena
    steered = np.clip(arena.gradients + 5.0 * weights_only(trainer) * arena.parameters, -0.4, 0.4)
    norm = np.linalg.norm(steered)
    assert norm > 0.3
    np.testing.assert_allclose(trainer.updates, -RATE * steered * 0.3 / (norm + 1e-6), rtol=1e-12)


def test_a_gradient_whose_square_overflows_is_clipped_to_the_norm() -> None:
    trainer = computed(clip_norm=1.0)
    trainer.network.parameters["0.weight"][...] = 0
    trainer.network.parameters["1.weight"][...] = [[1e150], [2e150], [1e150], [-1e150]]
    trainer.network.parameters["1.bias"][...] = 0
    trainer.compute()
    assert trainer.record.gradient_rms.max() > 1e154
    assert np.linalg.norm(trainer.updates) == pytest.approx(RATE)


@pytest.mark.parametrize("optimizer", ["momentum", "adam"])
def test_the_optimizer_reads_what_was_steered(optimizer: str) -> None:
    trainer = computed(optimizer=optimizer, clip_value=1e-9)
    slot = "velocity" if optimizer == "momentum" else "mean"
    assert 0 < np.abs(trainer.optimizer.next[slot]).max() <= 1e-9
