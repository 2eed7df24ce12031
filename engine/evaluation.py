"""Loss and accuracy over the whole training and test data, in buffers of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.activations import ACTIVATIONS
from engine.arena import Signals
from engine.kernels import Array, Kernels, quiet_context, run
from engine.network import Network
from engine.passes import compile_forward, compile_loss
from engine.samples import Part, Samples


@dataclass(frozen=True, slots=True)
class Score:
    """Mean data loss and the share of samples put into the right class; None where there are no classes.

    The loss is infinite or NaN where finite parameters lead to numbers that are not.
    """

    loss: float
    accuracy: float | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How well a network does on the data that it learns from and on the data that it does not see."""

    train: Score
    test: Score


class _Chunk:
    """Forward pass and loss on so many samples."""

    def __init__(self, network: Network, samples: int) -> None:
        plan = network.plan
        self._signals = Signals(plan, samples, network.dtype)
        loss_kernels, self._loss = compile_loss(plan, network.compiled_loss, self._signals)
        self._kernels: Kernels = (*compile_forward(plan, network.compiled_parameters, self._signals), *loss_kernels)
        self._output: Array = self._signals.activations[plan.rows[-1]]
        self._samples = samples

    def __call__(self, inputs: Array, targets: Array, hits: Callable[[Array, Array], int] | None) -> tuple[float, int]:
        """Sums over the samples: of the loss, and of right answers."""
        self._signals.inputs[:-1] = inputs
        self._signals.targets[...] = targets
        run(self._kernels)
        return self._samples * self._loss(), hits(self._output, targets) if hits else 0


class Evaluator:
    """Scores a network on fixed data, in chunks."""

    def __init__(self, network: Network, samples: Samples) -> None:
        self._network = network
        self._parts = [_Columns.of(part) for part in (samples.train, samples.test)]
        self._chunks: dict[int, _Chunk] = {}
        self._hits = _hits(network) if samples.classification else None
        self._quietly = quiet_context().run

    def evaluate(self) -> Evaluation:
        """With the network's parameters as they are now."""
        train, test = (self._quietly(self._score, part) for part in self._parts)
        return Evaluation(train, test)

    def _score(self, part: _Columns) -> Score:
        samples, step = part.inputs.shape[1], self._network.chunk
        loss, right = 0.0, 0
        for start in range(0, samples, step):
            size = min(step, samples - start)
            if size not in self._chunks:
                self._chunks[size] = _Chunk(self._network, size)
            span = slice(start, start + size)
            chunk_loss, chunk_right = self._chunks[size](part.inputs[:, span], part.targets[:, span], self._hits)
            loss += chunk_loss
            right += chunk_right
        return Score(loss / samples, right / samples if self._hits else None)


@dataclass(frozen=True, slots=True)
class _Columns:
    """Inputs (inputs, samples) and targets (outputs, samples)."""

    inputs: Array
    targets: Array

    @classmethod
    def of(cls, part: Part) -> _Columns:
        return cls(np.ascontiguousarray(part.inputs.T), np.ascontiguousarray(part.targets.T))


def _hits(network: Network) -> Callable[[Array, Array], int]:
    """Counts right answers among (outputs, samples): by the greatest output, or by the side of the middle."""
    if network.plan.outputs > 1:
        return lambda output, targets: int(np.count_nonzero(output.argmax(0) == targets.argmax(0)))
    middle = class_middle(network)
    return lambda output, targets: int(np.count_nonzero((output > middle) == (targets > middle)))


def class_middle(network: Network) -> float:
    """Where a single output passes from one class to the other: 0 at tanh and linear, ½ at sigmoid."""
    low, high = ACTIVATIONS[network.layers[-1].activation].class_targets
    return (low + high) / 2
