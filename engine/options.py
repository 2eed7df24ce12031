"""One numeric setting of a table entry (an activation's slope, an optimizer's momentum): its default, range and meaning."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Option:
    """A number that the user may set. Both ends of the range are allowed, unless ``exclusive_minimum`` bars the lower one."""

    default: float
    minimum: float
    maximum: float
    help: str
    exclusive_minimum: bool = False
