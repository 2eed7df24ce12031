"""Every combination that makes no sense is refused with the field, the value and the rule, in one sentence."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from engine import Dataset, DataSpec, DenseSpec, Network, NetworkSpec, RunSpec, SpecError, Trainer, TrainingSpec

X = np.zeros((4, 2))
Refused = Callable[[], object]


def given(loss: str, output: str, targets: np.ndarray) -> Refused:
    run = RunSpec(network=NetworkSpec(output_activation=output, loss=loss))
    return lambda: Trainer(run, dataset=Dataset(X, targets, X, targets))


def with_hidden(*hidden: DenseSpec, **training: object) -> Refused:
    return lambda: RunSpec(network=NetworkSpec(hidden=hidden), training=TrainingSpec(**training))


CASES: dict[str, tuple[Refused, str, str]] = {
    "softmax in a hidden layer of one unit": (
        with_hidden(DenseSpec(1, "softmax")), "network.hidden.0.activation", "must be one of linear, sigmoid",
    ),
    "cross-entropy without softmax": (
        lambda: NetworkSpec(loss="cross_entropy", output_activation="sigmoid"),
        "network.output_activation", "must be softmax with the loss cross_entropy",
    ),
    "softmax without cross-entropy": (
        lambda: NetworkSpec(loss="huber", output_activation="softmax"),
        "network.output_activation", "with the loss huber",
    ),
    "hinge on probabilities": (
        lambda: NetworkSpec(loss="hinge", output_activation="sigmoid"),
        "network.output_activation", "must be one of linear, tanh with the loss hinge",
    ),
    "hinge on a regression set": (
        lambda: RunSpec(data=DataSpec("sine"), network=NetworkSpec(loss="hinge", output_activation="linear")),
        "network.loss", "with sine, a regression set",
    ),
    "batch normalisation with batch 1": (
        with_hidden(DenseSpec(3, normalization="batch"), batch_size=1),
        "network.hidden.0.normalization", "must not be batch where a batch holds one sample: training.batch_size is 1",
    ),
    "batch normalisation with a last batch of 1": (
        with_hidden(DenseSpec(3), DenseSpec(3, normalization="batch"), batch_size=3),
        "network.hidden.1.normalization", "250 samples in batches of 3 leave one",
    ),
    "layer normalisation of one unit": (
        lambda: DenseSpec(1, normalization="layer"), "normalization", "must not be layer with a single unit",
    ),
    "a residual connection across unequal widths": (
        with_hidden(DenseSpec(3), DenseSpec(4, residual=True)),
        "network.hidden.1.residual", "must be false around 4 units that read 3: both widths must agree",
    ),
    "a residual connection across inputs of another number": (
        with_hidden(DenseSpec(4, residual=True)), "network.hidden.0.residual", "around 4 units that read 2",
    ),
    "dropout of everything": (lambda: DenseSpec(3, dropout=1), "dropout", "must be at most 0.95"),
    "a schedule of negative length": (
        lambda: TrainingSpec(schedule="cosine", schedule_options={"length": -5}),
        "training.schedule_options.length", "must be at least 1",
    ),
    "a schedule that rises without end": (
        lambda: TrainingSpec(schedule="exponential", schedule_options={"gamma": 1.1}),
        "training.schedule_options.gamma", "must be at most 1",
    ),
    "an option of another schedule": (
        lambda: TrainingSpec(schedule="step", schedule_options={"length": 5}),
        "training.schedule_options.length", "unknown, as step takes every, gamma",
    ),
    "an option of another loss": (
        lambda: NetworkSpec(loss_options={"delta": 1}),
        "network.loss_options.delta", "half_squared_error takes no options",
    ),
    "a Huber loss that is nowhere squared": (
        lambda: NetworkSpec(loss="huber", loss_options={"delta": 0}), "network.loss_options.delta", "must be above 0",
    ),
    "patience of no epoch": (lambda: TrainingSpec(patience=0), "training.patience", "must be at least 1"),
    "patience of half an epoch": (lambda: TrainingSpec(patience=0.5), "training.patience", "must be a whole number"),
    "a max-norm of nothing": (lambda: TrainingSpec(max_norm=0), "training.max_norm", "must be above 0"),
    "negative noise": (lambda: TrainingSpec(gradient_noise=-1), "training.gradient_noise", "must be at least 0"),
    "smoothing where there are no probabilities": (
        lambda: RunSpec(training=TrainingSpec(label_smoothing=0.1)),
        "training.label_smoothing", "must be 0 with the loss half_squared_error",
    ),
    "a target that is no probability": (
        given("binary_cross_entropy", "sigmoid", np.array([[0.0], [1.0], [2.0], [0.0]])),
        "dataset.y_train", "must be between 0 and 1, with binary_cross_entropy",
    ),
    "targets that do not sum to 1": (
        given("cross_entropy", "softmax", np.full((4, 3), 0.5)), "dataset.y_train", "sum to 1 for each sample",
    ),
    "a class index that is none": (
        given("cross_entropy", "softmax", np.array([0, 1, -1, 2])), "dataset.y_train", "must be class indices from 0",
    ),
    "a hinge target between the classes": (
        given("hinge", "linear", np.array([[1.0], [0.0], [-1.0], [1.0]])),
        "dataset.y_train", "must be -1 or 1, with hinge",
    ),
    "inputs that are not numbers": (
        lambda: Dataset([[np.nan, 0.0]], [0.0], X, np.zeros(4)), "dataset.x_train", "must hold finite numbers only",
    ),
    "targets that are not numbers": (
        lambda: Dataset(X, np.zeros(4), X, [0, 1, np.inf, 0]), "dataset.y_test", "must hold finite numbers only",
    ),
    "a network without layers": (
        lambda: Network((), 2, "squared_error", np.random.default_rng(0)), "layers", "at least the output layer",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_it_is_refused_with_field_value_and_rule(case: str) -> None:
    refused, field, rule = CASES[case]
    with pytest.raises(SpecError) as caught:
        refused()
    assert caught.value.field == field
    assert rule in caught.value.rule
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(f"{field} ")
