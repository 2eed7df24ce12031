"""The fully connected layer with what may be put around its activation: normalisation, dropout, a residual connection.

    u = Wᵀ x + b     z = γ û + β, û = (u − μ) / √(σ² + ε)     a = m · f(z) + x

Each part is there only where its spec asks for it. z is what the activation gets, δ = ∂L/∂z, and a is what the layer
passes on. m is 0 for units left out in a training step and 1 / (1 − p) for the others, and 1 in evaluation.
Backward, with g = ∂L/∂a:

    δ = g · m · f'(z)     ∂L/∂γ = Σ δ û     ∂L/∂β = Σ δ     ∂L/∂x = W ∂L/∂u + g

and, where μ and σ are those of the pass itself, over the batch or over the units, with d = γ δ:

    ∂L/∂u = (d − mean d − û · mean(d û)) / √(σ² + ε)

Over the batch γ is the same for all that is averaged, and so the means are those of ∂L/∂β and ∂L/∂γ, taken up already:

    ∂L/∂u = (δ − ∂L/∂β / B − û · ∂L/∂γ / B) · γ / √(σ² + ε)

Means are products with a vector of 1 / n, which cost half of what a sum along an axis does on small arrays.
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
            partial(np.sqrt, inverse, inverse),
            partial(np.reciprocal, inverse, inverse),
        )
        if self._by_batch and not arrays.training:
            means, variances = (each[:, None] for each in arrays.running.reshape(2, self.units))
            return (partial(np.subtract, z, means, unit), partial(np.add, variances, epsilon, inverse), *root)
        squares = np.empty_like(z)
        statistics = np.empty((2, *inverse.shape), dtype=z.dtype)
        mean, variance = statistics
        measured: Kernels = (
            self._average(z, mean),
            partial(np.subtract, z, mean, unit),
            partial(np.multiply, unit, unit, squares),
            self._average(squares, variance),
            *(self._track(arrays, statistics) if self._by_batch else ()),
        )
        return (*measured, partial(np.add, variance, epsilon, inverse), *root)

    def _average(self, values: Array, out: Array) -> Kernel:
        """Means over the samples of each unit (units, 1), or over the units of each sample (1, samples)."""
        count = values.shape[1 if self._by_batch else 0]
        share = np.full(count, 1 / count, dtype=values.dtype)
        flat = out.reshape(-1)
        return partial(values.dot, share, flat) if self._by_batch else partial(share.dot, values, flat)

    def _track(self, arrays: ForwardArrays, measured: Array) -> Kernels:
        """The running statistics after this step, from a batch's means and variances (2, units, 1).

        Of the variance, as in PyTorch, the one that estimates the data's.
        """
        samples = arrays.pre_activations.shape[1]
        unbiased = MOMENTUM * samples / max(samples - 1, 1)
        shares = np.array([[[MOMENTUM]], [[unbiased]]], dtype=measured.dtype)
        part = np.empty_like(measured)
        return (
            partial(np.multiply, arrays.running, constant(1 - MOMENTUM, measured), arrays.next_running),
            partial(np.multiply, measured, shares, part),
            partial(np.add, arrays.next_running, part.reshape(-1), arrays.next_running),
        )

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
        of_learned = self._learned(backward.gradients)
        of_scale, of_shift = (each[:, 0] for each in of_learned)
        product, ones = np.empty_like(deltas), np.ones(deltas.shape[1], dtype=deltas.dtype)
        learned: Kernels = (
            partial(np.multiply, deltas, unit, product),
            partial(product.dot, ones, of_scale),
            partial(deltas.dot, ones, of_shift),
        )
        if self._by_batch:
            factor = np.empty_like(scale)
            measured = self._without_batch_means(forward, deltas, of_learned, outer) if forward.training else ()
            start = outer if forward.training else deltas
            return (
                *learned,
                *measured,
                partial(np.multiply, scale, inverse, factor),
                partial(np.multiply, start, factor, outer),
            )
        mean, together = np.empty_like(inverse), np.empty_like(inverse)
        return (
            *learned,
            partial(np.multiply, deltas, scale, outer),
            self._average(outer, mean),
            partial(np.multiply, outer, unit, product),
            self._average(product, together),
            partial(np.multiply, unit, together, product),
            partial(np.subtract, outer, mean, outer),
            partial(np.subtract, outer, product, outer),
            partial(np.multiply, outer, inverse, outer),
        )

    def _without_batch_means(
        self, forward: ForwardArrays, deltas: Array, of_learned: Array, outer: Array
    ) -> Kernels:
        """δ − ∂L/∂β / B − û · ∂L/∂γ / B into ``outer``."""
        means, part = np.empty_like(of_learned), np.empty_like(deltas)
        together, mean = means
        return (
            partial(np.multiply, of_learned, constant(1 / deltas.shape[1], deltas), means),
            partial(np.subtract, deltas, mean, outer),
            partial(np.multiply, self._unit(forward), together, part),
            partial(np.subtract, outer, part, outer),
        )

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

    def _drops(self, arrays: ForwardArrays) -> bool:
        return arrays.training and self.spec.dropout > 0

    def _block(self, flat: Array) -> Array:
        """W with the bias below it."""
        return flat[: (self.fan_in + 1) * self.units].reshape(self.fan_in + 1, self.units)

    def _learned(self, flat: Array) -> Array:
        """γ and β, as columns (2, units, 1)."""
        return flat[(self.fan_in + 1) * self.units :].reshape(2, self.units, 1)

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
