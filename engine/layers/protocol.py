"""What a kind of layer is to everybody else: what it declares, and the arrays that its calls are bound to.

Arrays are features-first: one row a unit, one column a sample. Below the rows of every layer, and of the network's
inputs, stands a row of ones, so that a layer may treat its bias as one more row of weights.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

import numpy as np

from engine.activations import ACTIVATIONS
from engine.kernels import Array, Kernels

FACTORS: Final = ("normalization", "gain", "skip", "slope", "dropout")
"""What the error signal meets on its way back from one layer's δ to that of the layer before it, in this order: in the
layer it leaves its normalisation, its weights and its residual connection, in the one it comes to f' and dropout."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter tensor of a layer. Those that are a ``weight`` are regularised and counted in norms; biases not."""

    name: str
    shape: tuple[int, ...]
    weight: bool


@dataclass(frozen=True, slots=True)
class Pointwise:
    """The function of one number at a layer's end, a = f(z); f' of neighbours that are alike is computed in one go."""

    activation: str
    options: tuple[tuple[str, float], ...]

    def bind_value(self, z: Array, a: Array) -> Kernels:
        return ACTIVATIONS[self.activation].bind_value(z, a, dict(self.options))

    def bind_slope(self, z: Array, a: Array, slopes: Array) -> Kernels:
        """The calls that write f' from z or a, whichever the activation reads. All of one shape."""
        activation = ACTIVATIONS[self.activation]
        if activation.bind_slope is None:
            raise ValueError(f"{self.activation} has no slope: its loss must be fused with it")
        return activation.bind_slope(z if activation.reads == "z" else a, slopes, dict(self.options))


@dataclass(frozen=True, slots=True)
class ForwardArrays:
    """What a layer's forward pass works on, for one batch size: it reads the first group and writes the second."""

    parameters: Array
    """(entries of all its parameters,): one after the other, in the order in which the layer declares them."""
    inputs: Array
    """(fan_in + 1, batch), the last row ones."""
    running: Array
    """(running,): its running state as of the last applied step."""
    noise: Array
    """(noise, batch): drawn anew for each step."""
    memory: Array
    """(memory, batch): what the layer's backward pass needs of its forward pass and finds nowhere else."""
    training: bool
    """Whether to behave as in training (noise, batch statistics) or as in evaluation."""

    pre_activations: Array
    """z (units, batch)."""
    activations: Array
    """a (units, batch)."""
    next_running: Array
    """(running,): its running state after this step, written in training only."""


@dataclass(frozen=True, slots=True)
class BackwardArrays:
    """What its backward pass works on besides: it reads ∂L/∂a and f' of its own and writes the rest."""

    upstream: Array
    """∂L/∂a (units, batch)."""
    slopes: Array | None
    """f' (units, batch), written before unless the layer has no ``pointwise``; None where the loss is fused with the
    activation and has written ``deltas`` itself."""
    deltas: Array
    """δ = ∂L/∂z (units, batch)."""
    gradients: Array
    """∂L/∂parameters (entries of all its parameters,)."""
    input_upstream: Array | None
    """∂L/∂a of what it reads (fan_in, batch); None for the first layer, whose inputs are data."""


class Layer(Protocol):
    """One layer, without any memory of its own: it declares what it needs and binds its calls to arrays given to it."""

    @property
    def units(self) -> int:
        """Entries of its output, a sample."""

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """In the order of its stretch of memory: weights first, then biases and the like."""

    @property
    def pointwise(self) -> Pointwise | None:
        """The activation at its end; None where what it passes on is not f(z) itself: it then writes f' on its own."""

    @property
    def running(self) -> int:
        """Entries of running state (averages that training updates and evaluation uses): whole runs of one a unit."""

    @property
    def noise(self) -> int:
        """Random numbers that it needs in training, a sample."""

    @property
    def memory(self) -> int:
        """Numbers that its forward pass keeps for the backward pass, or that one for `route`, a sample."""

    def initialize(self, parameters: Mapping[str, Array], running: Array, rng: np.random.Generator) -> None:
        """Writes its initial parameters (by name, in their shapes) and running state."""

    def draw(self, noise: Array, rng: np.random.Generator) -> None:
        """Fills ``noise`` (noise, batch) for one step. Called only where ``noise`` is not 0."""

    def forward(self, arrays: ForwardArrays) -> Kernels:
        """The calls of its forward pass."""

    def backward(self, forward: ForwardArrays, backward: BackwardArrays) -> Kernels:
        """The calls of its backward pass, to be run after its slopes were written."""

    def route(self, forward: ForwardArrays, backward: BackwardArrays) -> Mapping[str, Array]:
        """The error signal on its way back through the layer, as it is after each of the FACTORS that the layer has.

        Read after a pass. From ∂L/∂a: "slope" and "dropout", the last of which is δ; from δ: "normalization", "gain"
        and "skip", the last of which is ∂L/∂a of what it reads. "slope" is missing where the loss has written δ, and
        all from δ on in the first layer.
        """


@dataclass(frozen=True, slots=True)
class Stateless:
    """The part of the protocol of a layer that keeps no running state and draws nothing."""

    running: int = field(default=0, init=False)
    noise: int = field(default=0, init=False)
    memory: int = field(default=0, init=False)

    def draw(self, noise: Array, rng: np.random.Generator) -> None:
        raise TypeError(f"{type(self).__name__} draws no random numbers")
