"""Arrays beside JSON: all of one type lie in one flat array, and the JSON says where each of them is."""

from __future__ import annotations

from math import prod
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

TYPES: Final = ("float64", "float32", "int64", "uint8")


class ArrayWriter:
    """Collects arrays; `place` is what stands for one in the JSON."""

    def __init__(self) -> None:
        self._parts: dict[str, list[Array]] = {name: [] for name in TYPES}
        self._sizes = dict.fromkeys(TYPES, 0)

    def place(self, array: Array) -> list[Any]:
        """[type, first entry, shape]."""
        name = array.dtype.name
        if name not in TYPES:
            raise TypeError(f"arrays of {name} are not part of the format")
        start = self._sizes[name]
        self._parts[name].append(array.reshape(-1))
        self._sizes[name] += array.size
        return [name, start, list(array.shape)]

    def joined(self) -> dict[str, Array]:
        """The flat arrays, by type."""
        return {name: np.concatenate(parts) for name, parts in self._parts.items() if parts}


class ArrayReader:
    """Gives the arrays back, as copies. Raises ValueError for a place that there is not."""

    def __init__(self, flat: dict[str, Array]) -> None:
        self._flat = flat

    def array(self, place: object) -> Array:
        if not isinstance(place, list) or len(place) != 3:
            raise ValueError("something else stands where an array should be")
        name, start, shape = place
        flat = self._flat.get(name) if isinstance(name, str) else None
        whole = isinstance(shape, list) and all(type(size) is int and size >= 0 for size in (start, *shape))
        if flat is None or not whole or start + prod(shape) > len(flat):
            raise ValueError("an array lies outside its file")
        return flat[start : start + prod(shape)].reshape(shape).copy()
