"""The fully connected layer with what may be put around its activation: normalisation, dropout, a residual connection.

    u = Wᵀ x + b     z = γ û + β, û = (u − μ) / √(σ² + ε)     a = m · f(z) + x

Each part is there only where its spec asks for it. z is what the activation gets, δ = ∂L/∂z, and a is what the layer
passes on. m is 0 for units left out in a training step and 1 / (1 − p) for the others, and 1 in evaluation.
Backward, with g = ∂L/∂a:

    δ = g · m · f'(z)     ∂L/∂γ = Σ δ û     ∂L/∂β = Σ δ     ∂L/∂x = W ∂L/∂u + g

and, where μ and σ are those of the pass itself, over the batch or over the units, with d = γ δ:

    ∂L/∂u = (d − mean d − û · mean(d û)) / √(σ² + ε)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from engine.kernels import Array, Kernel, Kernels, constant
from engine.layers.dense import Dense
from engine.layers.protocol import BackwardArrays, ForwardArrays, Parameter, Pointwise
from engine.normalizations import EPSILON, MOMENTUM
from engine.spec import DenseSpec


@dataclass(frozen=True, slots=True)
class DenseBlock:
    """The layer of a DenseSpec with normalisation, dropout or a residual connection, over ``fan_in`` inputs."""

    spec: DenseSpec
    fan_in: int

    @property
    def units(self) -> int:
        return self.spec.units

    @property
    def _plain(self) -> Dense:
        return Dense(self.spec, self.fan_in)

    @property
    def _normalized(self) -> bool:
        return self.spec.normalization != "none"

    @property
    def _by_batch(self) -> bool:
        return self.spec.normalization == "batch"

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        learned = ("scale", "shift") if self._normalized else ()
        return (*self._plain.parameters, *(Parameter(name, (self.units,), weight=False) for name in learned))

    @property
    def _function(self) -> Pointwise:
        return self._plain.pointwise

    @property
    def pointwise(self) -> Pointwise | None:
        changed = self.spec.dropout > 0 or self.spec.residual
        return None if changed else self._function

    @property
    def running(self) -> int:
        """Mean and variance of each unit, for evaluation."""
        return 2 * self.units if self._by_batch else 0

    @property
    def noise(self) -> int:
        return self.units if self.spec.dropout else 0

    @property
    def memory(self) -> int:
        """Rows for f(z), û, 1 / √(σ² + ε) and ∂L/∂u; without normalisation for the first alone."""
        return 4 * self.units if self._normalized else self.units

    def initialize(self, parameters: Mapping[str, Array], running: Array, rng: np.random.Generator) -> None:
        self._plain.initialize(parameters, running, rng)
        if self._normalized:
            parameters["scale"][...] = 1
            parameters["shift"][...] = 0
        if self._by_batch:
            means, variances = running.reshape(2, self.units)
            means[...] = 0
            variances[...] = 1

    def draw(self, noise: Array, rng: np.random.Generator) -> None:
        """m: 0 with the probability of dropout, else 1 / (1 − p)."""
        rng.random(dtype=noise.dtype, out=noise)
        np.greater_equal(noise, self.spec.dropout, out=noise)
        np.multiply(noise, 1 / (1 - self.spec.dropout), noise)

    # Forward

    def forward(self, arrays: ForwardArrays) -> Kernels:
        z, passed_on = arrays.pre_activations, arrays.activations
        kernels: list[Kernel] = [partial(self._block(arrays.parameters).T.dot, arrays.inputs, z)]
        if self._normalized:
            kernels += self._normalize(arrays)
        value = passed_on if self.pointwise else self._value(arrays)
        kernels += self._function.bind_value(z, value)
        drops = self._drops(arrays)
        if drops:
            kernels.append(partial(np.multiply, value, arrays.noise, passed_on))
        if self.spec.residual:
            kernels.append(partial(np.add, passed_on if drops else value, arrays.inputs[:-1], passed_on))
        elif value is not passed_on and not drops:
            kernels.append(partial(np.copyto, passed_on, value))
        return tuple(kernels)

    def _normalize(self, arrays: ForwardArrays) -> Kernels:
        """z, which holds u, becomes γ û + β."""
        z, unit, inverse = arrays.pre_activations, self._unit(arrays), self._inverse(arrays)
        scale, shift = self._learned(arrays.parameters)
        return (
            *self._statistics(arrays),
            partial(np.multiply, unit, inverse, unit),
            partial(np.multiply, unit, scale, z),
            partial(np.add, z, shift, z),
        )

    def _statistics(self, arrays: ForwardArrays) -> Kernels:
        """û before it is divided: u − μ; and what it is to be multiplied by."""
        z, unit, inverse = arrays.pre_activations, self._unit(arrays), self._inverse(arrays)
        epsilon = constant(EPSILON, z)
        root: Kernels = (
            partial(np.add, inverse, epsilon, inverse),
            partial(np.sqrt, inverse, inverse),
            partial(np.reciprocal, inverse, inverse),
        )
        if self._by_batch and not arrays.training:
            means, variances = (each[:, None] for each in arrays.running.reshape(2, self.units))
            return (partial(np.subtract, z, means, unit), partial(np.copyto, inverse, variances), *root)
        axis = self._axis
        mean, squares = np.empty_like(inverse), np.empty_like(z)
        average = partial(np.multiply, constant(1 / z.shape[axis], z))
        measured: Kernels = (
            partial(np.add.reduce, z, axis, None, mean, True),
            partial(average, mean, mean),
            partial(np.subtract, z, mean, unit),
            partial(np.multiply, unit, unit, squares),
            partial(np.add.reduce, squares, axis, None, inverse, True),
            partial(average, inverse, inverse),
        )
        return (*measured, *(self._track(arrays, mean, inverse) if self._by_batch else ()), *root)

    def _track(self, arrays: ForwardArrays, mean: Array, variance: Array) -> Kernels:
        """The running statistics after this step; of the variance, as in PyTorch, the one that estimates the data's."""
        samples = arrays.pre_activations.shape[1]
        next_means, next_variances = arrays.next_running.reshape(2, self.units)
        keep, share = constant(1 - MOMENTUM, mean), constant(MOMENTUM, mean)
        unbiased = constant(MOMENTUM * samples / max(samples - 1, 1), mean)
        part = np.empty(self.units, dtype=mean.dtype)
        kernels: Kernels = (partial(np.multiply, arrays.running, keep, arrays.next_running),)
        for measured, factor, following in ((mean, share, next_means), (variance, unbiased, next_variances)):
            kernels += (
                partial(np.multiply, measured[:, 0], factor, part),
                partial(np.add, following, part, following),
            )
        return kernels

    # Backward

    def backward(self, forward: ForwardArrays, backward: BackwardArrays) -> Kernels:
        kernels = [*self._slope(forward, backward)]
        outer = self._outer(forward, backward)
        if self._normalized:
            kernels += self._denormalize(forward, backward, outer)
        kernels.append(partial(forward.inputs.dot, outer.T, self._block(backward.gradients)))
        upstream = backward.input_upstream
        if upstream is not None:
            kernels.append(partial(self._block(forward.parameters)[:-1].dot, outer, upstream))
            if self.spec.residual:
                kernels.append(partial(np.add, upstream, backward.upstream, upstream))
        return tuple(kernels)

    def _slope(self, forward: ForwardArrays, backward: BackwardArrays) -> Kernels:
        """δ, unless the loss has written it."""
        slopes, deltas = backward.slopes, backward.deltas
        if slopes is None:
            return ()
        kernels: Kernels = ()
        if self.pointwise is None:
            kernels = self._function.bind_slope(forward.pre_activations, self._value(forward), slopes)
        kernels += (partial(np.multiply, backward.upstream, slopes, deltas),)
        if self._drops(forward):
            kernels += (partial(np.multiply, deltas, forward.noise, deltas),)
        return kernels

    def _denormalize(self, forward: ForwardArrays, backward: BackwardArrays, outer: Array) -> Kernels:
        """∂L/∂u into ``outer``, and the gradients of γ and β."""
        deltas, unit, inverse = backward.deltas, self._unit(forward), self._inverse(forward)
        scale, _ = self._learned(forward.parameters)
        of_scale, of_shift = (each[:, 0] for each in self._learned(backward.gradients))
        product = np.empty_like(deltas)
        learned: Kernels = (
            partial(np.multiply, deltas, unit, product),
            partial(np.add.reduce, product, 1, None, of_scale),
            partial(np.add.reduce, deltas, 1, None, of_shift),
            partial(np.multiply, deltas, scale, outer),
        )
        measured: Kernels = ()
        if forward.training or not self._by_batch:
            axis = self._axis
            mean, together = np.empty_like(inverse), np.empty_like(inverse)
            average = partial(np.multiply, constant(1 / deltas.shape[axis], deltas))
            measured = (
                partial(np.add.reduce, outer, axis, None, mean, True),
                partial(average, mean, mean),
                partial(np.multiply, outer, unit, product),
                partial(np.add.reduce, product, axis, None, together, True),
                partial(average, together, together),
                partial(np.multiply, unit, together, product),
                partial(np.subtract, outer, mean, outer),
                partial(np.subtract, outer, product, outer),
            )
        return (*learned, *measured, partial(np.multiply, outer, inverse, outer))

    def route(self, forward: ForwardArrays, backward: BackwardArrays) -> Mapping[str, Array]:
        stations: dict[str, Array] = {}
        if backward.slopes is not None:
            stations["slope"] = backward.deltas
            if self._drops(forward):
                stations["slope"] = backward.upstream * backward.slopes
                stations["dropout"] = backward.deltas
        outer = self._outer(forward, backward)
        if self._normalized:
            stations["normalization"] = outer
        if backward.input_upstream is not None:
            stations["gain"] = backward.input_upstream
            if self.spec.residual:
                stations["gain"] = self._block(forward.parameters)[:-1].dot(outer)
                stations["skip"] = backward.input_upstream
        return stations

    # Places

    @property
    def _axis(self) -> int:
        """Over what means and variances are taken: the samples of a unit, or the units of a sample."""
        return 1 if self._by_batch else 0

    def _drops(self, arrays: ForwardArrays) -> bool:
        return arrays.training and self.spec.dropout > 0

    def _block(self, flat: Array) -> Array:
        """W with the bias below it."""
        return flat[: (self.fan_in + 1) * self.units].reshape(self.fan_in + 1, self.units)

    def _learned(self, flat: Array) -> tuple[Array, Array]:
        """γ and β, as columns (units, 1)."""
        scale, shift = flat[(self.fan_in + 1) * self.units :].reshape(2, self.units, 1)
        return scale, shift

    def _value(self, arrays: ForwardArrays) -> Array:
        return arrays.memory[: self.units]

    def _unit(self, arrays: ForwardArrays) -> Array:
        return arrays.memory[self.units : 2 * self.units]

    def _inverse(self, arrays: ForwardArrays) -> Array:
        rows = arrays.memory[2 * self.units : 3 * self.units]
        return rows[:, :1] if self._by_batch else rows[:1]

    def _outer(self, forward: ForwardArrays, backward: BackwardArrays) -> Array:
        """∂L/∂u; without normalisation u is z."""
        return forward.memory[3 * self.units :] if self._normalized else backward.deltas
