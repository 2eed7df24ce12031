"""States of a moment ago, from which the last step with finite numbers is found again when training has diverged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from engine.surgery import afresh
from engine.trainer import Trainer

INTERVAL: Final = 0.05
SHARE: Final = 0.02
"""Largest part of the time that keeping states may take."""


class Checkpoints:
    """The last two states of a session's trainers: two, since the last may be of the very step that diverged."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._kept: list[tuple[int, list[dict[str, Any]]]] = []
        self._due = float("-inf")

    def clear(self) -> None:
        """What comes next does not follow from what was."""
        self._kept.clear()
        self._due = float("-inf")

    def keep(self, trainers: Sequence[Trainer]) -> None:
        """Keeps the trainers' states, unless it did so just now."""
        began = self._clock()
        step = trainers[0].steps
        if began < self._due or (self._kept and self._kept[-1][0] == step):
            return
        self._kept = [*self._kept[-1:], (step, [trainer.state() for trainer in trainers])]
        cost = self._clock() - began
        self._due = began + max(INTERVAL, cost / SHARE)

    def recall(self, step: int, states: Sequence[dict[str, Any]]) -> None:
        """Takes states that were kept elsewhere, after so many steps."""
        self._kept = [(step, list(states))]

    def replay(self, trainers: Sequence[Trainer], step: int) -> list[Trainer] | None:
        """Trainers of the same runs after `step` steps, the coming one computed; None where no state is so old."""
        for kept_step, states in reversed(self._kept):
            if kept_step <= step:
                return [_replayed(trainer, state, step) for trainer, state in zip(trainers, states, strict=True)]
        return None


def _replayed(trainer: Trainer, state: dict[str, Any], step: int) -> Trainer:
    copy = afresh(trainer)
    copy.load_state(state)
    while copy.steps < step:
        copy.step()
    copy.compute()
    return copy
