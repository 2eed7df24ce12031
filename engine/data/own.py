"""Data that a user brings: points drawn into the plane, or rows of a table.

A spec describes them by their `OwnShape` and does not carry them: the data themselves, `OwnData`, are handed to the
trainer beside the spec, and have to be those that the spec describes.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.checks import Number, SpecError, check_integer, check_items, check_object
from engine.data.record import Cloud, DataRecord, Draw, Floats, Labels, Range, Task
from engine.fields import MAX_SAMPLES
from engine.streams import stream

OWN: Final = "own"
"""The name of a user's own data, which are no entry of the table of data sets."""
TITLE: Final = "Own data"
HELP: Final = "Points that you drew, or rows of your own table."
MIN_SAMPLES: Final = 2  # one to train on, one to test on
MAX_INPUTS: Final = 32
MAX_CLASSES: Final = 10
LONGEST_NAME: Final = 60
LARGEST: Final = 1e30  # float32, as which numbers are sent and drawn, reaches a little further
NOT_HERE: Final = "must be brought along: a spec describes a user's own data, but does not carry them"

_PADDING: Final = 0.04
_TICKS: Final = 12
_MIXING: Final = tuple(np.uint64(factor) for factor in (0xBF58476D1CE4E5B9, 0x94D049BB133111EB))


@dataclass(frozen=True, slots=True)
class OwnShape:
    """What a spec says of a user's own data: all that a network depends on, and a digest of the content.

    ``inputs`` and ``classes`` are the names of columns and classes; without classes the labels are numbers to fit.
    """

    inputs: tuple[str, ...]
    classes: tuple[str, ...]
    samples: int
    digest: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "inputs", _names("inputs", self.inputs, 1, MAX_INPUTS))
        object.__setattr__(self, "classes", _names("classes", self.classes, 2, MAX_CLASSES) if self.classes else ())
        samples = Number("Samples", "", MIN_SAMPLES, MAX_SAMPLES, integer=True)
        object.__setattr__(self, "samples", check_integer("data.own.samples", self.samples, samples))
        if not isinstance(self.digest, str) or len(self.digest) > LONGEST_NAME:
            raise SpecError("data.own.digest", self.digest, "must be a short text")

    @property
    def task(self) -> Task:
        return "classification" if self.classes else "regression"

    @property
    def record(self) -> DataRecord:
        """What the table of data sets would say of them."""
        loss, output = "half_squared_error", "linear" if self.task == "regression" else "tanh"
        if len(self.classes) > 2:
            loss, output = "cross_entropy", "softmax"
        plane, curve = len(self.inputs) == 2, len(self.inputs) == 1 and self.task == "regression"
        return DataRecord(
            title=TITLE,
            help=HELP,
            task=self.task,
            generate=_not_here,
            classes=self.classes,
            inputs=self.inputs,
            form="plane" if plane else "curve" if curve else "samples",
            loss=loss,
            output_activation=output,
            samples=self.samples,
            available=self.samples,
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain, JSON-able."""
        return {
            "inputs": list(self.inputs),
            "classes": list(self.classes),
            "samples": self.samples,
            "digest": self.digest,
        }

    @classmethod
    def from_dict(cls, values: object) -> OwnShape:
        names = [field.name for field in fields(cls)]
        return cls(**check_object("data.own", values, names, required=names))


@dataclass(frozen=True, slots=True, eq=False, init=False)
class OwnData:
    """A user's own data.

    ``points`` (samples, inputs); ``labels`` (samples,): class indices where there are ``classes``, else numbers to fit.
    ``ranges``, a (low, high) for each input, is the part of the input space that is drawn; where none is given, it
    follows from the points. Raises SpecError for what cannot be trained on. Two of equal content are equal.
    """

    shape: OwnShape
    points: Floats
    labels: Labels
    ranges: tuple[Range, ...]

    def __init__(
        self,
        inputs: Sequence[str],
        points: ArrayLike,
        labels: ArrayLike,
        classes: Sequence[str] = (),
        ranges: Sequence[Sequence[float]] | None = None,
    ) -> None:
        x, y = _numbers("points", points, 2), _numbers("labels", labels, 1)
        if x.shape != (len(y), len(inputs)):
            rule = f"must have {len(inputs)} columns, one an input, and {len(y):,} rows, one a label"
            raise SpecError("points", list(x.shape), rule)
        given = None if ranges is None else _checked_ranges(ranges, len(inputs))
        content = json.dumps([list(inputs), list(classes), given], default=str).encode()
        digest = hashlib.blake2b(content + x.tobytes() + y.tobytes(), digest_size=8).hexdigest()
        shape = OwnShape(tuple(inputs), tuple(classes), len(y), digest)
        _check_finite(x, y, shape)
        known = _class_indices(y, shape) if classes else _targets(y)
        for array in (x, known):
            array.setflags(write=False)
        drawn = given or tuple(_roomy_range(float(column.min()), float(column.max())) for column in x.T)
        for name, value in (("shape", shape), ("points", x), ("labels", known), ("ranges", drawn)):
            object.__setattr__(self, name, value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, OwnData) and self.shape == other.shape

    def __hash__(self) -> int:
        return hash(self.shape)

    @property
    def nbytes(self) -> int:
        return self.points.nbytes + self.labels.nbytes

    def order(self, seed: int) -> NDArray[np.intp]:
        """(samples,): the order in which samples are taken, first those that are trained on.

        Each sample's place comes from its own numbers and the seed alone: where points are added, erased or sorted, the
        others stay on their side of the split.
        """
        keys = np.full(self.shape.samples, stream(seed, "split").integers(2**64, dtype=np.uint64))
        for column in (*self.points.T, self.labels.astype(np.float64)):
            keys = _mixed(keys ^ np.ascontiguousarray(column).view(np.uint64))
        return np.argsort(keys, kind="stable")


def _mixed(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Every bit depends on every bit: the finishing steps of splitmix64 (Steele, Lea and Flood 2014)."""
    first, second = _MIXING
    keys = keys + np.uint64(0x9E3779B97F4A7C15)
    keys = (keys ^ (keys >> np.uint64(30))) * first
    keys = (keys ^ (keys >> np.uint64(27))) * second
    return keys ^ (keys >> np.uint64(31))


def _not_here(samples: int, noise: float, draw: Draw) -> Cloud:
    raise SpecError("data.own", f"{samples} samples", NOT_HERE)


def _names(field: str, given: object, fewest: int, most: int) -> tuple[str, ...]:
    path = f"data.own.{field}"
    names = check_items(path, given, str, field, most)
    if len(names) < fewest:
        raise SpecError(path, len(names), f"must be at least {fewest} {field}")
    for index, name in enumerate(names):
        if not 0 < len(name) <= LONGEST_NAME:
            raise SpecError(f"{path}.{index}", name, f"must be a name of 1 to {LONGEST_NAME} characters")
        if name in names[:index]:
            raise SpecError(f"{path}.{index}", name, "must be named once only")
    return names


def _numbers(name: str, values: ArrayLike, dimensions: int) -> Floats:
    try:
        array = np.array(values, dtype=np.float64, order="C")
    except (TypeError, ValueError):
        raise SpecError(name, "something", "must be numbers") from None
    if array.ndim != dimensions:
        raise SpecError(name, list(array.shape), f"must have {dimensions} dimension{'s' * (dimensions > 1)}")
    return array


def _check_finite(points: Floats, labels: Floats, shape: OwnShape) -> None:
    """Also refuses what float32 cannot hold, for that is how numbers travel and are drawn."""
    columns = (("labels", ("the label",), labels[:, None]), ("points", shape.inputs, points))
    for name, titles, values in columns:
        wrong = np.argwhere(~(np.abs(values) <= LARGEST))
        if len(wrong):
            row, column = wrong[0]
            rule = f"must be finite numbers up to {LARGEST:g}: row {row + 1}, {titles[column]}, is not"
            raise SpecError(name, float(values[row, column]), rule)


def _class_indices(labels: Floats, shape: OwnShape) -> Labels:
    classes = len(shape.classes)
    wrong = np.flatnonzero((labels != np.floor(labels)) | (labels < 0) | (labels >= classes))
    if len(wrong):
        raise SpecError("labels", float(labels[wrong[0]]), f"must be class indices from 0 to {classes - 1}")
    if labels.min() == labels.max():
        raise SpecError("labels", 1, "must be of at least two classes: with one there is nothing to tell apart")
    return labels.astype(np.int64)


def _targets(labels: Floats) -> Floats:
    if labels.min() == labels.max():
        raise SpecError("labels", float(labels[0]), "must differ: with one number for all there is nothing to learn")
    return labels


def _checked_ranges(ranges: Sequence[Sequence[float]], inputs: int) -> tuple[Range, ...]:
    if len(ranges) != inputs:
        raise SpecError("ranges", len(ranges), f"must be {inputs}, one an input")
    checked = []
    for index, (low, high) in enumerate(ranges):
        if not (-LARGEST <= low < high <= LARGEST):
            raise SpecError(f"ranges.{index}", [low, high], f"must be two rising numbers up to {LARGEST:g}")
        checked.append((float(low), float(high)))
    return tuple(checked)


def _roomy_range(low: float, high: float) -> Range:
    """A range of round numbers that holds the others with some room; it changes rarely while points come and go."""
    if not high - low > 1 / LARGEST:
        half = max(1.0, abs(low) / 10)
        return low - half, high + half
    padding = _PADDING * (high - low)
    low, high = low - padding, high + padding
    wished = (high - low) / _TICKS
    decade = 10.0 ** math.floor(math.log10(wished))
    tick = next(factor * decade for factor in (1, 2, 5, 10) if factor * decade >= wished)
    return float(f"{tick * math.floor(low / tick):.12g}"), float(f"{tick * math.ceil(high / tick):.12g}")
