"""Schedules: the factor on the learning rate at each step, a function of the steps done alone.

As PyTorch's, counted in steps: `factor(t, options)` with t = 0 for the first step of a run. Cosine and warm-up stay at
their end, where PyTorch's cosine would rise again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import cos, log, pi
from types import MappingProxyType
from typing import TypeAlias

from engine.options import Option

Options: TypeAlias = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Schedule:
    """One schedule and what is told about it. The formula is TeX."""

    title: str
    formula: str
    help: str
    factor: Callable[[int, Options], float]
    """factor(steps done, options) -> what the learning rate is multiplied by."""
    span: Callable[[Options], float]
    """Over how many steps its curve is worth looking at."""
    options: Mapping[str, Option] = field(default_factory=lambda: MappingProxyType({}))
    changes: bool = True
    """Whether the factor is ever anything but 1."""

    def curve(self, options: Options, points: int = 97) -> list[tuple[int, float]]:
        """(steps done, factor) at so many places, evenly over its span."""
        span = self.span(options)
        steps = [round(span * place / (points - 1)) for place in range(points)]
        return [(t, self.factor(t, options)) for t in steps]


def _constant(t: int, options: Options) -> float:
    return 1.0


def _step(t: int, options: Options) -> float:
    return float(options["gamma"] ** (t // options["every"]))


def _exponential(t: int, options: Options) -> float:
    return float(options["gamma"] ** t)


def _cosine(t: int, options: Options) -> float:
    done, final = min(t / options["length"], 1.0), options["final"]
    return final + (1 - final) * (1 + cos(pi * done)) / 2


def _warm_up(t: int, options: Options) -> float:
    start = options["start"]
    return start + (1 - start) * min(t / options["length"], 1.0)


def _until_a_hundredth(options: Options) -> float:
    gamma = options["gamma"]
    return min(max(log(0.01) / log(gamma), 10.0), 1e9) if 0 < gamma < 1 else 1000.0


def _steps(default: float, help: str) -> Option:
    return Option(default, 1.0, 1e9, help, symbol="T")


SCHEDULES: Mapping[str, Schedule] = MappingProxyType({
    "constant": Schedule(
        title="Constant", formula=r"\eta_t = \eta", factor=_constant, span=lambda options: 1000, changes=False,
        help="The learning rate stays as it is set (Robbins and Monro 1951 let it shrink, so that noise averages out).",
    ),
    "step": Schedule(
        title="Step", formula=r"\eta_t = \eta\,\gamma^{\lfloor t / T \rfloor}", factor=_step,
        span=lambda options: 4 * options["every"],
        options=MappingProxyType({
            "every": _steps(1000, "After how many steps it falls again (T)."),
            "gamma": Option(0.5, 0.0, 1.0, "What the learning rate is multiplied by then (γ).", symbol=r"\gamma"),
        }),
        help="Falls by a factor every so many steps, as image networks were long trained (Krizhevsky et al. 2012).",
    ),
    "exponential": Schedule(
        title="Exponential", formula=r"\eta_t = \eta\,\gamma^t", factor=_exponential,
        span=_until_a_hundredth,
        options=MappingProxyType({
            "gamma": Option(0.999, 0.0, 1.0, "What the learning rate is multiplied by at each step (γ).",
                            symbol=r"\gamma"),
        }),
        help="Falls by the same share at each step (Bottou 2012 compares such rules).",
    ),
    "cosine": Schedule(
        title="Cosine",
        formula=r"\eta_t = \eta\,\left(f + \tfrac{1 - f}{2}\left(1 + \cos(\pi \min(\tfrac{t}{T}, 1))\right)\right)",
        factor=_cosine, span=lambda options: 1.25 * options["length"],
        options=MappingProxyType({
            "length": _steps(5000, "After how many steps it has reached its end (T)."),
            "final": Option(0.0, 0.0, 1.0, "The share of the learning rate that it ends at (f).", symbol="f"),
        }),
        help="Falls slowly, then fast, then slowly to its end, and stays there (Loshchilov and Hutter 2017).",
    ),
    "warm_up": Schedule(
        title="Warm-up", formula=r"\eta_t = \eta\,\left(s + (1 - s)\min(\tfrac{t}{T}, 1)\right)", factor=_warm_up,
        span=lambda options: 2 * options["length"],
        options=MappingProxyType({
            "length": _steps(500, "After how many steps the learning rate is reached (T)."),
            "start": Option(1 / 3, 0.0, 1.0, "The share of the learning rate that it starts at (s).", symbol="s"),
        }),
        help="Rises evenly to the learning rate, so that the first steps do no harm (Goyal et al. 2017).",
    ),
})
