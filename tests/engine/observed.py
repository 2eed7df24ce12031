"""Runs under observation, as a session observes them."""

from __future__ import annotations

import numpy as np

from engine import NonFiniteError, RunSpec, Trainer
from engine.observer import Observer

History = list[tuple[int, tuple[str, ...]]]
"""(step, names of the verdicts from there on), at each change."""


def trained(run: RunSpec, steps: int) -> Trainer:
    trainer = Trainer(run)
    for _ in range(steps):
        trainer.step()
    return trainer


def observed(run: RunSpec, steps: int) -> Observer:
    """After so many steps, or where the numbers overflow."""
    observer = Observer(Trainer(run))
    history_of(observer, steps)
    return observer


def history_of(observer: Observer, steps: int) -> History:
    """Takes so many steps more, or as many as stay finite; which verdicts were shown on the way."""
    trainer, history = observer.trainer, []
    shown = tuple(held.finding.name for held in observer.verdicts)
    for _ in range(steps):
        if trainer.epoch.is_integer():
            observer.epoch(trainer.evaluate())
        try:
            values = trainer.step().values
        except NonFiniteError:
            break
        if observer.steps(values[np.newaxis]):
            names = tuple(held.finding.name for held in observer.verdicts)
            if names != shown:
                history.append((trainer.steps, names))
                shown = names
    return history
