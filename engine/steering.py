"""From the gradient of the data loss to what the optimizer is given: penalties are added, then the sum is clipped.

As in PyTorch, l2 adds `l2 · w` (the penalty is ½ l2 Σ w²), l1 adds `l1 · sign w`; biases are spared. Clipping acts on
the gradient with its penalties: each entry by value first, then all of them together by their norm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from math import isfinite, sqrt

import numpy as np

from engine.arena import Arena, Plan
from engine.kernels import Array, Kernel, Kernels, constant
from engine.spec import TrainingSpec
from engine.telemetry import scaled_rms


def bind_steering(training: TrainingSpec, plan: Plan, arena: Arena) -> tuple[Kernels, Array]:
    """The calls between the backward pass and the optimizer, and the array that the optimizer is to read."""
    if not (training.l1 or training.l2 or training.clip_value is not None or training.clip_norm is not None):
        return (), arena.gradients
    steered = np.empty_like(arena.gradients)
    return tuple(_kernels(training, plan, arena, steered)), steered


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
