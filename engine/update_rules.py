"""The calls that compute each optimizer's update and next state, one function an entry of the table OPTIMIZERS.

``name(memory, options)`` reads the gradient and the state, and writes the update Δw and the next state elsewhere.
Numbers that change from step to step (a corrected learning rate) are arrays of no dimension, set by a first call.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from math import sqrt
from typing import TypeAlias

import numpy as np

from engine.kernels import Array, Kernel, Kernels, constant

Options: TypeAlias = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Memory:
    """What an optimizer works on, arrays of one length: it writes `update` and `next_state`, and reads the others."""

    gradient: Array
    update: Array
    state: Mapping[str, Array]
    next_state: Mapping[str, Array]
    parameters: Array
    """The parameters as they are, for weight decay."""
    descent: Array
    """Minus the learning rate, of no dimension; read anew each step."""
    step: Callable[[], int]
    """Number of the step being computed, counted from 1 since the state was zero."""


def _average(old: Array, new: Array, sample: Array, decay: float, scratch: Array) -> Kernels:
    """new = decay · old + (1 − decay) · sample; `scratch` may be `sample` itself if that is not needed any more."""
    return (
        partial(np.multiply, old, constant(decay, old), new),
        partial(np.multiply, sample, constant(1 - decay, old), scratch),
        partial(np.add, new, scratch, new),
    )


def _average_of_squares(memory: Memory, slot: str, decay: float) -> Kernels:
    """The running average of g² in that slot; the update's place is used as scratch."""
    gradient, update = memory.gradient, memory.update
    return (
        partial(np.multiply, gradient, gradient, update),
        *_average(memory.state[slot], memory.next_state[slot], update, decay, scratch=update),
    )


def sgd(memory: Memory, options: Options) -> Kernels:
    return (partial(np.multiply, memory.gradient, memory.descent, memory.update),)


def momentum(memory: Memory, options: Options) -> Kernels:
    velocity = memory.next_state["velocity"]
    return (
        partial(np.multiply, memory.state["velocity"], constant(options["momentum"], velocity), velocity),
        partial(np.add, velocity, memory.gradient, velocity),
        partial(np.multiply, velocity, memory.descent, memory.update),
    )


def nesterov(memory: Memory, options: Options) -> Kernels:
    velocity, update = memory.next_state["velocity"], memory.update
    share = constant(options["momentum"], velocity)
    return (
        partial(np.multiply, memory.state["velocity"], share, velocity),
        partial(np.add, velocity, memory.gradient, velocity),
        partial(np.multiply, velocity, share, update),
        partial(np.add, update, memory.gradient, update),
        partial(np.multiply, update, memory.descent, update),
    )


def adagrad(memory: Memory, options: Options) -> Kernels:
    gradient, update, total = memory.gradient, memory.update, memory.next_state["total"]
    return (
        partial(np.multiply, gradient, gradient, update),
        partial(np.add, memory.state["total"], update, total),
        *_over_root(memory, total, options["epsilon"]),
    )


def rmsprop(memory: Memory, options: Options) -> Kernels:
    return (
        *_average_of_squares(memory, "square", options["alpha"]),
        *_over_root(memory, memory.next_state["square"], options["epsilon"]),
    )


def _over_root(memory: Memory, square: Array, epsilon: float) -> Kernels:
    """Δw = −η g / (√square + ε)."""
    update = memory.update
    return (
        partial(np.sqrt, square, update),
        partial(np.add, update, constant(epsilon, update), update),
        partial(np.divide, memory.gradient, update, update),
        partial(np.multiply, update, memory.descent, update),
    )


def adadelta(memory: Memory, options: Options) -> Kernels:
    update, moved = memory.update, memory.next_state["moved"]
    square, rho, epsilon = memory.next_state["square"], options["rho"], constant(options["epsilon"], update)
    root = np.empty_like(update)
    return (
        *_average_of_squares(memory, "square", rho),
        partial(np.add, memory.state["moved"], epsilon, update),
        partial(np.sqrt, update, update),
        partial(np.add, square, epsilon, root),
        partial(np.sqrt, root, root),
        partial(np.divide, update, root, update),
        partial(np.multiply, update, memory.gradient, update),
        partial(np.multiply, update, update, root),
        *_average(memory.state["moved"], moved, root, rho, scratch=root),
        partial(np.multiply, update, memory.descent, update),
    )


def adam(memory: Memory, options: Options) -> Kernels:
    update = memory.update
    mean, square = memory.next_state["mean"], memory.next_state["square"]
    beta1, beta2 = options["beta1"], options["beta2"]
    minus_step_size, root = constant(0, update), constant(0, update)

    def correct_bias() -> None:
        # Both averages start at zero, so that they are too small by 1 − βᵗ at step t.
        t = memory.step()
        minus_step_size[()] = float(memory.descent) / (1 - beta1**t)
        root[()] = 1 / sqrt(1 - beta2**t)

    return (
        correct_bias,
        *_average(memory.state["mean"], mean, memory.gradient, beta1, scratch=update),
        *_average_of_squares(memory, "square", beta2),
        partial(np.sqrt, square, update),
        partial(np.multiply, update, root, update),
        partial(np.add, update, constant(options["epsilon"], update), update),
        partial(np.divide, mean, update, update),
        partial(np.multiply, update, minus_step_size, update),
    )


def adamw(memory: Memory, options: Options) -> Kernels:
    return (*adam(memory, options), *_decay(memory, options["weight_decay"]))


def _decay(memory: Memory, strength: float) -> Kernels:
    """Δw −= η λ w."""
    if not strength:
        return ()
    parameters, update = memory.parameters, memory.update
    decay, pull = np.empty_like(update), constant(0, update)

    def set_pull() -> None:
        pull[()] = float(memory.descent) * strength

    return (
        set_pull,
        partial(np.multiply, parameters, pull, decay),
        partial(np.add, update, decay, update),
    )


class Momenta:
    """NAdam's momentum μₜ = β₁ (1 − ½ · 0.96^(t ψ)), which warms up, and the product of all so far."""

    def __init__(self, beta1: float, decay: float) -> None:
        self._beta1, self._decay = beta1, decay
        self._products = [1.0]

    def at(self, step: int) -> float:
        return self._beta1 * float(1 - 0.5 * 0.96 ** (step * self._decay))

    def product(self, step: int) -> float:
        """μ₁ μ₂ ⋯ μₜ, the same bits whichever step is asked for first; 0 once it makes no difference to 1."""
        products = self._products
        while len(products) <= step and products[-1]:
            following = products[-1] * self.at(len(products))
            products.append(following if following > 1e-17 else 0.0)
        return products[step] if step < len(products) else 0.0


def nadam(memory: Memory, options: Options) -> Kernels:
    gradient, update = memory.gradient, memory.update
    mean, square = memory.next_state["mean"], memory.next_state["square"]
    beta2 = options["beta2"]
    momenta = Momenta(options["beta1"], options["momentum_decay"])
    of_gradient, of_mean, root = constant(0, update), constant(0, update), constant(0, update)
    numerator = np.empty_like(update)

    def correct_bias() -> None:
        t, rate = memory.step(), float(memory.descent)
        of_gradient[()] = rate * (1 - momenta.at(t)) / (1 - momenta.product(t))
        of_mean[()] = rate * momenta.at(t + 1) / (1 - momenta.product(t + 1))
        root[()] = 1 / sqrt(1 - beta2**t)

    return (
        correct_bias,
        *_average(memory.state["mean"], mean, gradient, options["beta1"], scratch=update),
        *_average_of_squares(memory, "square", beta2),
        partial(np.multiply, gradient, of_gradient, numerator),
        partial(np.multiply, mean, of_mean, update),
        partial(np.add, numerator, update, numerator),
        partial(np.sqrt, square, update),
        partial(np.multiply, update, root, update),
        partial(np.add, update, constant(options["epsilon"], update), update),
        partial(np.divide, numerator, update, update),
    )


def lion(memory: Memory, options: Options) -> Kernels:
    gradient, update = memory.gradient, memory.update
    mean, scratch = memory.next_state["mean"], np.empty_like(update)
    beta1, beta2 = options["beta1"], options["beta2"]
    return (
        *_average(memory.state["mean"], update, gradient, beta1, scratch=scratch),
        partial(np.sign, update, update),
        partial(np.multiply, update, memory.descent, update),
        *_average(memory.state["mean"], mean, gradient, beta2, scratch=scratch),
        *_decay(memory, options["weight_decay"]),
    )


def rprop(memory: Memory, options: Options) -> Kernels:
    """A weight whose step size is 0 has none yet and starts with the learning rate."""
    gradient, update = memory.gradient, memory.update
    size, last = memory.next_state["size"], memory.next_state["last"]
    zero, none, turned, same = constant(0, update), *(np.empty(update.shape, dtype=np.bool_) for _ in range(3))
    initial = constant(0, update)

    def set_initial() -> None:
        initial[()] = -float(memory.descent)

    kernels: tuple[Kernel, ...] = (
        set_initial,
        partial(np.equal, memory.state["size"], zero, none),
        partial(np.copyto, size, memory.state["size"]),
        partial(np.copyto, size, initial, where=none),
        # Signs, as the product of two small gradients may underflow.
        partial(np.sign, gradient, update),
        partial(np.sign, memory.state["last"], last),
        partial(np.multiply, update, last, last),
        partial(np.greater, last, zero, same),
        partial(np.less, last, zero, turned),
        partial(np.multiply, size, constant(options["eta_plus"], size), size, where=same),
        partial(np.multiply, size, constant(options["eta_minus"], size), size, where=turned),
        partial(np.maximum, size, constant(options["smallest"], size), out=size),
        partial(np.minimum, size, constant(options["largest"], size), out=size),
        partial(np.copyto, last, gradient),
        partial(np.copyto, last, zero, where=turned),
        partial(np.copyto, update, zero, where=turned),
        partial(np.multiply, update, size, update),
        partial(np.negative, update, update),
    )
    return kernels
