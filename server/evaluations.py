"""How good a network is on all its data, as it goes over the wire and into the series."""

from __future__ import annotations

from math import isfinite

from engine import evaluation as engine
from engine.trainer import Trainer
from server.messages import Evaluation
from server.messages.events import Score


def finite_evaluation(trainer: Trainer) -> engine.Evaluation | None:
    """What a trainer comes to on all data; None where its losses are not finite."""
    result = trainer.evaluate()
    return result if isfinite(result.train.loss) and isfinite(result.test.loss) else None


def told(lane: int, step: int, evaluation: engine.Evaluation) -> Evaluation:
    """The event."""
    train, test = _score(evaluation.train), _score(evaluation.test)
    saturated, dead = list(evaluation.saturated), list(evaluation.dead)
    return Evaluation(lane=lane, step=step, train=train, test=test, saturated=saturated, dead=dead)


def row_of(evaluation: engine.Evaluation) -> list[float]:
    """A row of the series of evaluations: losses, accuracies, and the shares of the layers that know any."""
    train, test = evaluation.train, evaluation.test
    row = (train.loss, test.loss, train.accuracy, test.accuracy)
    return [value for value in (*row, *evaluation.saturated, *evaluation.dead) if value is not None]


def evaluation_row(trainer: Trainer) -> list[float] | None:
    """The row of a trainer; None where the losses are not finite."""
    evaluation = finite_evaluation(trainer)
    return None if evaluation is None else row_of(evaluation)


def _score(score: engine.Score) -> Score:
    """A score as it goes over the wire, which has no infinity: R² is one where squares of finite errors are none."""
    r_squared = score.r_squared if score.r_squared is not None and isfinite(score.r_squared) else None
    return {"loss": score.loss, "accuracy": score.accuracy, "confusion": score.confusion, "r_squared": r_squared}
