"""A noisy cubic."""

from engine.data.curves import curve_set
from engine.data.record import DOMAIN, Floats

SCATTER = 0.1


def cubic(x: Floats) -> Floats:
    """The third Chebyshev polynomial, stretched over the domain: two bends, and ±1 at either end."""
    t = x / DOMAIN[1]
    return 4 * t**3 - 3 * t


CUBIC = curve_set(
    "Noisy cubic",
    "A cubic whose targets are scattered (by 0.1, plus the noise): a network that is too free fits the noise.",
    cubic,
    SCATTER,
)
