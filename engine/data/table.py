"""The table of data sets, in the order in which the page offers them."""

from __future__ import annotations

from typing import Final

from engine.data.circle import CIRCLE
from engine.data.cubic import CUBIC
from engine.data.digits import DIGITS
from engine.data.gauss import GAUSS
from engine.data.iris import IRIS
from engine.data.moons import MOONS
from engine.data.multi_gauss import MULTI_GAUSS
from engine.data.pinwheel import PINWHEEL
from engine.data.plane import PLANE
from engine.data.record import DataRecord
from engine.data.sine import SINE
from engine.data.spiral import SPIRAL
from engine.data.step import STEP
from engine.data.xor import XOR

DATASETS: Final[dict[str, DataRecord]] = {
    "circle": CIRCLE,
    "xor": XOR,
    "gauss": GAUSS,
    "spiral": SPIRAL,
    "moons": MOONS,
    "pinwheel": PINWHEEL,
    "plane": PLANE,
    "multi_gauss": MULTI_GAUSS,
    "sine": SINE,
    "step": STEP,
    "cubic": CUBIC,
    "iris": IRIS,
    "digits": DIGITS,
}
