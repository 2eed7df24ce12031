"""Checks of the fields of a JSON message: what each may be, and the sentence that says so when it is not.

A check takes the value as JSON gave it and returns it as the command keeps it; it raises `FieldError` with the rule
that was broken. Checks ride as the `metadata` of a dataclass field, so that a command states its fields and their rules
once.
"""

import json
import math
from collections.abc import Callable, Mapping
from typing import Any

from engine.spec import RunSpec

Check = Callable[[Any], Any]
Metadata = Mapping[str, Any]

LARGEST_INTEGER = 2**53 - 1  # beyond it JavaScript's numbers are no longer exact
SHOWN_TEXT = 80


class FieldError(ValueError):
    """A field of a message broke the rule that it names."""

    @property
    def rule(self) -> str:
        return str(self.args[0])


def shown(value: Any) -> Any:
    """`value` as it may be sent back: a JSON scalar of moderate size; anything else becomes a short text."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float) and abs(value) <= LARGEST_INTEGER:  # also false for NaN
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    text = value if isinstance(value, str) else _number_text(value) if isinstance(value, int | float) else repr(value)
    return text if len(text) <= SHOWN_TEXT else text[: SHOWN_TEXT - 1] + "…"


def _number_text(value: int | float) -> str:
    if isinstance(value, int):
        return f"an integer of {value.bit_length()} bits"
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def spoken(value: Any) -> str:
    """`value` as a piece of a sentence: texts in quotation marks, numbers and the like without."""
    text = shown(value)
    return json.dumps(text, ensure_ascii=False) if value is None or isinstance(value, bool | str) else str(text)


def checked(check: Check, *, wire: str | None = None) -> Metadata:
    """Metadata of a command's field; `wire` is its name in the message where Python cannot have the same (`from`)."""
    return {"check": check, "wire": wire}


def optional(check: Check) -> Check:
    """The same check, or null."""
    return lambda value: None if value is None else check(value)


def integer(minimum: int, maximum: int) -> Check:
    rule = f"must be a whole number from {minimum:,} to {maximum:,}"

    def check(value: Any) -> int:
        whole = not isinstance(value, bool) and (
            isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        )
        if not whole or not minimum <= value <= maximum:
            raise FieldError(rule)
        return int(value)

    return check


def number(minimum: float = -math.inf, maximum: float = math.inf) -> Check:
    """A finite number; JSON's 1e400 arrives as infinity and is refused like NaN."""
    bounded = math.isfinite(minimum) and math.isfinite(maximum)
    rule = f"must be a number from {minimum:,} to {maximum:,}" if bounded else "must be a finite number"

    def check(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise FieldError(rule)
        try:
            result = float(value)
        except OverflowError as error:  # an integer of hundreds of digits
            raise FieldError(rule) from error
        if not math.isfinite(result) or not minimum <= result <= maximum:
            raise FieldError(rule)
        return result

    return check


def flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise FieldError("must be true or false")
    return value


def text(limit: int) -> Check:
    rule = f"must be a text of at most {limit:,} characters"

    def check(value: Any) -> str:
        if not isinstance(value, str) or len(value) > limit:
            raise FieldError(rule)
        return value

    return check


def one_of(*names: str) -> Check:
    rule = "must be " + " or ".join(f'"{name}"' for name in names)

    def check(value: Any) -> str:
        if not isinstance(value, str) or value not in names:
            raise FieldError(rule)
        return value

    return check


def some_of(*names: str) -> Check:
    rule = "must be a list of " + ", ".join(names)

    def check(value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(name, str) and name in names for name in value):
            raise FieldError(rule)
        return tuple(dict.fromkeys(value))

    return check


def names(limit: int) -> Check:
    """Names that a user gave to columns or classes; which of them will do, the engine says."""
    each = text(limit)

    def check(value: Any) -> tuple[str, ...]:
        if not isinstance(value, list):
            raise FieldError("must be a list of names")
        return tuple(each(name) for name in value)

    return check


def ranges(value: Any) -> tuple[tuple[float, float], ...]:
    """[low, high] for each input."""
    rule = "must be a list of pairs of finite numbers"
    if not isinstance(value, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in value):
        raise FieldError(rule)
    each = number()
    try:
        return tuple((each(low), each(high)) for low, high in value)
    except FieldError as error:
        raise FieldError(rule) from error


def attached(value: Any) -> bytes:
    """Numbers that came beside the text, as the bytes of float32."""
    if not isinstance(value, bytes):
        raise FieldError("must come as a section of a binary message")
    return value


def place(value: Any) -> tuple[int, ...]:
    """The place of one entry: [i, j] in a weight, [j] in a bias."""
    step = integer(0, 1_000_000)
    if not isinstance(value, list) or len(value) not in (1, 2):
        raise FieldError("must be [i, j] for a weight or [j] for a bias")
    try:
        return tuple(step(entry) for entry in value)
    except FieldError as error:
        raise FieldError("must be [i, j] for a weight or [j] for a bias, of whole numbers from 0") from error


def changes(fewest: int = 1) -> Check:
    """A patch: dotted path -> value. The values are judged by the spec itself."""

    def check(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict) or not fewest <= len(value) <= 100:
            raise FieldError(f"must be an object of {fewest} to 100 fields, by their dotted paths")
        return value

    return check


def either(word: str, check: Check, rule: str) -> Check:
    """That word, or what the check allows; `rule` says both."""

    def checked_either(value: Any) -> Any:
        if value == word:
            return word
        try:
            return check(value)
        except FieldError as error:
            raise FieldError(rule) from error

    return checked_either


def spec(value: Any) -> RunSpec:
    """A run, as `RunSpec.to_dict()` writes it. Raises SpecError for what is wrong inside it."""
    if not isinstance(value, dict):
        raise FieldError("must be an object that describes a run")
    return RunSpec.from_dict(value)
