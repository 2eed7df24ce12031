"""One computed step as the inspector reads it: every array by the letter that the formulas use."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np

from engine.checks import SpecError
from engine.inspection.content import Subject
from engine.kernels import Array
from engine.passes import backward_arrays, forward_arrays
from engine.trainer import Trainer


class Moment:
    """The pass that a trainer has computed, and the sample of its batch that is looked at. Reads only.

    Raises SpecError where the batch has no such sample.
    """

    def __init__(self, trainer: Trainer, sample: int = 0) -> None:
        self.trainer = trainer
        self.layers = trainer.layers
        self.samples = trainer.batch_samples
        self.batch = len(self.samples)
        if not 0 <= sample < self.batch:
            raise SpecError("sample", sample, f"must be from 0 to {self.batch - 1}, a place in the batch")
        self.sample = sample
        self.parameters = trainer.network.parameters
        self.gradients = trainer.network.plan.named(trainer.network.arena.gradients)
        self.updates = trainer.network.plan.named(trainer.updates)

    # Layers, by index

    @property
    def last(self) -> int:
        """Index of the output layer."""
        return len(self.layers) - 1

    def index_of(self, layer_id: int | None) -> int:
        """Raises SpecError where there is no such layer."""
        ids = [layer.id for layer in self.layers]
        if layer_id not in ids:
            raise SpecError("layer", layer_id, f"must be the id of a layer: {', '.join(map(str, ids))}")
        return ids.index(layer_id)

    def place_of(self, layer: int, unit_id: int | None) -> int:
        """Raises SpecError where the layer has no such unit."""
        ids = self.layers[layer].unit_ids
        if unit_id not in ids:
            raise SpecError("unit", unit_id, f"must be the id of a unit of {self.name(layer)}")
        return ids.index(unit_id)

    def name(self, layer: int) -> str:
        """A layer as the page calls it."""
        return "the output layer" if layer == self.last else f"layer {layer + 1}"

    def unit_name(self, layer: int, unit: int) -> str:
        """A unit as the page calls it; -1 is the layer of the inputs."""
        if layer < 0:
            return f"input {self.trainer.run.data.inputs[unit]}"
        return f"output {unit + 1}" if layer == self.last else f"unit {unit + 1} of layer {layer + 1}"

    def unit(self, layer: int, unit: int) -> Subject:
        """The unit as something to inspect."""
        return Subject("unit", self.layers[layer].id, self.layers[layer].unit_ids[unit])

    def weight(self, layer: int, origin: int, unit: int) -> Subject:
        """The weight that leads to a unit of that layer, as something to inspect."""
        return Subject("weight", self.layers[layer].id, self.layers[layer].unit_ids[unit], origin)

    # Arrays of one layer, by index: (units, batch) or (fan_in, batch)

    def inputs(self, layer: int) -> Array:
        """What the layer reads."""
        return self.layers[layer - 1].activations if layer else self.trainer.signals.inputs[:-1]

    def weights(self, layer: int) -> Array:
        return self.parameters[f"{layer}.weight"]

    def bias(self, layer: int) -> Array:
        return self.parameters[f"{layer}.bias"]

    def normalized(self, layer: int) -> str:
        """The layer's normalisation, "" where it has none."""
        kind = self.layers[layer].spec.normalization
        return "" if kind == "none" else kind

    def sums(self, layer: int) -> Array:
        """u, the weighted sums; z where the layer is not normalised."""
        if not self.normalized(layer):
            return self.layers[layer].pre_activations
        sums: Array = self.weights(layer).T @ self.inputs(layer) + self.bias(layer)[:, np.newaxis]
        return sums

    def slopes(self, layer: int) -> Array:
        """f'(z)."""
        return self.trainer.signals.slopes[self.trainer.network.plan.rows[layer]]

    def mask(self, layer: int) -> Array | None:
        """What dropout multiplied activations by, None where it is off."""
        return self.trainer.signals.noise[layer] if self.layers[layer].spec.dropout else None

    def outer(self, layer: int) -> Array:
        """∂L/∂u of the layer's weighted sums; δ where it is not normalised."""
        return self._routes[layer].get("normalization", self.layers[layer].deltas)

    def through_weights(self, layer: int) -> Array:
        """W ∂L/∂u of that layer: what its weights pass back to the layer before."""
        return self._routes[layer]["gain"]

    @cached_property
    def _routes(self) -> list[Mapping[str, Array]]:
        network, signals = self.trainer.network, self.trainer.signals
        plan = network.plan
        forward = forward_arrays(plan, network.compiled_parameters, signals, training=True)
        backward = backward_arrays(plan, network.arena.gradients, signals, network.compiled_loss)
        with np.errstate(all="ignore"):
            return [layer.route(read, left) for layer, read, left in zip(plan.layers, forward, backward, strict=True)]

    @property
    def fused(self) -> bool:
        """Whether the loss writes the output's δ itself."""
        return self.trainer.network.compiled_loss.entry.fused
