"""Compiled passes: what a network's layers bind to one set of signals, as flat lists of calls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from engine.arena import Plan, Signals
from engine.kernels import Array, Kernel, Kernels
from engine.layers import BackwardArrays, ForwardArrays
from engine.losses import BoundLoss, Value


@dataclass(frozen=True, slots=True)
class Parameters:
    """The flat arrays that passes read."""

    values: Array
    running: Array
    next_running: Array


@dataclass(frozen=True, slots=True)
class TrainingPass:
    """The calls of one forward and backward pass, and the loss that may be read off after them."""

    kernels: Kernels
    loss: Value


def forward_arrays(plan: Plan, parameters: Parameters, signals: Signals, training: bool) -> list[ForwardArrays]:
    """The arrays of each layer's forward pass; each reads the activations of the one before, the first the inputs."""
    inputs = [signals.inputs]
    # One row further down than the units: the row of ones.
    inputs += [signals.activations[rows.start : rows.stop + 1] for rows in plan.rows[:-1]]
    return [
        ForwardArrays(
            parameters=parameters.values[span],
            inputs=read,
            running=parameters.running[running],
            noise=noise,
            memory=memory,
            training=training,
            pre_activations=signals.pre_activations[rows],
            activations=signals.activations[rows],
            next_running=parameters.next_running[running],
        )
        for span, read, running, noise, memory, rows in zip(
            plan.spans, inputs, plan.running_spans, signals.noise, signals.memory, plan.rows, strict=True
        )
    ]


def compile_forward(plan: Plan, parameters: Parameters, signals: Signals, training: bool = False) -> Kernels:
    """The calls from `signals.inputs` to the last row of `signals.activations`."""
    arrays = forward_arrays(plan, parameters, signals, training)
    return tuple(kernel for layer, own in zip(plan.layers, arrays, strict=True) for kernel in layer.forward(own))


def compile_loss(plan: Plan, loss: BoundLoss, signals: Signals) -> tuple[Kernels, Value]:
    """The calls that start the backward pass (∂L/∂a of the output, or δ where the loss is fused), and the loss."""
    entry, output = loss.entry, plan.rows[-1]
    gradient = (signals.deltas if entry.fused else signals.upstream)[output]
    z, a = signals.pre_activations[output], signals.activations[output]
    return entry.bind(z, a, signals.targets, gradient, loss.options)


def backward_arrays(plan: Plan, gradients: Array, signals: Signals, loss: BoundLoss) -> list[BackwardArrays]:
    """The arrays of each layer's backward pass; each writes ∂L/∂a of the layer before it, the first of none."""
    last = len(plan.layers) - 1
    return [
        BackwardArrays(
            upstream=signals.upstream[rows],
            slopes=None if loss.entry.fused and index == last else signals.slopes[rows],
            deltas=signals.deltas[rows],
            gradients=gradients[plan.spans[index]],
            input_upstream=signals.upstream[plan.rows[index - 1]] if index else None,
        )
        for index, rows in enumerate(plan.rows)
    ]


def compile_training(
    plan: Plan, parameters: Parameters, gradients: Array, signals: Signals, loss: BoundLoss, training: bool = True
) -> TrainingPass:
    """The calls of a forward pass on `signals.fed`, the loss, and a backward pass that writes `gradients`."""
    kernels: list[Kernel] = [*compile_forward(plan, parameters, signals, training)]
    loss_kernels, value = compile_loss(plan, loss, signals)
    kernels += loss_kernels
    fused = loss.entry.fused
    kernels += _slopes(plan, signals, len(plan.layers) - 1 if fused else len(plan.layers))
    forward = forward_arrays(plan, parameters, signals, training)
    backward = backward_arrays(plan, gradients, signals, loss)
    for layer, read, written in zip(reversed(plan.layers), reversed(forward), reversed(backward), strict=True):
        kernels += layer.backward(read, written)
    return TrainingPass(tuple(kernels), value)


def _slopes(plan: Plan, signals: Signals, layers: int) -> Iterator[Kernel]:
    """f' of the first so many layers: once for each run of neighbours with the same activation.

    The rows between two layers are computed with them: ones and zeros, which every activation takes.
    """
    for pointwise, run in groupby(range(layers), key=lambda index: plan.layers[index].pointwise):
        if pointwise is None:
            continue
        indices = list(run)
        rows = slice(plan.rows[indices[0]].start, plan.rows[indices[-1]].stop)
        yield from pointwise.bind_slope(signals.pre_activations[rows], signals.activations[rows], signals.slopes[rows])
