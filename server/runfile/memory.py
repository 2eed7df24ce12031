"""What an observer remembers, as JSON with arrays: its own few classes by their names, everything else as it is.

It is a convenience of the run: where another version remembered other things, a run goes on without it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from engine.diagnosis import Finding
from engine.epochs import EpochEnd
from engine.observer import Held, Memory
from server.runfile.arrays import Array

_CLASSES: Final = {kind.__name__: kind for kind in (Memory, Held, Finding, EpochEnd)}


def written(value: Any, place: Callable[[Array], list[Any]]) -> Any:
    """The value as JSON; arrays are given to `place`."""
    if is_dataclass(value):
        return {"is": type(value).__name__} | {
            field.name: written(getattr(value, field.name), place) for field in fields(value)
        }
    if isinstance(value, np.ndarray):
        return {"is": "array", "place": place(value)}
    if isinstance(value, Mapping):
        return {"is": "mapping", "items": [[str(name), written(item, place)] for name, item in value.items()]}
    if isinstance(value, tuple | list):
        if len(value) > 1 and (columns := _columns(value)) is not None:
            return {"is": "rows", "of": type(value[0]).__name__, "columns": {n: place(c) for n, c in columns.items()}}
        return [written(item, place) for item in value]
    if isinstance(value, float):
        return {"is": "number", "number": value.hex()}  # JSON has no infinity
    return int(value) if isinstance(value, np.integer) else value


def _columns(rows: Sequence[Any]) -> dict[str, Array] | None:
    """The columns of many records of one kind that hold nothing but numbers."""
    kind = type(rows[0])
    if not is_dataclass(kind) or any(type(row) is not kind for row in rows):
        return None
    columns = {field.name: np.array([getattr(row, field.name) for row in rows]) for field in fields(kind)}
    return columns if all(column.dtype.name in ("int64", "float64") for column in columns.values()) else None


def read_memory(body: Any, array: Callable[[object], Array]) -> Memory | None:
    """The way back; None where nothing was remembered, or something that this version does not know."""
    try:
        memory = _read(body, array)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    return memory if isinstance(memory, Memory) else None


def _read(body: Any, array: Callable[[object], Array]) -> Any:
    if isinstance(body, list):
        return tuple(_read(item, array) for item in body)
    if not isinstance(body, dict):
        return body
    match body["is"]:
        case "array":
            return array(body["place"])
        case "mapping":
            return MappingProxyType({name: _read(item, array) for name, item in body["items"]})
        case "number":
            return float.fromhex(body["number"])
        case "rows":
            names, columns = body["columns"], [array(place).tolist() for place in body["columns"].values()]
            kind = _CLASSES[body["of"]]
            return tuple(kind(**dict(zip(names, row, strict=True))) for row in zip(*columns, strict=True))
        case name:
            return _CLASSES[name](**{key: _read(item, array) for key, item in body.items() if key != "is"})
