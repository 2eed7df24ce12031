"""What an inspection consists of: equations, each in symbols and with its numbers put in, and tables of addends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Literal

from engine.inspection.digits import tex_number
from engine.inspection.tex import Values, evaluate, put_in

Kind = Literal["weight", "bias", "scale", "shift", "unit", "loss", "walk"]
SPELLED = 6
"""Addends of a sum that are written out; of longer sums the first ones and the last."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is inspected. ``layer`` and ``unit`` are ids; ``origin`` is the place, in the layer before or among the
    inputs, of the unit that a weight comes from."""

    kind: Kind
    layer: int | None = None
    unit: int | None = None
    origin: int | None = None


@dataclass(frozen=True, slots=True)
class Equation:
    """TeX of ``name = formula``, and of the same with the numbers put in and the result; the result itself.

    ``value`` is the engine's own where it keeps that number, else the formula's; None where it is not finite.
    """

    symbols: str
    numbers: str
    value: float | None
    link: Subject | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """The addends of a sum, a row each: what is multiplied, and last the product. Headings are TeX, labels words."""

    heading: str
    columns: tuple[str, ...]
    rows: list[list[float]]
    labels: list[str]
    links: list[Subject | None]
    sum: float
    highlighted: int | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """Equations that belong together."""

    title: str
    equations: list[Equation]
    text: str = ""
    terms: Terms | None = None


@dataclass(frozen=True, slots=True)
class Plot:
    """An activation and its slope over pre-activations, and where the unit stands on them: (z, f(z), f'(z))."""

    title: str
    z: list[float]
    value: list[float]
    slope: list[float]
    at: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Distribution:
    """A unit's numbers over the batch, sample by sample."""

    z: list[float]
    a: list[float]
    delta: list[float]


@dataclass(frozen=True, slots=True)
class Inspection:
    """Everything that is shown of one subject, of one computed step and, where it concerns one, of one sample."""

    title: str
    sentence: str
    blocks: list[Block]
    plot: Plot | None = None
    distribution: Distribution | None = None
    stages: list[str] = field(default_factory=list)


def equation(
    target: str, tex: str, values: Values, value: float | None = None, link: Subject | None = None, note: str = ""
) -> Equation:
    """``target = tex``; its result is ``value``, or what the formula comes to."""
    result = float(evaluate(tex, values) if value is None else value)
    return _equation(target, tex, put_in(tex, values), result, link, note)


def sum_of_products(
    target: str,
    tex: str,
    pairs: Sequence[tuple[float, float]],
    rest: Sequence[float],
    value: float,
    link: Subject | None = None,
    note: str = "",
) -> Equation:
    """A sum of products, written out where it is short, and of what is added to them."""
    spelled = [f"{fenced(left)} \\cdot {fenced(right)}" for left, right in pairs]
    if len(spelled) > SPELLED:
        spelled = [*spelled[: SPELLED - 2], r"\dots", spelled[-1]]
    return _equation(target, tex, " + ".join([*spelled, *map(fenced, rest)]), value, link, note)


def fenced(value: float) -> str:
    """The number in TeX, in parentheses where it is negative."""
    text = tex_number(value)
    return f"({text})" if text.startswith("-") else text


def _equation(target: str, tex: str, numbers: str, result: float, link: Subject | None, note: str) -> Equation:
    shown = tex_number(result)
    same = numbers.strip("()") == shown
    written = f"{target} = {shown}" if same else f"{target} = {numbers} = {shown}"
    return Equation(f"{target} = {tex}", written, result if isfinite(result) else None, link, note)
