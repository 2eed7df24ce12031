"""From labels to what the outputs should be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.activations import ACTIVATIONS
from engine.checks import SpecError
from engine.data.record import Floats, Labels
from engine.losses import LOSSES

if TYPE_CHECKING:  # the spec reads the table of data sets, so it cannot be imported here
    from engine.spec import RunSpec


def network_targets(run: RunSpec, labels: Labels) -> Floats:
    """Targets (samples, outputs) for the labels (samples,) of the run's data set.

    Regression: the values themselves. Two classes on one output: the two levels that its activation is trained towards.
    Else one output a class: the upper level at the sample's class, the lower one elsewhere (one-hot for softmax and
    sigmoid).
    """
    if run.data.record.task == "regression":
        return np.asarray(labels, dtype=np.float64)[:, None]
    low, high = ACTIVATIONS[run.network.output_activation].class_targets
    this_class: NDArray[np.bool_] = labels[:, None] == (np.arange(run.outputs) if run.outputs > 1 else 1)
    return np.where(this_class, high, low)


def smoothed(targets: NDArray[Any], loss: str, share: float) -> NDArray[Any]:
    """Targets (samples, outputs) with that share of each spread evenly over what it may be (Szegedy et al. 2016).

    Over the classes with cross-entropy, as PyTorch does, and over 0 and 1 for each output with binary cross-entropy.
    """
    if not share:
        return targets
    even = 1 / targets.shape[1] if loss == "cross_entropy" else 1 / 2
    return (1 - share) * targets + share * even


def given_targets(name: str, given: NDArray[Any], loss: str, outputs: int) -> NDArray[Any]:
    """Targets (samples, outputs) from what was handed over under that name, which is taken as it is.

    Only class indices (samples,) become one-hot, with cross-entropy. Raises SpecError for what the loss does not take.
    """
    if given.ndim != 1:
        targets = given
    elif loss == "cross_entropy":
        if not np.isin(given, np.arange(outputs)).all():
            raise SpecError(name, "an array", f"must be class indices from 0 to {outputs - 1}, or one-hot, with {loss}")
        targets = np.eye(outputs)[given.astype(np.intp)]
    else:
        targets = given[:, None]
    rule = LOSSES[loss].targets
    if rule is not None and not rule.holds(targets):
        raise SpecError(name, "an array", f"{rule.sentence}, with {loss}")
    return targets
