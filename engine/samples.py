"""Training and test data as a network takes them: inputs and targets in its own precision."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.activations import ACTIVATIONS
from engine.data import Dataset, OwnData, load_dataset
from engine.data.targets import given_targets, network_targets
from engine.kernels import Array
from engine.spec import RunSpec


@dataclass(frozen=True, slots=True)
class Part:
    """Inputs (samples, inputs) and targets (samples, outputs)."""

    inputs: Array
    targets: Array


class Samples:
    """The data of a run: those that its spec describes (``own`` where a user brought them), or a dataset handed over.

    The spec's class indices become the targets that the output activation is trained towards. What is handed over is
    taken as it is, but for class indices (samples,) with cross-entropy, which become one-hot.
    """

    def __init__(self, run: RunSpec, dataset: Dataset | None, own: OwnData | None = None) -> None:
        self.given = dataset is not None
        self.own = own
        self.dataset = load_dataset(run.data, run.seed, own) if dataset is None else dataset
        y_train, y_test = self.dataset.y_train, self.dataset.y_test
        if not self.given:
            y_train, y_test = network_targets(run, y_train), network_targets(run, y_test)
        else:
            loss, outputs = run.network.loss, int(max(y_train.max(), y_test.max())) + 1
            y_train = given_targets("dataset.y_train", y_train, loss, outputs)
            y_test = given_targets("dataset.y_test", y_test, loss, outputs)
        self.train = Part(self.dataset.x_train.astype(run.dtype), y_train.astype(run.dtype))
        self.test = Part(self.dataset.x_test.astype(run.dtype), y_test.astype(run.dtype))
        self.classification = self._holds_classes(run)
        """Whether an accuracy means anything."""

    def _holds_classes(self, run: RunSpec) -> bool:
        if not self.given:
            return run.data.record.task == "classification"
        # Of data handed over one can only look whether the targets are all "this class" or "not this class".
        classes = ACTIVATIONS[run.network.output_activation].class_targets
        return all(bool(np.isin(part.targets, classes).all()) for part in (self.train, self.test))
