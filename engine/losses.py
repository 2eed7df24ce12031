"""Losses: one number L for a batch, and where its backward pass starts. Reductions are PyTorch's.

ŷ = a is the network's output, y the target, both (outputs, batch) inside the engine; B is the batch size, K the
number of outputs. A plain loss gives ∂L/∂a, which the output activation's slope turns into δ. A fused one belongs to
one output activation and gives δ = ∂L/∂z itself, from the logits z: (a − y) / B needs no division by a slope that may
be zero, and the value is finite for any finite logit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import TypeAlias

import numpy as np

from engine.activations import ACTIVATIONS
from engine.kernels import Array, Kernels, constant
from engine.options import Option

Value: TypeAlias = Callable[[], float]
Options: TypeAlias = Mapping[str, float]
Bind: TypeAlias = Callable[[Array, Array, Array, Array, Options], tuple[Kernels, Value]]
"""bind(z, a, y, gradient, options), arrays (K, B) -> the calls that write `gradient`, and a function that then reads
the loss."""


@dataclass(frozen=True, slots=True)
class TargetRule:
    """What targets (samples, outputs) have to be for a loss that does not take just any numbers."""

    sentence: str
    holds: Callable[[Array], bool]


@dataclass(frozen=True, slots=True)
class Loss:
    """One loss and what is told about it. Formulas are TeX; the last two can be computed (engine.inspection.tex)."""

    title: str
    formula: str
    term: str
    """What one output of one sample adds to the sum whose mean the loss is."""
    slope: str
    """∂L/∂ŷ of one output of one sample, or δ where the loss is fused."""
    mean_of_outputs: bool
    """Whether the mean is over outputs too, and not over samples alone."""
    help: str
    output_activations: tuple[str, ...]
    tasks: tuple[str, ...]
    fused: bool
    """Whether `bind` writes δ = ∂L/∂z (else ∂L/∂a)."""
    bind: Bind
    targets: TargetRule | None = None
    probabilities: bool = False
    """Whether targets are probabilities, which label smoothing may soften."""
    options: Mapping[str, Option] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class BoundLoss:
    """A loss with its options chosen."""

    entry: Loss
    options: Options

    @classmethod
    def of(cls, name: str, options: Options) -> BoundLoss:
        """An entry of the table; options left out have their defaults."""
        entry = LOSSES[name]
        return cls(entry, {each: options.get(each, option.default) for each, option in entry.options.items()})


def _are_probabilities(targets: Array) -> bool:
    return bool(((targets >= 0) & (targets <= 1)).all())


def _are_distributions(targets: Array) -> bool:
    return _are_probabilities(targets) and bool(np.allclose(targets.sum(1), 1, rtol=0, atol=1e-5))


def _squares(a: Array, y: Array, gradient: Array, share: float, factor: float) -> tuple[Kernels, Value]:
    """gradient = share · (a − y), loss = factor · Σ gradient²."""
    flat = gradient.reshape(-1)
    calls: Kernels = (
        partial(np.subtract, a, y, gradient),
        partial(np.multiply, gradient, constant(share, gradient), gradient),
    )
    dot = flat.dot
    return calls, lambda: factor * float(dot(flat))


def _squared_error(z: Array, a: Array, y: Array, gradient: Array, options: Options) -> tuple[Kernels, Value]:
    return _squares(a, y, gradient, 2 / a.size, a.size / 4)


def _half_squared_error(z: Array, a: Array, y: Array, gradient: Array, options: Options) -> tuple[Kernels, Value]:
    batch = a.shape[1]
    return _squares(a, y, gradient, 1 / batch, batch / 2)


def _mean_absolute_error(z: Array, a: Array, y: Array, gradient: Array, options: Options) -> tuple[Kernels, Value]:
    share, distance = 1 / a.size, np.empty_like(a)
    signs, flat = gradient.reshape(-1), distance.reshape(-1)
    calls: Kernels = (
        partial(np.subtract, a, y, distance),
        partial(np.sign, distance, gradient),
        partial(np.multiply, gradient, constant(share, gradient), gradient),
    )
    return calls, lambda: float(flat.dot(signs))


def _huber(z: Array, a: Array, y: Array, gradient: Array, options: Options) -> tuple[Kernels, Value]:
    # With c = d held between −δ and δ, both branches are c (d − c / 2), and c is the gradient.
    share, delta = 1 / a.size, options["delta"]
    distance, half = np.empty_like(a), np.empty_like(a)
    held, flat = gradient.reshape(-1), distance.reshape(-1)
    calls: Kernels = (
        partial(np.subtract, a, y, distance),
        partial(np.minimum, distance, constant(delta, a), out=gradient),
        partial(np.maximum, gradient, constant(-delta, a), out=gradient),
        partial(np.multiply, gradient, constant(0.5, a), half),
        partial(np.subtract, distance, half, distance),
        partial(np.multiply, gradient, constant(share, gradient), gradient),
    )
    return calls, lambda: float(flat.dot(held))


def _hinge(z: Array, a: Array, y: Array, gradient: Array, options: Options) -> tuple[Kernels, Value]:
    share, margins = 1 / a.size, np.empty_like(a)
    ones, flat = np.ones(a.size, dtype=a.dtype), margins.reshape(-1)
    calls: Kernels = (
        partial(np.multiply, a, y, margins),
        partial(np.subtract, constant(1, a), margins, margins),
        partial(np.maximum, margins, constant(0, a), out=margins),
        partial(np.sign, margins, gradient),
        partial(np.multiply, gradient, y, gradient),
        partial(np.multiply, gradient, constant(-share, gradient), gradient),
    )
    return calls, lambda: share * float(flat.dot(ones))


def _binary_cross_entropy(z: Array, a: Array, y: Array, gradient: Array, options: Options) -> tuple[Kernels, Value]:
    # softplus(z) − y z, written as ln(exp(z − y z) + exp(−y z)): nothing cancels when the logit is large and right.
    share = 1 / a.size
    product, losses = np.empty_like(z), np.empty_like(z)
    ones, flat = np.ones(z.size, dtype=z.dtype), losses.reshape(-1)
    calls: Kernels = (
        partial(np.subtract, a, y, gradient),
        partial(np.multiply, gradient, constant(share, gradient), gradient),
        partial(np.multiply, y, z, product),
        partial(np.subtract, z, product, losses),
        partial(np.negative, product, product),
        partial(np.logaddexp, losses, product, losses),
    )
    dot = flat.dot
    return calls, lambda: share * float(dot(ones))


def _cross_entropy(z: Array, a: Array, y: Array, gradient: Array, options: Options) -> tuple[Kernels, Value]:
    # −Σ y ln a per sample. With m = max z, the largest a is exp(m − m) / Σ exp(z − m), so that
    # ln Σ exp(z − m) = −ln max a and the loss is Σ y (m − z) − ln max a: no logarithm of a probability that became 0.
    share = 1 / a.shape[1]
    largest, log_likeliest, behind = np.empty(z.shape[1], z.dtype), np.empty(z.shape[1], z.dtype), np.empty_like(z)
    ones, flat, targets = np.ones(z.shape[1], dtype=z.dtype), behind.reshape(-1), y.reshape(-1)
    calls: Kernels = (
        partial(np.subtract, a, y, gradient),
        partial(np.multiply, gradient, constant(share, gradient), gradient),
        partial(np.maximum.reduce, z, 0, None, largest),
        partial(np.subtract, largest, z, behind),
        partial(np.maximum.reduce, a, 0, None, log_likeliest),
        partial(np.log, log_likeliest, log_likeliest),
    )
    return calls, lambda: share * (float(flat.dot(targets)) - float(log_likeliest.dot(ones)))


def _are_signs(targets: Array) -> bool:
    return bool((np.abs(targets) == 1).all())


_ANY_ELEMENTWISE = tuple(name for name, entry in ACTIVATIONS.items() if entry.output and entry.elementwise)

LOSSES: Mapping[str, Loss] = MappingProxyType({
    "half_squared_error": Loss(
        title="Half squared error",
        formula=r"L = \frac{1}{B} \sum_{b} \tfrac{1}{2} \lVert \hat{y}_b - y_b \rVert^2",
        term=r"\tfrac{1}{2} (\hat{y} - y)^2",
        slope=r"\frac{1}{B}\,(\hat{y} - y)", mean_of_outputs=False,
        help="Half the squared distance to the target, averaged over the batch (Rumelhart et al. 1986). The ½ makes "
             "its gradient ŷ − y.",
        output_activations=_ANY_ELEMENTWISE, tasks=("classification", "regression"), fused=False,
        bind=_half_squared_error,
    ),
    "squared_error": Loss(
        title="Squared error",
        formula=r"L = \frac{1}{BK} \sum_{b,k} (\hat{y}_{bk} - y_{bk})^2",
        term=r"(\hat{y} - y)^2",
        slope=r"\frac{2}{B K}\,(\hat{y} - y)", mean_of_outputs=True,
        help="The squared distance to the target, averaged over the batch and the outputs (Legendre 1805).",
        output_activations=_ANY_ELEMENTWISE, tasks=("classification", "regression"), fused=False,
        bind=_squared_error,
    ),
    "mean_absolute_error": Loss(
        title="Mean absolute error",
        formula=r"L = \frac{1}{BK} \sum_{b,k} \lvert \hat{y}_{bk} - y_{bk} \rvert",
        term=r"\lvert \hat{y} - y \rvert",
        slope=r"\frac{1}{B K} \operatorname{sign}(\hat{y} - y)", mean_of_outputs=True,
        help="The distance to the target, averaged over the batch and the outputs (Laplace 1774). Far outliers pull no "
             "harder than near ones.",
        output_activations=_ANY_ELEMENTWISE, tasks=("classification", "regression"), fused=False,
        bind=_mean_absolute_error,
    ),
    "huber": Loss(
        title="Huber",
        formula=r"L = \frac{1}{BK} \sum_{b,k} \begin{cases} \tfrac{1}{2} d^2 & \lvert d \rvert \le \delta \\ "
                r"\delta\,(\lvert d \rvert - \tfrac{1}{2} \delta) & \text{else} \end{cases}, "
                r"\quad d = \hat{y}_{bk} - y_{bk}",
        term=r"\begin{cases} \tfrac{1}{2} (\hat{y} - y)^2 & \lvert \hat{y} - y \rvert \le \delta \\ "
             r"\delta\,(\lvert \hat{y} - y \rvert - \tfrac{1}{2} \delta) & \text{else} \end{cases}",
        slope=r"\frac{1}{B K} \max(-\delta, \min(\delta, \hat{y} - y))", mean_of_outputs=True,
        help="Squared error near the target and absolute error far from it, so that outliers do not take over "
             "(Huber 1964).",
        output_activations=_ANY_ELEMENTWISE, tasks=("classification", "regression"), fused=False, bind=_huber,
        options=MappingProxyType({
            "delta": Option(1.0, 0.0, 1000.0, "The distance δ from which on the loss is straight.",
                            exclusive_minimum=True, symbol=r"\delta"),
        }),
    ),
    "hinge": Loss(
        title="Hinge",
        formula=r"L = \frac{1}{BK} \sum_{b,k} \max(0,\, 1 - y_{bk}\,\hat{y}_{bk})",
        term=r"\max(0, 1 - y\,\hat{y})",
        slope=r"\begin{cases} -\frac{y}{B K} & y\,\hat{y} < 1 \\ 0 & \text{else} \end{cases}", mean_of_outputs=True,
        help="Only answers that are wrong or not clear enough count, as in support vector machines "
             "(Cortes and Vapnik 1995). Targets are −1 and 1.",
        output_activations=("linear", "tanh"), tasks=("classification",), fused=False, bind=_hinge,
        targets=TargetRule("must be -1 or 1", _are_signs),
    ),
    "binary_cross_entropy": Loss(
        title="Binary cross-entropy",
        formula=r"L = -\frac{1}{BK} \sum_{b,k} y_{bk} \ln \hat{y}_{bk} + (1 - y_{bk}) \ln (1 - \hat{y}_{bk})",
        term=r"-(y \ln(\hat{y}) + (1 - y) \ln(1 - \hat{y}))",
        slope=r"\frac{1}{B K}\,(\hat{y} - y)", mean_of_outputs=True,
        help="How surprised the predicted probabilities are by the answers 0 or 1 (Good 1952). With a sigmoid output, "
             "δ is ŷ − y.",
        output_activations=("sigmoid",), tasks=("classification",), fused=True, bind=_binary_cross_entropy,
        targets=TargetRule("must be between 0 and 1", _are_probabilities), probabilities=True,
    ),
    "cross_entropy": Loss(
        title="Cross-entropy",
        formula=r"L = -\frac{1}{B} \sum_{b,k} y_{bk} \ln \hat{y}_{bk}",
        term=r"-y \ln(\hat{y})",
        slope=r"\frac{1}{B}\,(\hat{y} - y)", mean_of_outputs=False,
        help="How surprised the predicted probabilities are by the right class (Bridle 1990). With a softmax output, "
             "δ is ŷ − y.",
        output_activations=("softmax",), tasks=("classification",), fused=True, bind=_cross_entropy,
        targets=TargetRule("must be between 0 and 1, and sum to 1 for each sample", _are_distributions),
        probabilities=True,
    ),
})
