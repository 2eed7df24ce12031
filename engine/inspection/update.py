"""From a gradient to the update of one parameter: schedule, penalties, clipping, noise, optimizer, max-norm."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.inspection.content import Block, Equation, equation
from engine.inspection.moment import Moment
from engine.inspection.tex import Number, evaluate, statements
from engine.optimizers import OPTIMIZERS
from engine.schedules import SCHEDULES

_GRADIENT = r"\frac{\partial L}{\partial w}"


def update_block(moment: Moment, layer: int, tensor: str, index: tuple[int, ...]) -> Block:
    """How the coming step changes that entry, up to its new value."""
    trainer, name = moment.trainer, f"{layer}.{tensor}"
    old, change = float(moment.parameters[name][index]), float(moment.updates[name][index])
    optimizer = OPTIMIZERS[trainer.run.training.optimizer]
    equations = [*_learning_rate(moment), *_steered(moment, name, index), *_optimized(moment, name, index)]
    new = {r"w_{\text{old}}": old, r"\Delta w": change}
    equations.append(equation(r"w_{\text{new}}", r"w_{\text{old}} + \Delta w", new, old + change))
    return Block("Update", equations, f"{optimizer.title}, step {trainer.steps + 1:,}. w is this {tensor}.")


def _learning_rate(moment: Moment) -> Iterator[Equation]:
    training = moment.trainer.run.training
    schedule = SCHEDULES[training.schedule]
    if schedule.changes:
        values: dict[str, Number] = {r"\eta": training.learning_rate, "t": float(moment.trainer.steps)}
        options = {name: option.default for name, option in schedule.options.items()} | dict(training.schedule_options)
        values |= {schedule.options[name].symbol: value for name, value in options.items()}
        tex = statements(schedule.formula)[0].tex
        yield equation(r"\eta_t", tex, values, moment.trainer.learning_rate, note="t counts the steps taken.")


def _steered(moment: Moment, name: str, index: tuple[int, ...]) -> Iterator[Equation]:
    """From ∂L/∂w to the gradient g that the optimizer is given."""
    trainer, training = moment.trainer, moment.trainer.run.training
    plan, arena = trainer.network.plan, trainer.network.arena
    weight = next(tensor.weight for tensor in plan.tensors if tensor.name == name)
    values: dict[str, Number] = {_GRADIENT: arena.gradients, "w": arena.parameters}
    on_weights = np.zeros_like(arena.parameters)
    for tensor in plan.tensors:
        on_weights[tensor.span] = tensor.weight
    tex, shown = _GRADIENT, _GRADIENT
    if training.l2:
        values[r"\lambda_2"] = training.l2 * on_weights
        tex += r" + \lambda_2\,w"
        shown += r" + \lambda_2\,w" if weight else ""
    if training.l1:
        values[r"\lambda_1"] = training.l1 * on_weights
        tex += r" + \lambda_1 \operatorname{sign}(w)"
        shown += r" + \lambda_1 \operatorname{sign}(w)" if weight else ""
    if training.clip_value is not None:
        values["c"] = training.clip_value
        tex, shown = (rf"\min(\max({each}, -c), c)" for each in (tex, shown))
    own = {key: _at(moment, each, name, index) for key, each in values.items()}
    noise = trainer.noise.get("gradient noise")
    given = _at(moment, trainer.given_gradient, name, index)
    if shown == _GRADIENT and training.clip_norm is None and noise is None:
        yield equation("g", shown, own, given)
        return
    before = evaluate(tex, values)
    yield equation("g", shown, own, note="" if weight else "Penalties spare all but weights.")
    g = _at(moment, before, name, index)
    if training.clip_norm is not None:
        peak = float(np.abs(before).max(initial=0)) or 1.0
        norm = peak * float(np.sqrt(((before / peak) ** 2).sum()))
        clipped = {"g": g, r"\lVert g \rVert": norm, "c": training.clip_norm}
        factor = r"\min(1, \frac{c}{\lVert g \rVert + 0.000001})"
        long = norm > training.clip_norm
        note = "The norm of all gradients together." if long else "Short enough: it stays as it is."
        tex = rf"g \cdot {factor}" if long else "g"
        g = float(evaluate(tex, clipped))
        yield equation("g", tex, clipped, note=f"{note} ‖g‖ = {norm:.4g}, at most {training.clip_norm:g}.")
    if noise is not None:
        parts = {"g": g, r"\xi": _at(moment, noise, name, index)}
        yield equation("g", r"g + \xi", parts, given, note="ξ is the noise.")


def _optimized(moment: Moment, name: str, index: tuple[int, ...]) -> Iterator[Equation]:
    trainer, training = moment.trainer, moment.trainer.run.training
    optimizer, state = OPTIMIZERS[training.optimizer], trainer.optimizer
    after = {symbol: _at(moment, state.next[slot], name, index) for slot, symbol in optimizer.slots.items()}
    values = _optimizer_values(moment, name, index)
    values |= optimizer.also(values)
    steps = statements(optimizer.formula)
    shortened = training.max_norm is not None and name.endswith(".weight")
    for each in steps:
        kept = after.get(each.target) if each.assigns else None
        if each.target == r"\Delta w" and not shortened:
            kept = float(moment.updates[name][index])
        found = equation(each.target, each.tex, values, kept)
        yield Equation(found.symbols.replace(" = ", f" {each.sign} ", 1), found.numbers, found.value)
        values[each.target] = evaluate(each.tex, values) if kept is None else kept
    if shortened:
        yield _max_norm(moment, name, index, float(values[r"\Delta w"]))


def _optimizer_values(moment: Moment, name: str, index: tuple[int, ...] | slice) -> dict[str, Number]:
    trainer, training = moment.trainer, moment.trainer.run.training
    optimizer = OPTIMIZERS[training.optimizer]
    options = {key: option.default for key, option in optimizer.options.items()} | dict(training.optimizer_options)
    state = trainer.optimizer.current
    return {
        r"\eta": trainer.learning_rate,
        "g": _at(moment, trainer.given_gradient, name, index),
        "w": _at(moment, trainer.network.arena.parameters, name, index),
        "t": float(trainer.optimizer.steps + 1),
        **{optimizer.options[key].symbol: value for key, value in options.items()},
        **{symbol: _at(moment, state[slot], name, index) for slot, symbol in optimizer.slots.items()},
    }


def _max_norm(moment: Moment, name: str, index: tuple[int, ...], change: float) -> Equation:
    """What is left of Δw where the unit's incoming weights would get longer than allowed."""
    limit, old = moment.trainer.run.training.max_norm, float(moment.parameters[name][index])
    kept = float(moment.updates[name][index])
    if limit is None or abs(kept - change) <= 1e-12 * max(abs(kept), abs(change)):
        return equation(r"\Delta w", r"\Delta w", {r"\Delta w": kept}, note="The unit's weights are short enough.")
    length = limit * (old + change) / (old + kept) if old + kept else float("inf")
    values = {"c": limit, r"\lVert w + \Delta w \rVert": length, "w": old, r"\Delta w": change}
    tex = r"\frac{c}{\lVert w + \Delta w \rVert}\,(w + \Delta w) - w"
    note = "The unit's incoming weights get no longer than max-norm allows."
    return equation(r"\Delta w", tex, values, kept, note=note)


def _at(moment: Moment, flat: Number, name: str, index: tuple[int, ...] | slice) -> Number:
    """An entry of a flat array of all parameters; a number is itself."""
    if np.ndim(flat) == 0:
        return float(flat)
    found = moment.trainer.network.plan.named(flat)[name][index]
    return float(found) if np.ndim(found) == 0 else found
