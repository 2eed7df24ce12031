"""One step, told a stage at a time: the batch, forward layer by layer, the loss, backward likewise, the update."""

from __future__ import annotations

import numpy as np

from engine.activations import ACTIVATIONS
from engine.checks import SpecError
from engine.inspection.backward import backward_block
from engine.inspection.content import Block, Equation, Inspection, equation
from engine.inspection.digits import tex_number
from engine.inspection.forward import forward_block
from engine.inspection.loss import loss_block
from engine.inspection.moment import Moment
from engine.losses import LOSSES
from engine.optimizers import OPTIMIZERS

SHOWN_UNITS = 8
SHOWN_WEIGHTS = 24


def stages(layers: int) -> list[str]:
    """The names of a step's stages, for so many layers, the output included."""
    numbers = range(1, layers + 1)
    forward, backward = ([f"{way} {n}" for n in numbers] for way in ("Forward", "Backward"))
    return ["Batch", *forward, "Loss", *reversed(backward), "Update"]


def walk(moment: Moment, stage: int) -> Inspection:
    """What is known at that stage and was not at the one before. Raises SpecError where there is no such stage."""
    count = len(moment.layers)
    names = stages(count)
    if not 0 <= stage < len(names):
        raise SpecError("stage", stage, f"must be from 0 to {len(names) - 1}")
    if stage == 0:
        sentence, blocks = _batch(moment)
    elif stage <= count:
        sentence, blocks = _forward(moment, stage - 1)
    elif stage == count + 1:
        entry = LOSSES[moment.trainer.run.network.loss]
        sentence = f"{entry.title} compares the answers with the targets: one number, the mean over the batch."
        blocks = [loss_block(moment)]
    elif stage < len(names) - 1:
        sentence, blocks = _backward(moment, 2 * count + 1 - stage)
    else:
        sentence, blocks = _update(moment)
    return Inspection(names[stage], sentence, blocks, stages=names)


def _shown(moment: Moment, layer: int) -> tuple[range, str]:
    units = moment.trainer.network.plan.layers[layer].units
    return range(min(units, SHOWN_UNITS)), f" {SHOWN_UNITS} of {units} units shown." if units > SHOWN_UNITS else ""


def _batch(moment: Moment) -> tuple[str, list[Block]]:
    sample = moment.sample
    inputs, targets = moment.inputs(0)[:, sample].tolist(), moment.trainer.signals.targets[:, sample].tolist()
    read = [_given(f"x_{{{place + 1}}}", value) for place, value in enumerate(inputs[:SHOWN_UNITS])]
    wanted = [_given("y" if len(targets) == 1 else f"y_{{{k + 1}}}", value) for k, value in enumerate(targets)]
    more = f"{SHOWN_UNITS} of {len(inputs)} inputs shown." if len(inputs) > SHOWN_UNITS else ""
    sentence = f"A batch of {moment.batch} samples goes in; followed here: sample {int(moment.samples[sample])}."
    return sentence, [Block("Inputs", read, more), Block("Target", wanted, "What the network should answer.")]


def _given(name: str, value: float) -> Equation:
    return Equation(name, f"{name} = {tex_number(value)}", float(value))


def _forward(moment: Moment, layer: int) -> tuple[str, list[Block]]:
    units, more = _shown(moment, layer)
    activation = ACTIVATIONS[moment.layers[layer].spec.activation].title
    read = "the inputs" if layer == 0 else f"the activations of layer {layer}"
    one = "It" if len(moment.layers[layer].unit_ids) == 1 else "Each unit"
    name = moment.name(layer)
    sentence = f"{name[0].upper()}{name[1:]} reads {read}. {one} weighs them, adds its bias, and passes the sum on "
    sentence += f"through {activation}.{more}"
    return sentence, [forward_block(moment, layer, unit, table=False) for unit in units]


def _backward(moment: Moment, layer: int) -> tuple[str, list[Block]]:
    units, more = _shown(moment, layer)
    name = moment.name(layer)
    source = "how the loss changes with its answers"
    if layer != moment.last:
        source = f"the error signal of {moment.name(layer + 1)}, weighed by the same weights"
    begun = f"{name[0].upper()}{name[1:]} takes {source}, times its own slope f′: that is its error signal."
    sentence = f"{begun} Times what it reads, it gives the gradients.{more}"
    blocks = [backward_block(moment, layer, unit, table=False) for unit in units]
    return sentence, [*blocks, _gradients(moment, layer, units)]


def _gradients(moment: Moment, layer: int, units: range) -> Block:
    gradients = moment.gradients[f"{layer}.weight"]
    places = [(i, j) for j in units for i in range(len(gradients))]
    equations = []
    for i, j in places[:SHOWN_WEIGHTS]:
        name = rf"\frac{{\partial L}}{{\partial w_{{{i + 1},{j + 1}}}}}"
        tex = rf"\sum_b {'a' if layer else 'x'}_{{{i + 1}}}\,\delta_{{{j + 1}}}"
        value = float(gradients[i, j])
        link = moment.weight(layer, i, j)
        equations.append(Equation(f"{name} = {tex}", f"{name} = {tex_number(value)}", value, link))
    more = f" {SHOWN_WEIGHTS} of {gradients.size} shown." if len(equations) < gradients.size else ""
    return Block("Gradients", equations, f"Sums over the batch of {moment.batch}.{more}")


def _update(moment: Moment) -> tuple[str, list[Block]]:
    training = moment.trainer.run.training
    optimizer = OPTIMIZERS[training.optimizer].title
    sentence = f"{optimizer} turns every gradient into an update Δw and adds it: the step is done."
    left, blocks = SHOWN_WEIGHTS, []
    for layer in range(len(moment.layers)):
        old, change = moment.weights(layer), moment.updates[f"{layer}.weight"]
        equations = [
            equation(rf"w_{{{i + 1},{j + 1}}}", r"w + \Delta w",
                     {"w": float(old[i, j]), r"\Delta w": float(change[i, j])},
                     float(old[i, j] + change[i, j]), moment.weight(layer, i, j))
            for j, i in list(np.ndindex(*old.T.shape))[:left]
        ]
        left -= len(equations)
        name = moment.name(layer)
        if equations:
            blocks.append(Block(f"{name[0].upper()}{name[1:]}", equations))
    total = sum(moment.weights(layer).size for layer in range(len(moment.layers)))
    if total > SHOWN_WEIGHTS:
        sentence += f" {SHOWN_WEIGHTS} of {total:,} weights shown."
    return sentence, blocks
