"""Noise that training adds: to its inputs, and to the gradient that the optimizer is given.

The numbers of a step are drawn from a stream of its own (see streams.py), so that a step may be computed any number of
times, and training with and without noise sees the same batches.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.kernels import Array

Streams = Callable[[str], np.random.Generator]
"""purpose -> the stream of the coming step."""


@dataclass(frozen=True, slots=True)
class Noise:
    """Normally distributed numbers of some standard deviation, in an array that is filled anew for each step."""

    purpose: str
    deviation: float
    values: Array

    def draw(self, streams: Streams) -> None:
        streams(self.purpose).standard_normal(dtype=self.values.dtype, out=self.values)
        np.multiply(self.values, self.deviation, self.values)
