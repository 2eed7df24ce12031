"""A data set as a trainer takes it: inputs and labels, split into training and test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.checks import SpecError
from engine.data.record import DOMAIN, Floats, Range

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class DataShape:
    """What a spec has to know of data that are handed over: how many inputs, and how many training samples."""

    inputs: int
    train_samples: int


@dataclass(frozen=True, slots=True, eq=False, init=False)
class Dataset:
    """Training and test samples.

    ``x_train`` (train, features) and ``x_test`` (test, features) are the network's inputs. ``y_train`` and ``y_test``
    are class indices (samples,), target values (samples,), or targets (samples, outputs). ``points_train`` and
    ``points_test`` (samples, inputs) are the raw inputs, before features, which is what is drawn; where none are
    given, they are the inputs themselves. ``domain``, a (low, high) for each raw input, is the part of their space that
    is drawn. Raises SpecError where shapes do not go together or a number is not finite.
    """

    x_train: Floats
    y_train: Array
    x_test: Floats
    y_test: Array
    points_train: Floats
    points_test: Floats
    domain: tuple[Range, ...]

    def __init__(
        self,
        x_train: ArrayLike,
        y_train: ArrayLike,
        x_test: ArrayLike,
        y_test: ArrayLike,
        points_train: ArrayLike | None = None,
        points_test: ArrayLike | None = None,
        domain: tuple[Range, ...] | None = None,
    ) -> None:
        arrays = {
            "x_train": _numbers("x_train", x_train),
            "y_train": _numbers("y_train", y_train),
            "x_test": _numbers("x_test", x_test),
            "y_test": _numbers("y_test", y_test),
        }
        arrays["points_train"] = arrays["x_train"] if points_train is None else _numbers("points_train", points_train)
        arrays["points_test"] = arrays["x_test"] if points_test is None else _numbers("points_test", points_test)
        for part in ("train", "test"):
            _same_samples(part, arrays)
        if arrays["x_train"].shape[1] != arrays["x_test"].shape[1]:
            raise SpecError("dataset.x_test", arrays["x_test"].shape, "must have as many columns as x_train")
        if arrays["y_train"].shape[1:] != arrays["y_test"].shape[1:]:
            raise SpecError("dataset.y_test", arrays["y_test"].shape, "must have as many columns as y_train")
        for name, array in arrays.items():
            object.__setattr__(self, name, array)
        object.__setattr__(self, "domain", domain or (DOMAIN,) * arrays["points_train"].shape[1])

    @property
    def shape(self) -> DataShape:
        """For a ``RunSpec(given=...)`` on these data."""
        return DataShape(self.x_train.shape[1], len(self.x_train))

    def __repr__(self) -> str:
        (train, features), targets = self.x_train.shape, self.y_train.shape[1:]
        whats = f"{targets[0]} targets" if targets else "a label"
        return f"Dataset({train:,} training and {len(self.x_test):,} test samples of {features} features and {whats})"


def _numbers(name: str, values: ArrayLike) -> Array:
    """Whole numbers of y stay whole (class indices); all else becomes float64."""
    array = np.asarray(values)
    if array.dtype.kind not in "biuf":
        raise SpecError(f"dataset.{name}", array.dtype, "must be numbers")
    whole = name.startswith("y") and array.dtype.kind in "iu"
    array = array.astype(np.int64 if whole else np.float64)
    if not np.isfinite(array).all():
        raise SpecError(f"dataset.{name}", "an array", "must hold finite numbers only")
    wanted = (1, 2) if name.startswith("y") else (2,)
    if array.ndim not in wanted:
        raise SpecError(f"dataset.{name}", array.shape, f"must have {' or '.join(map(str, wanted))} dimensions")
    array.setflags(write=False)
    return array


def _same_samples(part: str, arrays: dict[str, Array]) -> None:
    samples = len(arrays[f"x_{part}"])
    if not samples:
        raise SpecError(f"dataset.x_{part}", arrays[f"x_{part}"].shape, "must hold at least one sample")
    for name in (f"y_{part}", f"points_{part}"):
        if len(arrays[name]) != samples:
            raise SpecError(f"dataset.{name}", arrays[name].shape, f"must have {samples} rows, as x_{part}")
