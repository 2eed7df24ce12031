"""What a network keeps when another is made from it: every weight whose two ends survive, with its optimizer state.

The ends of a weight are a unit and what it reads (an input, or a unit of the layer before), known by their ids. In a
layer that survives:

- a weight between two that were connected before is kept, and so is the bias of a unit that survives;
- what a new unit or input sends is 0, so that the function does not jump;
- a new unit's own weights and bias are drawn afresh, and so are weights between two that survive but were not connected
  (the layer between them is gone);
- a new output starts at 0: a second one beside a sigmoid's makes the softmax that says the same.

So are the scale, shift and running statistics of a unit that survives in a layer that stays normalised; where its
normalisation is switched, they become such that the function does not jump (see renormalization.py). Optimizer state
is kept with its weight, unless that was rescaled, and 0 for all others. Where others join, the optimizer's own count
of steps starts again: Adam divides by what it tells of the averages' age, and would move the newcomers six times too
far for a hundred steps.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine import probe
from engine.identity import OUTPUT, Identity
from engine.kernels import Array
from engine.renormalization import Renormalized, renormalized
from engine.streams import stream
from engine.trainer import Trainer

Keys = Sequence[Hashable]

# So many training samples, evenly from all, tell the statistics of a unit well enough.
_SAMPLES = 2_000


@dataclass(frozen=True, slots=True)
class _Ends:
    """What the weights of a layer lead from and to."""

    sources: Keys
    units: Keys


_NOTHING = _Ends((), ())


def transplanted(old: Trainer, new: Trainer, identity: Identity) -> dict[str, Any]:
    """A state for ``new`` in which its layers and units have those ids and hold all of ``old`` that survives."""
    state = new.state()
    plan = new.network.plan
    slots = state["slots"].keys() & old.optimizer.current.keys()
    before = {layer.id: ends for layer, ends in zip(old.identity.layers, _ends(old, old.identity), strict=True)}
    known = {key for ends in before.values() for key in (*ends.sources, *ends.units)}
    into = plan.named(state["parameters"])
    switched = _switched(old, new, identity)
    all_survive = True
    for index, (layer, ends) in enumerate(zip(identity.layers, _ends(new, identity), strict=True)):
        match = _Match(ends, before.get(layer.id, _NOTHING), known)
        if not match.complete:
            all_survive = False
            key = (layer.id, old.steps, len(identity.layers), layer.next_unit)
            for name, fresh in _drawn_afresh(new, index, key).items():
                match.fill(into[name], fresh, new_is_zero=layer.id == OUTPUT)
        if layer.id in before:
            old_index = old.identity.index(layer.id)
            names, old_names = _by_part(new, index), _by_part(old, old_index)
            tensors = {part: old.network.parameters[name] for part, name in old_names.items()}
            survivor = switched.get(old_index) or Renormalized(tensors, _running_rows(old, old_index))
            all_survive &= names.keys() == old_names.keys() and old_index not in switched
            for part in names.keys() & survivor.tensors.keys():
                match.carry(into[names[part]], survivor.tensors[part])
                for slot in slots if survivor.tensors[part] is tensors.get(part) else ():
                    values = old.network.plan.named(old.optimizer.current[slot])[old_names[part]]
                    match.carry(plan.named(state["slots"][slot])[names[part]], values)
            for row, old_row in zip(_running_rows(new, index, state["running"]), survivor.running, strict=True):
                match.carry(row, old_row)
    same_rule = slots or new.run.training.optimizer == old.run.training.optimizer
    state["optimizer_steps"] = old.optimizer.steps if all_survive and same_rule else 0
    state["identity"] = identity.to_dict()
    state["steps"] = old.steps
    state["epoch"], state["batch"] = _cursor(old, new)
    return state


def _switched(old: Trainer, new: Trainer, identity: Identity) -> dict[int, Renormalized]:
    """The layers that survive with another normalisation, by their index before."""
    was = {layer.id: index for index, layer in enumerate(old.identity.layers)}
    pairs = [(was[layer.id], index) for index, layer in enumerate(identity.layers) if layer.id in was]
    kinds = {
        before: (old.network.layers[before].normalization, new.network.layers[after].normalization)
        for before, after in pairs
    }
    chosen = [index for index, (before, after) in kinds.items() if before != after]
    if not chosen:
        return {}
    x = old.dataset.x_train
    x = x[:: -(-len(x) // _SAMPLES)]
    activations = iter(probe.activations_of(old, x, [index - 1 for index in chosen if index]))
    found = {}
    for index in chosen:
        tensors = {part: old.network.parameters[name] for part, name in _by_part(old, index).items()}
        inputs = next(activations) if index else x.T
        found[index] = renormalized(*kinds[index], tensors, _running_rows(old, index), inputs)
    return found


class _Match:
    """Which rows and columns of a layer's tensors survive, and where they were."""

    def __init__(self, ends: _Ends, before: _Ends, known: set[Hashable]) -> None:
        self._rows, self._old_rows = _common(ends.sources, before.sources)
        self._columns, self._old_columns = _common(ends.units, before.units)
        self._new_rows = [row for row, key in enumerate(ends.sources) if key not in known]
        self._new_columns = [column for column, key in enumerate(ends.units) if key not in before.units]
        self.complete = len(self._rows) == len(ends.sources) and not self._new_columns
        """Whether every entry of the layer survives from before."""

    def fill(self, tensor: Array, fresh: Array, new_is_zero: bool) -> None:
        """What stands where nothing is carried: fresh numbers, and 0 from what is new (and, if so wished, to it)."""
        tensor[...] = fresh
        if tensor.ndim == 2:
            tensor[np.ix_(self._new_rows, self._columns)] = 0
        if new_is_zero:
            tensor[..., self._new_columns] = 0

    def carry(self, tensor: Array, old: Array) -> None:
        """Writes the entries that survive: of a weight (sources, units) or of a bias (units,)."""
        if tensor.ndim == 2:
            tensor[np.ix_(self._rows, self._columns)] = old[np.ix_(self._old_rows, self._old_columns)]
        else:
            tensor[self._columns] = old[self._old_columns]


def _ends(trainer: Trainer, identity: Identity) -> list[_Ends]:
    """The ends of each layer's weights, in forward order."""
    given = trainer.samples.given
    names: Keys = range(trainer.network.plan.inputs) if given else trainer.run.data.inputs
    sources: Keys = [("input", name) for name in names]
    found = []
    for layer in identity.layers:
        units = [(layer.id, unit) for unit in layer.units]
        found.append(_Ends(sources, units))
        sources = units
    return found


def _by_part(trainer: Trainer, index: int) -> dict[str, str]:
    """What a layer calls its parameters ("weight", "scale", ...) -> their names in the network ("1.weight")."""
    plan = trainer.network.plan
    return {p.name: name for p, name in zip(plan.layers[index].parameters, plan.names(index), strict=True)}


def _running_rows(trainer: Trainer, index: int, running: Array | None = None) -> Array:
    """A layer's running state, one entry a unit in each row."""
    plan = trainer.network.plan
    flat = trainer.network.arena.running if running is None else running
    return flat[plan.running_spans[index]].reshape(-1, plan.layers[index].units)


def _common(new: Keys, old: Keys) -> tuple[list[int], list[int]]:
    """Places in the new and in the old sequence of what is in both."""
    places = {key: place for place, key in enumerate(old)}
    both = [(place, places[key]) for place, key in enumerate(new) if key in places]
    return [place for place, _ in both], [place for _, place in both]


def _drawn_afresh(trainer: Trainer, index: int, key: tuple[int, ...]) -> dict[str, Array]:
    """Initial parameters of a layer, by name, from a stream that nothing else reads."""
    plan = trainer.network.plan
    layer = plan.layers[index]
    drawn = {parameter.name: np.empty(parameter.shape) for parameter in layer.parameters}
    layer.initialize(drawn, np.empty(layer.running), stream(trainer.run.seed, "surgery", *key))
    return dict(zip(plan.names(index), drawn.values(), strict=True))


def _cursor(old: Trainer, new: Trainer) -> tuple[int, int]:
    """Epoch and batch at which the new one goes on: as far into the epoch, rounded up to a whole batch."""
    epoch = int(old.epoch)
    batch = round((old.epoch - epoch) * old.batches_per_epoch)
    batch = -(-batch * new.batches_per_epoch // old.batches_per_epoch)
    return (epoch, batch) if batch < new.batches_per_epoch else (epoch + 1, 0)
