"""Loss, accuracy and other metrics over the whole training and test data, in buffers of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.activations import ACTIVATIONS
from engine.arena import Signals
from engine.kernels import Array, Kernels, quiet_context, run
from engine.network import Network
from engine.passes import compile_forward, compile_loss
from engine.samples import Part, Samples
from engine.tally import Tally

Confusion = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Score:
    """Mean data loss, and how well the outputs meet the targets; None where a measure means nothing.

    The loss is infinite or NaN where finite parameters lead to numbers that are not. ``accuracy`` is the share of
    samples put into the right class, and ``confusion[i][j]`` how many of class i were put into class j. For regression
    ``r_squared`` is the share of the targets' variance that is explained (1 is perfect, 0 no better than their mean);
    None as well where the targets do not vary.
    """

    loss: float
    accuracy: float | None
    confusion: Confusion | None = None
    r_squared: float | None = None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How well a network does on the data that it learns from and on the data that it does not see.

    ``saturated`` and ``dead`` are shares over the training data: of each layer's activations that are saturated, and of
    its units that are 0 on every sample; None where its activation knows no such thing.
    """

    train: Score
    test: Score
    saturated: tuple[float | None, ...]
    dead: tuple[float | None, ...]


class _Chunk:
    """Forward pass and loss on so many samples."""

    def __init__(self, network: Network, samples: int) -> None:
        plan = network.plan
        self.signals = Signals(plan, samples, network.dtype)
        loss_kernels, self._loss = compile_loss(plan, network.compiled_loss, self.signals)
        self._kernels: Kernels = (*compile_forward(plan, network.compiled_parameters, self.signals), *loss_kernels)
        self._output: Array = self.signals.activations[plan.rows[-1]]
        self._samples = samples

    def __call__(self, inputs: Array, targets: Array) -> tuple[float, Array]:
        """The sum of the loss over the samples, and the outputs (outputs, samples)."""
        self.signals.inputs[:-1] = inputs
        self.signals.targets[...] = targets
        run(self._kernels)
        return self._samples * self._loss(), self._output


class Evaluator:
    """Scores a network on fixed data, in chunks."""

    def __init__(self, network: Network, samples: Samples) -> None:
        self._network = network
        self._train, self._test = _Columns.of(samples.train), _Columns.of(samples.test)
        self._tally = Tally(network.layers, network.plan)
        self._chunks: dict[int, _Chunk] = {}
        self._classes = _classes(network) if samples.classification else None
        self._quietly = quiet_context().run

    def evaluate(self) -> Evaluation:
        """With the network's parameters as they are now."""
        self._tally.reset()
        train = self._quietly(self._score, self._train, self._tally)
        saturated, dead = self._tally.of_layers
        return Evaluation(train, self._quietly(self._score, self._test), saturated, dead)

    def _score(self, part: _Columns, tally: Tally | None = None) -> Score:
        samples, step = part.inputs.shape[1], self._network.chunk
        loss = residual = 0.0
        classes = max(self._network.plan.outputs, 2)
        counts = np.zeros(classes * classes, dtype=np.int64)
        for start in range(0, samples, step):
            size = min(step, samples - start)
            if size not in self._chunks:
                self._chunks[size] = _Chunk(self._network, size)
            targets = part.targets[:, start : start + size]
            chunk = self._chunks[size]
            chunk_loss, outputs = chunk(part.inputs[:, start : start + size], targets)
            loss += chunk_loss
            if tally:
                tally.add(chunk.signals.pre_activations, chunk.signals.activations)
            if self._classes:
                pairs = classes * self._classes(targets) + self._classes(outputs)
                counts += np.bincount(pairs, minlength=classes * classes)
            else:
                residual += float(np.square(outputs - targets, dtype=np.float64).sum())
        if not self._classes:
            r_squared = 1 - residual / part.variation if part.variation else None
            return Score(loss / samples, None, r_squared=r_squared)
        confusion = counts.reshape(classes, classes)
        rows = tuple(tuple(row) for row in confusion.tolist())
        return Score(loss / samples, int(confusion.trace()) / samples, rows)


@dataclass(frozen=True, slots=True)
class _Columns:
    """Inputs (inputs, samples) and targets (outputs, samples)."""

    inputs: Array
    targets: Array
    variation: float
    """Sum of the targets' squared distances from their mean, each output's own."""

    @classmethod
    def of(cls, part: Part) -> _Columns:
        targets = part.targets.astype(np.float64)
        variation = float(np.square(targets - targets.mean(axis=0)).sum())
        return cls(np.ascontiguousarray(part.inputs.T), np.ascontiguousarray(part.targets.T), variation)


def _classes(network: Network) -> Callable[[Array], npt.NDArray[np.intp]]:
    """The class of each column of (outputs, samples): by the greatest entry, or by the side of the middle."""
    if network.plan.outputs > 1:
        return lambda columns: columns.argmax(0)
    middle = class_middle(network)
    return lambda columns: (columns[0] > middle).astype(np.intp)


def class_middle(network: Network) -> float:
    """Where a single output passes from one class to the other: 0 at tanh and linear, ½ at sigmoid."""
    low, high = ACTIVATIONS[network.layers[-1].activation].class_targets
    return (low + high) / 2
