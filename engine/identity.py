"""Stable names of layers and units: an index shifts when something is inserted before it, an id never does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

OUTPUT = 0
"""The id of the output layer, always."""


@dataclass(frozen=True, slots=True)
class LayerIdentity:
    """A layer's id, those of its units in order, and the id that its next new unit will get."""

    id: int
    units: tuple[int, ...]
    next_unit: int

    @classmethod
    def fresh(cls, id: int, units: int) -> LayerIdentity:
        """A new layer, its units numbered from 1."""
        return cls(id, tuple(range(1, units + 1)), units + 1)


@dataclass(frozen=True, slots=True)
class Identity:
    """The ids of a network's layers in forward order, the output last, and the id that its next new layer will get."""

    layers: tuple[LayerIdentity, ...]
    next_layer: int

    @classmethod
    def fresh(cls, units: Sequence[int]) -> Identity:
        """A new network: hidden layers numbered from 1."""
        ids = [*range(1, len(units)), OUTPUT]
        return cls(tuple(LayerIdentity.fresh(id, count) for id, count in zip(ids, units, strict=True)), len(units))

    def index(self, layer_id: int) -> int:
        """The place of a layer. Raises KeyError where there is none of that id."""
        for index, layer in enumerate(self.layers):
            if layer.id == layer_id:
                return index
        raise KeyError(layer_id)

    def to_dict(self) -> dict[str, Any]:
        """Plain, JSON-able."""
        layers = [{"id": layer.id, "units": list(layer.units), "next_unit": layer.next_unit} for layer in self.layers]
        return {"layers": layers, "next_layer": self.next_layer}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Identity:
        """What `to_dict` gave."""
        layers = (LayerIdentity(each["id"], tuple(each["units"]), each["next_unit"]) for each in values["layers"])
        return cls(tuple(layers), values["next_layer"])
