"""The forward pass of one unit for one sample: its weighted sum, normalisation, activation, dropout and skip."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.activations import ACTIVATIONS
from engine.inspection.content import Block, Distribution, Equation, Plot, Terms, equation, sum_of_products
from engine.inspection.moment import Moment
from engine.inspection.tex import evaluate, statements
from engine.normalizations import EPSILON

PLOT_POINTS = 97


def forward_block(moment: Moment, layer: int, unit: int, table: bool = True) -> Block:
    """How the unit's activation comes about; with the addends of its sum as a table where that is asked for."""
    view, b = moment.layers[layer], moment.sample
    read, weights = moment.inputs(layer)[:, b], moment.weights(layer)[:, unit]
    bias, total = float(moment.bias(layer)[unit]), float(moment.sums(layer)[unit, b])
    letter = "a_i" if layer else "x_i"
    target = "u_j" if moment.normalized(layer) else "z_j"
    pairs = list(zip(weights.tolist(), read.tolist(), strict=True))
    equations = [sum_of_products(target, rf"\sum_i w_{{ij}}\,{letter} + b_j", pairs, [bias], total)]
    if moment.normalized(layer):
        equations += _normalized(moment, layer, unit)
    equations += _activation(moment, layer, unit)
    terms = Terms(
        heading=rf"\sum_i w_{{ij}}\,{letter}",
        columns=("w_{ij}", letter, rf"w_{{ij}}\,{letter}"),
        rows=[[w, a, w * a] for w, a in pairs],
        labels=[f"from {moment.unit_name(layer - 1, i)}" for i in range(len(pairs))],
        links=[moment.weight(layer, i, unit) for i in range(len(pairs))],
        sum=total - bias,
    )
    text = f"What {moment.unit_name(layer, unit)} makes of sample {int(moment.samples[b])}."
    title = "Forward" if table else moment.unit_name(layer, unit).capitalize()
    return Block(title, equations, text if table else "", terms if table and view.fan_in > 1 else None)


def statistics(moment: Moment, layer: int, unit: int) -> dict[str, float]:
    """Mean, variance and what normalisation makes of the unit's sum, by the names of the formulas."""
    sums, b = moment.sums(layer), moment.sample
    over = sums[unit] if moment.normalized(layer) == "batch" else sums[:, b]
    values = {"u_j": float(sums[unit, b]), r"\mu_j": float(over.mean()), r"\sigma_j^2": float(over.var())}
    values[r"\varepsilon"] = EPSILON
    values[r"\hat{u}_j"] = float(evaluate(_STANDARD, values))
    values[r"\gamma_j"] = float(moment.parameters[f"{layer}.scale"][unit])
    values[r"\beta_j"] = float(moment.parameters[f"{layer}.shift"][unit])
    return values


_STANDARD = r"\frac{u_j - \mu_j}{\sqrt{\sigma_j^2 + \varepsilon}}"


def _normalized(moment: Moment, layer: int, unit: int) -> list[Equation]:
    values = statistics(moment, layer, unit)
    over = "the batch" if moment.normalized(layer) == "batch" else "the layer's units"
    z = float(moment.layers[layer].pre_activations[unit, moment.sample])
    return [
        equation(r"\hat{u}_j", _STANDARD, values, note=f"μ and σ² are mean and variance over {over}."),
        equation("z_j", r"\gamma_j\,\hat{u}_j + \beta_j", values, z),
    ]


def _activation(moment: Moment, layer: int, unit: int) -> list[Equation]:
    view, b = moment.layers[layer], moment.sample
    spec, z, a = view.spec, view.pre_activations[:, b], float(view.activations[unit, b])
    entry, mask = ACTIVATIONS[spec.activation], moment.mask(layer)
    statement = statements(entry.formula)[0]
    values = dict(option_values(spec.activation, spec.activation_options))
    if not entry.elementwise:
        with np.errstate(all="ignore"):
            values |= {"z_i": float(z[unit] - z.max()), r"\sum_j e^{z_j}": float(np.exp(z - z.max()).sum())}
        note = "The largest z is taken off each, which changes nothing."
        return [equation("a_i", statement.tex, values, a, note=note)]
    values["z"] = float(z[unit])
    if mask is None and not spec.residual:
        return [equation("a_j", statement.tex, values, a)]
    equations = [equation("f(z_j)", statement.tex, values)]
    parts = {"f(z_j)": float(evaluate(statement.tex, values))}
    tex = "f(z_j)"
    if mask is not None:
        parts["m_j"], tex = float(mask[unit, b]), r"m_j\,f(z_j)"
    if spec.residual:
        letter = "a_j^{-}" if layer else "x_j"
        parts[letter], tex = float(moment.inputs(layer)[unit, b]), f"{tex} + {letter}"
    note = "" if mask is None else "m is dropout's: 0 for a unit left out in this step, else 1 over the share kept. "
    note += "a⁻ is what the layer reads: the skip." if spec.residual and layer else ""
    return [*equations, equation("a_j", tex, parts, a, note=note.strip())]


def option_values(activation: str, options: Mapping[str, float]) -> dict[str, float]:
    """An activation's options by the letters of its formula."""
    entry = ACTIVATIONS[activation]
    complete = entry.complete(options)
    return {entry.options[name].symbol: value for name, value in complete.items()}


def plot(moment: Moment, layer: int, unit: int) -> Plot | None:
    """The unit's activation and slope around where it stands; None where it is no function of one number."""
    view = moment.layers[layer]
    spec, entry = view.spec, ACTIVATIONS[view.spec.activation]
    if not entry.elementwise:
        return None
    at = float(view.pre_activations[unit, moment.sample])
    reach = max(4.0, 1.15 * abs(at))
    z = np.linspace(-reach, reach, PLOT_POINTS)
    points = np.append(z, at)
    value, slope = entry.value(points, **spec.activation_options), entry.slope(points, **spec.activation_options)
    here = (at, float(value[-1]), float(slope[-1]))
    return Plot(f"{entry.title} and its slope", z.tolist(), value[:-1].tolist(), slope[:-1].tolist(), here)


def distribution(moment: Moment, layer: int, unit: int) -> Distribution:
    """The unit's z, a and δ over the batch."""
    view = moment.layers[layer]
    arrays = (view.pre_activations, view.activations, view.deltas)
    return Distribution(*(array[unit].astype(np.float64).tolist() for array in arrays))
