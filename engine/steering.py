"""From the gradient of the data loss to what the optimizer is given, and from its update to the one that is applied.

As in PyTorch, l2 adds `l2 · w` (the penalty is ½ l2 Σ w²), l1 adds `l1 · sign w`; biases are spared. Clipping acts on
the gradient with its penalties: each entry by value first, then all of them together by their norm. Noise comes last.
A max-norm shortens the update, so that the weights lead no further than it allows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from math import isfinite, sqrt

import numpy as np

from engine.arena import Arena, Plan
from engine.kernels import Array, Kernel, Kernels, constant
from engine.noise import Noise
from engine.spec import TrainingSpec
from engine.telemetry import scaled_rms


@dataclass(frozen=True, slots=True)
class Steering:
    """The calls between the backward pass and the optimizer, the array that the optimizer is to read, and noise to be
    drawn before."""

    kernels: Kernels
    gradient: Array
    noise: tuple[Noise, ...] = ()


def bind_steering(training: TrainingSpec, plan: Plan, arena: Arena) -> Steering:
    """What the training asks for; nothing at all where it asks for nothing."""
    clips = training.clip_value is not None or training.clip_norm is not None
    if not (training.l1 or training.l2 or training.gradient_noise or clips):
        return Steering((), arena.gradients)
    steered = np.empty_like(arena.gradients)
    kernels = tuple(_kernels(training, plan, arena, steered))
    if not training.gradient_noise:
        return Steering(kernels, steered)
    noise = Noise("gradient noise", training.gradient_noise, np.empty_like(steered))
    return Steering((*kernels, partial(np.add, steered, noise.values, steered)), steered, (noise,))


def bind_max_norm(training: TrainingSpec, plan: Plan, arena: Arena) -> Kernels:
    """The calls after the optimizer that shorten updates so that no unit's incoming weights get longer than allowed."""
    if training.max_norm is None:
        return ()
    parameters, updates = plan.named(arena.parameters), plan.named(arena.updates)
    weights = [tensor.name for tensor in plan.tensors if tensor.weight and len(tensor.shape) == 2]
    return tuple(_shorten(parameters[name], updates[name], training.max_norm) for name in weights)


def _shorten(weight: Array, update: Array, limit: float) -> Callable[[], None]:
    """w + Δw, column by column, brought to the limit where it is longer; what is left of Δw is what leads there."""
    after, squares = np.empty_like(weight), np.empty_like(weight)
    factor: Array = np.empty(weight.shape[1], dtype=weight.dtype)
    limits = np.full_like(factor, limit)

    def shorten() -> None:
        np.add(weight, update, after)
        np.multiply(after, after, squares)
        np.add.reduce(squares, axis=0, out=factor)
        np.sqrt(factor, factor)
        if factor.max() > limit:
            np.maximum(factor, limits, out=factor)
            np.divide(limits, factor, factor)
            np.multiply(after, factor, after)
            # Only where it is longer, so that all other updates keep their bits.
            np.subtract(after, weight, update, where=factor < 1)

    return shorten


def _kernels(training: TrainingSpec, plan: Plan, arena: Arena, steered: Array) -> Iterator[Kernel]:
    yield partial(np.copyto, steered, arena.gradients)
    penalty = np.empty_like(steered)
    if training.l2:
        yield partial(np.multiply, arena.parameters, _on_weights(plan, arena, training.l2), penalty)
        yield partial(np.add, steered, penalty, steered)
    if training.l1:
        yield partial(np.sign, arena.parameters, penalty)
        yield partial(np.multiply, penalty, _on_weights(plan, arena, training.l1), penalty)
        yield partial(np.add, steered, penalty, steered)
    if training.clip_value is not None:
        yield partial(np.minimum, steered, constant(training.clip_value, steered), out=steered)
        yield partial(np.maximum, steered, constant(-training.clip_value, steered), out=steered)
    if training.clip_norm is not None:
        yield _clip_norm(steered, training.clip_norm)


def _on_weights(plan: Plan, arena: Arena, strength: float) -> Array:
    """The strength at each weight, 0 at each bias."""
    mask = np.zeros_like(arena.parameters)
    for tensor in plan.tensors:
        if tensor.weight:
            mask[tensor.span] = strength
    return mask


def _clip_norm(steered: Array, limit: float) -> Callable[[], None]:
    factor = constant(1, steered)

    def clip() -> None:
        total = float(steered.dot(steered))
        # Outside the range where squares are exact, scaled: an exploded gradient is what this is for.
        norm = sqrt(total) if total > 1e-30 and isfinite(total) else scaled_rms(steered) * sqrt(steered.size)
        if norm > limit:
            factor[()] = limit / (norm + 1e-6)  # PyTorch's, so that the norm ends just under the limit
            np.multiply(steered, factor, steered)

    return clip
