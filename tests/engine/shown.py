"""Reads what the inspector shows as a careful student would: from the numbers on the page alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.inspection import Block, Equation, Inspection
from engine.inspection.tex import evaluate

NUMBER = re.compile(r"(?<![\d.])(?P<mantissa>\d+(?:\.\d+)?)(?P<power> \\times 10\^\{-?\d+\})?(?![\d.])")


def equations(inspection: Inspection) -> Iterator[Equation]:
    for block in inspection.blocks:
        yield from block.equations


def block(inspection: Inspection, title: str) -> Block:
    return next(each for each in inspection.blocks if each.title == title)


def adds_up(equation: Equation) -> bool:
    """Whether the numbers that are shown, worked out, give the result that is shown: to the digits shown."""
    parts = equation.numbers.split(" = ")
    result = evaluate(parts[-1], {})
    if len(parts) < 3 or r"\dots" in equation.numbers:
        return True
    shown = " = ".join(parts[1:-1])
    return abs(float(evaluate(shown, {})) - float(result)) <= 1.05 * (uncertainty(shown) + half_a_digit(parts[-1]))


def uncertainty(tex: str) -> float:
    """How far the result may be off for the digits that its numbers were cut to."""
    exact, total = float(evaluate(tex, {})), 0.0
    for match in NUMBER.finditer(tex):
        if "." not in match["mantissa"]:
            continue
        value, half = evaluate(match.group(), {}), half_a_digit(match.group())
        around = (f"({value + side * half:.17f})" for side in (1, -1))
        moved = [float(evaluate(tex[: match.start()] + each + tex[match.end() :], {})) for each in around]
        total += max(abs(each - exact) for each in moved)
    return total


def half_a_digit(number: str) -> float:
    match = NUMBER.search(number)
    if match is None or "." not in match["mantissa"]:
        return 0.0
    decimals = len(match["mantissa"].partition(".")[2])
    power = float(evaluate("1" + match["power"], {})) if match["power"] else 1.0
    return 0.5 * 10**-decimals * power
