"""What a trainer looks like to the page: its layout, and the numbers by which the page knows it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.spec import RunSpec
from engine.trainer import Trainer
from server.layouts import Shape


@dataclass(frozen=True, slots=True)
class Appearance:
    """What a trainer looks like to the page, and the numbers by which the page knows it."""

    trainer: Trainer
    data_version: int
    shape: Shape
    unit_rows: NDArray[np.intp]
    revision: int

    def has_data_of(self, trainer: Trainer) -> bool:
        return _data_of(self.trainer.run) == _data_of(trainer.run)


def _data_of(run: RunSpec) -> tuple[object, ...]:
    """What the points, their labels and their split depend on."""
    data = run.data
    return data.name, data.own, data.samples, data.noise, data.train_fraction, run.seed
