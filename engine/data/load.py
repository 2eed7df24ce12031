"""From a DataSpec and a seed to training and test samples."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from engine.data.dataset import Dataset
from engine.data.features import network_inputs
from engine.data.record import Draw
from engine.data.table import DATASETS
from engine.streams import stream

if TYPE_CHECKING:  # the spec reads the table of data sets, so it cannot be imported here
    from engine.spec import DataSpec


@lru_cache(maxsize=16)  # a changed run has the same data most of the time; nobody can write to them
def load_dataset(data: DataSpec, seed: int) -> Dataset:
    """The data set of a spec: the same bits for the same spec and seed.

    The split has a stream of its own: each sample holds a random number, and those with the smallest are trained on,
    in that order. So another noise leaves the split as it is, and another fraction moves only the samples between.
    """
    points, labels = DATASETS[data.name].generate(data.total_samples, data.noise, Draw(seed))
    order = np.argsort(stream(seed, "split").random(len(points)), kind="stable")
    train, test = np.split(order, [data.train_samples])
    return Dataset(
        x_train=network_inputs(points[train], data.features),
        y_train=labels[train],
        x_test=network_inputs(points[test], data.features),
        y_test=labels[test],
        points_train=points[train],
        points_test=points[test],
    )
