"""What a trainer tells of a step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

import numpy as np
import numpy.typing as npt

from engine.kernels import Array
from engine.spec import DenseSpec
from engine.telemetry import Sheet

Floats = npt.NDArray[np.float64]


class StepRecord:
    """The scalars of one step, computed before it is applied: the loss of its batch, and norms of every layer.

    ``step`` is the how-manieth step this is, from 1; ``epoch`` the epochs done after it, with fraction. Whoever wants
    the rows of many records gets them quickest once the last of them is there (`rows_of`): the first one that is read
    has all of its sheet worked out.
    """

    __slots__ = ("_index", "_sheet", "epoch", "step")

    def __init__(self, step: int, epoch: float, sheet: Sheet, index: int) -> None:
        self.step = step
        self.epoch = epoch
        self._sheet = sheet
        self._index = index

    @property
    def values(self) -> Floats:
        """(1 + 4 · layers,), read-only: loss, then δ, gradient, weight and update (root mean squares) of each layer,
        in forward order.
        """
        row: Floats = self._sheet.rows[self._index]
        return row

    @property
    def loss(self) -> float:
        """The batch's data loss, without penalty."""
        return float(self.values[0])

    @property
    def delta_rms(self) -> Floats:
        """(layers,): root mean square of δ over batch and units."""
        return self._norms(0)

    @property
    def gradient_rms(self) -> Floats:
        """(layers,): of the weights' gradient of the data loss."""
        return self._norms(1)

    @property
    def weight_rms(self) -> Floats:
        """(layers,): of the weights before the step."""
        return self._norms(2)

    @property
    def update_rms(self) -> Floats:
        """(layers,): of what the step adds to the weights."""
        return self._norms(3)

    def _norms(self, which: int) -> Floats:
        layers = len(self.values) // 4
        return self.values[1 + which * layers : 1 + (which + 1) * layers]

    def __repr__(self) -> str:
        return f"StepRecord(step={self.step}, epoch={self.epoch:g}, loss={self.loss:g})"


def rows_of(records: Sequence[StepRecord]) -> Floats:
    """(records, 1 + 4 · layers): the values of at least one record, of networks of equal depth."""
    parts = []
    for sheet, group in groupby(records, key=attrgetter("_sheet")):
        places = [record._index for record in group]
        whole = len(places) == places[-1] - places[0] + 1
        parts.append(sheet.rows[places[0] : places[-1] + 1] if whole else sheet.rows[places])
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


@dataclass(frozen=True, slots=True)
class LayerView:
    """One layer of the computed pass. The arrays are views (units, batch): they hold until the next `compute`."""

    id: int
    unit_ids: tuple[int, ...]
    spec: DenseSpec
    fan_in: int
    pre_activations: Array
    activations: Array
    upstream: Array
    """∂L/∂a; of the output layer only where its loss is not fused with the activation (else zeros)."""
    deltas: Array


class NonFiniteError(ArithmeticError):
    """A step whose numbers are not all finite; nothing of it was committed.

    ``step`` is the step that was tried, ``layer`` the layer's index, ``layer_id`` its id, and ``tensor`` names what
    overflowed first in the order of the pass: "1.pre-activation", "1.activation", "loss", "1.delta", "0.weight
    gradient", "0.weight update", or "0.weight" where only the sum of weight and update is not finite.
    """

    def __init__(self, step: int, layer: int, layer_id: int, tensor: str) -> None:
        super().__init__(step, layer, layer_id, tensor)
        self.step = step
        self.layer = layer
        self.layer_id = layer_id
        self.tensor = tensor

    def __str__(self) -> str:
        return f"step {self.step} was not taken: its numbers stopped being finite, first in {self.tensor}"
