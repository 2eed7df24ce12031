"""Where numbers stopped being finite: the first tensor of a step, in the order in which it is computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from engine.arena import Arena, Plan, Signals
from engine.kernels import Array


def first_non_finite(
    plan: Plan, arena: Arena, signals: Signals, loss: float, next_state: Iterable[Array]
) -> tuple[int, str] | None:
    """Index of the layer and name of the tensor that overflowed first in this step, or None where all is finite."""
    for index, name, values in _in_order_of_the_pass(plan, arena, signals, loss, tuple(next_state)):
        if not np.isfinite(values).all():
            return index, name
    return None


def _in_order_of_the_pass(
    plan: Plan, arena: Arena, signals: Signals, loss: float, next_state: tuple[Array, ...]
) -> Iterator[tuple[int, str, Array]]:
    layers = range(len(plan.layers))
    for index in layers:
        yield index, f"{index}.pre-activation", signals.pre_activations[plan.rows[index]]
        yield index, f"{index}.activation", signals.activations[plan.rows[index]]
    yield layers[-1], "loss", np.array(loss)
    gradients = plan.named(arena.gradients)
    for index in reversed(layers):
        yield index, f"{index}.delta", signals.deltas[plan.rows[index]]
        for name in plan.names(index):
            yield index, f"{name} gradient", gradients[name]
    updates, parameters = plan.named(arena.updates), plan.named(arena.parameters)
    states = [plan.named(state) for state in next_state]
    for index in layers:
        for name in plan.names(index):
            yield index, f"{name} update", updates[name]
            for state in states:
                yield index, f"{name} update", state[name]
            yield index, name, parameters[name] + updates[name]
        yield index, f"{index}.running state", arena.next_running[plan.running_spans[index]]
