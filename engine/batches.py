"""The order of the training data: shuffled once an epoch, and laid out so that each batch is brought in by one copy."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.kernels import Array
from engine.streams import stream

Indices = npt.NDArray[np.intp]


class Batches:
    """Mini-batches of the training data. The last batch of an epoch may be smaller: it is a batch of its own.

    The order of an epoch depends on the seed and the epoch's number alone, so that runs of different networks see the
    same batches, and any epoch can be laid out again.
    """

    def __init__(self, inputs: Array, targets: Array, size: int, shuffle: str, seed: int) -> None:
        """`inputs` (samples, inputs) and `targets` (samples, outputs), of one precision."""
        # One row a sample, as a network is fed: targets, then inputs.
        self._samples: Array = np.ascontiguousarray(np.hstack([targets, inputs]))
        samples, fed = self._samples.shape
        self.size: int = min(size, samples)
        self._shuffle, self._seed = shuffle, seed
        self._full: int = samples // self.size
        self._rest: int = samples % self.size
        self.count: int = self._full + (self._rest > 0)
        self._shuffled = np.empty_like(self._samples)
        self._batches: Array = np.empty((self._full, fed, self.size), dtype=self._samples.dtype)
        self._last: Array = np.empty((fed, self._rest), dtype=self._samples.dtype)
        self._order: Indices = np.arange(samples)
        self._arranged: int | None = None

    def size_of(self, batch: int) -> int:
        """Samples in a batch of that place in its epoch."""
        return self.size if batch < self._full else self._rest

    def arrange(self, epoch: int) -> None:
        """Lays out an epoch, if it is not laid out already."""
        key = {"none": -1, "once": 0, "epoch": epoch}[self._shuffle]
        if key == self._arranged:
            return
        if key >= 0:
            self._order = stream(self._seed, "shuffle", key).permutation(len(self._samples))
        self._samples.take(self._order, 0, self._shuffled, "clip")
        end = self._full * self.size
        self._batches[...] = self._shuffled[:end].reshape(self._full, self.size, -1).transpose(0, 2, 1)
        self._last[...] = self._shuffled[end:].T
        self._arranged = key

    def batch(self, index: int) -> Array:
        """Targets and inputs (outputs + inputs, batch) of a batch of the arranged epoch."""
        return self._batches[index] if index < self._full else self._last

    def samples(self, index: int) -> Indices:
        """Indices in the training data of that batch's samples."""
        return self._order[index * self.size : (index + 1) * self.size]
