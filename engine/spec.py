"""The description of a run: frozen, validated when built, plain to store and to send.

A ``RunSpec`` says everything that a run depends on: data, network, training and seed. What makes no sense is refused
with a ``SpecError`` that names the field, the value and the rule. ``RunSpec.from_dict(run.to_dict()) == run`` holds
for every run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any, ClassVar, Final, TypeVar

from engine.activations import ACTIVATIONS
from engine.checks import (
    Options,
    SpecError,
    check_choice,
    check_integer,
    check_items,
    check_object,
    check_optional_real,
    check_options,
    check_real,
    joined,
    one_of,
)
from engine.data.features import COORDINATES, FEATURES
from engine.data.own import OWN, OwnShape
from engine.data.record import DataRecord
from engine.data.table import DATASETS
from engine.fields import FIELDS, MAX_BATCH, MAX_HIDDEN_LAYERS, MAX_PARAMETERS, MAX_SAMPLES, MAX_SEED, MAX_UNITS
from engine.initializers import INITIALIZERS
from engine.losses import LOSSES
from engine.optimizers import OPTIMIZERS

__all__ = ["LIMITS", "VERSION", "DataSpec", "DenseSpec", "NetworkSpec", "RunSpec", "SpecError", "TrainingSpec"]

VERSION: Final = 1
SHUFFLES: Final = ("none", "once", "epoch")
METHODS: Final = ("gradient",)
DTYPES: Final = ("float64", "float32")
LIMITS: Final[dict[str, int]] = {
    "hidden_layers": MAX_HIDDEN_LAYERS,
    "units": MAX_UNITS,
    "parameters": MAX_PARAMETERS,
    "batch_size": MAX_BATCH,
    "samples": MAX_SAMPLES,
    "seed": MAX_SEED,
}

Spec = TypeVar("Spec", bound="_Plain")


class _Plain:
    """to_dict and from_dict of the specs whose fields are all plain values."""

    __slots__ = ()
    PATH: ClassVar[str] = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain, JSON-able, with every field."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}  # type: ignore[arg-type]  # subclasses are dataclasses

    @classmethod
    def from_dict(cls: type[Spec], values: object) -> Spec:
        """The spec of a plain object; fields that are missing get their defaults, unknown ones are refused."""
        names = [field.name for field in fields(cls)]  # type: ignore[arg-type]  # subclasses are dataclasses
        return cls(**check_object(cls.PATH, values, names))

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)  # how a frozen dataclass normalises its own fields


def _plain(value: object) -> object:
    if isinstance(value, Options):
        return dict(value)
    return list(value) if isinstance(value, tuple) else value


@dataclass(frozen=True, slots=True)
class DataSpec(_Plain):
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
        values = _Plain.to_dict(self)
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
class DenseSpec(_Plain):
    """A fully connected layer: ``z = a_prev @ W + b``, ``a = f(z)``.

    ``init_gain`` is a factor on the standard deviation of the initial weights; every bias starts at ``bias_init``.
    Options of the activation that are not given have their defaults.
    """

    units: int = 4
    activation: str = "tanh"
    activation_options: Mapping[str, float] = Options()
    init: str = "xavier_uniform"
    init_gain: float = 1.0
    bias_init: float = 0.0

    kind: ClassVar[str] = "dense"

    def __post_init__(self) -> None:
        self._set("units", check_integer("units", self.units, FIELDS["network.hidden.*.units"]))
        activation = check_choice("activation", self.activation, ACTIVATIONS)
        table = ACTIVATIONS[activation].options
        self._set("activation_options", check_options("activation_options", self.activation_options, table, activation))
        check_choice("init", self.init, INITIALIZERS)
        self._set("init_gain", check_real("init_gain", self.init_gain, FIELDS["network.hidden.*.init_gain"]))
        self._set("bias_init", check_real("bias_init", self.bias_init, FIELDS["network.hidden.*.bias_init"]))

    def to_dict(self) -> dict[str, Any]:
        """Plain, tagged by kind."""
        return {"kind": self.kind} | _Plain.to_dict(self)

    @classmethod
    def from_dict(cls, values: object) -> DenseSpec:
        """The layer of a plain object tagged ``"kind": "dense"``."""
        names = [field.name for field in fields(cls)]
        given = check_object("", values, ["kind", *names], required=["kind"])
        check_choice("kind", given.pop("kind"), [cls.kind])
        return cls(**given)


@dataclass(frozen=True, slots=True)
class NetworkSpec(_Plain):
    """The layers, from the first hidden one to the output, and the loss. The number of outputs follows from the run."""

    hidden: tuple[DenseSpec, ...] = (DenseSpec(4, "tanh"), DenseSpec(2, "tanh"))
    output_activation: str = "tanh"
    loss: str = "half_squared_error"
    output_activation_options: Mapping[str, float] = Options()
    output_init: str = "xavier_uniform"
    output_init_gain: float = 1.0
    output_bias_init: float = 0.0

    PATH: ClassVar[str] = "network"

    def __post_init__(self) -> None:
        hidden = check_items("network.hidden", self.hidden, DenseSpec, "layers", MAX_HIDDEN_LAYERS)
        inside = [name for name, record in ACTIVATIONS.items() if record.hidden]
        for index, layer in enumerate(hidden):
            check_choice(f"network.hidden.{index}.activation", layer.activation, inside)
        self._set("hidden", hidden)
        outside = [name for name, record in ACTIVATIONS.items() if record.output]
        activation = check_choice("network.output_activation", self.output_activation, outside)
        field = "network.output_activation_options"
        table = ACTIVATIONS[activation].options
        self._set("output_activation_options", check_options(field, self.output_activation_options, table, activation))
        allowed = tuple(LOSSES[check_choice("network.loss", self.loss, LOSSES)].output_activations)
        if activation not in allowed:
            rule = f"must be {one_of(allowed)} with the loss {self.loss}"
            raise SpecError("network.output_activation", activation, rule)
        check_choice("network.output_init", self.output_init, INITIALIZERS)
        for name in ("output_init_gain", "output_bias_init"):
            path = joined("network", name)
            self._set(name, check_real(path, getattr(self, name), FIELDS[path]))

    def layers(self, outputs: int) -> tuple[DenseSpec, ...]:
        """The hidden layers and, last, the output layer with so many units."""
        return (
            *self.hidden,
            DenseSpec(
                outputs,
                self.output_activation,
                self.output_activation_options,
                self.output_init,
                self.output_init_gain,
                self.output_bias_init,
            ),
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain, its layers tagged by kind."""
        return _Plain.to_dict(self) | {"hidden": [layer.to_dict() for layer in self.hidden]}

    @classmethod
    def from_dict(cls, values: object) -> NetworkSpec:
        """The network of a plain object; a refused field of a layer is named by its whole path."""
        given = check_object(cls.PATH, values, [field.name for field in fields(cls)])
        if "hidden" in given:
            items = check_items("network.hidden", given["hidden"], object, "layers", MAX_HIDDEN_LAYERS)
            given["hidden"] = tuple(_layer(index, item) for index, item in enumerate(items))
        return cls(**given)


def _layer(index: int, values: object) -> DenseSpec:
    try:
        return DenseSpec.from_dict(values)
    except SpecError as error:
        raise error.within(f"network.hidden.{index}") from None


@dataclass(frozen=True, slots=True)
class TrainingSpec(_Plain):
    """How the parameters are updated. ``clip_value`` and ``clip_norm`` are off when None.

    ``shuffle``: "none" keeps the training data in its order, "once" shuffles it once, "epoch" anew for each epoch.
    """

    optimizer: str = "sgd"
    learning_rate: float = 0.03
    batch_size: int = 10
    shuffle: str = "epoch"
    optimizer_options: Mapping[str, float] = Options()
    l1: float = 0.0
    l2: float = 0.0
    clip_value: float | None = None
    clip_norm: float | None = None
    method: str = "gradient"

    PATH: ClassVar[str] = "training"

    def __post_init__(self) -> None:
        optimizer = check_choice("training.optimizer", self.optimizer, OPTIMIZERS)
        table = OPTIMIZERS[optimizer].options
        options = check_options("training.optimizer_options", self.optimizer_options, table, optimizer)
        self._set("optimizer_options", options)
        self._set("batch_size", check_integer("training.batch_size", self.batch_size, FIELDS["training.batch_size"]))
        check_choice("training.shuffle", self.shuffle, SHUFFLES)
        check_choice("training.method", self.method, METHODS)
        for name in ("learning_rate", "l1", "l2"):
            path = joined("training", name)
            self._set(name, check_real(path, getattr(self, name), FIELDS[path]))
        for name in ("clip_value", "clip_norm"):
            path = joined("training", name)
            self._set(name, check_optional_real(path, getattr(self, name), FIELDS[path]))


@dataclass(frozen=True, slots=True)
class RunSpec(_Plain):
    """Everything a run depends on. ``RunSpec()`` is the default run: the circle, learned by 4 and 2 tanh units."""

    data: DataSpec = DataSpec()
    network: NetworkSpec = NetworkSpec()
    training: TrainingSpec = TrainingSpec()
    seed: int = 0
    dtype: str = "float64"

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
        if self.parameters > MAX_PARAMETERS:
            raise SpecError("network.hidden", self.parameters, f"must come to at most {MAX_PARAMETERS:,} parameters")

    @property
    def inputs(self) -> int:
        """How many inputs the network has."""
        return len(self.data.inputs)

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
        """How many weights and biases the network has."""
        widths = [self.inputs, *(layer.units for layer in self.layers)]
        return sum((fan_in + 1) * units for fan_in, units in pairwise(widths))

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
    def from_dict(cls, values: object) -> RunSpec:
        """The run of a plain object, as from JSON.

        Raises SpecError for another version, an unknown field, a wrong type or any value that breaks a rule.
        """
        if not isinstance(values, Mapping):
            raise SpecError("spec", values, "must be an object")
        given = check_object("", values, ["version", *(field.name for field in fields(cls))], required=["version"])
        version = given.pop("version")
        if type(version) is not int or version != VERSION:
            raise SpecError("version", version, f"must be {VERSION}: the spec was written by another version")
        parts: dict[str, type[_Plain]] = {"data": DataSpec, "network": NetworkSpec, "training": TrainingSpec}
        for name in parts.keys() & given.keys():
            given[name] = parts[name].from_dict(given[name])
        return cls(**given)
