"""Optimizers: from the gradient g of a step to the update Δw that is added to the parameters. As in PyTorch.

They are pure: an optimizer reads its state (slots, one array each of the parameters' size, zero at first) and writes
the next state and the update elsewhere, so that an update can be computed and shown without being applied. The
learning rate is read anew each step: schedules change it.

Lion, which PyTorch has not, is as its authors wrote it. Weight decay acts on all parameters, biases too, as PyTorch's
does; the L2 penalty spares biases.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, TypeAlias

from engine import update_rules
from engine.kernels import Kernels
from engine.options import Option
from engine.update_rules import Memory

__all__ = ["OPTIMIZERS", "Memory", "Optimizer"]

Bind: TypeAlias = Callable[[Memory, Mapping[str, float]], Kernels]


@dataclass(frozen=True, slots=True)
class Optimizer:
    """One optimizer and what is told about it.

    The formula is TeX that can be computed as it stands (engine.inspection.tex): g is the gradient it is given, w the
    weight, η the learning rate of the step and t the step's number; names of slots are the state before, and from the
    statement on that assigns them after.
    """

    title: str
    formula: str
    help: str
    bind: Bind
    rescales: bool = False
    """Whether updates are divided by a running size of the gradient: small gradients then give no smaller updates."""
    slots: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Its state: names of arrays of the parameters' size, and beside each what the formula calls it, in TeX."""
    options: Mapping[str, Option] = field(default_factory=lambda: MappingProxyType({}))
    also: Callable[[Mapping[str, float]], Mapping[str, float]] = lambda values: {}
    """Names of the formula that have to be worked out from the others."""


def _epsilon(default: float) -> Option:
    return Option(default, 0.0, 1.0, "Keeps the division tame where gradients were tiny.", exclusive_minimum=True,
                  symbol=r"\varepsilon")


_MOMENTUM: Final = MappingProxyType(
    {"momentum": Option(0.9, 0.0, 0.9999, "The share of the last velocity that is kept (μ).", symbol=r"\mu")}
)
_ADAM: Final = MappingProxyType({
    "beta1": Option(0.9, 0.0, 0.9999, "How slowly the average of gradients moves (β₁).", symbol=r"\beta_1"),
    "beta2": Option(0.999, 0.0, 0.99999, "How slowly the average of squared gradients moves (β₂).", symbol=r"\beta_2"),
    "epsilon": _epsilon(1e-8),
})


def _weight_decay(default: float) -> Option:
    text = "How much of each weight is taken off per step, times the learning rate (λ); apart from the L2 penalty."
    return Option(default, 0.0, 10.0, text, symbol=r"\lambda")


_AVERAGES: Final = MappingProxyType({"mean": "m", "square": "s"})
_MOVED: Final = (
    r"m \leftarrow \beta_1 m + (1 - \beta_1)\,g, \quad s \leftarrow \beta_2 s + (1 - \beta_2)\,g^2"
)
_CORRECTED: Final = r"\hat{m} = \frac{m}{1 - \beta_1^t}, \quad \hat{s} = \frac{s}{1 - \beta_2^t}"


def _products_of_momenta(values: Mapping[str, float]) -> Mapping[str, float]:
    """NAdam's next momentum and the products of all so far."""
    momenta, t = update_rules.Momenta(values[r"\beta_1"], values[r"\psi"]), int(values["t"])
    return {
        r"\mu_{t+1}": momenta.at(t + 1),
        r"\prod_{i \le t} \mu_i": momenta.product(t),
        r"\prod_{i \le t+1} \mu_i": momenta.product(t + 1),
    }


def _first_size(values: Mapping[str, float]) -> Mapping[str, float]:
    """Rprop's step size is the learning rate where a weight has none yet."""
    return {r"\Delta": values[r"\eta"] if values[r"\Delta"] == 0 else values[r"\Delta"]}


OPTIMIZERS: Mapping[str, Optimizer] = MappingProxyType({
    "sgd": Optimizer(
        title="SGD", formula=r"\Delta w = -\eta\,g", bind=update_rules.sgd,
        help="Stochastic gradient descent: a step against the gradient of the batch (Robbins and Monro 1951).",
    ),
    "momentum": Optimizer(
        title="Momentum", formula=r"v \leftarrow \mu v + g, \quad \Delta w = -\eta\,v", bind=update_rules.momentum,
        slots=MappingProxyType({"velocity": "v"}), options=_MOMENTUM,
        help="Gradients of past steps push on, so that steady directions gather speed (Polyak 1964).",
    ),
    "nesterov": Optimizer(
        title="Nesterov", formula=r"v \leftarrow \mu v + g, \quad \Delta w = -\eta\,(g + \mu v)",
        bind=update_rules.nesterov, slots=MappingProxyType({"velocity": "v"}), options=_MOMENTUM,
        help="Momentum that looks one step ahead (Nesterov 1983; Sutskever et al. 2013).",
    ),
    "adagrad": Optimizer(
        title="Adagrad", formula=r"s \leftarrow s + g^2, \quad \Delta w = -\eta\,\frac{g}{\sqrt{s} + \varepsilon}",
        bind=update_rules.adagrad, rescales=True, slots=MappingProxyType({"total": "s"}),
        options=MappingProxyType({"epsilon": _epsilon(1e-10)}),
        help="Divides each gradient by the root of all its squares so far, so that steps only get shorter "
             "(Duchi et al. 2011).",
    ),
    "adadelta": Optimizer(
        title="Adadelta",
        formula=r"s \leftarrow \rho s + (1 - \rho)\,g^2, \quad d = \sqrt{\frac{u + \varepsilon}{s + \varepsilon}}\;g, "
                r"\quad u \leftarrow \rho u + (1 - \rho)\,d^2, \quad \Delta w = -\eta\,d",
        bind=update_rules.adadelta, rescales=True, slots=MappingProxyType({"square": "s", "moved": "u"}),
        options=MappingProxyType({
            "rho": Option(0.9, 0.0, 0.99999, "How slowly both averages move (ρ).", symbol=r"\rho"),
            "epsilon": _epsilon(1e-6),
        }),
        help="Steps as long as recent steps were, so that it needs no learning rate: 1 is the usual one (Zeiler 2012).",
    ),
    "rmsprop": Optimizer(
        title="RMSprop",
        formula=r"s \leftarrow \alpha s + (1 - \alpha)\,g^2, \quad \Delta w = -\eta\,\frac{g}{\sqrt{s} + \varepsilon}",
        bind=update_rules.rmsprop, rescales=True, slots=MappingProxyType({"square": "s"}),
        options=MappingProxyType({
            "alpha": Option(0.99, 0.0, 0.99999, "How slowly the average of squared gradients moves (α).",
                            symbol=r"\alpha"),
            "epsilon": _epsilon(1e-8),
        }),
        help="Divides each gradient by its own recent size (Tieleman and Hinton 2012).",
    ),
    "adam": Optimizer(
        title="Adam",
        formula=_MOVED + r", \quad " + _CORRECTED + r", \quad "
                r"\Delta w = -\eta\,\frac{\hat{m}}{\sqrt{\hat{s}} + \varepsilon}",
        bind=update_rules.adam, rescales=True, slots=_AVERAGES, options=_ADAM,
        help="Momentum and RMSprop together, corrected for their start at zero (Kingma and Ba 2015).",
    ),
    "adamw": Optimizer(
        title="AdamW",
        formula=_MOVED + r", \quad " + _CORRECTED + r", \quad \Delta w = "
                r"-\eta\,\left(\frac{\hat{m}}{\sqrt{\hat{s}} + \varepsilon} + \lambda\,w\right)",
        bind=update_rules.adamw, rescales=True, slots=_AVERAGES,
        options=MappingProxyType(dict(_ADAM) | {"weight_decay": _weight_decay(0.01)}),
        help="Adam with weight decay beside the gradient and not within it, so that it is not rescaled "
             "(Loshchilov and Hutter 2019).",
    ),
    "nadam": Optimizer(
        title="NAdam",
        formula=_MOVED + r", \quad \mu_t = \beta_1\,\left(1 - \tfrac{1}{2} \cdot 0.96^{t \psi}\right), \quad "
                r"\hat{m} = \frac{(1 - \mu_t)\,g}{1 - \prod_{i \le t} \mu_i}"
                r" + \frac{\mu_{t+1}\,m}{1 - \prod_{i \le t+1} \mu_i}, \quad "
                r"\hat{s} = \frac{s}{1 - \beta_2^t}, \quad "
                r"\Delta w = -\eta\,\frac{\hat{m}}{\sqrt{\hat{s}} + \varepsilon}",
        also=_products_of_momenta,
        bind=update_rules.nadam, rescales=True, slots=_AVERAGES,
        options=MappingProxyType(
            dict(_ADAM)
            | {"momentum_decay": Option(0.004, 0.0, 1.0, "How fast the momentum warms up (ψ).", symbol=r"\psi")}
        ),
        help="Adam that looks one step ahead, as Nesterov's momentum does (Dozat 2016).",
    ),
    "lion": Optimizer(
        title="Lion",
        formula=r"\Delta w = -\eta\,\bigl(\operatorname{sign}(\beta_1 m + (1 - \beta_1)\,g) + \lambda w\bigr), \quad "
                r"m \leftarrow \beta_2 m + (1 - \beta_2)\,g",
        bind=update_rules.lion, rescales=True, slots=MappingProxyType({"mean": "m"}),
        options=MappingProxyType({
            "beta1": Option(0.9, 0.0, 0.9999, "How much the average counts against the gradient of now (β₁).",
                            symbol=r"\beta_1"),
            "beta2": Option(0.99, 0.0, 0.99999, "How slowly the average of gradients moves (β₂).", symbol=r"\beta_2"),
            "weight_decay": _weight_decay(0.0),
        }),
        help="Goes the same way for each weight, forward or back; found by a search over programs (Chen et al. 2023).",
    ),
    "rprop": Optimizer(
        title="Rprop",
        formula=r"\Delta \leftarrow \min(\max(\begin{cases} \eta^+ \Delta & \operatorname{sign}(g)\,g' > 0 \\ "
                r"\eta^- \Delta & \operatorname{sign}(g)\,g' < 0 \\ \Delta & \text{else} \end{cases}, "
                r"\Delta_{\min}), \Delta_{\max}), \quad "
                r"g' \leftarrow \begin{cases} 0 & \operatorname{sign}(g)\,g' < 0 \\ g & \text{else} \end{cases}, "
                r"\quad \Delta w = -\operatorname{sign}(g')\,\Delta",
        also=_first_size,
        bind=update_rules.rprop, rescales=True, slots=MappingProxyType({"size": r"\Delta", "last": "g'"}),
        options=MappingProxyType({
            "eta_minus": Option(0.5, 0.01, 1.0,
                                "What a weight's step is multiplied by where the gradient turned (η⁻).",
                                symbol=r"\eta^-"),
            "eta_plus": Option(1.2, 1.0, 10.0, "What it is multiplied by where the gradient kept its sign (η⁺).",
                               symbol=r"\eta^+"),
            "smallest": Option(1e-6, 0.0, 1.0, "The shortest step.", exclusive_minimum=True, symbol=r"\Delta_{\min}"),
            "largest": Option(50.0, 1.0, 1000.0, "The longest step.", symbol=r"\Delta_{\max}"),
        }),
        help="Every weight has a step of its own, the learning rate at first, and only the gradient's sign counts: "
             "for whole data sets, not for small batches (Riedmiller and Braun 1993).",
    ),
})
