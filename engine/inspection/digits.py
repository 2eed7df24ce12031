"""How the inspector writes a number: four digits, and a power of ten outside 0.001 to 9,999."""

from math import inf, isnan
from typing import Final

DIGITS: Final = 4


def tex_number(value: float) -> str:
    """The number in TeX. What four digits say exactly loses its last zeros; whole numbers up to 9,999 stay whole."""
    value = float(value)
    if isnan(value):
        return r"\text{undefined}"
    if abs(value) == inf:
        return r"\infty" if value > 0 else r"-\infty"
    if value == int(value) and abs(value) < 1e4:
        return str(int(value))
    mantissa, exponent = f"{value:.{DIGITS - 1}e}".split("e")
    exact = float(f"{mantissa}e{exponent}") == value  # as settings are: 0.9, not 0.9000
    if -3 <= int(exponent) < 4:
        text = f"{value:.{DIGITS - 1 - int(exponent)}f}"
        return text.rstrip("0") if exact else text
    mantissa = mantissa.rstrip("0").rstrip(".") if exact else mantissa
    power = rf"10^{{{int(exponent)}}}"
    return power if mantissa == "1" else rf"{mantissa} \times {power}"
