"""What the table of data sets says of each, and what a generator draws from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from engine.streams import stream

Floats = NDArray[np.float64]
Labels = NDArray[np.int64] | Floats
Cloud = tuple[Floats, Labels]
Task = Literal["classification", "regression"]
Form = Literal["plane", "curve", "samples"]

Range = tuple[float, float]

# Generated inputs lie in -6..6, the domain that the TensorFlow Playground draws.
DOMAIN: Final[Range] = (-6.0, 6.0)


@dataclass(frozen=True, slots=True)
class Draw:
    """The random streams of one data set.

    Positions and noise come from streams of their own, read from the front: another noise moves the same points, and
    more samples extend the same sequence instead of redrawing it.
    """

    seed: int

    def positions(self, part: int = 0) -> np.random.Generator:
        return stream(self.seed, "data positions", part)

    def noise(self, part: int = 0) -> np.random.Generator:
        return stream(self.seed, "data noise", part)


@dataclass(frozen=True, slots=True)
class DataRecord:
    """One data set. ``generate(samples, noise, draw)`` returns points (samples, inputs) and labels (samples,).

    Labels are class indices (int64) or target values (float64). ``form`` says how it is drawn: over the plane of two
    inputs, as a curve over one, or sample by sample. ``available`` is how many samples a real set holds, None where
    they are generated. ``loss``, ``output_activation`` and ``samples`` are what suits it, taken when it is chosen in
    place of another kind of set.
    """

    title: str
    help: str
    task: Task
    generate: Callable[[int, float, Draw], Cloud]
    classes: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ("x", "y")
    form: Form = "plane"
    loss: str = "half_squared_error"
    output_activation: str = "tanh"
    samples: int = 500
    available: int | None = None
    image: tuple[int, int] | None = None
    source: str | None = None
    licence: str | None = None
    thumbnail_inputs: tuple[int, int] = (0, 1)

    @property
    def features(self) -> bool:
        """Whether the network's inputs are chosen from the table FEATURES."""
        return self.form == "plane"

    @property
    def noise(self) -> bool:
        """Whether noise can be added: measured data are left as they are."""
        return self.available is None


def class_by_class(samples: int, classes: int, make: Callable[[int, int], Floats]) -> Cloud:
    """Points of equally many samples a class, in turn: sample ``i`` is of class ``i % classes``.

    ``make(index, count)`` draws the points (count, 2) of one class.
    """
    labels = np.arange(samples) % classes
    points = np.empty((samples, 2))
    for index in range(classes):
        points[index::classes] = make(index, len(labels[index::classes]))
    return points, labels


def polar(radius: Floats, angle: Floats) -> Floats:
    """Points (n, 2) at a distance from the origin and an angle from the y axis, clockwise."""
    return np.column_stack((radius * np.sin(angle), radius * np.cos(angle)))
