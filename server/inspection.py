"""Answers `inspect`: what the engine's inspector says of a lane's shown step, as an event."""

from __future__ import annotations

from math import isfinite

from engine.checks import SpecError
from engine.inspection import Block, Equation, Inspection, Nudge, Plot, Subject, check_gradient, inspect, walk_stage
from engine.records import NonFiniteError
from engine.trainer import Trainer
from server.messages import Inspect, MessageError
from server.messages import Inspection as Answer
from server.messages import inspection as wire


def answer(request: Inspect, trainer: Trainer, revision: int, timeline: int) -> Answer:
    """Of a trainer that has computed its coming step. Raises MessageError where there is no such thing to inspect."""
    subject = Subject(request.kind, request.layer, request.unit, request.origin)
    sample = min(request.sample or 0, len(trainer.batch_samples) - 1)  # the last batch of an epoch may be smaller
    check = None
    try:
        if request.check:
            check = _nudge(check_gradient(trainer, subject))
        if request.kind == "walk":
            found = walk_stage(trainer, request.stage or 0, sample)
        else:
            found = inspect(trainer, subject, sample)
    except SpecError as error:
        raise MessageError("invalid", error.field, error.value, str(error), request.id) from None
    except NonFiniteError as error:
        message = f"inspect refused: with the parameter nudged the numbers overflow, first in {error.tensor}"
        raise MessageError("invalid", "check", True, message, request.id) from None
    return Answer(
        command=request.id,
        lane=request.lane,
        revision=revision,
        timeline=timeline,
        step=trainer.steps,
        batch=len(trainer.batch_samples),
        sample=sample,
        sample_index=int(trainer.batch_samples[sample]),
        subject=_subject(subject),
        stage=request.stage,
        stages=found.stages,
        title=found.title,
        sentence=found.sentence,
        blocks=[_block(block) for block in found.blocks],
        plot=_plot(found),
        distribution=_distribution(found),
        check=check,
    )


def _subject(subject: Subject) -> wire.Subject:
    return {"kind": subject.kind, "layer": subject.layer, "unit": subject.unit, "from": subject.origin}


def _equation(each: Equation) -> wire.Equation:
    link = None if each.link is None else _subject(each.link)
    return {"symbols": each.symbols, "numbers": each.numbers, "value": each.value, "link": link, "note": each.note}


def _block(block: Block) -> wire.Block:
    terms: wire.Terms | None = None
    if block.terms is not None:
        terms = {
            "heading": block.terms.heading,
            "columns": list(block.terms.columns),
            "rows": [[_finite(number) for number in row] for row in block.terms.rows],
            "labels": block.terms.labels,
            "links": [None if link is None else _subject(link) for link in block.terms.links],
            "highlighted": block.terms.highlighted,
            "sum": _finite(block.terms.sum),
        }
    equations = [_equation(each) for each in block.equations]
    return {"title": block.title, "text": block.text, "equations": equations, "terms": terms}


def _finite(number: float) -> float | None:
    return number if isfinite(number) else None


def _plot(found: Inspection) -> wire.Plot | None:
    plot: Plot | None = found.plot
    if plot is None:
        return None
    z, value, slope = plot.at
    at: wire.Point = {"z": z, "value": value, "slope": slope}
    return {"title": plot.title, "z": plot.z, "value": plot.value, "slope": plot.slope, "at": at}


def _distribution(found: Inspection) -> wire.Distribution | None:
    spread = found.distribution
    return None if spread is None else {"z": spread.z, "a": spread.a, "delta": spread.delta}


def _nudge(nudge: Nudge) -> wire.Check:
    return {
        "epsilon": nudge.epsilon,
        "parameter": nudge.parameter,
        "loss_above": nudge.loss_above,
        "loss_below": nudge.loss_below,
        "numeric": nudge.numeric,
        "analytic": nudge.analytic,
        "relative_error": nudge.relative_error,
    }
