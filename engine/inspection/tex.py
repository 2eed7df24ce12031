"""Formulas that can be read twice: TeX for the page, and the same TeX evaluated or with the numbers put in.

The tables of activations, losses, optimizers and schedules hold their formulas once. Here they are read as what they
say: `evaluate` computes one, on numbers or arrays, and `put_in` writes it with the numbers in place of the names, so
that what the page shows is what was computed. A name is any piece of TeX that stands for a number: ``z``, ``\\beta_1``,
``\\hat{y}``, ``\\sum_j e^{z_j}``.

Understood: + - / \\cdot \\times, products by standing side by side, powers, \\frac, \\sqrt, |x|, floor, cases,
FUNCTIONS. As in information theory, 0 · ∞ is 0 (y ln ŷ of a class that is not there). All else raises FormulaError.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np

from engine.inspection.digits import tex_number

Number: TypeAlias = Any
"""A float, or an array that broadcasts with the others."""
Values: TypeAlias = Mapping[str, Number]

_BLANKS: Final = r"(?:\s|\\[,;!]|\\quad|\\(?:left|right|[bB]ig[lr])(?![a-zA-Z]))+"
_TOKEN: Final = re.compile(
    rf"(?P<blank>{_BLANKS})|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<command>\\(?:begin|end|text|operatorname)\{\w+\}|\\[a-zA-Z]+|\\\\)|(?P<sign>.)",
    re.DOTALL,
)
_EQUALS: Final = re.compile(r"\\leftarrow|(?<![<>])=")


class FormulaError(ValueError):
    """A formula that says something that is not understood here, or names what has no value."""


def _sigma(x: Number) -> Number:
    return 1 / (1 + np.exp(-x))


FUNCTIONS: Final[Mapping[str, Callable[..., Number]]] = {
    r"\tanh": np.tanh,
    r"\ln": np.log,
    r"\sin": np.sin,
    r"\cos": np.cos,
    r"\sigma": _sigma,
    r"\max": np.maximum,
    r"\min": np.minimum,
    r"\operatorname{sign}": np.sign,
}
_OPENING: Final = ("", "(", "{", ",", "&", r"\\", r"\begin{cases}")
"""Behind these a minus needs no parentheses."""
_FENCES: Final = {r"\lvert": (r"\rvert", np.abs), r"\lfloor": (r"\rfloor", np.floor)}
_COMPARISONS: Final = {"<": np.less, ">": np.greater, r"\le": np.less_equal, r"\ge": np.greater_equal}
_CONSTANTS: Final = {r"\pi": np.pi, "e": np.e}


@dataclass(frozen=True, slots=True)
class Statement:
    """``target = tex``, or ``target <- tex`` where it gives a name a new value."""

    target: str
    tex: str
    assigns: bool

    @property
    def sign(self) -> str:
        return r"\leftarrow" if self.assigns else "="


def statements(formula: str) -> list[Statement]:
    """What a formula says, one after the other. Of ``a = b = c`` the last is taken: it says it in full."""
    found = []
    for each in re.split(r",\s*\\quad\s*", formula):
        target, _, tex = each.partition("=" if r"\leftarrow" not in each else r"\leftarrow")
        found.append(Statement(target.strip(), _EQUALS.split(tex)[-1].strip(), r"\leftarrow" in each))
    return found


def evaluate(tex: str, values: Values) -> Number:
    """The formula's value. Raises FormulaError where it cannot be read."""
    reader = _Reader(_tokens(tex, values), values)
    with np.errstate(all="ignore"):
        value = reader.sum()
    if reader.ahead:
        raise FormulaError(f"{reader.ahead} is not understood in {tex}")
    return value


def put_in(tex: str, values: Values) -> str:
    """The formula with the numbers in place of the names; products of numbers get a dot."""
    written: list[str] = []
    before, blank = ("sign", ""), ""
    tokens = _tokens(tex, values, blanks=True)
    for place, (kind, text) in enumerate(tokens):
        if kind == "blank":
            blank += text
            continue
        if kind in ("name", "number"):
            number = tex_number(values[text]) if kind == "name" else text
            following = next((each for shape, each in tokens[place + 1 :] if shape != "blank"), "")
            fenced = following == "^" and not number.replace(".", "").isdigit()
            fenced |= before[1] == "/" and " " in number
            if before[1] == "^":
                number = f"{{{number}}}"
            elif fenced or (number.startswith("-") and before[1] not in _OPENING):
                number = f"({number})"
            if before[0] in ("name", "number") or before[1] in (")", "}"):
                blank = "" if before[1] == "}" and _takes_argument(written) else r" \cdot "
            text = number
        elif text == "(" and before[0] == "name" and not blank:
            blank = r"\,"
        written += [blank, text]
        before, blank = (kind, text), ""
    return "".join(written).strip()


def _takes_argument(written: Sequence[str]) -> bool:
    """Whether the group that has just ended is the upper half of a fraction."""
    depth = 0
    for place in reversed(range(len(written))):
        depth += {"}": 1, "{": -1}.get(written[place], 0)
        if depth == 0:
            return bool(place and "".join(written[:place]).endswith("frac"))
    return False


def _tokens(tex: str, values: Values, blanks: bool = False) -> list[tuple[str, str]]:
    names = sorted(values, key=len, reverse=True)
    found, place = [], 0
    while place < len(tex):
        name = next((each for each in names if _stands(each, tex, place)), None)
        if name is not None:
            found.append(("name", name))
            place += len(name)
            continue
        match = _TOKEN.match(tex, place)
        kind = match.lastgroup if match else None
        if match is None or kind is None:
            raise FormulaError(f"{tex[place:]} is not understood")
        if blanks or kind != "blank":
            found.append((kind, match.group()))
        place = match.end()
    return found


def _stands(name: str, tex: str, place: int) -> bool:
    """Whether that name, and not a longer command that begins like it, stands there."""
    if not tex.startswith(name, place):
        return False
    following = tex[place + len(name) : place + len(name) + 1]
    return not (following.isalpha() and re.search(r"\\[a-zA-Z]+$", name))


class _Reader:
    """Reads tokens from left to right and computes as it goes."""

    def __init__(self, tokens: list[tuple[str, str]], values: Values) -> None:
        self._tokens, self._values, self._place = tokens, values, 0

    @property
    def ahead(self) -> str:
        return self._tokens[self._place][1] if self._place < len(self._tokens) else ""

    @property
    def _kind(self) -> str:
        return self._tokens[self._place][0] if self._place < len(self._tokens) else ""

    def _take(self, expected: str | None = None) -> str:
        text = self.ahead
        if not text or (expected is not None and text != expected):
            raise FormulaError(f"{expected or 'something'} expected, {text or 'nothing'} found")
        self._place += 1
        return text

    def _skip(self, text: str) -> bool:
        if self.ahead != text or self._kind == "name":
            return False
        self._place += 1
        return True

    def sum(self) -> Number:
        value = -self._product() if self._skip("-") else self._product()
        while self.ahead in ("+", "-"):
            value = value + self._product() if self._take() == "+" else value - self._product()
        return value

    def _product(self) -> Number:
        value = self._power()
        while True:
            if self._skip(r"\cdot") or self._skip(r"\times"):
                value = _times(value, self._power())
            elif self._skip("/"):
                value = value / self._power()
            elif self._begins_factor():
                value = _times(value, self._power())
            else:
                return value

    def _begins_factor(self) -> bool:
        text, kind = self.ahead, self._kind
        if kind in ("name", "number"):
            return True
        known = text in FUNCTIONS or text in _FENCES or text in _CONSTANTS
        return known or text in ("(", "[", "{", r"\frac", r"\tfrac", r"\sqrt", r"\begin{cases}")

    def _power(self) -> Number:
        if self.ahead == "-":  # after a dot: 2 · −3
            self._take()
            return -self._power()
        natural = self.ahead == "e" and self._kind != "name"
        value = self._atom()
        if not self._skip("^"):
            return value
        exponent = self._group() if self.ahead == "{" else self._atom()
        return np.exp(exponent) if natural else value**exponent

    def _group(self) -> Number:
        self._take("{")
        value = self.sum()
        self._take("}")
        return value

    def _atom(self) -> Number:
        kind, text = self._kind, self._take()
        if kind == "name":
            return self._values[text]
        if kind == "number":
            return float(text)
        if text in FUNCTIONS:
            return self._apply(FUNCTIONS[text])
        if text in _FENCES:
            closing, function = _FENCES[text]
            value = self.sum()
            self._take(closing)
            return function(value)
        if text in (r"\frac", r"\tfrac"):
            above = self._group()
            return above / self._group()
        if text == r"\sqrt":
            return np.sqrt(self._group())
        if text == r"\begin{cases}":
            return self._cases()
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if text in ("(", "{"):
            value = self.sum()
            self._take(")" if text == "(" else "}")
            return value
        raise FormulaError(f"{text} has no value")

    def _apply(self, function: Callable[..., Number]) -> Number:
        if not self._skip("("):
            return function(self._power())
        arguments = [self.sum()]
        while self._skip(","):
            arguments.append(self.sum())
        self._take(")")
        return function(*arguments)

    def _cases(self) -> Number:
        conditions, choices = [], []
        while not self._skip(r"\end{cases}"):
            choices.append(self.sum())
            self._take("&")
            conditions.append(self._condition())
            self._skip(r"\\")
        return np.select(np.broadcast_arrays(*conditions), np.broadcast_arrays(*choices), default=np.nan)[()]

    def _condition(self) -> Number:
        if self.ahead.startswith(r"\text"):
            self._take()
            return True
        left, holds = self.sum(), np.True_
        while self.ahead in _COMPARISONS:
            compare, right = _COMPARISONS[self._take()], self.sum()
            left, holds = right, np.logical_and(holds, compare(left, right))
        return holds


def _times(left: Number, right: Number) -> Number:
    return np.where((left == 0) | (right == 0), 0.0, left * right)[()]
