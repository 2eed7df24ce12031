"""The loss of the batch and of one sample, and where the backward pass starts."""

from __future__ import annotations

from engine.inspection.content import Block, Equation, Terms, equation
from engine.inspection.digits import tex_number
from engine.inspection.moment import Moment
from engine.inspection.tex import evaluate

SHOWN_OUTPUTS = 3


def output_values(moment: Moment, output: int, sample: int | None = None) -> dict[str, float]:
    """Prediction, target, sizes and the loss's options, by the letters of its formulas."""
    b = moment.sample if sample is None else sample
    loss = moment.trainer.network.compiled_loss
    return {
        r"\hat{y}": float(moment.layers[-1].activations[output, b]),
        "y": float(moment.trainer.signals.targets[output, b]),
        "B": float(moment.batch),
        "K": float(moment.trainer.network.plan.outputs),
        **{loss.entry.options[name].symbol: value for name, value in loss.options.items()},
    }


def loss_block(moment: Moment) -> Block:
    """The loss of each sample, and the mean."""
    entry = moment.trainer.network.compiled_loss.entry
    outputs = moment.trainer.network.plan.outputs
    targets, answers = moment.trainer.signals.targets, moment.layers[-1].activations
    values = output_values(moment, 0) | {r"\hat{y}": answers, "y": targets}
    each = evaluate(entry.term, values) + 0 * answers
    total = each.sum(axis=0)
    mean, sizes = (r"\frac{1}{B K} \sum_b \ell_b", moment.batch * outputs)
    if not entry.mean_of_outputs:
        mean, sizes = r"\frac{1}{B} \sum_b \ell_b", moment.batch
    loss = float(moment.trainer.record.loss)
    whole = Equation(f"L = {mean}", rf"L = \frac{{{tex_number(total.sum())}}}{{{sizes}}} = {tex_number(loss)}", loss)
    shown = range(min(outputs, SHOWN_OUTPUTS))
    equations = [_term(moment, entry.term, k, outputs) for k in shown]
    columns = (*(rf"\hat{{y}}_{k + 1}" for k in shown), *(f"y_{k + 1}" for k in shown), r"\ell_b")
    if outputs == 1:
        columns = (r"\hat{y}", "y", r"\ell_b")
    terms = Terms(
        heading=r"\sum_b \ell_b",
        columns=columns,
        rows=[
            [*answers[: len(shown), b].tolist(), *targets[: len(shown), b].tolist(), float(total[b])]
            for b in range(moment.batch)
        ],
        labels=[f"sample {index}" for index in moment.samples.tolist()],
        links=[None] * moment.batch,
        sum=float(total.sum()),
        highlighted=moment.sample,
    )
    more = f" {SHOWN_OUTPUTS} of {outputs} outputs shown." if outputs > SHOWN_OUTPUTS else ""
    return Block("Loss", [*equations, whole], f"{entry.title}: the mean over the batch of {moment.batch}.{more}", terms)


def _term(moment: Moment, tex: str, output: int, outputs: int) -> Equation:
    name = r"\ell" if outputs == 1 else rf"\ell_{{{output + 1}}}"
    return equation(name, tex, output_values(moment, output), link=moment.unit(moment.last, output))
