"""The network's part of a run: its layers, and the loss."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from engine.activations import ACTIVATIONS
from engine.checks import (
    Options,
    SpecError,
    check_choice,
    check_flag,
    check_integer,
    check_items,
    check_object,
    check_options,
    check_real,
    joined,
    one_of,
)
from engine.fields import FIELDS, MAX_HIDDEN_LAYERS
from engine.initializers import INITIALIZERS
from engine.losses import LOSSES
from engine.normalizations import NORMALIZATIONS
from engine.plain_spec import Plain


@dataclass(frozen=True, slots=True)
class DenseSpec(Plain):
    """A fully connected layer: ``z = a_prev @ W + b``, ``a = f(z)``.

    ``init_gain`` is a factor on the standard deviation of the initial weights; every bias starts at ``bias_init``.
    Options of the activation that are not given have their defaults. ``normalization`` ("none", "batch" or "layer")
    goes between the product and f, ``dropout`` is the share of units that each training step leaves out, and
    ``residual`` adds what the layer reads to what it passes on, which takes as many units as it has inputs.
    """

    units: int = 4
    activation: str = "tanh"
    activation_options: Mapping[str, float] = Options()
    init: str = "xavier_uniform"
    init_gain: float = 1.0
    bias_init: float = 0.0
    normalization: str = "none"
    dropout: float = 0.0
    residual: bool = False

    kind: ClassVar[str] = "dense"

    def __post_init__(self) -> None:
        self._set("units", check_integer("units", self.units, FIELDS["network.hidden.*.units"]))
        activation = check_choice("activation", self.activation, ACTIVATIONS)
        table = ACTIVATIONS[activation].options
        self._set("activation_options", check_options("activation_options", self.activation_options, table, activation))
        check_choice("init", self.init, INITIALIZERS)
        self._set("init_gain", check_real("init_gain", self.init_gain, FIELDS["network.hidden.*.init_gain"]))
        self._set("bias_init", check_real("bias_init", self.bias_init, FIELDS["network.hidden.*.bias_init"]))
        check_choice("normalization", self.normalization, NORMALIZATIONS)
        if self.normalization == "layer" and self.units < 2:
            raise SpecError("normalization", "layer", "must not be layer with a single unit: it would always be 0")
        self._set("dropout", check_real("dropout", self.dropout, FIELDS["network.hidden.*.dropout"]))
        check_flag("residual", self.residual)

    @property
    def parameters_a_unit(self) -> int:
        """Parameters that each unit has besides its weights: its bias, and what its normalisation learns."""
        return 1 if self.normalization == "none" else 3

    def to_dict(self) -> dict[str, Any]:
        """Plain, tagged by kind."""
        return {"kind": self.kind} | Plain.to_dict(self)

    @classmethod
    def from_dict(cls, values: object) -> DenseSpec:
        """The layer of a plain object tagged ``"kind": "dense"``."""
        names = [field.name for field in fields(cls)]
        given = check_object("", values, ["kind", *names], required=["kind"])
        check_choice("kind", given.pop("kind"), [cls.kind])
        return cls(**given)


@dataclass(frozen=True, slots=True)
class NetworkSpec(Plain):
    """The layers, from the first hidden one to the output, and the loss. The number of outputs follows from the run."""

    hidden: tuple[DenseSpec, ...] = (DenseSpec(4, "tanh"), DenseSpec(2, "tanh"))
    output_activation: str = "tanh"
    loss: str = "half_squared_error"
    output_activation_options: Mapping[str, float] = Options()
    output_init: str = "xavier_uniform"
    output_init_gain: float = 1.0
    output_bias_init: float = 0.0
    loss_options: Mapping[str, float] = Options()

    PATH: ClassVar[str] = "network"

    def __post_init__(self) -> None:
        hidden = check_items("network.hidden", self.hidden, DenseSpec, "layers", MAX_HIDDEN_LAYERS)
        inside = [name for name, record in ACTIVATIONS.items() if record.hidden]
        for index, layer in enumerate(hidden):
            check_choice(f"network.hidden.{index}.activation", layer.activation, inside)
            if index:
                check_residual(f"network.hidden.{index}.residual", layer, hidden[index - 1].units)
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
        options = check_options("network.loss_options", self.loss_options, LOSSES[self.loss].options, self.loss)
        self._set("loss_options", options)
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
        return Plain.to_dict(self) | {"hidden": [layer.to_dict() for layer in self.hidden]}

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


def check_residual(field: str, layer: DenseSpec, reads: int) -> None:
    """Refuses a residual connection around a layer that has another number of units than it reads."""
    if layer.residual and layer.units != reads:
        rule = f"must be false around {layer.units} units that read {reads}: both widths must agree"
        raise SpecError(field, True, rule)


def check_batch_sizes(layers: Sequence[DenseSpec], samples: int, batch_size: int) -> None:
    """Refuses batch normalisation where a batch of the training data holds one sample alone."""
    for index, layer in enumerate(layers):
        if layer.normalization != "batch":
            continue
        size = min(batch_size, samples)
        if size == 1 or samples % size == 1:
            whose = "training.batch_size is 1" if size == 1 else f"{samples} samples in batches of {size} leave one"
            rule = f"must not be batch where a batch holds one sample: {whose}"
            raise SpecError(f"network.hidden.{index}.normalization", "batch", rule)
