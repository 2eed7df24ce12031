"""What was done to a run, and what went wrong with it, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from engine.fields import FIELDS
from engine.records import NonFiniteError
from engine.spec import RunSpec
from engine.trainer import Trainer

_TITLES: Final = {"data.name": "Data set", "data.features": "Features"}
_PARTS: Final = {
    "pre-activation": "pre-activations",
    "activation": "activations",
    "delta": "error signal",
    "weight gradient": "gradient of the weights",
    "bias gradient": "gradient of the biases",
    "weight update": "update of the weights",
    "bias update": "update of the biases",
    "weight": "weights",
    "bias": "biases",
}


def patch_label(before: RunSpec, after: RunSpec, changes: Mapping[str, Any]) -> str:
    """Each change as "Learning rate 0.03 → 0.1", or more than three by their number."""
    if len(changes) > 3:
        fields = {path.split(".")[-1] for path in changes}
        if len(fields) == 1 and all(path.startswith("network.hidden.") for path in changes):
            field = fields.pop()
            return f"{_titled(f'network.hidden.*.{field}', field)} of {len(changes)} layers"
        return f"{len(changes)} settings"
    return ", ".join(_one_change(before, after, path) for path in changes)


def _one_change(before: RunSpec, after: RunSpec, path: str) -> str:
    return f"{_title(path)} {_value(before, path)} → {_value(after, path)}"


def own_data_label(before: RunSpec, after: RunSpec) -> str:
    """What bringing own data came to: "Add 12 points", or "Own data (340 points)"."""
    old, new = before.data.own, after.data.own
    count = 0 if new is None else new.samples
    if old is None or new is None or (old.inputs, old.classes) != (new.inputs, new.classes):
        return f"Own data ({points(count)})"
    if old.samples == count:
        return "Change points"
    return f"Add {points(count - old.samples)}" if count > old.samples else f"Erase {points(old.samples - count)}"


def points(count: int) -> str:
    return "1 point" if count == 1 else f"{count:,} points"


def lane_name(index: int) -> str:
    """A lane as the page calls it: "lane A"."""
    return f"lane {'ABCD'[index]}"


def layer_name(trainer: Trainer, layer_id: int) -> str:
    """A layer as the page calls it: "layer 1", or "the output layer"."""
    ids = [layer.id for layer in trainer.identity.layers]
    if layer_id == ids[-1]:
        return "the output layer"
    return f"layer {ids.index(layer_id) + 1}" if layer_id in ids else "a layer"


def tensor_name(tensor: str) -> str:
    """What overflowed, in words: "pre-activations", "gradient of the weights"."""
    return _PARTS.get(tensor, tensor)


def divergence_sentence(error: NonFiniteError, trainer: Trainer) -> str:
    """What overflowed at which step."""
    tensor, layer = error.tensor.removeprefix(f"{error.layer}."), layer_name(trainer, error.layer_id)
    where = "the loss" if tensor == "loss" else f"the {tensor_name(tensor)} of {layer}"
    return f"Step {error.step:,}: the numbers overflowed in {where}. Nothing of that step was kept."


def stopping_sentence(step: int, patience: int, best: float) -> str:
    """Why training paused of itself."""
    epochs = "1 epoch" if patience == 1 else f"{patience:,} epochs"
    return f"Paused at step {step:,}: the test loss has not fallen below {best:.3g} for {epochs}."


def _title(path: str) -> str:
    parts = path.split(".")
    field = parts[-1]
    if parts[:2] == ["network", "hidden"]:
        whose = "all layers" if parts[2] == "*" else f"layer {int(parts[2]) + 1}"
        return f"{_titled('.'.join(['network.hidden.*', *parts[3:]]), field)} of {whose}"
    return _titled(path, field)


def _titled(path: str, field: str) -> str:
    known = FIELDS[path].title if path in FIELDS else _TITLES.get(path)
    return known or field.replace("_", " ").capitalize()


def _value(run: RunSpec, path: str) -> str:
    """The value at a path of the spec; of the first layer where it means all of them, of which there may be none."""
    value: Any = run
    for part in path.split("."):
        if isinstance(value, tuple):
            place = 0 if part == "*" else int(part)
            value = value[place] if place < len(value) else None
        else:
            value = value.get(part) if isinstance(value, Mapping) else getattr(value, part, None)
    if value is None:
        return "off"
    if isinstance(value, float):
        return f"{value:g}"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
