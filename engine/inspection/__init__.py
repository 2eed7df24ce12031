"""The inspector: where one number of one step came from, every formula in symbols and with its numbers put in.

`inspect` reads a trainer that has computed its coming step, and changes nothing. The numbers are the engine's own; the
formulas are those of the engine's tables, which engine.inspection.tex can compute, so that what is shown can be
checked against what was trained with. Cost: Python, some milliseconds; made for a look, not for every step.
"""

from __future__ import annotations

from engine.checks import SpecError
from engine.inspection.backward import backward_block
from engine.inspection.content import Block, Distribution, Equation, Inspection, Kind, Plot, Subject, Terms
from engine.inspection.forward import distribution, forward_block, plot
from engine.inspection.gradient import Nudge, gradient_block, nudge
from engine.inspection.loss import loss_block
from engine.inspection.moment import Moment
from engine.inspection.update import update_block
from engine.inspection.walk import stages, walk
from engine.trainer import Trainer

__all__ = [
    "Block", "Distribution", "Equation", "Inspection", "Kind", "Nudge", "Plot", "Subject", "Terms",
    "check_gradient", "inspect", "stages", "walk_stage",
]  # fmt: skip


def inspect(trainer: Trainer, subject: Subject, sample: int = 0) -> Inspection:
    """Everything about a weight, a bias, a unit or the loss, for a sample of the coming batch.

    Raises SpecError, naming the field, where there is no such thing.
    """
    moment = Moment(trainer, sample)
    if subject.kind == "loss":
        entry = moment.trainer.network.compiled_loss.entry
        return Inspection("Loss", entry.help, [loss_block(moment)])
    layer = moment.index_of(subject.layer)
    unit = moment.place_of(layer, subject.unit)
    name = moment.unit_name(layer, unit)
    if subject.kind == "unit":
        blocks = [forward_block(moment, layer, unit), backward_block(moment, layer, unit)]
        blocks.append(gradient_block(moment, layer, "bias", (unit,)))
        sentence = "What it passes on, and how the loss changes with what it sums up."
        curves, spread = plot(moment, layer, unit), distribution(moment, layer, unit)
        return Inspection(name[0].upper() + name[1:], sentence, blocks, curves, spread)
    tensor, index = _parameter(moment, subject, layer, unit)
    title = {"weight": "Weight", "bias": "Bias", "scale": "Scale γ", "shift": "Shift β"}[tensor] + f" of {name}"
    if tensor == "weight":
        title = f"Weight from {moment.unit_name(layer - 1, index[0])} to {name}"
    sentence = "Its gradient: what it multiplies, times the error signal of the unit it leads to, over the batch."
    blocks = [gradient_block(moment, layer, tensor, index), backward_block(moment, layer, unit)]
    return Inspection(title, sentence, [*blocks, update_block(moment, layer, tensor, index)], plot(moment, layer, unit))


def check_gradient(trainer: Trainer, subject: Subject) -> Nudge:
    """The gradient of a parameter against the loss with that parameter nudged. Raises SpecError as `inspect` does."""
    moment = Moment(trainer)
    layer = moment.index_of(subject.layer)
    tensor, index = _parameter(moment, subject, layer, moment.place_of(layer, subject.unit))
    return nudge(trainer, f"{layer}.{tensor}", index)


def walk_stage(trainer: Trainer, stage: int, sample: int = 0) -> Inspection:
    """What becomes known at one stage of the step. Raises SpecError where there is no such stage or sample."""
    return walk(Moment(trainer, sample), stage)


def _parameter(moment: Moment, subject: Subject, layer: int, unit: int) -> tuple[str, tuple[int, ...]]:
    tensor = subject.kind
    if f"{layer}.{tensor}" not in moment.parameters:
        raise SpecError("kind", tensor, f"must be a parameter of {moment.name(layer)}")
    if tensor != "weight":
        return tensor, (unit,)
    fan_in = moment.layers[layer].fan_in
    if subject.origin is None or not 0 <= subject.origin < fan_in:
        rule = f"must be from 0 to {fan_in - 1}, the place of what {moment.name(layer)} reads"
        raise SpecError("from", subject.origin, rule)
    return tensor, (subject.origin, unit)
