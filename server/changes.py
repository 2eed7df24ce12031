"""Commands that change a run, as new trainers: the engine's surgery, and which lanes it concerns."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine import surgery
from engine.adapt import with_changes, with_own_data
from engine.data import OwnData
from engine.spec import LIMITS, RunSpec, SpecError
from engine.trainer import Trainer
from server.labels import layer_name, own_data_label, patch_label
from server.messages import (
    AddLayer,
    AddUnit,
    Command,
    MessageError,
    NewSeed,
    Open,
    Patch,
    RemoveLayer,
    RemoveUnit,
    Reset,
    SetParameter,
    UseOwnData,
    refuse_data_that_did_not_travel,
)

RunChange = Reset | NewSeed | Open | Patch | UseOwnData | AddLayer | RemoveLayer | AddUnit | RemoveUnit | SetParameter


@dataclass(frozen=True, slots=True)
class Change:
    """What a command comes to: a trainer for each lane (the same one where it stays), and what was done in words.

    `command` is the command as it is noted in the journal, with what it left open decided.
    """

    trainers: tuple[Trainer, ...]
    label: str
    command: Command


def planned(command: RunChange, trainers: Sequence[Trainer]) -> Change:
    """The change, with the old trainers untouched. Raises SpecError or MessageError where it is refused."""
    match command:
        case Reset():
            return Change(tuple(map(surgery.afresh, trainers)), "Reset", command)
        case NewSeed():
            seed = secrets.randbelow(LIMITS["seed"] + 1) if command.seed is None else command.seed
            seeded = [Trainer(replace(trainer.run, seed=seed), own=trainer.samples.own) for trainer in trainers]
            return Change(tuple(seeded), f"New seed {seed}", replace(command, seed=seed))
        case Open():
            return Change((_opened(command, trainers),), f"Open {command.spec.data.name}", command)
        case Patch():
            return _patched(command, trainers)
        case UseOwnData():
            return _brought(command, trainers)
        case _:
            if command.lane >= len(trainers):
                raise no_such_lane(command.lane, len(trainers), command.id)
            trainer, label = _operated(command, trainers[command.lane])
            others = list(trainers)
            others[command.lane] = trainer
            return Change(tuple(others), label, command)


def change_label(command: Patch | UseOwnData, before: RunSpec, after: RunSpec) -> str:
    """What the command, or several of one gesture, came to in words."""
    if isinstance(command, UseOwnData):
        return own_data_label(before, after)
    return patch_label(before, after, command.changes)


def _opened(command: Open, trainers: Sequence[Trainer]) -> Trainer:
    """A run on own data can be opened where these are here already."""
    owns = [trainer.samples.own for trainer in trainers]
    own = next((own for own in owns if own is not None and own.shape == command.spec.data.own), None)
    if own is None:
        refuse_data_that_did_not_travel(command.spec, command.id)
    return Trainer(command.spec, own=own)


def _brought(command: UseOwnData, trainers: Sequence[Trainer]) -> Change:
    """All lanes see the same data."""
    if command.lane >= len(trainers):
        raise no_such_lane(command.lane, len(trainers), command.id)
    labels = np.frombuffer(command.labels, "<f4")
    points = np.frombuffer(command.points, "<f4")
    if points.size != len(labels) * len(command.inputs):
        rule = f"must be {len(command.inputs)} for each of {len(labels):,} labels"
        raise SpecError("points", points.size, rule)
    points = points.reshape(len(labels), len(command.inputs))
    own = OwnData(command.inputs, points, labels, command.classes, command.ranges)
    runs = [with_own_data(trainer.run, own.shape) for trainer in trainers]
    changed = [
        trainer if run == trainer.run else surgery.change(trainer, run, own)
        for trainer, run in zip(trainers, runs, strict=True)
    ]
    label = own_data_label(trainers[command.lane].run, runs[command.lane])
    return Change(_in_lockstep(changed), label, command)


def no_such_lane(lane: int, lanes: int, command_id: int) -> MessageError:
    return MessageError("invalid", "lane", lane, f"lane {lane} refused: must be below {lanes}", command_id)


def _patched(command: Patch, trainers: Sequence[Trainer]) -> Change:
    """The lanes see the same data and batches, so what these depend on changes in all of them."""
    if command.lane >= len(trainers):
        raise no_such_lane(command.lane, len(trainers), command.id)
    shared = {path: value for path, value in command.changes.items() if path == "seed" or path.startswith("data.")}
    changed = []
    for lane, trainer in enumerate(trainers):
        changes = command.changes if lane == command.lane else shared
        run = with_changes(trainer.run, changes) if changes else trainer.run
        changed.append(trainer if run == trainer.run else surgery.change(trainer, run))
    before, after = trainers[command.lane].run, changed[command.lane].run
    return Change(_in_lockstep(changed), patch_label(before, after, command.changes), command)


def _in_lockstep(trainers: Sequence[Trainer]) -> tuple[Trainer, ...]:
    """Where one began afresh, all do."""
    if len({trainer.steps for trainer in trainers}) > 1:
        return tuple(trainer if trainer.steps == 0 else surgery.afresh(trainer) for trainer in trainers)
    return tuple(trainers)


def _operated(
    command: AddLayer | RemoveLayer | AddUnit | RemoveUnit | SetParameter, trainer: Trainer
) -> tuple[Trainer, str]:
    match command:
        case AddLayer():
            new = surgery.add_layer(trainer, command.index, command.units)
            return new, f"Add layer {command.index + 1}"
        case RemoveLayer():
            new = surgery.remove_layer(trainer, command.layer)
            return new, f"Remove {layer_name(trainer, command.layer)}"
        case AddUnit():
            new = surgery.add_unit(trainer, command.layer)
            return new, f"Add a unit to {layer_name(trainer, command.layer)}"
        case RemoveUnit():
            new = surgery.remove_unit(trainer, command.layer, command.unit)
            return new, f"Remove a unit of {layer_name(trainer, command.layer)}"
        case SetParameter():
            return _with_parameter(trainer, command)


def _with_parameter(trainer: Trainer, command: SetParameter) -> tuple[Trainer, str]:
    indices = [index for index, layer in enumerate(trainer.identity.layers) if layer.id == command.layer]
    if not indices:
        raise SpecError("layer", command.layer, "must be the id of a layer")
    name = f"{indices[0]}.{command.tensor}"
    if name not in trainer.network.parameters:
        raise SpecError("tensor", command.tensor, "must be weight or bias, as the layer is not normalised")
    tensor = trainer.network.parameters[name]
    inside = len(command.index) == tensor.ndim and all(
        place < size for place, size in zip(command.index, tensor.shape, strict=True)
    )
    if not inside:
        raise SpecError("index", list(command.index), f"must be a place in a tensor of shape {list(tensor.shape)}")
    with np.errstate(over="ignore"):
        if not np.isfinite(tensor.dtype.type(command.value)):
            raise SpecError("value", command.value, f"must be a number that {tensor.dtype} can hold")
    new = surgery.afresh(trainer)
    new.load_state(trainer.state())
    new.network.parameters[name][command.index] = command.value
    place = ", ".join(map(str, command.index))
    return new, f"{name}[{place}] {tensor[command.index]:.3g} → {command.value:.3g}"
