"""Accuracy, confusion matrix and R², of training and test data each."""

import numpy as np
import pytest

from engine import Dataset, DataSpec, DenseSpec, NetworkSpec, RunSpec, Trainer, TrainingSpec


def outputs(trainer: Trainer, x: np.ndarray) -> np.ndarray:
    return trainer.network.forward(x)


def trained(run: RunSpec, steps: int = 120, dataset: Dataset | None = None) -> Trainer:
    trainer = Trainer(run, dataset=dataset)
    for _ in range(steps):
        trainer.step()
    return trainer


@pytest.mark.parametrize(("output", "loss"), [
    ("tanh", "half_squared_error"), ("sigmoid", "binary_cross_entropy"), ("softmax", "cross_entropy"),
    ("linear", "hinge"), ("step", "squared_error"),
])
def test_two_classes_are_counted_by_what_they_are_and_what_they_are_taken_for(output: str, loss: str) -> None:
    run = RunSpec(data=DataSpec(noise=0.4), network=NetworkSpec(output_activation=output, loss=loss))
    trainer = trained(run)
    evaluation = trainer.evaluate()
    parts = ((trainer.dataset.x_train, trainer.dataset.y_train, evaluation.train),
             (trainer.dataset.x_test, trainer.dataset.y_test, evaluation.test))
    for x, labels, score in parts:
        y = outputs(trainer, x)
        middle = 0.0 if output in ("tanh", "linear") else 0.5
        taken_for = y.argmax(1) if output == "softmax" else (y[:, 0] > middle).astype(int)
        expected = [[int(((labels == i) & (taken_for == j)).sum()) for j in (0, 1)] for i in (0, 1)]
        assert score.confusion == tuple(map(tuple, expected))
        assert score.accuracy == np.trace(expected) / len(labels)
        assert score.r_squared is None


def test_several_classes_have_a_row_and_a_column_each() -> None:
    run = RunSpec(data=DataSpec("pinwheel"), network=NetworkSpec(output_activation="softmax", loss="cross_entropy"))
    trainer = trained(run)
    score = trainer.evaluate().test
    taken_for = outputs(trainer, trainer.dataset.x_test).argmax(1)
    expected = np.zeros((3, 3), dtype=int)
    np.add.at(expected, (trainer.dataset.y_test, taken_for), 1)
    assert score.confusion == tuple(map(tuple, expected.tolist()))


def test_r_squared_is_the_share_of_the_variance_that_is_explained() -> None:
    run = RunSpec(data=DataSpec("sine", noise=0.1), network=NetworkSpec(output_activation="linear"))
    trainer = trained(run)
    evaluation = trainer.evaluate()
    for x, y, score in ((trainer.dataset.x_train, trainer.dataset.y_train, evaluation.train),
                        (trainer.dataset.x_test, trainer.dataset.y_test, evaluation.test)):
        residual = ((outputs(trainer, x)[:, 0] - y) ** 2).sum()
        assert score.r_squared == pytest.approx(1 - residual / ((y - y.mean()) ** 2).sum())
        assert (score.accuracy, score.confusion) == (None, None)


def test_targets_that_do_not_vary_have_no_r_squared() -> None:
    data = Dataset(np.ones((4, 2)), np.full((4, 1), 3.0), np.ones((4, 2)), np.full((4, 1), 3.0))
    run = RunSpec(network=NetworkSpec(hidden=(DenseSpec(2),), output_activation="linear"), training=TrainingSpec())
    assert trained(run, 1, data).evaluate().train.r_squared is None
