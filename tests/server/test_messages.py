"""Commands are read strictly, refusals say what and why, and events never carry what JSON cannot."""

import contextlib
import json
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server import messages
from server.codec import SECTIONS
from server.messages import COMMANDS, EVENTS, FRAME_SECTIONS, MESSAGE_LIMIT, MessageError, Rejected, parse_command

PROTOCOL = (Path(__file__).parents[2] / "docs" / "PROTOCOL.md").read_text(encoding="utf-8")


def _golden(name: str) -> list[dict[str, object]]:
    content: list[dict[str, object]] = json.loads((Path(__file__).parents[1] / "golden" / name).read_text("utf-8"))
    return content


GOLDEN = _golden("commands.json")
WRITTEN = sorted({str(each["type"]) for each in GOLDEN})


def refusal(text: str | bytes) -> MessageError:
    with pytest.raises(MessageError) as refused:
        parse_command(text)
    return refused.value


def test_a_command_is_read_with_its_defaults() -> None:
    assert parse_command('{"type": "step", "id": 7}') == messages.Step(id=7, count=1)


def test_the_series_command_calls_its_first_step_from() -> None:
    text = '{"type": "series", "id": 7, "lane": 0, "series": "steps", "timeline": 1, "from": 20, "limit": 5}'
    command = parse_command(text)
    assert isinstance(command, messages.Series)
    assert command.from_step == 20


def test_the_hello_of_another_version_is_read_for_its_version_alone() -> None:
    command = parse_command('{"type": "hello", "id": 1, "version": 2, "colour": "blue", "token": 7}')
    assert command == messages.Hello(id=1, version=2)


WHOLE = "must be a whole number from"
REFUSALS = {
    "{": "message refused: must be JSON",
    "[" * 5000: "message refused: must be JSON",
    "3": "message refused: must be a JSON object",
    '{"type": ["play"], "id": 1}': "type ['play'] refused: no command has this name",
    '{"type": "play", "id": "1"}': f'id "1" refused: {WHOLE} 1 to 9,007,199,254,740,991',
    '{"type": "step", "id": 1, "count": 1.5}': f"count 1.5 refused: {WHOLE} 1 to 10,000",
    '{"type": "step", "id": 1, "count": null}': f"count null refused: {WHOLE} 1 to 10,000",
    '{"type": "pace", "id": 1}': "steps_per_second is missing: pace needs it",
    '{"type": "pace", "id": 1, "steps_per_second": NaN}': (
        "steps_per_second NaN refused: must be a number from 0.1 to 100,000"
    ),
    '{"type": "patch", "id": 1, "lane": 0, "changes": {}}': (
        "changes {} refused: must be an object of 1 to 100 fields, by their dotted paths"
    ),
    '{"type": "patch", "id": 1, "lane": 4, "changes": {"seed": 1}}': f'lane 4 refused: {WHOLE} 0 to 3, or "all"',
    '{"type": "subscribe", "id": 1, "sections": [], "maps": 1, "unit_maps": false}': (
        "maps 1 refused: must be true or false"
    ),
    '{"type": "compare", "id": 1, "lane": 0, "start": "now"}': 'start "now" refused: must be "beginning" or "here"',
    '{"type": "open", "id": 1, "spec": {"version": 2}}': (
        "version 2 refused: must be 1: the spec was written by another version"
    ),
}


@pytest.mark.parametrize(("text", "sentence"), REFUSALS.items())
def test_a_refusal_is_one_sentence_with_the_field_and_the_rule(text: str, sentence: str) -> None:
    assert str(refusal(text)) == sentence


def test_bytes_that_are_not_text_are_refused() -> None:
    assert str(refusal(b'{"type": "play", "id": "\xff"}')) == "message refused: must be JSON"


@pytest.mark.parametrize("index", ["[0]", "[0, 1]"])
def test_the_place_of_a_parameter_is_one_or_two_numbers(index: str) -> None:
    text = (
        f'{{"type": "set_parameter", "id": 1, "lane": 0, "layer": 1, "tensor": "bias", "index": {index}, "value": 1}}'
    )
    command = parse_command(text)
    assert isinstance(command, messages.SetParameter)
    assert command.index == tuple(json.loads(index))


@pytest.mark.parametrize("index", ["[]", "[0, 1, 2]", "[-1]", "[0.5]", '"0"', "3"])
def test_any_other_place_is_refused(index: str) -> None:
    text = (
        f'{{"type": "set_parameter", "id": 1, "lane": 0, "layer": 1, "tensor": "bias", "index": {index}, "value": 1}}'
    )
    assert refusal(text).field == "index"


def test_a_message_that_is_too_large_is_refused_before_it_is_read() -> None:
    assert "must be at most 65,536" in str(
        refusal('{"type": "play", "id": 1, "x": "' + "é" * (MESSAGE_LIMIT // 2) + '"}')
    )


@settings(deadline=None)
@given(st.text() | st.binary())
def test_no_text_whatever_gets_past_the_rules(text: str | bytes) -> None:
    refusal(text)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@settings(deadline=None)
@given(st.sampled_from(WRITTEN), st.dictionaries(st.text(), json_values, max_size=2), json_values, st.data())
def test_whatever_a_field_holds_the_answer_is_a_command_or_a_refusal_that_can_be_sent(
    name: str, more: dict[str, object], value: object, data: st.DataObject
) -> None:
    message = next(dict(each) for each in GOLDEN if each["type"] == name)
    message[data.draw(st.sampled_from(sorted(message)))] = value
    with contextlib.suppress(MessageError), sent_back():
        parse_command(json.dumps(message | more))


@contextlib.contextmanager
def sent_back() -> Iterator[None]:
    """Any refusal inside has to come out as an event."""
    try:
        yield
    except MessageError as error:
        content = json.loads(Rejected.of(error).to_json(1))
        if not content["message"]:
            raise AssertionError("a refusal without a sentence") from error
        raise


def test_no_event_can_carry_nan() -> None:
    nothing = {"accuracy": None, "confusion": None, "r_squared": None}
    train, test = {"loss": float("nan"), **nothing}, {"loss": 1.0, **nothing}
    event = messages.Evaluation(lane=0, step=1, train=train, test=test, saturated=[], dead=[])
    with pytest.raises(ValueError, match="not JSON compliant"):
        event.to_json(1)


def test_what_was_refused_is_sent_back_in_a_form_that_is_short_and_json() -> None:
    for value in (float("nan"), float("inf"), 10**400, "x" * 1000, {"a": [1] * 1000}):
        event = Rejected.of(MessageError("invalid", "field", value, "no"))
        assert len(event.to_json(1)) < 250


# docs/PROTOCOL.md


def table(title: str) -> list[list[str]]:
    """The rows of the first table of the section of that title, as cells."""
    section = PROTOCOL.split(f"\n## {title}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines[2:]]


def test_every_command_is_documented_with_its_fields_and_no_other() -> None:
    documented: dict[str, set[str]] = {}
    for names, cells, _ in table("2. Commands"):
        for name in re.findall(r"`(\w+)`", names):
            outside = re.sub(r"\([^)]*\)", "", cells)
            documented[name] = set(re.findall(r"`(\w+)`", outside))
    actual = {
        name: {rule.metadata["wire"] or rule.name for rule in fields(member)} - {"id"}
        for name, member in COMMANDS.items()
    }
    assert documented == actual


def test_every_event_is_documented_with_its_fields_and_no_other() -> None:
    documented = {}
    for name, cells, _ in table("3. Events"):
        outside = re.sub(r"\([^)]*\)|\{[^}]*\}", "", cells)
        documented[name.strip("`")] = set(re.findall(r"`(\w+)`", outside))
    actual = {name: {rule.name for rule in fields(member)} for name, member in EVENTS.items()}
    documented["layout"] = actual["layout"]  # described by an example of its own, see below
    assert documented == actual


def test_the_documented_layout_has_the_fields_of_a_layout() -> None:
    example = json.loads(re.search(r"```json\n(.*?)```", PROTOCOL, re.DOTALL).group(1))  # type: ignore[union-attr]
    golden = next(event for event in _golden("events.json") if event["type"] == "layout")
    assert example.keys() == golden.keys()
    for part in ("data", "maps", "series"):
        assert example[part].keys() == golden[part].keys()  # type: ignore[attr-defined]
    assert example["layers"][0].keys() == golden["layers"][0].keys()  # type: ignore[index]


def test_every_code_is_documented() -> None:
    for codes in (messages.RejectionCode, messages.ClosingCode):
        for code in codes.__args__:
            assert f"`{code}`" in PROTOCOL


def test_every_section_is_documented_with_its_number_and_type() -> None:
    types = {1: "u8", 2: "u32", 3: "f32", 4: "f64"}
    documented = {}
    for line in PROTOCOL.splitlines():
        found = re.match(r"\| (\d+) \| `(\w+)` \| (\w+)( / f32)? \|", line)
        if found and int(found[1]) > 0 and found[3] in types.values():
            documented[found[2]] = (int(found[1]), found[3])
    assert documented == {name: (number, types[kind]) for name, (number, kind) in SECTIONS.items()}
    assert set(FRAME_SECTIONS) == {name for name, (number, _) in SECTIONS.items() if number < 20}
