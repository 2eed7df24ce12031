"""The description of a run: frozen, validated when built, plain to store and to send.

A ``RunSpec`` says everything that a run depends on: data, network, training and seed. What makes no sense is refused
with a ``SpecError`` that names the field, the value and the rule. ``RunSpec.from_dict(run.to_dict()) == run`` holds
for every run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, Final

from engine.checks import SpecError, check_choice, check_integer, check_items, check_object, check_real, one_of
from engine.data.dataset import DataShape
from engine.data.features import COORDINATES, FEATURES
from engine.data.own import OWN, OwnShape
from engine.data.record import DataRecord
from engine.data.table import DATASETS
from engine.fields import FIELDS, MAX_BATCH, MAX_HIDDEN_LAYERS, MAX_PARAMETERS, MAX_SAMPLES, MAX_SEED, MAX_UNITS
from engine.losses import LOSSES
from engine.network_spec import DenseSpec, NetworkSpec, check_batch_sizes, check_residual
from engine.plain_spec import Plain
from engine.training_spec import TrainingSpec

__all__ = ["LIMITS", "VERSION", "DataSpec", "DenseSpec", "NetworkSpec", "RunSpec", "SpecError", "TrainingSpec"]

VERSION: Final = 1
DTYPES: Final = ("float64", "float32")
LIMITS: Final[dict[str, int]] = {
    "hidden_layers": MAX_HIDDEN_LAYERS,
    "units": MAX_UNITS,
    "parameters": MAX_PARAMETERS,
    "batch_size": MAX_BATCH,
    "samples": MAX_SAMPLES,
    "seed": MAX_SEED,
}


@dataclass(frozen=True, slots=True)
class DataSpec(Plain):
    """Which data set, and how it is drawn and split.

    ``samples`` counts training and test together; a real data set gives at most what it holds. ``features`` are the
    network's inputs, from the table FEATURES, for the two-input sets; empty means the data set's own inputs. ``own``
    describes the data that a user brought, where ``name`` is "own".
    """

    name: str = "circle"
    samples: int = 500
    noise: float = 0.0
    train_fraction: float = 0.5
    features: tuple[str, ...] = ()
    own: OwnShape | None = None

    PATH: ClassVar[str] = "data"

    def __post_init__(self) -> None:
        if self.name != OWN:  # which is no choice, but comes with its data
            check_choice("data.name", self.name, DATASETS)
        if self.name == OWN and not isinstance(self.own, OwnShape):
            raise SpecError("data.own", self.own, "must describe the data that were brought, with the name own")
        if self.name != OWN and self.own is not None:
            raise SpecError("data.own", self.own, f"must be left out with {self.name}")
        record = self.record
        self._set("samples", check_integer("data.samples", self.samples, FIELDS["data.samples"]))
        self._set("noise", check_real("data.noise", self.noise, FIELDS["data.noise"]))
        if self.noise and not record.noise:
            raise SpecError("data.noise", self.noise, f"must be 0: {self.name} is measured, not generated")
        fraction = check_real("data.train_fraction", self.train_fraction, FIELDS["data.train_fraction"])
        self._set("train_fraction", fraction)
        given = check_items("data.features", self.features, object, "features", len(FEATURES))
        features = tuple(check_choice(f"data.features.{index}", name, FEATURES) for index, name in enumerate(given))
        for index, feature in enumerate(features):
            if feature in features[:index]:
                raise SpecError(f"data.features.{index}", feature, "must be named once only")
        if features and not record.features:
            raise SpecError("data.features", list(features), f"must be empty: {self.name} has inputs of its own")
        self._set("features", features or (COORDINATES if record.features else ()))
        if not 0 < self.train_samples < self.total_samples:
            rule = f"must leave at least one training and one test sample of {self.total_samples}"
            raise SpecError("data.train_fraction", fraction, rule)

    @property
    def record(self) -> DataRecord:
        """What is known of the data set: its entry in the table, or what is told of a user's own."""
        return DATASETS[self.name] if self.own is None else self.own.record

    @property
    def total_samples(self) -> int:
        """How many samples there are, training and test together."""
        available = self.record.available
        return self.samples if available is None else min(self.samples, available)

    @property
    def train_samples(self) -> int:
        return round(self.total_samples * self.train_fraction)

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the network's inputs, one a column of ``x_train``."""
        return self.features or self.record.inputs

    def to_dict(self) -> dict[str, Any]:
        """Plain, JSON-able; ``own`` only where there is some."""
        values = Plain.to_dict(self)
        del values["own"]
        return values if self.own is None else values | {"own": self.own.to_dict()}

    @classmethod
    def from_dict(cls, values: object) -> DataSpec:
        """The data of a plain object."""
        given = check_object(cls.PATH, values, [field.name for field in fields(cls)])
        if given.get("own") is not None:
            given["own"] = OwnShape.from_dict(given["own"])
        return cls(**given)


@dataclass(frozen=True, slots=True)
class RunSpec(Plain):
    """Everything a run depends on. ``RunSpec()`` is the default run: the circle, learned by 4 and 2 tanh units.

    ``given``: the shape of a Dataset that is to be handed to the trainer in place of ``data`` (``dataset.shape``), so
    that what depends on inputs and samples is checked on that. It is not stored, as such data do not travel.
    """

    data: DataSpec = DataSpec()
    network: NetworkSpec = NetworkSpec()
    training: TrainingSpec = TrainingSpec()
    seed: int = 7
    dtype: str = "float64"
    given: DataShape | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        for name, kind in (("data", DataSpec), ("network", NetworkSpec), ("training", TrainingSpec)):
            if not isinstance(getattr(self, name), kind):
                raise SpecError(name, getattr(self, name), f"must be a {kind.__name__}")
        self._set("seed", check_integer("seed", self.seed, FIELDS["seed"]))
        check_choice("dtype", self.dtype, DTYPES)
        task = self.data.record.task
        if task not in LOSSES[self.network.loss].tasks:
            suited = tuple(name for name, record in LOSSES.items() if task in record.tasks)
            rule = f"must be {one_of(suited)} with {self.data.name}, a {task} set"
            raise SpecError("network.loss", self.network.loss, rule)
        if task == "regression" and self.network.output_activation == "softmax":
            rule = f"must not be softmax with {self.data.name}, a regression set"
            raise SpecError("network.output_activation", "softmax", rule)
        if self.training.label_smoothing and not LOSSES[self.network.loss].probabilities:
            rule = f"must be 0 with the loss {self.network.loss}, whose targets are no probabilities"
            raise SpecError("training.label_smoothing", self.training.label_smoothing, rule)
        if self.network.hidden:
            check_residual("network.hidden.0.residual", self.network.hidden[0], self.inputs)
        check_batch_sizes(self.network.hidden, self.train_samples, self.training.batch_size)
        if self.parameters > MAX_PARAMETERS:
            raise SpecError("network.hidden", self.parameters, f"must come to at most {MAX_PARAMETERS:,} parameters")

    @property
    def inputs(self) -> int:
        """How many inputs the network has."""
        return len(self.data.inputs) if self.given is None else self.given.inputs

    @property
    def train_samples(self) -> int:
        """How many samples it trains on."""
        return self.data.train_samples if self.given is None else self.given.train_samples

    @property
    def outputs(self) -> int:
        """How many outputs the network has: one a class, but a single one for regression and for two classes.

        Two classes need two outputs where they are probabilities that sum to 1 (softmax).
        """
        classes = len(self.data.record.classes)
        return classes if classes > 2 or self.network.output_activation == "softmax" else 1

    @property
    def layers(self) -> tuple[DenseSpec, ...]:
        """All layers in forward order, the output layer last."""
        return self.network.layers(self.outputs)

    @property
    def parameters(self) -> int:
        """How many weights and biases (and scales and shifts of normalised layers) the network has."""
        fan_ins = [self.inputs, *(layer.units for layer in self.network.hidden)]
        pairs = zip(fan_ins, self.layers, strict=True)
        return sum((fan_in + layer.parameters_a_unit) * layer.units for fan_in, layer in pairs)

    def to_dict(self) -> dict[str, Any]:
        """Plain, JSON-able, with the version of its shape first."""
        return {
            "version": VERSION,
            "data": self.data.to_dict(),
            "network": self.network.to_dict(),
            "training": self.training.to_dict(),
            "seed": self.seed,
            "dtype": self.dtype,
        }

    @classmethod
    def from_dict(cls, values: object, given: DataShape | None = None) -> RunSpec:
        """The run of a plain object, as from JSON; ``given`` is the shape of data that are handed over.

        Raises SpecError for another version, an unknown field, a wrong type or any value that breaks a rule.
        """
        if not isinstance(values, Mapping):
            raise SpecError("spec", values, "must be an object")
        stored = [each.name for each in fields(cls) if each.compare]
        content = check_object("", values, ["version", *stored], required=["version"])
        version = content.pop("version")
        if type(version) is not int or version != VERSION:
            raise SpecError("version", version, f"must be {VERSION}: the spec was written by another version")
        parts: dict[str, type[Plain]] = {"data": DataSpec, "network": NetworkSpec, "training": TrainingSpec}
        for name in parts.keys() & content.keys():
            content[name] = parts[name].from_dict(content[name])
        return cls(**content, given=given)
