"""One line of the budget table, as every measuring module gives it.

A module of this folder that measures something has a function `rows() -> Iterator[Row]`, which yields each row as soon
as it is measured; what takes many minutes stands in `long_rows()` instead.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """What was measured, what it should be, what it is. `reserve` is 1 where the budget is just met, 2 where it is met
    twice over, 0.5 where it is missed by half."""

    what: str
    budget: str
    measured: str
    reserve: float

    @property
    def verdict(self) -> str:
        if self.reserve >= 1:
            return "met"
        return f"missed by {100 * (1 - self.reserve):.0f} %"


def figure(value: float) -> str:
    """Three digits, thousands grouped."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def at_least(what: str, measured: float, budget: float, unit: str, note: str = "") -> Row:
    """A row of something that should be large."""
    text = f"{figure(measured)} {unit}" + (f" ({note})" if note else "")
    return Row(what, f"at least {figure(budget)} {unit}", text, measured / budget)


def at_most(what: str, measured: float, budget: float, unit: str, note: str = "") -> Row:
    """A row of something that should be small."""
    text = f"{figure(measured)} {unit}" + (f" ({note})" if note else "")
    return Row(what, f"at most {figure(budget)} {unit}", text, budget / max(measured, 1e-300))
