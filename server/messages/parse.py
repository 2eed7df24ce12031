"""Reads a text message as a command, by the rules that the command states beside its fields."""

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any, Literal

from engine.spec import RunSpec, SpecError
from server.messages.commands import COMMANDS, MESSAGE_LIMIT, PROTOCOL_VERSION, Command, Hello
from server.messages.fields import LARGEST_INTEGER, Check, FieldError, shown, spoken

RejectionCode = Literal[
    "malformed", "unknown_type", "invalid", "watching", "diverged", "nothing_to_undo", "busy", "given_up"
]


class MessageError(ValueError):
    """A message that is refused. `command_id` is 0 where none could be read; str() is the sentence for the user."""

    def __init__(self, code: RejectionCode, field: str | None, value: Any, message: str, command_id: int = 0) -> None:
        super().__init__(message)
        self.code = code
        self.field = field
        self.value = value
        self.message = message
        self.command_id = command_id


def parse_command(text: str | bytes, attached: Mapping[str, bytes] | None = None) -> Command:
    """One text message as a command, with fields that were attached to it in a binary message.

    Raises `MessageError` for anything that is not JSON, not an object, too large, of an unknown type, or that has a
    field too many, too few or against its rule.
    """
    content = _read_object(text)
    content |= attached or {}
    command_id = _read_id(content)
    name = content.get("type")
    member = COMMANDS.get(name) if isinstance(name, str) else None
    if member is None:
        message = f"type {spoken(name)} refused: no command has this name"
        raise MessageError("unknown_type", "type", shown(name), message, command_id)
    if member is Hello and content.get("version") != PROTOCOL_VERSION and isinstance(content.get("version"), int):
        # The fields of another version's hello are its own; only the version is read, so that the answer can name both.
        return Hello(id=command_id or 1, version=int(content["version"]))
    rules = {rule.metadata["wire"] or rule.name: rule for rule in fields(member)}
    for field in content.keys() - rules.keys() - {"type"}:
        path = shown(field)
        raise MessageError("malformed", path, None, f"{path} refused: {member.type} has no such field", command_id)
    values: dict[str, Any] = {}
    for field, rule in rules.items():
        if field in content:
            values[rule.name] = _check(field, rule.metadata["check"], content[field], command_id)
        elif rule.default is MISSING and rule.default_factory is MISSING:
            raise MessageError("malformed", field, None, f"{field} is missing: {member.type} needs it", command_id)
    return member(**values)


def refuse_data_that_did_not_travel(run: RunSpec | None, command_id: int = 0) -> None:
    """Raises MessageError for a run on data of a user's own: its spec describes them and does not carry them."""
    if run is not None and run.data.own is not None:
        shape = run.data.own
        message = "this link was made with data of its own, which a link does not carry"
        raise MessageError("invalid", "data.own", f"{shape.samples} samples", message, command_id)


def _read_object(text: str | bytes) -> dict[str, Any]:
    size = len(text) if isinstance(text, bytes) else len(text.encode("utf-8", "surrogatepass"))
    if size > MESSAGE_LIMIT:
        message = f"a message of {size:,} bytes refused: must be at most {MESSAGE_LIMIT:,}"
        raise MessageError("malformed", None, None, message)
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise MessageError("malformed", None, None, "message refused: must be JSON") from error
    if not isinstance(content, dict):
        raise MessageError("malformed", None, None, "message refused: must be a JSON object")
    return content


def _read_id(content: dict[str, Any]) -> int:
    value = content.get("id")
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= LARGEST_INTEGER else 0


def _check(name: str, check: Check, value: Any, command_id: int) -> Any:
    try:
        return check(value)
    except SpecError as error:
        raise MessageError("invalid", error.field, shown(error.value), str(error), command_id) from error
    except FieldError as error:
        sentence = f"{name} {spoken(value)} refused: {error.rule}"
        raise MessageError("invalid", name, shown(value), sentence, command_id) from error
