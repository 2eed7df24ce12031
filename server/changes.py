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
from server.comparison import compared, layers_exist
from server.labels import lane_name, layer_name, own_data_label, patch_label
from server.messages import (
    AddLayer,
    AddUnit,
    Command,
    Compare,
    Lanes,
    MessageError,
    NewSeed,
    Open,
    Patch,
    RemoveLane,
    RemoveLayer,
    RemoveUnit,
    Reset,
    SetParameter,
    UseOwnData,
    refuse_data_that_did_not_travel,
)

Operation = AddLayer | RemoveLayer | AddUnit | RemoveUnit | SetParameter
RunChange = Reset | NewSeed | Open | Compare | RemoveLane | Patch | UseOwnData | Operation


@dataclass(frozen=True, slots=True)
class Change:
    """What a command comes to: a trainer for each lane (the same one where it stays), and what was done in words.

    `command` is the command as it is noted in the journal, with what it left open decided. `stood` says where each lane
    stood before (None for a new one), where that is not its present place; `source` which lane a new one goes on from.
    """

    trainers: tuple[Trainer, ...]
    label: str
    command: Command
    stood: tuple[int | None, ...] | None = None
    source: int | None = None

    @property
    def places(self) -> tuple[int | None, ...]:
        return self.stood if self.stood is not None else tuple(range(len(self.trainers)))


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
        case Compare():
            _refuse_no_such_lane(command.lane, trainers, command.id)
            lanes, places = compared(command, trainers), (*range(len(trainers)), None)
            source = command.lane if command.start == "here" else None
            return Change(lanes, f"Add {lane_name(len(trainers))}", command, places, source)
        case RemoveLane():
            return _without(command, trainers)
        case Patch():
            return _patched(command, trainers)
        case UseOwnData():
            return _brought(command, trainers)
        case _:
            return _operated_in_lanes(command, trainers)


def change_label(command: Patch | UseOwnData, before: Sequence[RunSpec], after: Sequence[RunSpec]) -> str:
    """What the command, or several of one gesture, came to in words; the runs are those of all lanes."""
    if isinstance(command, UseOwnData):
        return own_data_label(before[command.lane], after[command.lane])
    first = _places(command, before)[0]
    label = patch_label(before[first], after[first], command.changes)
    if command.restart:
        label = f"Restart with {label[:1].lower()}{label[1:]}"
    return label + _where(command.lane, len(after))


def _where(lane: Lanes, lanes: int) -> str:
    """Which lane a change went to, where there are several."""
    if lanes == 1:
        return ""
    return ", all lanes" if lane == "all" else f", {lane_name(lane)}"


def _places(command: Patch | Operation, runs: Sequence[RunSpec]) -> list[int]:
    """The lanes that a command goes to; of all lanes those that have the layers that it names."""
    if command.lane != "all":
        return [command.lane]
    if not isinstance(command, Patch):
        return list(range(len(runs)))
    return [place for place, run in enumerate(runs) if layers_exist(command.changes, run)] or [0]


def _without(command: RemoveLane, trainers: Sequence[Trainer]) -> Change:
    _refuse_no_such_lane(command.lane, trainers, command.id)
    if len(trainers) == 1:
        raise MessageError("invalid", "lane", command.lane, "the only lane cannot be removed", command.id)
    stay = [place for place in range(len(trainers)) if place != command.lane]
    label = f"Remove {lane_name(command.lane)}"
    return Change(tuple(trainers[place] for place in stay), label, command, tuple(stay))


def _operated_in_lanes(command: Operation, trainers: Sequence[Trainer]) -> Change:
    """Of all lanes those are changed that have the layer; where none has it, the first one says so."""
    places = _places(command, [trainer.run for trainer in trainers])
    changed, label, refused = list(trainers), "", None
    for place in places:
        _refuse_no_such_lane(place, trainers, command.id)
        try:
            changed[place], label = _operated(command, trainers[place])
        except SpecError as error:
            if len(places) == 1 or error.field not in ("layer", "index"):
                raise
            refused = refused or error
    if refused is not None and not label:
        raise refused
    return Change(tuple(changed), label + _where(command.lane, len(trainers)), command)


def _opened(command: Open, trainers: Sequence[Trainer]) -> Trainer:
    """A run on own data can be opened where these are here already."""
    owns = [trainer.samples.own for trainer in trainers]
    own = next((own for own in owns if own is not None and own.shape == command.spec.data.own), None)
    if own is None:
        refuse_data_that_did_not_travel(command.spec, command.id)
    return Trainer(command.spec, own=own)


def _brought(command: UseOwnData, trainers: Sequence[Trainer]) -> Change:
    """All lanes see the same data."""
    _refuse_no_such_lane(command.lane, trainers, command.id)
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


def _refuse_no_such_lane(lane: int, trainers: Sequence[Trainer], command_id: int) -> None:
    if lane >= len(trainers):
        raise no_such_lane(lane, len(trainers), command_id)


def _patched(command: Patch, trainers: Sequence[Trainer]) -> Change:
    """The lanes see the same data and batches, so what these depend on changes in all of them."""
    places = _places(command, [trainer.run for trainer in trainers])
    _refuse_no_such_lane(places[0], trainers, command.id)
    shared = {path: value for path, value in command.changes.items() if path == "seed" or path.startswith("data.")}
    changed = []
    for lane, trainer in enumerate(trainers):
        changes = command.changes if lane in places else shared
        run = with_changes(trainer.run, changes) if changes else trainer.run
        if command.restart:
            changed.append(surgery.afresh(trainer, run))
        else:
            changed.append(trainer if run == trainer.run else surgery.change(trainer, run))
    label = change_label(command, [trainer.run for trainer in trainers], [trainer.run for trainer in changed])
    return Change(_in_lockstep(changed), label, command)


def _in_lockstep(trainers: Sequence[Trainer]) -> tuple[Trainer, ...]:
    """Where one began afresh, all do."""
    if len({trainer.steps for trainer in trainers}) > 1:
        return tuple(trainer if trainer.steps == 0 else surgery.afresh(trainer) for trainer in trainers)
    return tuple(trainers)


def _operated(command: Operation, trainer: Trainer) -> tuple[Trainer, str]:
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
