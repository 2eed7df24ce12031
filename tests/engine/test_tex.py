"""Formulas are read as what they say: computed, and written with their numbers put in."""

from __future__ import annotations

import numpy as np
import pytest

from engine.inspection.digits import tex_number
from engine.inspection.tex import FormulaError, evaluate, put_in, statements
from engine.optimizers import OPTIMIZERS
from engine.schedules import SCHEDULES


@pytest.mark.parametrize(
    ("tex", "value"),
    [
        ("1 + 2 - 4", -1),
        (r"2 \cdot 3\,z", 15),
        (r"-z^2", -6.25),
        (r"\tfrac{z}{2} + \frac{1}{4}", 1.5),
        (r"\sqrt{z + 3.75}", 2.5),
        (r"e^{-z} e^z", 1),
        (r"\lvert 1 - z \rvert", 1.5),
        (r"\lfloor z / 2 \rfloor", 1),
        (r"\min(\max(z, 0), 1)", 1),
        (r"\begin{cases} 1 & z > 3 \\ z^2 & -1 < z < 3 \\ 0 & \text{else} \end{cases}", 6.25),
        (r"\beta_1^2\,(1 - \beta_1)", 0.125),
        (r"\operatorname{sign}(-z) \ln(e)", -1),
        (r"0 \ln(0)", 0),
        (r"2 \times 10^{-3}", 0.002),
        (r"z 2", 5),
    ],
)
def test_a_formula_comes_to_what_it_says(tex: str, value: float) -> None:
    assert evaluate(tex, {"z": 2.5, r"\beta_1": 0.5}) == pytest.approx(value)


def test_arrays_are_computed_entry_by_entry() -> None:
    z = np.array([-1.0, 2.0])
    assert evaluate(r"\begin{cases} z & z > 0 \\ 0 & \text{else} \end{cases}", {"z": z}).tolist() == [0, 2]


@pytest.mark.parametrize("tex", ["1 +", "(1", r"\frac{1}", r"\gamma z", "[1]", "1 ) 2", r"\begin{cases} 1 \end{cases}"])
def test_what_cannot_be_read_is_refused(tex: str) -> None:
    with pytest.raises(FormulaError):
        evaluate(tex, {"z": 1.0})


@pytest.mark.parametrize(
    ("tex", "written"),
    [
        (r"\eta\,g", r"0.03 \cdot (-2.5)"),
        (r"g^2 + 1", r"(-2.5)^{2} + 1"),
        (r"e^g", r"e^{-2.5}"),
        (r"2g", r"2 \cdot (-2.5)"),
        (r"\frac{g}{\eta}\,\eta", r"\frac{-2.5}{0.03} \cdot 0.03"),
        (r"1 - g", r"1 - (-2.5)"),
        (r"\max(g, 0)", r"\max(-2.5, 0)"),
    ],
)
def test_numbers_are_put_in_so_that_they_read_as_the_formula_does(tex: str, written: str) -> None:
    values = {r"\eta": 0.03, "g": -2.5}
    assert put_in(tex, values) == written
    assert evaluate(written, {}) == pytest.approx(evaluate(tex, values))


def test_a_name_is_not_found_within_a_longer_one() -> None:
    assert put_in(r"\eta^+ \eta + \beta_1", {r"\eta": 2.0, r"\eta^+": 3.0, r"\beta_1": 4.0}) == r"3 \cdot 2 + 4"
    assert put_in(r"\tanh(t)", {"t": 1.0}) == r"\tanh(1)"


def test_a_formula_of_several_statements_is_taken_apart() -> None:
    first, second = statements(r"v \leftarrow \mu v + g, \quad \Delta w = -\eta\,v")
    assert (first.target, first.tex, first.assigns) == ("v", r"\mu v + g", True)
    assert (second.target, second.tex, second.assigns) == (r"\Delta w", r"-\eta\,v", False)
    assert statements(r"a = \sigma(z) = \frac{1}{2}")[0].tex == r"\frac{1}{2}"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-3.0, "-3"),
        (0.9, "0.9"),
        (0.123456, "0.1235"),
        (-1234.56, "-1235"),
        (1e-8, r"10^{-8}"),
        (2.10001e-6, r"2.100 \times 10^{-6}"),
        (123456.0, r"1.235 \times 10^{5}"),
        (float("inf"), r"\infty"),
    ],
)
def test_numbers_have_four_digits_and_settings_no_more_than_they_need(value: float, text: str) -> None:
    assert tex_number(value) == text


@pytest.mark.parametrize("table", [OPTIMIZERS, SCHEDULES], ids=["optimizers", "schedules"])
def test_every_option_has_a_symbol_that_its_formula_uses(table: dict[str, object]) -> None:
    unused = [
        (name, option)
        for name, entry in table.items()
        for option, each in entry.options.items()
        if not each.symbol or each.symbol not in entry.formula
    ]
    assert unused == []
