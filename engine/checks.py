"""What a spec's fields are checked with: one error, one record for numbers, one function a kind of value."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any, Protocol, TypeVar

Item = TypeVar("Item")


class SpecError(ValueError):
    """A value that a spec refuses: which field, what it was, and the rule it breaks, in one sentence.

    >>> raise SpecError("training.learning_rate", -1, "must be above 0")
    SpecError: training.learning_rate -1 refused: must be above 0
    """

    def __init__(self, field: str, value: object, rule: str) -> None:
        super().__init__(field, value, rule)
        self.field = field
        self.value = value
        self.rule = rule

    def __str__(self) -> str:
        return f"{self.field} {shown(self.value)} refused: {self.rule}".lstrip()

    def within(self, path: str) -> SpecError:
        """The same error, its field seen from one level further up: "units" within "hidden.0" is "hidden.0.units"."""
        return SpecError(joined(path, self.field), self.value, self.rule)


def joined(*parts: str) -> str:
    """A dotted path of the parts that are not empty."""
    return ".".join(part for part in parts if part)


def shown(value: object) -> str:
    """A value as one short piece of a sentence; never fails and never runs long, whatever was sent."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and value.bit_length() > 64:
        return f"(an integer of {value.bit_length()} bits)"
    try:
        text = json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
        text.encode()
    except ValueError:  # an integer of more than 4,300 digits in a list, or half a surrogate pair, cannot be printed
        return f"({type(value).__name__})"
    return text if len(text) <= 60 else text[:57] + "..."


def named(name: object) -> str:
    """A field's name as it was sent, cut short and fit to be sent back."""
    return str(name)[:40].encode("utf-8", "replace").decode()


@dataclass(frozen=True, slots=True)
class Number:
    """A numeric field: its range, and how it is called and explained on the page.

    ``exclusive_minimum`` leaves the minimum itself out; ``optional`` also admits None (off); ``unit`` is printed
    after it.
    """

    title: str
    help: str
    minimum: float
    maximum: float
    exclusive_minimum: bool = False
    integer: bool = False
    optional: bool = False
    unit: str | None = None

    @property
    def rule(self) -> str:
        kind = "a whole number " if self.integer else ""
        lower = f"above {self.minimum:g}" if self.exclusive_minimum else f"at least {self.minimum:g}"
        return f"must be {kind}{lower} and at most {self.maximum:,.12g}"

    def admits(self, value: Any) -> bool:
        """Whether a real number (also a whole one that no float can hold) lies in the range."""
        above = value > self.minimum if self.exclusive_minimum else value >= self.minimum
        return bool(above and value <= self.maximum)


def check_real(field: str, value: object, number: Number) -> float:
    """The value as a float. Refuses bools, text, NaN, infinities and what lies outside the range."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise SpecError(field, value, "must be a number")
    # Compared before it is converted: an integer beyond 1e308 has no float.
    if not isinstance(value, Integral) and not math.isfinite(value):
        raise SpecError(field, value, "must be a finite number")
    if not number.admits(value):
        raise SpecError(field, value, broken_rule(value, number))
    return float(value)


def check_optional_real(field: str, value: object, number: Number) -> float | None:
    """The same, or None, which means off."""
    return None if value is None else check_real(field, value, number)


def check_integer(field: str, value: object, number: Number) -> int:
    """The value as an int. Refuses bools, floats (2.0 as well) and what lies outside the range."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise SpecError(field, value, "must be a whole number")
    if not number.admits(value):
        raise SpecError(field, value, broken_rule(value, number))
    return int(value)


def check_optional_integer(field: str, value: object, number: Number) -> int | None:
    """The same, or None, which means off."""
    return None if value is None else check_integer(field, value, number)


def check_flag(field: str, value: object) -> bool:
    """The value, which must be true or false."""
    if not isinstance(value, bool):
        raise SpecError(field, value, "must be true or false")
    return value


def broken_rule(value: Any, number: Number) -> str:
    """The half of the range that the value breaks, which is what one wants to read."""
    if value > number.maximum:
        return f"must be at most {number.maximum:,.12g}"
    return f"must be above {number.minimum:g}" if number.exclusive_minimum else f"must be at least {number.minimum:g}"


def check_choice(field: str, value: object, names: Iterable[str]) -> str:
    """The value, which must be one of the names."""
    allowed = tuple(names)
    if not isinstance(value, str) or value not in allowed:
        raise SpecError(field, value, f"must be {one_of(allowed)}")
    return value


def one_of(names: tuple[str, ...]) -> str:
    """ "a", or "one of a, b, c"."""
    return names[0] if len(names) == 1 else "one of " + ", ".join(names)


def check_items(field: str, value: object, kind: type[Item], what: str, maximum: int) -> tuple[Item, ...]:
    """The value as a tuple of so many items of one kind at most. ``what`` is their name, in the plural."""
    if not isinstance(value, (list, tuple)):
        raise SpecError(field, value, f"must be a list of {what}")
    for index, item in enumerate(value):
        if not isinstance(item, kind):
            raise SpecError(joined(field, str(index)), item, f"must be a {kind.__name__}")
    if len(value) > maximum:
        raise SpecError(field, len(value), f"must be at most {maximum} {what}")
    return tuple(value)


class Ranged(Protocol):
    """What a table says of one option of an entry (``engine.options.Option``)."""

    @property
    def default(self) -> float: ...
    @property
    def minimum(self) -> float: ...
    @property
    def maximum(self) -> float: ...
    @property
    def exclusive_minimum(self) -> bool: ...


class Options(Mapping[str, float]):
    """Named coefficients, frozen: reads, compares and prints like a dict, and can be hashed and pickled."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, float] | None = None) -> None:
        self._items = dict(items or {})

    def __getitem__(self, name: str) -> float:
        return self._items[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        return repr(self._items)


def check_options(field: str, value: object, table: Mapping[str, Ranged], owner: str) -> Options:
    """The options that an entry of a table takes, in the table's order; those not given get their defaults."""
    if not isinstance(value, Mapping):
        raise SpecError(field, value, "must be an object of named numbers")
    for name in value:
        if name not in table:
            known = ", ".join(table) or "no options"
            raise SpecError(joined(field, named(name)), value[name], f"unknown, as {owner} takes {known}")
    return Options(
        {
            name: check_real(joined(field, name), value.get(name, option.default), _range(option))
            for name, option in table.items()
        }
    )


def _range(option: Ranged) -> Number:
    return Number("", "", option.minimum, option.maximum, option.exclusive_minimum)


def check_object(field: str, value: object, allowed: Iterable[str], required: Iterable[str] = ()) -> dict[str, Any]:
    """A plain object (as from JSON) with none but the allowed fields, and all of the required ones."""
    names = tuple(allowed)
    if not isinstance(value, Mapping):
        raise SpecError(field, value, "must be an object")
    for name in value:
        if name not in names:
            rule = f"unknown, as the fields here are {', '.join(names)}"
            raise SpecError(joined(field, named(name)), value[name], rule)
    for name in required:
        if name not in value:
            raise SpecError(joined(field, name), None, "must be given")
    return dict(value)
