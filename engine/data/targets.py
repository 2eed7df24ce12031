"""From labels to what the outputs should be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.activations import ACTIVATIONS
from engine.data.record import Floats, Labels
from engine.data.table import DATASETS

if TYPE_CHECKING:  # the spec reads the table of data sets, so it cannot be imported here
    from engine.spec import RunSpec


def network_targets(run: RunSpec, labels: Labels) -> Floats:
    """Targets (samples, outputs) for the labels (samples,) of the run's data set.

    Regression: the values themselves. Two classes on one output: the two levels that its activation is trained towards.
    Else one output a class: the upper level at the sample's class, the lower one elsewhere (one-hot for softmax and
    sigmoid).
    """
    if DATASETS[run.data.name].task == "regression":
        return np.asarray(labels, dtype=np.float64)[:, None]
    low, high = ACTIVATIONS[run.network.output_activation].class_targets
    this_class: NDArray[np.bool_] = labels[:, None] == (np.arange(run.outputs) if run.outputs > 1 else 1)
    return np.where(this_class, high, low)
