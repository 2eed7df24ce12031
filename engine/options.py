"""A numeric setting of a table entry (a leaky slope, a momentum): its default, its range and what it means."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Option:
    """A number that the user may set. Both ends of the range belong to it, unless ``exclusive_minimum``."""

    default: float
    minimum: float
    maximum: float
    help: str
    exclusive_minimum: bool = False
    symbol: str = ""
    """What the entry's formula calls it, in TeX."""
