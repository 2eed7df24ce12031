"""The error signal of one unit for one sample: from the units it leads to, or from the loss, through f'."""

from __future__ import annotations

from engine.activations import ACTIVATIONS
from engine.inspection.content import Block, Equation, Subject, Terms, equation, sum_of_products
from engine.inspection.forward import option_values, statistics
from engine.inspection.loss import output_values
from engine.inspection.moment import Moment
from engine.inspection.tex import evaluate, statements

_UPSTREAM = r"\frac{\partial L}{\partial a_j}"
_OUTER = r"\frac{\partial L}{\partial u_j}"


def backward_block(moment: Moment, layer: int, unit: int, table: bool = True) -> Block:
    """How the unit's δ comes about; with the addends of ∂L/∂a as a table where that is asked for."""
    title = "Error signal" if table else moment.unit_name(layer, unit).capitalize()
    batch = f"the 1/{moment.batch} of the mean loss"
    if layer == moment.last:
        text = f"The backward pass starts here: the loss's own derivative, with {batch}." if table else ""
        return Block(title, _from_loss(moment, unit) + _outer(moment, layer, unit), text)
    equations, terms = _from_next(moment, layer, unit)
    equations += [*_through_slope(moment, layer, unit), *_outer(moment, layer, unit)]
    text = f"It comes from the units that it leads to, and contains {batch}." if table else ""
    return Block(title, equations, text, terms if table and len(terms.rows) > 1 else None)


def _from_loss(moment: Moment, unit: int) -> list[Equation]:
    entry = moment.trainer.network.compiled_loss.entry
    values, view, b = output_values(moment, unit), moment.layers[-1], moment.sample
    delta = float(view.deltas[unit, b])
    to_loss = Subject("loss")
    if moment.fused:
        note = "Loss and activation together: their derivatives cancel to this."
        return [equation(r"\delta_j", entry.slope, values, delta, to_loss, note)]
    upstream = float(view.upstream[unit, b])
    return [
        equation(r"\frac{\partial L}{\partial \hat{y}_j}", entry.slope, values, upstream, to_loss),
        *_through_slope(moment, moment.last, unit, r"\frac{\partial L}{\partial \hat{y}_j}"),
    ]


def _from_next(moment: Moment, layer: int, unit: int) -> tuple[list[Equation], Terms]:
    following, b = layer + 1, moment.sample
    weights, signal = moment.weights(following)[unit], moment.outer(following)[:, b]
    letter = r"\frac{\partial L}{\partial u_k}" if moment.normalized(following) else r"\delta_k"
    pairs = list(zip(weights.tolist(), signal.tolist(), strict=True))
    products = float(moment.through_weights(following)[unit, b])
    upstream = float(moment.layers[layer].upstream[unit, b])
    tex = rf"\sum_k w_{{jk}}\,{letter}"
    link = moment.unit(following, 0) if len(pairs) == 1 else None
    terms = Terms(
        heading=tex,
        columns=("w_{jk}", letter, rf"w_{{jk}}\,{letter}"),
        rows=[[w, d, w * d] for w, d in pairs],
        labels=[moment.unit_name(following, k) for k in range(len(pairs))],
        links=[moment.unit(following, k) for k in range(len(pairs))],
        sum=products,
    )
    if not moment.layers[following].spec.residual:
        return [sum_of_products(_UPSTREAM, tex, pairs, [], upstream, link)], terms
    skip = float(moment.layers[following].upstream[unit, b])
    note = "The last addend comes over the skip of the next layer, as it is."
    tex += r" + \frac{\partial L}{\partial a_j^{+}}"
    return [sum_of_products(_UPSTREAM, tex, pairs, [skip], upstream, link, note)], terms


def _through_slope(moment: Moment, layer: int, unit: int, upstream: str = _UPSTREAM) -> list[Equation]:
    view, b = moment.layers[layer], moment.sample
    activation, mask = view.spec.activation, moment.mask(layer)
    values = option_values(activation, view.spec.activation_options)
    values["z"] = float(view.pre_activations[unit, b])
    first, *others = statements(ACTIVATIONS[activation].derivative)
    values["a"] = float(ACTIVATIONS[activation].value(view.pre_activations[unit : unit + 1, b].copy(),
                                                      **view.spec.activation_options)[0])
    for each in others:  # what the first one names for short
        values[each.target] = float(evaluate(each.tex, values))
    slope = float(moment.slopes(layer)[unit, b])
    parts = {"f'(z_j)": slope, upstream: float(view.upstream[unit, b])}
    tex = rf"f'(z_j)\,{upstream}"
    if mask is not None:
        parts["m_j"], tex = float(mask[unit, b]), rf"m_j\,{tex}"
    return [
        *(equation(each.target, each.tex, values) for each in others),
        equation("f'(z_j)", first.tex, values, slope),
        equation(r"\delta_j", tex, parts, float(view.deltas[unit, b])),
    ]


def _outer(moment: Moment, layer: int, unit: int) -> list[Equation]:
    """∂L/∂u from δ, back through the normalisation."""
    kind, b = moment.normalized(layer), moment.sample
    if not kind:
        return []
    values, delta = statistics(moment, layer, unit), moment.layers[layer].deltas
    value = float(moment.outer(layer)[unit, b])
    root = r"\sqrt{\sigma_j^2 + \varepsilon}"
    if kind == "batch":
        of_scale, of_shift = r"\frac{\partial L}{\partial \gamma_j}", r"\frac{\partial L}{\partial \beta_j}"
        values |= {r"\delta_j": float(delta[unit, b]), "B": float(moment.batch)}
        values[of_scale] = float(moment.gradients[f"{layer}.scale"][unit])
        values[of_shift] = float(moment.gradients[f"{layer}.shift"][unit])
        tex = (
            rf"\frac{{\gamma_j}}{{{root}}} \cdot \left(\delta_j - \frac{{1}}{{B}} \cdot {of_shift}"
            rf" - \frac{{\hat{{u}}_j}}{{B}} \cdot {of_scale}\right)"
        )
        note = "The batch's mean and variance depend on the unit's sum too."
        return [equation(_OUTER, tex, values, value, note=note)]
    sums = moment.sums(layer)[:, b]
    standard = (sums - values[r"\mu_j"]) * float(evaluate(rf"\frac{{1}}{{{root}}}", values))
    d = moment.parameters[f"{layer}.scale"] * delta[:, b]
    values |= {"d_j": float(d[unit]), r"\bar{d}": float(d.mean())}
    values[r"\overline{d \hat{u}}"] = float((d * standard).mean())
    tex = rf"\frac{{d_j - \bar{{d}} - \hat{{u}}_j \cdot \overline{{d \hat{{u}}}}}}{{{root}}}"
    note = "d is γ δ; bars are means over the layer's units."
    return [equation(_OUTER, tex, values, value, note=note)]
