"""Commands that change a run, as new trainers: the engine's surgery, and which lanes it concerns."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine import surgery
from engine.adapt import with_changes
from engine.spec import LIMITS, RunSpec, SpecError
from engine.trainer import Trainer
from server.labels import layer_name, patch_label
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
)

RunChange = Reset | NewSeed | Open | Patch | AddLayer | RemoveLayer | AddUnit | RemoveUnit | SetParameter


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
            return Change(tuple(afresh(trainer.run) for trainer in trainers), "Reset", command)
        case NewSeed():
            seed = secrets.randbelow(LIMITS["seed"] + 1) if command.seed is None else command.seed
            runs = [replace(trainer.run, seed=seed) for trainer in trainers]
            return Change(tuple(map(afresh, runs)), f"New seed {seed}", replace(command, seed=seed))
        case Open():
            return Change((afresh(command.spec),), f"Open {command.spec.data.name}", command)
        case Patch():
            return _patched(command, trainers)
        case _:
            if command.lane >= len(trainers):
                raise no_such_lane(command.lane, len(trainers), command.id)
            trainer, label = _operated(command, trainers[command.lane])
            others = list(trainers)
            others[command.lane] = trainer
            return Change(tuple(others), label, command)


def afresh(run: RunSpec) -> Trainer:
    return Trainer(run)


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
    if len({trainer.steps for trainer in changed}) > 1:  # one began afresh, and they go in lockstep
        changed = [trainer if trainer.steps == 0 else afresh(trainer.run) for trainer in changed]
    before, after = trainers[command.lane].run, changed[command.lane].run
    return Change(tuple(changed), patch_label(before, after, command.changes), command)


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
    tensor = trainer.network.parameters[name]
    inside = len(command.index) == tensor.ndim and all(
        place < size for place, size in zip(command.index, tensor.shape, strict=True)
    )
    if not inside:
        raise SpecError("index", list(command.index), f"must be a place in a tensor of shape {list(tensor.shape)}")
    with np.errstate(over="ignore"):
        if not np.isfinite(tensor.dtype.type(command.value)):
            raise SpecError("value", command.value, f"must be a number that {tensor.dtype} can hold")
    new = afresh(trainer.run)
    new.load_state(trainer.state())
    new.network.parameters[name][command.index] = command.value
    place = ", ".join(map(str, command.index))
    return new, f"{name}[{place}] {tensor[command.index]:.3g} → {command.value:.3g}"
