"""What the ends of epochs leave behind: both losses on all data, and their medians over the last epochs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.verdicts import VERDICTS


@dataclass(frozen=True, slots=True)
class EpochEnd:
    """Losses on all training and all test data after `step` steps."""

    step: int
    train: float
    test: float


def medians(epochs: Sequence[EpochEnd]) -> EpochEnd | None:
    """Of both losses over the last epochs; None of too few."""
    recent = last_epochs(epochs)
    if len(recent) < VERDICTS["overfitting"].thresholds["epochs"]:
        return None
    return EpochEnd(recent[-1].step, median([end.train for end in recent]), median([end.test for end in recent]))


def last_epochs(epochs: Sequence[EpochEnd]) -> Sequence[EpochEnd]:
    """As many as overfitting is judged by."""
    return epochs[-int(VERDICTS["overfitting"].thresholds["epochs"]) :]


def median(values: Sequence[float]) -> float:
    """Of a few numbers, for which this is many times faster than `np.median`."""
    ordered, middle = sorted(values), len(values) // 2
    return ordered[middle] if len(values) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
