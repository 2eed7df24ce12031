"""Changing a network without throwing away what it learned.

Each function takes a trainer and returns a new one, leaving the old as it is: so a change can be undone. Every weight
whose two ends survive is kept with its optimizer state (see transplant.py), and the step count goes on. Raises
SpecError where the change is not allowed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter

import numpy as np

from engine.checks import Number, SpecError, check_integer
from engine.data import OwnData
from engine.fields import FIELDS, MAX_UNITS
from engine.identity import OUTPUT, Identity, LayerIdentity
from engine.pass_through import pass_through
from engine.probe import layer_activations
from engine.spec import DenseSpec, NetworkSpec, RunSpec
from engine.trainer import Trainer
from engine.transplant import transplanted

# So many training samples tell the range of a unit well enough.
_SAMPLES = 2_000


def add_layer(trainer: Trainer, index: int, units: int | None = None) -> Trainer:
    """Inserts a hidden layer before that index (from 0 to the number of hidden layers) that changes the output little.

    It gets the activation and initializer of the layer before it (or, at the front, behind it), nothing around the
    activation, and as many units as it has inputs unless ``units`` says otherwise. With fewer, the units whose outputs
    matter least are not passed on.
    """
    hidden = trainer.run.network.hidden
    index = check_integer("index", index, Number("", "", 0, len(hidden)))
    reads = trainer.network.layers[index - 1].units if index else trainer.network.plan.inputs
    if units is None:
        units = min(reads, MAX_UNITS)
    check_integer("units", units, FIELDS["network.hidden.*.units"])
    neighbour = hidden[index - 1] if index else hidden[0] if hidden else DenseSpec()
    # Bare, so that it can hand on what it reads.
    bare = replace(neighbour, units=units, normalization="none", dropout=0.0, residual=False)
    layers = (*hidden[:index], bare, *hidden[index:])

    identity = trainer.identity
    ids = list(identity.layers[:-1])
    ids.insert(index, LayerIdentity.fresh(identity.next_layer, units))
    new = _rebuilt(trainer, _with_hidden(trainer.run, layers), ids, identity.next_layer + 1)
    _connect(trainer, new, index)
    return new


def remove_layer(trainer: Trainer, layer_id: int) -> Trainer:
    """Takes a hidden layer out. The layers around it are connected by fresh weights."""
    index = _hidden_index(trainer, layer_id)
    hidden, identity = trainer.run.network.hidden, trainer.identity
    layers = (*hidden[:index], *hidden[index + 1 :])
    ids = [layer for layer in identity.layers[:-1] if layer.id != layer_id]
    return _rebuilt(trainer, _with_hidden(trainer.run, layers), ids, identity.next_layer)


def add_unit(trainer: Trainer, layer_id: int) -> Trainer:
    """Adds a unit at the end of a hidden layer. What it sends is 0, so that the output stays as it is."""
    index = _hidden_index(trainer, layer_id)
    layer = trainer.identity.layers[index]
    return _resized(trainer, index, _sized(layer, len(layer.units) + 1))


def remove_unit(trainer: Trainer, layer_id: int, unit_id: int | None = None) -> Trainer:
    """Takes a unit out of a hidden layer: the one of that id, or else the last."""
    index = _hidden_index(trainer, layer_id)
    layer = trainer.identity.layers[index]
    if unit_id is None:
        unit_id = layer.units[-1]
    if unit_id not in layer.units:
        raise SpecError("unit", unit_id, "must be the id of a unit of this layer")
    if len(layer.units) == 1:
        raise SpecError("unit", unit_id, "must not be the last one of its layer; remove the layer instead")
    return _resized(trainer, index, replace(layer, units=tuple(unit for unit in layer.units if unit != unit_id)))


def afresh(trainer: Trainer, run: RunSpec | None = None) -> Trainer:
    """The same run, or another one, on the same data, from its beginning."""
    return _on_the_same_data(trainer, run or trainer.run)


def change(trainer: Trainer, run: RunSpec, own: OwnData | None = None) -> Trainer:
    """Goes on with another spec, on ``own`` where that describes other data of the user's own than before.

    Another data set, seed or initializer (init, gain or bias) of a layer starts afresh at step 0; of the user's own
    data, other points of the same inputs and classes are the same data set. Everything else keeps what survives: a
    layer is the one that stood at its place, its first units are those it had.
    """
    if not _same_columns(trainer, run):
        return Trainer(run, own=own)
    if begins_afresh(trainer, run):
        return _on_the_same_data(trainer, run, own)
    if _same_state_fits(trainer.run, run):  # a dragged slider: many changes a second
        new = _on_the_same_data(trainer, run, own)
        new.load_state(trainer.state())
        return new
    identity = trainer.identity
    ids, next_layer = [], identity.next_layer
    for index, layer in enumerate(run.network.hidden):
        if index < len(identity.layers) - 1:
            ids.append(_sized(identity.layers[index], layer.units))
        else:
            ids.append(LayerIdentity.fresh(next_layer, layer.units))
            next_layer += 1
    return _rebuilt(trainer, run, ids, next_layer, own)


def begins_afresh(trainer: Trainer, run: RunSpec) -> bool:
    """Whether a change to that spec keeps nothing of what was learned, and starts at step 0."""
    if not _same_columns(trainer, run):
        return True
    return run.seed != trainer.run.seed or _initializers_differ(trainer.run.network, run.network)


def _same_columns(trainer: Trainer, run: RunSpec) -> bool:
    """Whether the network would read and tell of the same things as before."""
    old, new = trainer.run.data, run.data
    if new.own is None or trainer.samples.given:
        return old.name == new.name
    columns = attrgetter("inputs", "classes", "task")
    return bool(columns(old.record) == columns(new.record))


def _on_the_same_data(trainer: Trainer, run: RunSpec, own: OwnData | None = None) -> Trainer:
    """A new trainer of the run, on the data that the old one was given or on ``own``."""
    return Trainer(run, trainer.dataset if trainer.samples.given else None, own=own or trainer.samples.own)


def _same_state_fits(old: RunSpec, new: RunSpec) -> bool:
    """Whether all that they differ in is how far and in which direction a step goes: rates, penalties, clipping."""
    fixed, kept = attrgetter("data", "network", "dtype"), attrgetter("optimizer", "batch_size", "shuffle")
    return bool(fixed(old) == fixed(new) and kept(old.training) == kept(new.training))


def _initializers_differ(old: NetworkSpec, new: NetworkSpec) -> bool:
    """Of the layers that stand in both, and of the output."""
    pairs = zip(old.layers(1)[:-1], new.layers(1)[:-1], strict=False)
    both = [*pairs, (old.layers(1)[-1], new.layers(1)[-1])]
    return any((a.init, a.init_gain, a.bias_init) != (b.init, b.init_gain, b.bias_init) for a, b in both)


def _hidden_index(trainer: Trainer, layer_id: int) -> int:
    for index, layer in enumerate(trainer.identity.layers):
        if layer.id == layer_id and layer_id != OUTPUT:
            return index
    raise SpecError("layer", layer_id, "must be the id of a hidden layer")


def _with_hidden(run: RunSpec, layers: Sequence[DenseSpec]) -> RunSpec:
    return replace(run, network=replace(run.network, hidden=tuple(layers)))


def _sized(layer: LayerIdentity, units: int) -> LayerIdentity:
    """A layer's ids for so many units: the first of those that it has, then new ones."""
    kept = layer.units[:units]
    added = range(layer.next_unit, layer.next_unit + units - len(kept))
    return LayerIdentity(layer.id, (*kept, *added), added.stop)


def _output_sized(layer: LayerIdentity, outputs: int) -> LayerIdentity:
    """The same for the output. A single output of two classes tells of the second: a new one beside it is the first."""
    if (len(layer.units), outputs) == (1, 2):
        return LayerIdentity(layer.id, (layer.next_unit, *layer.units), layer.next_unit + 1)
    if (len(layer.units), outputs) == (2, 1):
        return replace(layer, units=layer.units[1:])
    return _sized(layer, outputs)


def _resized(trainer: Trainer, index: int, layer: LayerIdentity) -> Trainer:
    """With that layer in place of the one at the index."""
    hidden, ids = list(trainer.run.network.hidden), list(trainer.identity.layers[:-1])
    hidden[index] = replace(hidden[index], units=len(layer.units))
    ids[index] = layer
    return _rebuilt(trainer, _with_hidden(trainer.run, hidden), ids, trainer.identity.next_layer)


def _rebuilt(
    old: Trainer, run: RunSpec, hidden: Sequence[LayerIdentity], next_layer: int, own: OwnData | None = None
) -> Trainer:
    """A trainer of the run whose hidden layers have those ids, with all that survives of the old one."""
    new = _on_the_same_data(old, run, own)
    output = _output_sized(old.identity.layers[-1], new.network.plan.outputs)
    new.load_state(transplanted(old, new, Identity((*hidden, output), next_layer)))
    return new


def _connect(old: Trainer, new: Trainer, index: int) -> None:
    """Makes the new layer at that index pass on what it reads, and the layer behind it read that instead."""
    units = new.network.layers[index].units
    samples = old.dataset.x_train[:_SAMPLES]
    activations = samples.T if index == 0 else layer_activations(old, samples, index - 1)
    before = {part: old.network.parameters[f"{index}.{part}"].astype(np.float64) for part in ("weight", "bias")}
    # Where there are too few units: how much each input moves what comes behind.
    matters = activations.std(axis=1) * np.linalg.norm(before["weight"], axis=1)
    kept = np.sort(np.argsort(-matters, kind="stable")[:units])
    dropped = np.setdiff1d(np.arange(len(activations)), kept)

    through = pass_through(new.network.layers[index], activations[kept])
    places = np.arange(len(kept))
    parameters = new.network.parameters
    weight, bias = parameters[f"{index}.weight"], parameters[f"{index}.bias"]
    weight[:, places] = 0
    weight[kept, places] = through.scale
    bias[places] = through.shift
    behind_weight, behind_bias = parameters[f"{index + 1}.weight"], parameters[f"{index + 1}.bias"]
    behind_weight[places] = through.factor[:, None] * before["weight"][kept]
    # What is not passed on is replaced by its mean.
    lost = activations[dropped].mean(axis=1) @ before["weight"][dropped]
    behind_bias[...] = before["bias"] + through.offset @ before["weight"][kept] + lost
