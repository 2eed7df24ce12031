import numpy as np
import pytest

from engine import Dataset, DataSpec, DenseSpec, NetworkSpec, RunSpec, SpecError, Trainer, TrainingSpec


def regression(train: int = 23, test: int = 9) -> Dataset:
    """A small plane, so that batches of 10 leave a last one of 3."""
    rng = np.random.default_rng(4)
    x = rng.uniform(-1, 1, size=(train + test, 2))
    y = x @ [0.5, -1.0] + 0.25
    return Dataset(x[:train], y[:train], x[train:], y[train:])


def linear(**training: object) -> RunSpec:
    network = NetworkSpec(hidden=(DenseSpec(4, "tanh"),), output_activation="linear")
    return RunSpec(data=DataSpec(name="plane"), network=network, training=TrainingSpec(**training))


def snapshot(trainer: Trainer) -> list[np.ndarray]:
    arena = trainer.network.arena
    arrays = [arena.parameters, arena.gradients, trainer.updates, *trainer.optimizer.next.values()]
    for layer in trainer.layers:
        arrays += [layer.pre_activations, layer.activations, layer.deltas]
    return [array.copy() for array in arrays]


# Steps


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "nesterov", "rmsprop", "adam"])
def test_computing_again_changes_nothing(optimizer: str) -> None:
    trainer = Trainer(linear(optimizer=optimizer))
    for _ in range(3):
        trainer.step()
    trainer.compute()
    once, record = snapshot(trainer), trainer.record
    trainer.compute()
    for before, after in zip(once, snapshot(trainer), strict=True):
        np.testing.assert_array_equal(before, after)
    np.testing.assert_array_equal(trainer.record.values, record.values)
    assert trainer.steps == 3


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "nesterov", "rmsprop", "adam"])
def test_looking_at_every_step_leads_to_the_same_bits(optimizer: str) -> None:
    looked_at, alone = (Trainer(linear(optimizer=optimizer)) for _ in range(2))
    for _ in range(60):
        looked_at.compute()
        looked_at.compute()
        looked_at.evaluate()
        looked_at.network.forward([[0.1, 0.2]])
        looked_at.network.loss_and_gradients([[0.1, 0.2]], [[1.0]])
        looked_at.state()
        first, second = looked_at.step(), alone.step()
        np.testing.assert_array_equal(first.values, second.values)
    np.testing.assert_array_equal(looked_at.network.arena.parameters, alone.network.arena.parameters)


def test_what_is_shown_before_a_step_is_what_the_step_does() -> None:
    trainer = Trainer(linear(optimizer="adam"))
    for _ in range(5):
        trainer.compute()
        record, before, update = trainer.record, trainer.network.arena.parameters.copy(), trainer.updates.copy()
        taken = trainer.step()
        np.testing.assert_array_equal(trainer.network.arena.parameters, before + update)
        np.testing.assert_array_equal(taken.values, record.values)
        assert (taken.step, taken.epoch) == (record.step, record.epoch)


def test_applying_needs_a_computed_step_and_uses_it_up() -> None:
    trainer = Trainer(RunSpec())
    with pytest.raises(RuntimeError, match="call compute"):
        trainer.apply()
    trainer.compute()
    trainer.apply()
    with pytest.raises(RuntimeError, match="call compute"):
        trainer.apply()
    with pytest.raises(RuntimeError, match="call compute"):
        _ = trainer.record


def test_a_typed_weight_is_seen_by_the_next_computation() -> None:
    trainer = Trainer(RunSpec())
    trainer.compute()
    loss = trainer.record.loss
    trainer.network.parameters["2.bias"][0] = 3.0
    trainer.compute()
    assert trainer.record.loss > loss


def test_a_record_counts_the_step_that_it_is_and_the_epochs_done_after_it() -> None:
    trainer = Trainer(linear(batch_size=10), dataset=regression(train=23))
    assert (trainer.steps, trainer.epoch, trainer.batches_per_epoch) == (0, 0.0, 3)
    records = [trainer.step() for _ in range(7)]
    assert [record.step for record in records] == [1, 2, 3, 4, 5, 6, 7]
    assert [record.epoch for record in records] == pytest.approx([1 / 3, 2 / 3, 1, 4 / 3, 5 / 3, 2, 7 / 3])
    assert (trainer.steps, trainer.epoch) == (7, pytest.approx(7 / 3))


def test_records_own_their_numbers() -> None:
    trainer = Trainer(RunSpec())
    record = trainer.step()
    kept = record.values.copy()
    trainer.step()
    np.testing.assert_array_equal(record.values, kept)


# Batches


@pytest.mark.parametrize("shuffle", ["none", "once", "epoch"])
def test_an_epoch_brings_every_sample_once_and_its_last_batch_may_be_smaller(shuffle: str) -> None:
    data = regression(train=23)
    trainer = Trainer(linear(batch_size=10, shuffle=shuffle), dataset=data)
    for _ in range(3):
        seen: list[int] = []
        sizes = []
        for _ in range(3):
            samples = trainer.batch_samples
            np.testing.assert_array_equal(trainer.batch_inputs, data.x_train[samples].T)
            np.testing.assert_array_equal(trainer.batch_targets, data.y_train[samples][None])
            seen += samples.tolist()
            sizes.append(len(samples))
            trainer.step()
        assert sorted(seen) == list(range(23))
        assert sizes == [10, 10, 3]


def test_shuffling_orders_the_epochs_as_it_says() -> None:
    orders = {}
    for shuffle in ("none", "once", "epoch"):
        trainer = Trainer(linear(batch_size=23, shuffle=shuffle), dataset=regression(train=23))
        orders[shuffle] = []
        for _ in range(2):
            orders[shuffle].append(trainer.batch_samples.tolist())
            trainer.step()
    assert orders["none"] == [list(range(23))] * 2
    assert orders["once"][0] == orders["once"][1] != list(range(23))
    assert orders["epoch"][0] != orders["epoch"][1]


def test_a_batch_larger_than_the_data_is_all_of_it() -> None:
    trainer = Trainer(linear(batch_size=1000), dataset=regression(train=23))
    trainer.step()
    assert trainer.epoch == 1
    assert len(trainer.batch_samples) == 23


def test_the_gradient_of_a_batch_is_that_of_the_network_asked_alone() -> None:
    data = regression()
    trainer = Trainer(linear(batch_size=10), dataset=data)
    for _ in range(4):
        trainer.compute()
        samples = trainer.batch_samples
        loss, gradients = trainer.network.loss_and_gradients(data.x_train[samples], data.y_train[samples])
        assert trainer.record.loss == pytest.approx(loss, rel=1e-14)
        for name, shown in trainer.network.plan.named(trainer.network.arena.gradients).items():
            np.testing.assert_allclose(shown, gradients[name], rtol=1e-12, atol=1e-17)
        trainer.apply()


def test_layers_show_z_a_and_delta_of_the_coming_batch() -> None:
    trainer = Trainer(RunSpec())
    trainer.step()
    trainer.compute()
    before = np.vstack([trainer.batch_inputs, np.ones((1, 10))])
    for index, layer in enumerate(trainer.layers):
        block = np.vstack([trainer.network.parameters[f"{index}.{name}"] for name in ("weight", "bias")])
        np.testing.assert_allclose(layer.pre_activations, block.T @ before, rtol=1e-13)
        np.testing.assert_allclose(layer.activations, np.tanh(layer.pre_activations), rtol=1e-13)
        np.testing.assert_allclose(layer.deltas, layer.upstream * (1 - layer.activations**2), rtol=1e-12, atol=1e-18)
        gradient = trainer.network.plan.named(trainer.network.arena.gradients)[f"{index}.bias"]
        np.testing.assert_allclose(gradient, layer.deltas.sum(1), rtol=1e-12, atol=1e-17)
        before = np.vstack([layer.activations, np.ones((1, 10))])
    assert [(layer.id, layer.unit_ids, layer.fan_in) for layer in trainer.layers] == [
        (1, (1, 2, 3, 4), 2), (2, (1, 2), 4), (0, (1,), 2),
    ]


# Data


@pytest.mark.parametrize(("output", "loss", "expected"), [
    ("tanh", "half_squared_error", [[1, -1]]), ("sigmoid", "binary_cross_entropy", [[1, 0]]),
    ("softmax", "cross_entropy", [[0, 1], [1, 0]]),
])
def test_classes_become_the_targets_of_the_output(output: str, loss: str, expected: list[list[float]]) -> None:
    trainer = Trainer(RunSpec(network=NetworkSpec(output_activation=output, loss=loss)))
    classes = trainer.dataset.y_train
    picked = [int(np.flatnonzero(classes == 1)[0]), int(np.flatnonzero(classes == 0)[0])]
    np.testing.assert_array_equal(trainer.samples.train.targets[picked].T, expected)


def test_targets_of_a_given_dataset_pass_through() -> None:
    targets = np.array([[0.25, -3.0], [0.5, 2.0], [1.5, 0.0]])
    data = Dataset(np.eye(3), targets, np.eye(3), targets)
    trainer = Trainer(linear(batch_size=3, shuffle="none"), dataset=data)
    np.testing.assert_array_equal(trainer.batch_targets, targets.T)
    assert trainer.network.parameters["1.weight"].shape == (4, 2)
    assert trainer.evaluate().train.accuracy is None


def test_class_indices_of_a_given_dataset_become_one_hot_at_a_softmax() -> None:
    data = Dataset(np.eye(3), [2, 0, 1], np.eye(3), [2, 0, 1])
    network = NetworkSpec(output_activation="softmax", loss="cross_entropy")
    trainer = Trainer(RunSpec(network=network, training=TrainingSpec(shuffle="none")), dataset=data)
    np.testing.assert_array_equal(trainer.batch_targets, np.eye(3)[[2, 0, 1]].T)


def test_targets_of_a_given_dataset_that_the_loss_does_not_take_are_refused() -> None:
    data = Dataset(np.eye(2), [-1.0, 1.0], np.eye(2), [-1.0, 1.0])
    network = NetworkSpec(output_activation="sigmoid", loss="binary_cross_entropy")
    with pytest.raises(SpecError, match=r"dataset\.y_train .* must be between 0 and 1"):
        Trainer(RunSpec(network=network), dataset=data)


@pytest.mark.parametrize(("output", "loss"), [
    ("tanh", "half_squared_error"), ("sigmoid", "binary_cross_entropy"), ("softmax", "cross_entropy"),
])
def test_every_pairing_learns_the_circle(output: str, loss: str) -> None:
    network = NetworkSpec(hidden=(DenseSpec(4, "tanh"),), output_activation=output, loss=loss)
    trainer = Trainer(RunSpec(network=network, training=TrainingSpec(learning_rate=0.3)))
    for _ in range(1500):
        trainer.step()
    evaluation = trainer.evaluate()
    assert evaluation.train.accuracy > 0.95
    assert evaluation.test.accuracy > 0.93


def test_an_evaluation_is_the_mean_loss_and_the_share_of_right_answers() -> None:
    trainer = Trainer(RunSpec(data=DataSpec(samples=3000)))
    data, evaluation = trainer.dataset, trainer.evaluate()
    for score, x, y in (
        (evaluation.train, data.x_train, data.y_train), (evaluation.test, data.x_test, data.y_test)
    ):
        y_hat, targets = trainer.network.forward(x)[:, 0], np.where(y == 1, 1.0, -1.0)
        assert score.loss == pytest.approx((0.5 * (y_hat - targets) ** 2).mean(), rel=1e-12)
        assert score.accuracy == ((y_hat > 0) == (y == 1)).mean()


def test_regression_has_no_accuracy() -> None:
    assert Trainer(linear()).evaluate().test.accuracy is None


# State


def test_a_state_of_another_shape_is_refused_and_changes_nothing() -> None:
    trainer = Trainer(RunSpec())
    before = trainer.network.arena.parameters.copy()
    other = Trainer(RunSpec(network=NetworkSpec(hidden=(DenseSpec(3, "tanh"),))))
    with pytest.raises(ValueError, match="parameters of"):
        trainer.load_state(other.state())
    momentum = Trainer(RunSpec(training=TrainingSpec(optimizer="momentum")))
    with pytest.raises(ValueError, match="velocity"):
        trainer.load_state(momentum.state())
    single = Trainer(RunSpec(dtype="float32"))
    with pytest.raises(ValueError, match="float32"):
        trainer.load_state(single.state())
    np.testing.assert_array_equal(trainer.network.arena.parameters, before)


def test_a_state_is_a_copy() -> None:
    trainer = Trainer(RunSpec(training=TrainingSpec(optimizer="adam")))
    trainer.step()
    state = trainer.state()
    kept = [state["parameters"].copy(), state["slots"]["mean"].copy()]
    for _ in range(3):
        trainer.step()
    np.testing.assert_array_equal(state["parameters"], kept[0])
    np.testing.assert_array_equal(state["slots"]["mean"], kept[1])


def test_a_method_that_is_not_there_is_refused_by_the_spec() -> None:
    with pytest.raises(SpecError, match=r"training\.method"):
        TrainingSpec(method="evolution")
