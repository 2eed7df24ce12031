"""Memory: where every tensor of a network lies, so that what is done to all alike is a single call.

``Plan`` knows the places, ``Arena`` owns what lasts from step to step, ``Signals`` what one pass on a batch writes.

One buffer of the arena holds, in this order, z and δ of the current batch, the gradients, the parameters and the
updates: the sum of their squares is one product, and what is kept of a step one copy. Smaller batches use the ends of
the parts for z and δ, so that nothing lies between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import prod
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from engine.kernels import Array
from engine.layers import Layer


@dataclass(frozen=True, slots=True)
class Tensor:
    """A parameter tensor: its name as shown ("0.weight"), and its place in a flat array of all parameters."""

    name: str
    span: slice
    shape: tuple[int, ...]
    weight: bool


class Plan:
    """The places of a network's parameters (entries of a flat array) and signals (rows of arrays of batch columns).

    In both, layers stand in forward order. Below a layer's rows stands one row more: of ones in the activations, so
    that a bias is a weight; in z, slopes and δ it holds nothing that counts (what another batch size left there).
    """

    def __init__(self, layers: Sequence[Layer], inputs: int) -> None:
        self.layers = tuple(layers)
        self.inputs = inputs
        self.outputs = self.layers[-1].units
        self.tensors = tuple(self._place_tensors())
        self.size = self.tensors[-1].span.stop if self.tensors else 0
        self.spans = tuple(self._spans(weights_only=False))
        """Entries of each layer's parameters."""
        self.weight_spans = tuple(self._spans(weights_only=True))
        """Entries of each layer's weights, which come first of its parameters."""
        heights = [layer.units + 1 for layer in self.layers]
        stops = accumulate(heights)
        self.rows = tuple(slice(stop - height, stop - 1) for height, stop in zip(heights, stops, strict=True))
        """Rows of each layer's units."""
        self.height = sum(heights)
        """Rows of all layers, with the row below each."""
        ends = list(accumulate(layer.running for layer in self.layers))
        self.running_spans = tuple(map(slice, [0, *ends], ends))
        self.running = ends[-1]
        """Entries of the running state of all layers."""

    def _place_tensors(self) -> Iterator[Tensor]:
        start = 0
        for index, layer in enumerate(self.layers):
            for parameter in layer.parameters:
                stop = start + prod(parameter.shape)
                yield Tensor(f"{index}.{parameter.name}", slice(start, stop), parameter.shape, parameter.weight)
                start = stop

    def _spans(self, weights_only: bool) -> Iterator[slice]:
        start = 0
        for layer in self.layers:
            sizes = [(prod(parameter.shape), parameter.weight) for parameter in layer.parameters]
            yield slice(start, start + sum(size for size, weight in sizes if weight or not weights_only))
            start += sum(size for size, _ in sizes)

    def names(self, layer: int) -> tuple[str, ...]:
        """Names of the parameters of the layer at that index."""
        return tuple(f"{layer}.{parameter.name}" for parameter in self.layers[layer].parameters)

    def named(self, flat: Array) -> Mapping[str, Array]:
        """Views of a flat array of all parameters, by name and in their shapes."""
        return MappingProxyType({t.name: flat[t.span].reshape(t.shape) for t in self.tensors})


class Arena:
    """Flat arrays of one entry a parameter: ``parameters``, ``gradients`` and ``updates``, all in the plan's order."""

    def __init__(self, plan: Plan, dtype: npt.DTypeLike, batch: int = 0) -> None:
        """``batch`` is the largest batch whose z and δ shall lie beside the parameters."""
        self.plan = plan
        self.dtype = np.dtype(dtype)
        self.signals = 2 * plan.height * batch
        """Entries before the gradients, for z and δ of the largest batch."""
        self.memory: Array = np.zeros(self.signals + 3 * plan.size, dtype=self.dtype)
        self.gradients, self.parameters, self.updates = self.memory[self.signals :].reshape(3, plan.size)
        self.running: Array = np.zeros(plan.running, dtype=self.dtype)
        self.next_running: Array = np.zeros(plan.running, dtype=self.dtype)

    def signal_memory(self, entries: int) -> Array:
        """The zeroed end of the part for z and δ, as much as a batch of some size needs."""
        memory = self.memory[self.signals - entries : self.signals]
        memory.fill(0)
        return memory


class Signals:
    """What a pass on a batch of one size writes. Arrays of all layers are (plan.height, batch).

    z and δ lie in the arena given, or in memory of their own where none is.
    """

    def __init__(self, plan: Plan, batch: int, dtype: npt.DTypeLike, arena: Arena | None = None) -> None:
        self.plan = plan
        self.batch = batch
        shape = (plan.height, batch)
        entries = plan.height * batch
        memory = np.zeros(2 * entries, dtype=dtype) if arena is None else arena.signal_memory(2 * entries)
        self.pre_activations: Array = memory[:entries].reshape(shape)
        self.deltas: Array = memory[entries:].reshape(shape)
        self.upstream: Array = np.zeros(shape, dtype=dtype)
        self.slopes: Array = np.zeros(shape, dtype=dtype)
        # Targets, inputs and activations lie one after the other: a batch is brought in by a single copy.
        fed = plan.outputs + plan.inputs
        column: Array = np.ones((fed + 1 + plan.height, batch), dtype=dtype)
        self.fed: Array = column[:fed]
        """Targets and below them inputs (outputs + inputs, batch): what has to be written before a pass."""
        self.targets: Array = column[: plan.outputs]
        self.inputs: Array = column[plan.outputs : fed + 1]
        """(inputs + 1, batch), the last row ones."""
        self.activations: Array = column[fed + 1 :]
        self.memory = tuple(np.zeros((layer.memory, batch), dtype=dtype) for layer in plan.layers)
        """What each layer's backward pass needs of its forward pass (layer.memory, batch)."""
        self.noise = tuple(np.zeros((layer.noise, batch), dtype=dtype) for layer in plan.layers)

    def draw(self, stream: Callable[[int], np.random.Generator]) -> None:
        """Draws the noise of each layer that needs some from the stream of its index."""
        for index, (layer, noise) in enumerate(zip(self.plan.layers, self.noise, strict=True)):
            if layer.noise:
                layer.draw(noise, stream(index))
