"""Changes of a run by dotted paths, and the fields that follow them.

A patch names fields as ``RunSpec.to_dict()`` nests them: "training.learning_rate", "network.hidden.0.activation", or
"network.hidden.*.activation" for every hidden layer. Where the change of one field leaves a combination that does not
fit, fields that the patch does not name follow:

- another data set (of the user's own as well) brings its features; one of another kind (regression, two classes,
  several) also the loss and output activation that suit it; sample count and noise, where they were the old set's own,
  become the new set's;
- another loss brings the output activation it goes with, and another output activation the loss;
- another activation, loss, optimizer or schedule brings its own options, keeping those of the same name;
- a loss without probabilities takes label smoothing back to 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final, TypeAlias

from engine.activations import ACTIVATIONS
from engine.checks import SpecError, joined, named
from engine.data.own import OWN, OwnShape
from engine.data.record import DataRecord
from engine.data.table import DATASETS
from engine.losses import LOSSES
from engine.optimizers import OPTIMIZERS
from engine.schedules import SCHEDULES
from engine.spec import RunSpec

# Hidden layers are added and removed by surgery, which knows which weights they keep; the version is no setting.
_FIXED: Final = ("version", "network.hidden", "data", "network", "training")

Place: TypeAlias = tuple[str, ...]


def with_changes(run: RunSpec, changes: Mapping[str, object]) -> RunSpec:
    """The run with the changes, all of them or none.

    Raises SpecError naming the path that is unknown, or whose value, or whose combination with another, breaks a rule.
    """
    values = run.to_dict()
    patch: set[str] = set()
    for path, value in changes.items():
        for place, holder in _places(values, path, value):
            holder[place[-1]] = deepcopy(value)  # a later path may lead into it
            patch.add(".".join(place))
    _follow(values, run, patch)
    return RunSpec.from_dict(values, run.given)


def with_own_data(run: RunSpec, shape: OwnShape) -> RunSpec:
    """The run on data that the user brings, all of them, whatever it was on before.

    Raises SpecError where they leave nothing to train or to test on.
    """
    values = run.to_dict()
    values["data"] |= {"name": OWN, "own": shape.to_dict()}
    _follow_data(values, run.data.record, shape.record, set())
    values["data"]["samples"] = shape.samples
    return RunSpec.from_dict(values)


def _places(values: dict[str, Any], path: object, value: object) -> list[tuple[Place, dict[str, Any]]]:
    """The places that a path means, each with the object that holds it: one, or for "*" one a hidden layer.

    Raises SpecError if the path leads nowhere.
    """
    if not isinstance(path, str):
        raise SpecError("changes", path, "must name each field by its path")
    if path in _FIXED:
        raise SpecError(path, value, "cannot be changed as a whole")
    parts = tuple(path.split("."))
    if parts[:2] == ("data", "own"):
        raise SpecError(named(path), value, "cannot be changed: it describes the data that were brought")
    layers = range(len(values["network"]["hidden"]))
    chosen = [(*parts[:2], str(index), *parts[3:]) for index in layers] if parts[2:3] == ("*",) else [parts]
    found = [(place, _holder(values, place)) for place in chosen]
    if None in (holder for _, holder in found):
        raise SpecError(named(path) or "changes", value, "there is no such field")
    return [(place, holder) for place, holder in found if holder is not None]


def _holder(values: dict[str, Any], place: Place) -> dict[str, Any] | None:
    """The object that holds the field at a place; None if there is no such place."""
    inner: Any = values
    for part in place[:-1]:
        if isinstance(inner, list):
            # Not int(part) alone: it also reads " 1", "1_0" and digits of other scripts.
            inner = next((item for index, item in enumerate(inner) if str(index) == part), None)
        else:
            inner = inner.get(part) if isinstance(inner, dict) else None
    # An option may be one that the old activation or optimizer does not have: the spec checks it when it is built.
    is_option = len(place) > 1 and place[-2].endswith("options")
    known = isinstance(inner, dict) and (place[-1] in inner or is_option) and place[-1] != "kind"
    return inner if known else None


def _follow(values: dict[str, Any], old: RunSpec, patch: set[str]) -> None:
    """Makes the fields that are not in the patch fit those that are. Leaves what is unknown for the spec to refuse."""
    data, network, training = values["data"], values["network"], values["training"]
    record = old.data.record if data["name"] == old.data.name else _entry(DATASETS, data["name"])
    if record is not None and data["name"] != old.data.name:
        data.pop("own", None)
        _follow_data(values, old.data.record, record, patch)
    if "data.features" in patch and data["features"] == [] and record is not None and record.features:
        raise SpecError("data.features", [], "must name at least one feature")
    _match_loss_and_output(network, record, patch)

    for place, layer in [("network", network), *((f"network.hidden.{i}", x) for i, x in enumerate(network["hidden"]))]:
        prefix = "output_" if place == "network" else ""
        entry = _entry(ACTIVATIONS, layer[f"{prefix}activation"])
        _keep_options(layer, f"{prefix}activation_options", entry, joined(place, f"{prefix}activation_options"), patch)
    for holder, field, table in (
        ("training", "optimizer", OPTIMIZERS), ("training", "schedule", SCHEDULES), ("network", "loss", LOSSES)
    ):
        entry = _entry(table, values[holder][field])
        _keep_options(values[holder], f"{field}_options", entry, f"{holder}.{field}_options", patch)
    loss = _entry(LOSSES, network["loss"])
    if loss is not None and not loss.probabilities and "training.label_smoothing" not in patch:
        training["label_smoothing"] = 0.0


def _follow_data(values: dict[str, Any], old: DataRecord, new: DataRecord, patch: set[str]) -> None:
    data, network = values["data"], values["network"]
    if "data.features" not in patch and new.features != old.features:
        data["features"] = []
    if "data.noise" not in patch and not new.noise:
        data["noise"] = 0.0
    if "data.samples" not in patch:
        if data["samples"] == old.samples:
            data["samples"] = new.samples
        data["samples"] = min(data["samples"], new.available or data["samples"])
    if _kind(old) != _kind(new):
        if "network.loss" not in patch:
            network["loss"] = new.loss
        if "network.output_activation" not in patch:
            network["output_activation"] = new.output_activation


def _kind(record: DataRecord) -> str:
    if record.task == "regression":
        return "regression"
    return "two classes" if len(record.classes) == 2 else "several classes"


def _match_loss_and_output(network: dict[str, Any], data: DataRecord | None, patch: set[str]) -> None:
    """Of a loss and an output activation that do not go together, the one that the patch does not name follows."""
    loss, activation = _entry(LOSSES, network["loss"]), network["output_activation"]
    if loss is None or data is None or activation in loss.output_activations:
        return
    if "network.output_activation" not in patch:
        wished = (data.output_activation, "tanh" if data.task == "classification" else "linear")
        network["output_activation"] = next(
            (name for name in wished if name in loss.output_activations), loss.output_activations[0]
        )
    elif "network.loss" not in patch:
        suited = [name for name, entry in LOSSES.items() if activation in entry.output_activations]
        network["loss"] = suited[0] if suited else network["loss"]


def _keep_options(holder: dict[str, Any], name: str, entry: Any, path: str, patch: set[str]) -> None:
    """Drops the options that the entry does not take, save those that the patch names (the spec refuses them)."""
    options = holder[name]
    if entry is not None and path not in patch and isinstance(options, dict):
        holder[name] = {key: options[key] for key in options if key in entry.options or joined(path, key) in patch}


def _entry(table: Mapping[str, Any], name: object) -> Any:
    return table.get(name) if isinstance(name, str) else None
