"""Everything that one step computes, compiled for one batch size: pass, penalties, clipping, optimizer, telemetry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from engine.arena import Arena, Signals
from engine.kernels import Array, Kernels, constant
from engine.network import Network
from engine.noise import Noise
from engine.optimizers import OPTIMIZERS, Memory
from engine.passes import compile_training
from engine.spec import TrainingSpec
from engine.steering import bind_max_norm, bind_steering
from engine.telemetry import Telemetry


class OptimizerState:
    """The optimizer's slots, twice: one set as of the last applied step, and one that the next is computed into."""

    def __init__(self, training: TrainingSpec, like: Array) -> None:
        slots = OPTIMIZERS[training.optimizer].slots
        self._sets: tuple[dict[str, Array], dict[str, Array]] = (
            {slot: np.zeros_like(like) for slot in slots},
            {slot: np.zeros_like(like) for slot in slots},
        )
        self.side = 0
        """Which of the two sets is the current one."""
        self.steps = 0
        """Steps that went into it."""

    @property
    def current(self) -> Mapping[str, Array]:
        return self._sets[self.side]

    @property
    def next(self) -> Mapping[str, Array]:
        return self._sets[1 - self.side]

    def swap(self) -> None:
        """The computed state becomes the current one."""
        self.side = 1 - self.side
        self.steps += 1

    def memory(self, side: int, gradient: Array, arena: Arena, descent: Array) -> Memory:
        """What the optimizer works on while that side is the current one."""
        now, after = self._sets[side], self._sets[1 - side]
        return Memory(gradient, arena.updates, now, after, arena.parameters, descent, lambda: self.steps + 1)


@dataclass(frozen=True, slots=True)
class Program:
    """The calls of a step, one list for each side of the optimizer's state, and what has to be set before them."""

    signals: Signals
    fed: Array
    kernels: tuple[Kernels, Kernels]
    loss: Callable[[], float]
    telemetry: Telemetry
    descent: Array
    """Minus the learning rate, of no dimension: set before a step where it changes."""
    noise: tuple[Noise, ...]
    given: Array
    """The gradient that the optimizer is given: with penalties, clipped, noisy, where the training asks for it."""


def compile_program(network: Network, training: TrainingSpec, optimizer: OptimizerState, batch: int) -> Program:
    """The program for batches of that size."""
    plan, arena = network.plan, network.arena
    signals = Signals(plan, batch, arena.dtype, arena)
    noise = _input_noise(training, signals)
    inputs = signals.inputs[:-1]
    disturbed: Kernels = tuple(partial(np.add, inputs, each.values, inputs) for each in noise)
    compiled = compile_training(plan, network.compiled_parameters, arena.gradients, signals, network.compiled_loss)
    steering = bind_steering(training, plan, arena)
    telemetry = Telemetry(plan, arena, signals)
    descent = constant(-training.learning_rate, arena.parameters)
    bind = OPTIMIZERS[training.optimizer].bind
    first, second = (
        (
            *disturbed,
            *compiled.kernels,
            *steering.kernels,
            *bind(optimizer.memory(side, steering.gradient, arena, descent), training.optimizer_options),
            *bind_max_norm(training, plan, arena),
        )
        for side in (0, 1)
    )
    noise += steering.noise
    return Program(signals, signals.fed, (first, second), compiled.loss, telemetry, descent, noise, steering.gradient)


def _input_noise(training: TrainingSpec, signals: Signals) -> tuple[Noise, ...]:
    if not training.input_noise:
        return ()
    return (Noise("input noise", training.input_noise, np.empty_like(signals.inputs[:-1])),)
