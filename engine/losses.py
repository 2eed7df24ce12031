"""Losses: one number L for a batch, and where its backward pass starts. Reductions are PyTorch's.

ŷ = a is the network's output, y the target, both (outputs, batch) inside the engine; B is the batch size, K the
number of outputs. A plain loss gives ∂L/∂a, which the output activation's slope turns into δ. A fused one belongs to
one output activation and gives δ = ∂L/∂z itself, from the logits z: (a − y) / B needs no division by a slope that may
be zero, and the value is finite for any finite logit.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import TypeAlias

import numpy as np

from engine.activations import ACTIVATIONS
from engine.kernels import Array, Kernels, constant

Value: TypeAlias = Callable[[], float]
Bind: TypeAlias = Callable[[Array, Array, Array, Array], tuple[Kernels, Value]]
"""bind(z, a, y, gradient), all (K, B) -> the calls that write `gradient`, and a function that then reads the loss."""


@dataclass(frozen=True, slots=True)
class TargetRule:
    """What targets (samples, outputs) have to be for a loss that does not take just any numbers."""

    sentence: str
    holds: Callable[[Array], bool]


@dataclass(frozen=True, slots=True)
class Loss:
    """One loss and what is told about it. The formula is TeX."""

    title: str
    formula: str
    help: str
    output_activations: tuple[str, ...]
    tasks: tuple[str, ...]
    fused: bool
    """Whether `bind` writes δ = ∂L/∂z (else ∂L/∂a)."""
    bind: Bind
    targets: TargetRule | None = None


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


def _squared_error(z: Array, a: Array, y: Array, gradient: Array) -> tuple[Kernels, Value]:
    return _squares(a, y, gradient, 2 / a.size, a.size / 4)


def _half_squared_error(z: Array, a: Array, y: Array, gradient: Array) -> tuple[Kernels, Value]:
    batch = a.shape[1]
    return _squares(a, y, gradient, 1 / batch, batch / 2)


def _binary_cross_entropy(z: Array, a: Array, y: Array, gradient: Array) -> tuple[Kernels, Value]:
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


def _cross_entropy(z: Array, a: Array, y: Array, gradient: Array) -> tuple[Kernels, Value]:
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


_ANY_ELEMENTWISE = tuple(name for name, entry in ACTIVATIONS.items() if entry.output and entry.elementwise)

LOSSES: Mapping[str, Loss] = MappingProxyType({
    "half_squared_error": Loss(
        title="Half squared error",
        formula=r"L = \frac{1}{B} \sum_{b} \tfrac{1}{2} \lVert \hat{y}_b - y_b \rVert^2",
        help="Half the squared distance to the target, averaged over the batch. The ½ makes its gradient ŷ − y.",
        output_activations=_ANY_ELEMENTWISE, tasks=("classification", "regression"), fused=False,
        bind=_half_squared_error,
    ),
    "squared_error": Loss(
        title="Squared error",
        formula=r"L = \frac{1}{BK} \sum_{b,k} (\hat{y}_{bk} - y_{bk})^2",
        help="The squared distance to the target, averaged over the batch and the outputs.",
        output_activations=_ANY_ELEMENTWISE, tasks=("classification", "regression"), fused=False,
        bind=_squared_error,
    ),
    "binary_cross_entropy": Loss(
        title="Binary cross-entropy",
        formula=r"L = -\frac{1}{BK} \sum_{b,k} y_{bk} \ln \hat{y}_{bk} + (1 - y_{bk}) \ln (1 - \hat{y}_{bk})",
        help="How surprised the predicted probabilities are by the answers 0 or 1. With a sigmoid output, δ is ŷ − y.",
        output_activations=("sigmoid",), tasks=("classification",), fused=True, bind=_binary_cross_entropy,
        targets=TargetRule("must be between 0 and 1", _are_probabilities),
    ),
    "cross_entropy": Loss(
        title="Cross-entropy",
        formula=r"L = -\frac{1}{B} \sum_{b,k} y_{bk} \ln \hat{y}_{bk}",
        help="How surprised the predicted probabilities are by the right class. With a softmax output, δ is ŷ − y.",
        output_activations=("softmax",), tasks=("classification",), fused=True, bind=_cross_entropy,
        targets=TargetRule("must be between 0 and 1, and sum to 1 for each sample", _are_distributions),
    ),
})
