"""What the specs have in common: plain objects, there and back."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, ClassVar, TypeVar

from engine.checks import Options, check_object

Spec = TypeVar("Spec", bound="Plain")


class Plain:
    """to_dict and from_dict of the specs whose fields are all plain values."""

    __slots__ = ()
    PATH: ClassVar[str] = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain, JSON-able, with every field."""
        return {field.name: plain(getattr(self, field.name)) for field in fields(self)}  # type: ignore[arg-type]  # subclasses are dataclasses

    @classmethod
    def from_dict(cls: type[Spec], values: object) -> Spec:
        """The spec of a plain object; fields that are missing get their defaults, unknown ones are refused."""
        names = [field.name for field in fields(cls)]  # type: ignore[arg-type]  # subclasses are dataclasses
        return cls(**check_object(cls.PATH, values, names))

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)  # how a frozen dataclass normalises its own fields


def plain(value: object) -> object:
    """A field's value as JSON has it."""
    if isinstance(value, Options):
        return dict(value)
    return list(value) if isinstance(value, tuple) else value
