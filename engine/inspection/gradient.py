"""The gradient of one parameter: a sum over the batch; and the same by nudging the parameter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.inspection.content import Block, Equation, Terms, sum_of_products
from engine.inspection.digits import tex_number
from engine.inspection.moment import Moment
from engine.kernels import Array
from engine.normalizations import EPSILON
from engine.trainer import Trainer

LETTERS = {"weight": "w_{ij}", "bias": "b_j", "scale": r"\gamma_j", "shift": r"\beta_j"}


def gradient_block(moment: Moment, layer: int, tensor: str, index: tuple[int, ...]) -> Block:
    """∂L/∂(that entry) with what each sample of the batch adds to it."""
    unit, letter = index[-1], LETTERS[tensor]
    signal = moment.outer(layer)[unit] if tensor in ("weight", "bias") else moment.layers[layer].deltas[unit]
    normalized = moment.normalized(layer) and tensor in ("weight", "bias")
    delta = r"\frac{\partial L}{\partial u_j}" if normalized else r"\delta_j"
    value = float(moment.gradients[f"{layer}.{tensor}"][index])
    target = rf"\frac{{\partial L}}{{\partial {letter}}}"
    text = f"δ contains the 1/{moment.batch} of the mean loss, so this is a sum over the batch."
    read: Array | None = None
    if tensor == "weight":
        read, name = moment.inputs(layer)[index[0]], "a_i" if layer else "x_i"
    elif tensor == "scale":
        read, name = _standard(moment, layer, unit), r"\hat{u}_j"
    if read is None:
        tex, rows = rf"\sum_b {delta}", [[float(each)] for each in signal]
        columns: tuple[str, ...] = (delta,)
        spelled = " + ".join(f"({tex_number(each)})" if each < 0 else tex_number(each) for each in signal[:6])
        spelled = spelled if len(signal) <= 6 else rf"{spelled} + \dots"
        sum_equation = Equation(f"{target} = {tex}", f"{target} = {spelled} = {tex_number(value)}", value)
    else:
        pairs = list(zip(read.tolist(), signal.tolist(), strict=True))
        tex, columns = rf"\sum_b {name}\,{delta}", (name, delta, rf"{name}\,{delta}")
        rows = [[a, d, a * d] for a, d in pairs]
        sum_equation = sum_of_products(target, tex, pairs, [], value)
    terms = Terms(
        heading=tex,
        columns=columns,
        rows=rows,
        labels=[f"sample {number}" for number in moment.samples.tolist()],
        links=[None] * moment.batch,
        sum=value,
        highlighted=moment.sample,
    )
    return Block("Gradient", [sum_equation], text, terms)


def _standard(moment: Moment, layer: int, unit: int) -> Array:
    """û of one unit over the batch."""
    sums = moment.sums(layer)
    axis = 1 if moment.normalized(layer) == "batch" else 0
    standard = (sums - sums.mean(axis=axis, keepdims=True)) / np.sqrt(sums.var(axis=axis, keepdims=True) + EPSILON)
    chosen: Array = standard[unit]
    return chosen


@dataclass(frozen=True, slots=True)
class Nudge:
    """The loss of the same batch with one parameter moved by ±epsilon, and the slope between."""

    epsilon: float
    parameter: float
    loss_above: float
    loss_below: float
    numeric: float
    analytic: float
    relative_error: float


def nudge(trainer: Trainer, name: str, index: tuple[int, ...]) -> Nudge:
    """Checks one gradient by central differences, on the coming batch with its noise and dropout.

    The parameter is put back and the step computed again. Raises NonFiniteError where a nudge overflows.
    """
    parameter = trainer.network.parameters[name]
    analytic = float(trainer.network.plan.named(trainer.network.arena.gradients)[name][index])
    value = parameter[index].copy()
    epsilon = float(np.finfo(parameter.dtype).eps) ** (1 / 3) * max(1.0, abs(float(value)))
    losses, places = [], []
    try:
        for distance in (epsilon, -epsilon):
            parameter[index] = value + distance
            places.append(float(parameter[index]))  # where rounding really put it
            trainer.compute()
            losses.append(float(trainer.record.loss))
    finally:
        parameter[index] = value
        trainer.compute()
    numeric = (losses[0] - losses[1]) / (places[0] - places[1])
    largest = max(abs(numeric), abs(analytic))
    error = abs(numeric - analytic) / largest if largest else 0.0
    return Nudge(epsilon, float(value), losses[0], losses[1], numeric, analytic, error)
