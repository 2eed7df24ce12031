"""Penalties and clipping, between the gradient that is shown and the update that is applied."""

import numpy as np
import pytest

from engine import DataSpec, DenseSpec, NetworkSpec, RunSpec, SpecError, Trainer, TrainingSpec

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


# Max-norm


def test_max_norm_shortens_the_weights_of_units_that_would_get_too_long_and_no_others() -> None:
    plain, bounded = computed(), computed(max_norm=0.9)
    for name, update in plain.network.plan.named(plain.updates).items():
        parameter = plain.network.parameters[name]
        bounded_update = bounded.network.plan.named(bounded.updates)[name]
        if not name.endswith("weight"):
            np.testing.assert_array_equal(bounded_update, update)
            continue
        after = parameter + update
        lengths = np.linalg.norm(after, axis=0)
        long = lengths > 0.9
        np.testing.assert_allclose(np.linalg.norm((parameter + bounded_update)[:, long], axis=0), 0.9)
        np.testing.assert_array_equal(bounded_update[:, ~long], update[:, ~long])
        kept = (parameter + bounded_update)[:, long] / 0.9
        np.testing.assert_allclose(kept, after[:, long] / lengths[long], rtol=1e-12)


def test_no_unit_ever_gets_longer_than_max_norm() -> None:
    trainer = computed(max_norm=0.5)
    for _ in range(50):
        trainer.step()
    for name in ("0.weight", "1.weight"):
        assert np.linalg.norm(trainer.network.parameters[name], axis=0).max() <= 0.5 * (1 + 1e-12)


# Noise


def test_noise_on_the_gradient_comes_last_with_the_spread_that_was_asked_for() -> None:
    plain, noisy = computed(clip_value=0.01), computed(clip_value=0.01, gradient_noise=0.2)
    noise = (noisy.updates - plain.updates) / -RATE
    assert noise.std() == pytest.approx(0.2, rel=0.5)
    np.testing.assert_array_equal(noisy.network.arena.gradients, plain.network.arena.gradients)
    before = noisy.updates.copy()
    noisy.compute()
    np.testing.assert_array_equal(noisy.updates, before)
    draws = []
    for _ in range(400):
        noisy.compute()
        draws.append(noisy.updates / -RATE - np.clip(noisy.network.arena.gradients, -0.01, 0.01))
        noisy.apply()
    assert np.std(draws) == pytest.approx(0.2, rel=0.02)
    assert np.mean(draws) == pytest.approx(0, abs=0.01)


def test_noise_on_the_inputs_is_seen_by_the_pass_and_by_no_evaluation() -> None:
    plain, noisy = computed(), computed(input_noise=0.3)
    assert plain.evaluate() == noisy.evaluate()
    noise = noisy.batch_inputs - plain.batch_inputs
    assert noise.std() == pytest.approx(0.3, rel=0.5)
    z = noisy.network.parameters["0.weight"].T @ noisy.batch_inputs + noisy.network.parameters["0.bias"][:, None]
    np.testing.assert_allclose(noisy.layers[0].pre_activations, z, rtol=1e-13)
    again = noisy.batch_inputs.copy()
    noisy.compute()
    np.testing.assert_array_equal(noisy.batch_inputs, again)
    np.testing.assert_array_equal(noisy.batch_samples, plain.batch_samples)


def test_noise_comes_back_with_the_state() -> None:
    noisy, other = (computed(input_noise=0.3, gradient_noise=0.1, optimizer="adam") for _ in range(2))
    for _ in range(6):
        noisy.step()
    other.load_state(noisy.state())
    for _ in range(4):
        assert noisy.step().values.tobytes() == other.step().values.tobytes()


# Label smoothing


@pytest.mark.parametrize(("data", "output", "loss", "even"), [
    ("pinwheel", "softmax", "cross_entropy", 1 / 3), ("circle", "sigmoid", "binary_cross_entropy", 1 / 2),
])
def test_smoothed_targets_give_their_share_evenly_and_tests_are_on_the_true_ones(
    data: str, output: str, loss: str, even: float
) -> None:
    network = NetworkSpec(output_activation=output, loss=loss)
    plain, smooth = (
        Trainer(RunSpec(data=DataSpec(data), network=network, training=TrainingSpec(label_smoothing=share)))
        for share in (0.0, 0.1)
    )
    np.testing.assert_allclose(smooth.batch_targets, 0.9 * plain.batch_targets + 0.1 * even, rtol=1e-14)
    assert plain.evaluate() == smooth.evaluate()


def test_only_probabilities_are_smoothed() -> None:
    with pytest.raises(SpecError, match=r"training\.label_smoothing 0\.1 refused: must be 0 with the loss"):
        RunSpec(training=TrainingSpec(label_smoothing=0.1))
