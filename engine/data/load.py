"""From a DataSpec and a seed to training and test samples."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.checks import SpecError
from engine.data.dataset import Dataset
from engine.data.features import network_inputs
from engine.data.own import NOT_HERE, OwnData
from engine.data.record import Draw, Floats, Range
from engine.streams import stream

if TYPE_CHECKING:  # the spec reads the table of data sets, so it cannot be imported here
    from engine.spec import DataSpec


def load_dataset(data: DataSpec, seed: int, own: OwnData | None = None) -> Dataset:
    """The data set of a spec: the same bits for the same spec and seed.

    The split has a stream of its own: each sample holds a random number, and those with the smallest are trained on,
    in that order. So another noise leaves the split as it is, and another fraction moves only the samples between.

    ``own`` are the user's own data, where the spec describes some. Raises SpecError where they are not those.
    """
    if own is None and data.own is None:
        return _generated(data, seed)
    if own is None or own.shape != data.own:
        wanted = data.name if data.own is None else f"{data.own.samples} samples"
        raise SpecError("data.own", wanted, NOT_HERE if own is None else "must describe the data that were brought")
    return _split(data, own.points, own.labels, own.order(seed), own.ranges)


@lru_cache(maxsize=16)  # a changed run has the same data most of the time; nobody can write to them
def _generated(data: DataSpec, seed: int) -> Dataset:
    points, labels = data.record.generate(data.total_samples, data.noise, Draw(seed))
    return _split(data, points, labels, np.argsort(stream(seed, "split").random(len(points)), kind="stable"))


def _split(
    data: DataSpec,
    points: Floats,
    labels: NDArray[Any],
    order: NDArray[np.intp],
    domain: tuple[Range, ...] | None = None,
) -> Dataset:
    train, test = np.split(order[: data.total_samples], [data.train_samples])
    return Dataset(
        x_train=network_inputs(points[train], data.features),
        y_train=labels[train],
        x_test=network_inputs(points[test], data.features),
        y_test=labels[test],
        points_train=points[train],
        points_test=points[test],
        domain=domain,
    )
