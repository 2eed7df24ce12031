"""Optimizers: from the gradient g of a step to the update Δw that is added to the parameters. As in PyTorch.

They are pure: an optimizer reads its state (slots, one array each of the parameters' size) and writes the next state
and the update elsewhere, so that an update can be computed and shown without being applied. The learning rate is read
anew each step, which leaves room for schedules.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from math import sqrt
from types import MappingProxyType
from typing import TypeAlias

import numpy as np

from engine.kernels import Array, Kernels, constant
from engine.options import Option


@dataclass(frozen=True, slots=True)
class Memory:
    """What an optimizer works on, arrays of one length: it reads `gradient` and `state`, and writes the others."""

    gradient: Array
    update: Array
    state: Mapping[str, Array]
    next_state: Mapping[str, Array]
    descent: Array
    """Minus the learning rate, of no dimension; read anew each step."""
    step: Callable[[], int]
    """Number of the step being computed, counted from 1 since the state was zero."""


Bind: TypeAlias = Callable[[Memory, Mapping[str, float]], Kernels]


@dataclass(frozen=True, slots=True)
class Optimizer:
    """One optimizer and what is told about it. The formula is TeX."""

    title: str
    formula: str
    help: str
    bind: Bind
    rescales: bool = False
    """Whether updates are divided by a running size of the gradient: small gradients then give no smaller updates."""
    slots: tuple[str, ...] = ()
    options: Mapping[str, Option] = field(default_factory=lambda: MappingProxyType({}))


def _average(old: Array, new: Array, sample: Array, decay: float, scratch: Array) -> Kernels:
    """new = decay · old + (1 − decay) · sample; `scratch` may be `sample` itself if that is not needed any more."""
    return (
        partial(np.multiply, old, constant(decay, old), new),
        partial(np.multiply, sample, constant(1 - decay, old), scratch),
        partial(np.add, new, scratch, new),
    )


def _sgd(memory: Memory, options: Mapping[str, float]) -> Kernels:
    return (partial(np.multiply, memory.gradient, memory.descent, memory.update),)


def _momentum(memory: Memory, options: Mapping[str, float]) -> Kernels:
    velocity = memory.next_state["velocity"]
    return (
        partial(np.multiply, memory.state["velocity"], constant(options["momentum"], velocity), velocity),
        partial(np.add, velocity, memory.gradient, velocity),
        partial(np.multiply, velocity, memory.descent, memory.update),
    )


def _nesterov(memory: Memory, options: Mapping[str, float]) -> Kernels:
    velocity, update = memory.next_state["velocity"], memory.update
    momentum = constant(options["momentum"], velocity)
    return (
        partial(np.multiply, memory.state["velocity"], momentum, velocity),
        partial(np.add, velocity, memory.gradient, velocity),
        partial(np.multiply, velocity, momentum, update),
        partial(np.add, update, memory.gradient, update),
        partial(np.multiply, update, memory.descent, update),
    )


def _rmsprop(memory: Memory, options: Mapping[str, float]) -> Kernels:
    gradient, update, square = memory.gradient, memory.update, memory.next_state["square"]
    return (
        partial(np.multiply, gradient, gradient, update),
        *_average(memory.state["square"], square, update, options["alpha"], scratch=update),
        partial(np.sqrt, square, update),
        partial(np.add, update, constant(options["epsilon"], update), update),
        partial(np.divide, gradient, update, update),
        partial(np.multiply, update, memory.descent, update),
    )


def _adam(memory: Memory, options: Mapping[str, float]) -> Kernels:
    gradient, update = memory.gradient, memory.update
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
        *_average(memory.state["mean"], mean, gradient, beta1, scratch=update),
        partial(np.multiply, gradient, gradient, update),
        *_average(memory.state["square"], square, update, beta2, scratch=update),
        partial(np.sqrt, square, update),
        partial(np.multiply, update, root, update),
        partial(np.add, update, constant(options["epsilon"], update), update),
        partial(np.divide, mean, update, update),
        partial(np.multiply, update, minus_step_size, update),
    )


_EPSILON = Option(1e-8, 0.0, 1.0, "Keeps the division tame where gradients were tiny.", exclusive_minimum=True)
_MOMENTUM = MappingProxyType({"momentum": Option(0.9, 0.0, 0.9999, "The share of the last velocity that is kept (μ).")})

OPTIMIZERS: Mapping[str, Optimizer] = MappingProxyType({
    "sgd": Optimizer(
        title="SGD", formula=r"\Delta w = -\eta\,g", bind=_sgd,
        help="Stochastic gradient descent: a step against the gradient of the batch.",
    ),
    "momentum": Optimizer(
        title="Momentum", formula=r"v \leftarrow \mu v + g, \quad \Delta w = -\eta\,v", bind=_momentum,
        slots=("velocity",), options=_MOMENTUM,
        help="Gradients of past steps push on, so that steady directions gather speed (Polyak 1964).",
    ),
    "nesterov": Optimizer(
        title="Nesterov", formula=r"v \leftarrow \mu v + g, \quad \Delta w = -\eta\,(g + \mu v)", bind=_nesterov,
        slots=("velocity",), options=_MOMENTUM,
        help="Momentum that looks one step ahead (Nesterov 1983; Sutskever et al. 2013).",
    ),
    "rmsprop": Optimizer(
        title="RMSprop",
        formula=r"s \leftarrow \alpha s + (1 - \alpha)\,g^2, \quad \Delta w = -\eta\,\frac{g}{\sqrt{s} + \varepsilon}",
        bind=_rmsprop, rescales=True, slots=("square",),
        options=MappingProxyType({
            "alpha": Option(0.99, 0.0, 0.99999, "How slowly the average of squared gradients moves (α)."),
            "epsilon": _EPSILON,
        }),
        help="Divides each gradient by its own recent size (Tieleman and Hinton 2012).",
    ),
    "adam": Optimizer(
        title="Adam",
        formula=r"m \leftarrow \beta_1 m + (1 - \beta_1)\,g, \quad s \leftarrow \beta_2 s + (1 - \beta_2)\,g^2, \quad "
                r"\Delta w = -\eta\,\frac{m / (1 - \beta_1^t)}{\sqrt{s / (1 - \beta_2^t)} + \varepsilon}",
        bind=_adam, rescales=True, slots=("mean", "square"),
        options=MappingProxyType({
            "beta1": Option(0.9, 0.0, 0.9999, "How slowly the average of gradients moves (β₁)."),
            "beta2": Option(0.999, 0.0, 0.99999, "How slowly the average of squared gradients moves (β₂)."),
            "epsilon": _EPSILON,
        }),
        help="Momentum and RMSprop together, corrected for their start at zero (Kingma and Ba 2015).",
    ),
})
