"""Measured numbers in sentences, as the page writes them: three digits, and powers of ten outside 0.001 to 9,999."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Final

_RAISED: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def number(value: float, digits: int = 3) -> str:
    """ "0.499", "5,300", "2.1×10⁻⁶"; the sign is a true minus."""
    if not isfinite(value):
        return "not finite"
    if value == 0:
        return "0"
    rounded = float(f"{abs(value):.{digits - 1}e}")
    sign = "−" if value < 0 else ""
    if not 0.001 <= rounded <= 9_999:
        mantissa, exponent = f"{rounded:.{digits - 1}e}".split("e")
        return f"{sign}{mantissa}×10{str(int(exponent)).translate(_RAISED)}"
    if rounded >= 10 ** (digits - 1):
        return f"{sign}{rounded:,.0f}"
    decimals = digits - 1 - int(f"{rounded:e}".split("e")[1])
    return f"{sign}{rounded:.{decimals}f}"


def share(ratio: float) -> str:
    """How much of another signal: "1/5,300", "0.31", "170 times"; to be followed by "of" (but after "times")."""
    if not isfinite(ratio):
        return "not finite"
    if ratio >= 1:
        return f"{number(ratio, 2)} times"
    if ratio >= 0.0995:
        return f"{ratio:.2f}"
    parts = float(f"{1 / ratio:.1e}") if ratio else 0.0
    return f"1/{parts:,.0f}" if 0 < parts < 1e6 else number(ratio)


def part_of(ratio: float, whose: str) -> str:
    """ "1/5,300 of layer 6’s error signal", "170 times layer 6’s error signal"."""
    said = share(ratio)
    return f"{said} {whose}" if said.endswith("times") else f"{said} of {whose}"


def layers(indices: Sequence[int], count: int) -> str:
    """Layers of a network of `count` by index: "layer 2", "layers 1 to 4", "layers 1 and 3", "the output layer"."""
    hidden = [index + 1 for index in indices if index < count - 1]
    named = []
    if len(hidden) == 1:
        named.append(f"layer {hidden[0]}")
    elif len(hidden) == 2:
        named.append(f"layers {hidden[0]} and {hidden[1]}")
    elif hidden and hidden[-1] - hidden[0] == len(hidden) - 1:
        named.append(f"layers {hidden[0]} to {hidden[-1]}")
    elif hidden:
        named.append(f"{len(hidden)} layers from layer {hidden[0]} on")
    if count - 1 in indices:
        named.append("the output layer")
    return " and ".join(named)
