"""A lane as it was at some moment: for undo, for branches, for keyframes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine.data import OwnData
from engine.observer import Memory
from engine.spec import RunSpec
from server.series import Condensed, Mark


@dataclass(frozen=True, slots=True)
class LaneSnapshot:
    """A lane as it was: its spec, `Trainer.state()`, its series, the user's own data if it was on some, and what its
    observer knew.

    `key` tells which lane it was: its place may be another's by now.
    """

    run: RunSpec
    state: dict[str, Any]
    steps: tuple[Mark, Condensed]
    evaluations: tuple[Mark, Condensed]
    own: OwnData | None = None
    key: int = 0
    observed: Memory | None = None

    def narrowed(self, rows: int | None = None) -> LaneSnapshot:
        """With the losses of its series alone, in about so many rows at most."""
        (mark, steps), (ending, evaluations) = self.steps, self.evaluations
        return replace(self, steps=(mark, steps.narrowed(1, rows)), evaluations=(ending, evaluations.narrowed(2, rows)))

    def small(self, rows: int) -> LaneSnapshot:
        """With so many rows of the losses of its series, and no ends of epochs: those of the run to come are enough."""
        observed = None if self.observed is None else replace(self.observed, epochs=())
        return replace(self.narrowed(rows), observed=observed)

    @property
    def nbytes(self) -> int:
        return _size(self.state) + self.steps[1].nbytes + self.evaluations[1].nbytes


def _size(value: Any) -> int:
    """Bytes of the arrays in nested containers."""
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, dict):
        return sum(_size(item) for item in value.values())
    if isinstance(value, list | tuple):
        return sum(_size(item) for item in value)
    return 0
