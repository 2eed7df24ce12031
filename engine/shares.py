"""How much of each layer does nothing for learning: saturated activations, and relu units that are silent or dead.

A unit is *saturated* on a sample where its value f(z) is pressed against an end of its range (tanh |f| > 0.97, sigmoid
f < 0.03 or f > 0.97: `Activation.saturated_beyond`): its slope is near 0 there. A relu unit is *silent* on a batch
where it is 0 on all of its samples, and *dead* where it is 0 on the whole training set: no sample that it is trained
on gives it an error signal. A batch cannot tell dead from silent.

Values are f(z), before dropout and a residual connection change what is passed on. Cost: of a batch, a few calls a
layer; of the training set, a forward pass over it as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.activations import ACTIVATIONS
from engine.kernels import Array
from engine.probe import sweep
from engine.spec import DenseSpec
from engine.trainer import Trainer

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class LayerShares:
    """One layer's units over some samples; each array (units,), None where its activation knows no such thing."""

    saturation: Floats | None
    """The share of the samples on which the unit is saturated."""
    zero: Bools | None
    """Whether the unit is 0 on every sample, and so has no error signal from any: silent, or dead."""

    @property
    def saturated(self) -> float | None:
        """The share of the layer's activations that are saturated."""
        return None if self.saturation is None else float(self.saturation.mean())

    @property
    def zero_share(self) -> float | None:
        """The share of the units that are 0 on every sample."""
        return None if self.zero is None else float(self.zero.mean())


def shares_of_batch(trainer: Trainer) -> tuple[LayerShares, ...]:
    """Of each layer, over the coming batch as of the last `compute`; ``zero`` means silent."""
    tally = _Tally(trainer.network.layers)
    tally.add([view.pre_activations for view in trainer.layers])
    return tally.shares()


def shares_of_training_set(trainer: Trainer) -> tuple[LayerShares, ...]:
    """Of each layer, over all training samples with the parameters as they are, in evaluation; ``zero`` means dead."""
    tally, plan = _Tally(trainer.network.layers), trainer.network.plan
    for signals, samples in sweep(trainer.network, trainer.dataset.x_train):
        tally.add(signals.pre_activations[rows, :samples] for rows in plan.rows)
    return tally.shares()


class _Tally:
    """Counts over batch after batch."""

    def __init__(self, layers: Sequence[DenseSpec]) -> None:
        self._layers = layers
        self._samples = 0
        self._saturated: list[Floats] = [np.zeros(layer.units) for layer in layers]
        self._zero: list[Bools] = [np.ones(layer.units, dtype=np.bool_) for layer in layers]

    def add(self, pre_activations: Iterable[Array]) -> None:
        """z (units, samples) of each layer."""
        for layer, z, saturated, zero in zip(
            self._layers, pre_activations, self._saturated, self._zero, strict=True
        ):
            activation = ACTIVATIONS[layer.activation]
            if activation.saturated_beyond:
                values = activation.value(z, **layer.activation_options)
                low, high = activation.saturated_beyond
                saturated += ((values < low) | (values > high)).sum(axis=1)
            if activation.dies:
                zero &= (activation.value(z, **layer.activation_options) == 0).all(axis=1)
        self._samples += z.shape[1]

    def shares(self) -> tuple[LayerShares, ...]:
        found = []
        for layer, saturated, zero in zip(self._layers, self._saturated, self._zero, strict=True):
            activation = ACTIVATIONS[layer.activation]
            saturation = saturated / self._samples if activation.saturated_beyond else None
            found.append(LayerShares(saturation, zero if activation.dies else None))
        return tuple(found)
