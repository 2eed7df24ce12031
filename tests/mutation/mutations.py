"""Mistakes in the engine's arithmetic, one at a time: what to change in which file, and into what."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutation:
    """`old` stands once in the file, or the mutation means its `place`-th occurrence, counted from 0."""

    file: str
    old: str
    new: str
    place: int = 0


def _of(file: str, *changes: tuple[str, str] | tuple[str, str, int]) -> list[Mutation]:
    return [Mutation(f"engine/{file}", *change) for change in changes]


MUTATIONS: list[Mutation] = [
    *_of(
        "layers/dense.py",
        ("deltas.T, self._block(backward.gradients)", "upstream.T, self._block(backward.gradients)"),
        ("np.multiply, backward.upstream, backward.slopes", "np.add, backward.upstream, backward.slopes"),
        ("weights.dot, deltas, backward.input_upstream", "weights.dot, backward.upstream, backward.input_upstream"),
        ("self.spec.init_gain * init", "init"),
    ),
    *_of(
        "layers/block.py",
        ("np.full(count, 1 / count,", "np.full(count, 1.0,"),
        ("constant(1 / deltas.shape[1], deltas)", "constant(1, deltas)"),
        ("partial(np.subtract, deltas, mean, outer)", "partial(np.add, deltas, mean, outer)"),
        ("partial(np.subtract, outer, part, outer)", "partial(np.positive, outer, outer)"),
        ("partial(np.subtract, outer, mean, outer)", "partial(np.add, outer, mean, outer)"),
        ("partial(np.subtract, outer, product, outer)", "partial(np.positive, outer, outer)"),
        ("np.multiply, outer, inverse, outer", "np.divide, outer, inverse, outer"),
        ("np.multiply, scale, inverse, factor", "np.divide, scale, inverse, factor"),
        ("np.add, upstream, backward.upstream, upstream", "np.positive, upstream, upstream"),
        ("np.multiply, deltas, forward.noise, deltas", "np.positive, deltas, deltas"),
        ("1 / (1 - self.spec.dropout), noise", "1.0, noise"),
        ("MOMENTUM * samples / max(samples - 1, 1)", "MOMENTUM"),
        ("constant(1 - MOMENTUM, measured)", "constant(1.0, measured)"),
        ("partial(np.multiply, deltas, scale, outer)", "partial(np.positive, deltas, outer)"),
        ("values.shape[1 if self._by_batch else 0]", "values.shape[0 if self._by_batch else 1]"),
        ("return arrays.training and self.spec.dropout > 0", "return self.spec.dropout > 0"),
        ("partial(np.add, variance, epsilon, inverse)", "partial(np.copyto, inverse, variance)"),
    ),
    *_of(
        "functions.py",
        ("np.subtract, constant(1, a), slope, slope", "np.add, constant(1, a), slope, slope"),
        ("np.subtract, constant(1, a), a, slope", "np.positive, a, slope"),
        ("_GELU_CUBE = 0.044715", "_GELU_CUBE = 0.04"),
        ("constant(3 * _GELU_SCALE * _GELU_CUBE, z)", "constant(2 * _GELU_SCALE * _GELU_CUBE, z)"),
        ("partial(np.multiply, slope, constant(-2, z), slope)", "partial(np.multiply, slope, constant(2, z), slope)"),
        ("return _inside(z, 3, 1 / 6, slope)", "return _inside(z, 3, 1 / 3, slope)"),
        ("partial(np.subtract, z, per_sample, a)", "partial(np.positive, z, a)"),
        ("partial(np.add, slope, t, slope)", "partial(np.positive, slope, slope)"),
        ("(partial(np.cos, z, slope),)", "(partial(np.sin, z, slope),)"),
    ),
    *_of(
        "losses.py",
        ("2 / a.size, a.size / 4", "2 / a.shape[1], a.size / 4"),
        ("1 / batch, batch / 2", "1, 1 / 2"),
        ("share = 1 / a.shape[1]", "share = 1 / a.size"),
        ("partial(np.subtract, a, y, gradient)", "partial(np.subtract, y, a, gradient)", 0),
        ("partial(np.subtract, largest, z, behind)", "partial(np.subtract, z, largest, behind)"),
        ("constant(-share, gradient)", "constant(share, gradient)"),
        ("gradient, constant(0.5, a), half", "gradient, constant(0.0, a), half"),
    ),
    *_of(
        "update_rules.py",
        ("constant(1 - decay, old)", "constant(1, old)"),
        ("float(memory.descent) / (1 - beta1**t)", "float(memory.descent)"),
        ("root[()] = 1 / sqrt(1 - beta2**t)", "root[()] = 1.0", 0),
        ("pull[()] = float(memory.descent) * strength", "pull[()] = -float(memory.descent) * strength"),
        ("momenta.at(t + 1) / (1 - momenta.product(t + 1))", "momenta.at(t) / (1 - momenta.product(t + 1))"),
        ("partial(np.copyto, last, zero, where=turned)", "partial(np.positive, last, last)"),
        ("partial(np.add, memory.state[\"total\"], update, total)", "partial(np.copyto, total, update)"),
    ),
    *_of(
        "passes.py",
        ("rows.start : rows.stop + 1", "rows.start - 1 : rows.stop"),
        ("len(plan.layers) - 1 if fused else len(plan.layers)", "len(plan.layers)"),
    ),
    *_of(
        "steering.py",
        ("factor[()] = limit / (norm + 1e-6)", "factor[()] = limit"),
        ("if tensor.weight:", "if True:"),
        ("partial(np.maximum, steered, constant(-training.clip_value, steered), out=steered)",
         "partial(np.positive, steered, steered)"),
        ("np.subtract(after, weight, update, where=factor < 1)", "np.copyto(update, after)"),
    ),
    *_of(
        "telemetry.py",
        ("np.square(scaled).sum(axis=1) / max(wide.shape[1], 1)", "np.square(scaled).sum(axis=1)"),
        ("np.array([units, weights, weights, weights]", "np.array([weights, units, weights, weights]"),
    ),
    *_of(
        "tally.py",
        ("(values == 0).all(axis=1)", "(values == 0).any(axis=1)"),
        ("(values < low) | (values > high)", "(values > high)"),
    ),
    *_of(
        "schedules.py",
        ("(1 + cos(pi * done)) / 2", "(1 - cos(pi * done)) / 2"),
        ("options[\"gamma\"] ** (t // options[\"every\"])", "options[\"gamma\"] ** (t / options[\"every\"])"),
    ),
    *_of(
        "trainer.py",
        ("np.add(arena.parameters, arena.updates", "np.subtract(arena.parameters, arena.updates"),
        ("np.copyto(arena.running, arena.next_running)", "pass"),
    ),
    *_of(
        "evaluation.py",
        ("return self._samples * self._loss(), self._output", "return self._loss(), self._output"),
        ("1 - residual / part.variation", "residual / part.variation"),
    ),
    *_of("data/targets.py", ("(1 - share) * targets + share * even", "targets + share * even")),
    *_of(
        "renormalization.py",
        ("lines.slope * mean + lines.offset", "lines.slope * mean"),
        ("shift - slope * mean", "shift + slope * mean"),
        ("lines.slope * bias + lines.offset", "bias + lines.offset"),
        ("level - slope * middle", "level"),
    ),
    *_of("lsuv.py", ("*= spec.init_gain / spread", "*= spec.init_gain * spread")),
    *_of("initializers.py", ("np.where(np.diag(r) < 0, -1.0, 1.0)", "np.where(np.diag(r) < 0, 1.0, 1.0)")),
]
