"""How good a network is on all its data, as it goes over the wire and into the series."""

from __future__ import annotations

from math import isfinite, isnan

import numpy as np

from engine import evaluation as engine
from engine.trainer import Trainer
from server.messages import Evaluation
from server.messages.events import Score


def finite_evaluation(trainer: Trainer) -> engine.Evaluation | None:
    """What a trainer comes to on all data; None where its losses are not finite."""
    result = trainer.evaluate()
    return result if isfinite(result.train.loss) and isfinite(result.test.loss) else None


def told(lane: int, step: int, evaluation: engine.Evaluation) -> Evaluation:
    """The event. The wire has neither infinity nor NaN: they become null."""
    saturated, dead = (
        [None if isnan(share) else share for share in shares.tolist()]
        for shares in (evaluation.saturated, evaluation.dead)
    )
    train, test = _score(evaluation.train), _score(evaluation.test)
    return Evaluation(lane=lane, step=step, train=train, test=test, saturated=saturated, dead=dead)


def row_of(evaluation: engine.Evaluation) -> list[float]:
    """A row of the series of evaluations: losses, accuracies, and the shares of the layers that know any."""
    train, test = evaluation.train, evaluation.test
    row = (train.loss, test.loss, train.accuracy, test.accuracy)
    shares = np.concatenate((evaluation.saturated, evaluation.dead)).tolist()
    return [value for value in (*row, *shares) if value is not None and not isnan(value)]


def evaluation_row(trainer: Trainer) -> list[float] | None:
    """The row of a trainer; None where the losses are not finite."""
    evaluation = finite_evaluation(trainer)
    return None if evaluation is None else row_of(evaluation)


def _score(score: engine.Score) -> Score:
    """R² is infinite where squares of finite errors are."""
    r_squared = score.r_squared if score.r_squared is not None and isfinite(score.r_squared) else None
    return {"loss": score.loss, "accuracy": score.accuracy, "confusion": score.confusion, "r_squared": r_squared}
