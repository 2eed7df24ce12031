"""The fully connected layer: z = Wᵀ a_prev + b, a = f(z), with samples as columns.

Weights and bias are one block θ of (fan_in + 1, units): below the rows of W stands the bias. With the row of ones
below the inputs, x = [a_prev; 1], each pass is one product where it would be two:

    z = θᵀ x        ∂L/∂θ = x δᵀ        δ = ∂L/∂a · f'(z)        ∂L/∂a_prev = W δ
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from engine.initializers import INITIALIZERS
from engine.kernels import Array, Kernel, Kernels
from engine.layers.protocol import BackwardArrays, ForwardArrays, Parameter, Pointwise, Stateless
from engine.spec import DenseSpec


@dataclass(frozen=True, slots=True)
class Dense(Stateless):
    """The layer of a DenseSpec over ``fan_in`` inputs."""

    spec: DenseSpec
    fan_in: int

    @property
    def units(self) -> int:
        return self.spec.units

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        return (
            Parameter("weight", (self.fan_in, self.units), weight=True),
            Parameter("bias", (self.units,), weight=False),
        )

    @property
    def pointwise(self) -> Pointwise:
        return Pointwise(self.spec.activation, tuple(self.spec.activation_options.items()))

    def initialize(self, parameters: Mapping[str, Array], running: Array, rng: np.random.Generator) -> None:
        init = INITIALIZERS[self.spec.init].init
        parameters["weight"][...] = self.spec.init_gain * init(rng, self.fan_in, self.units)
        parameters["bias"][...] = self.spec.bias_init

    def forward(self, arrays: ForwardArrays) -> Kernels:
        z = arrays.pre_activations
        product = partial(self._block(arrays.parameters).T.dot, arrays.inputs, z)
        return (product, *self.pointwise.bind_value(z, arrays.activations))

    def backward(self, forward: ForwardArrays, backward: BackwardArrays) -> Kernels:
        deltas = backward.deltas
        kernels: list[Kernel] = []
        if backward.slopes is not None:
            kernels.append(partial(np.multiply, backward.upstream, backward.slopes, deltas))
        kernels.append(partial(forward.inputs.dot, deltas.T, self._block(backward.gradients)))
        if backward.input_upstream is not None:
            weights = self._block(forward.parameters)[:-1]
            kernels.append(partial(weights.dot, deltas, backward.input_upstream))
        return tuple(kernels)

    def route(self, forward: ForwardArrays, backward: BackwardArrays) -> Mapping[str, Array]:
        stations = {} if backward.slopes is None else {"slope": backward.deltas}
        return stations if backward.input_upstream is None else stations | {"gain": backward.input_upstream}

    def _block(self, flat: Array) -> Array:
        return flat.reshape(self.fan_in + 1, self.units)
