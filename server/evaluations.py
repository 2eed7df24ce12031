"""Train and test loss of a trainer, as they go over the wire and into the series."""

from __future__ import annotations

from math import isfinite

import numpy as np

from engine.evaluation import Score
from engine.trainer import Trainer
from server.messages import Evaluation
from server.messages.events import Score as ScoreEvent


def evaluation_of(lane: int, trainer: Trainer) -> Evaluation | None:
    """What a trainer comes to on all data; None where its losses are not finite."""
    result = trainer.evaluate()
    if not np.isfinite([result.train.loss, result.test.loss]).all():
        return None
    return Evaluation(lane=lane, step=trainer.steps, train=_told(result.train), test=_told(result.test))


def row_of(evaluation: Evaluation) -> list[float]:
    """A row of the series of evaluations."""
    train, test = evaluation.train, evaluation.test
    row = (train["loss"], test["loss"], train["accuracy"], test["accuracy"])
    return [value for value in row if value is not None]


def evaluation_row(trainer: Trainer) -> list[float] | None:
    """The row of a trainer; None where the losses are not finite."""
    evaluation = evaluation_of(0, trainer)
    return None if evaluation is None else row_of(evaluation)


def _told(score: Score) -> ScoreEvent:
    """A score as it goes over the wire, which has no infinity: R² is one where squares of finite errors are none."""
    r_squared = score.r_squared if score.r_squared is not None and isfinite(score.r_squared) else None
    return {"loss": score.loss, "accuracy": score.accuracy, "confusion": score.confusion, "r_squared": r_squared}
