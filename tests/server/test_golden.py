"""The golden files are what the codec and the messages write and read today."""

import json
from pathlib import Path

import pytest

from server import codec
from server.messages import COMMANDS, EVENTS, MessageError, UseOwnData, parse_command
from tests.golden import make

FILES = make.files()


@pytest.mark.parametrize("name", FILES)
def test_each_golden_file_is_what_is_written_today(name: str) -> None:
    assert (make.HERE / name).read_bytes() == FILES[name]


def test_no_golden_file_is_left_over() -> None:
    assert {path.name for path in make.HERE.iterdir() if path.suffix in (".bin", ".json")} == set(FILES)


def test_every_command_and_every_event_has_a_golden_message() -> None:
    assert {command["type"] for command in make.COMMANDS} | {"own_data", "open_file"} == set(COMMANDS)
    assert {event.type for event in make.EVENTS} == set(EVENTS)


@pytest.mark.parametrize("message", make.COMMANDS, ids=lambda message: message["type"])
def test_every_golden_command_is_understood(message: dict[str, object]) -> None:
    command = parse_command(json.dumps(message))
    assert (command.type, command.id) == (message["type"], message["id"])


def test_the_golden_own_data_are_understood() -> None:
    command = codec.decode_command((make.HERE / "own_data.bin").read_bytes())
    assert isinstance(command, UseOwnData)
    assert (command.id, command.lane, command.gesture) == (24, 0, "g2")
    assert (command.inputs, command.classes) == (("Größe", "weight"), ("no", "yes"))
    assert command.ranges == ((-6.5, 6.5), (-0.25, 4.75))
    assert codec.np.frombuffer(command.points, "<f4").tolist() == [1.0, -2.0, 0.25, 4.0, -6.0, 6.0]
    assert codec.np.frombuffer(command.labels, "<f4").tolist() == [0.0, 1.0, 1.0]


@pytest.mark.parametrize("refusal", make.REFUSED, ids=lambda refusal: refusal["text"][:60])
def test_every_golden_refusal_names_code_field_and_command(refusal: dict[str, object]) -> None:
    with pytest.raises(MessageError) as refused:
        parse_command(str(refusal["text"]))
    error = refused.value
    assert (error.code, error.field, error.command_id) == (refusal["code"], refusal["field"], refusal["command"])


@pytest.mark.parametrize("path", sorted(make.HERE.glob("*.bin")), ids=lambda path: path.stem)
def test_sections_of_a_golden_message_are_aligned_and_inside_it(path: Path) -> None:
    content = path.read_bytes()
    for array in codec.decode(content).sections.values():
        start = array.__array_interface__["data"][0] - codec.np.frombuffer(content, "u1").__array_interface__["data"][0]
        assert start % 8 == 0
        assert start + array.nbytes <= len(content)
