"""Saved runs: the same bits follow from the file; what is damaged, edited or of another version is refused in words."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import numpy as np
import pytest

from engine import DataSpec
from server import messages
from server.runfile import container
from server.session import Session
from tests.server.own_data import brought, table
from tests.server.sessions import (
    Clock,
    assert_same,
    bits,
    do,
    frame,
    layout,
    losses,
    only,
    refused,
    rows,
    run_out,
    session,
    small,
    train,
)


def exported(target: Session, what: str) -> tuple[str, bytes]:
    file = target.export(messages.Export(id=1, what=what))
    assert isinstance(file, tuple)
    return file


def saved(target: Session) -> bytes:
    name, file = exported(target, "run")
    assert name.endswith(".backflow")
    return file


def parts_of(file: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(file)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return buffer.getvalue()


def with_head(file: bytes, **changes: Any) -> bytes:
    """The file with another head, whose digest is right."""
    parts = parts_of(file)
    head = json.loads(parts.pop("head.json")) | changes
    head.pop("digest")
    head["digest"] = container._digest(head, parts)
    return packed({"head.json": json.dumps(head).encode(), **parts})


def lived() -> Session:
    """A session with changes of every kind, a branch, and a past."""
    target = session(small(optimizer="adam"), small(optimizer="momentum"))
    train(target, 250)
    do(target, messages.Patch, lane=0, changes={"training.learning_rate": 0.02}, gesture="drag")
    do(target, messages.AddUnit, lane=1, layer=1)
    train(target, 150)
    do(target, messages.Look, step=300)
    run_out(target)
    do(target, messages.SetParameter, lane=0, layer=1, tensor="weight", index=(0, 1), value=0.5)
    train(target, 90)
    return target


def test_a_run_goes_on_from_its_file_with_the_same_bits_its_past_and_its_branches() -> None:
    target, other = lived(), session()
    train(other, 7)
    before = bits(other)
    told = do(other, messages.OpenFile, file=saved(target))
    assert only(told, messages.Notice).message == "The run goes on from step 390."
    assert_same(bits(other), bits(target))
    assert other.journal == target.journal
    assert [e.branches[0]["name"] for e in told if isinstance(e, messages.Branches)] == ["Unchanged"]
    assert [mark["label"] for mark in only(told, messages.Marks).marks][-1].startswith("0.weight[0, 1]")
    assert losses(other)[-5:] == losses(target)[-5:]
    train(target, 30)
    train(other, 30)
    assert_same(bits(other), bits(target))
    for step in (10, 260, 345):
        for each in (target, other):
            do(each, messages.Look, step=step)
            run_out(each)
        assert_same(frame(other).sections, frame(target).sections)
    for each in (target, other):
        do(each, messages.TakeBranch, branch=1)
    assert_same(bits(other), bits(target))
    for _ in range(2):
        do(other, messages.Undo)
    assert_same(bits(other), before)


def test_own_data_travel_with_the_run() -> None:
    target, other = session(), session()
    for fields in (brought(ranges=None), brought(), table()):
        train(target, 20)
        do(target, messages.UseOwnData, **fields)
    train(target, 20)
    do(other, messages.OpenFile, file=saved(target))
    train(target, 9)
    train(other, 9)
    assert_same(bits(other), bits(target))
    do(other, messages.Look, step=5)
    run_out(other)
    assert frame(other).step == 5


def test_the_columns_of_a_run_that_was_opened_are_not_taken_for_those_of_another() -> None:
    target, other = session(small(hidden=1)), session()
    train(target, 30)
    train(other, 30)
    known = layout(other).revision
    do(other, messages.OpenFile, file=saved(target))
    assert rows(other).revision == layout(other).revision > known
    train(other, 5)
    assert losses(other)[-1][0] == 34


def test_a_session_resumes_from_its_file_in_another_server() -> None:
    target = lived()
    do(target, messages.Pace, steps_per_second=60)
    do(target, messages.Play)
    again = Session.from_file(target.file(), clock=Clock())
    assert_same(bits(again), bits(target))
    status = only(again.hello_events(), messages.Status)
    assert (status.state, status.pace) == ("playing", 60)
    assert layout(again).timeline > layout(target).timeline
    assert layout(again).revision > layout(target).revision
    do(target, messages.Look, step=100)
    run_out(target)
    looking = Session.from_file(target.file(), clock=Clock())
    run_out(looking)
    assert frame(looking).step == 100


def test_a_file_holds_no_pickle_and_says_what_it_was_made_with() -> None:
    parts = parts_of(saved(lived()))
    assert set(parts) == {"head.json", "run.json", "float64.npy", "int64.npy"}
    head = json.loads(parts["head.json"])
    assert (head["format"], head["version"], head["numpy"]) == ("backflow run", 1, np.__version__)
    for name, part in parts.items():
        if name.endswith(".npy"):
            np.load(io.BytesIO(part), allow_pickle=False)


def edited(file: bytes) -> bytes:
    parts = parts_of(file)
    numbers = bytearray(parts["float64.npy"])
    numbers[-3] ^= 1
    return packed({**parts, "float64.npy": bytes(numbers)})


def rewritten(file: bytes) -> bytes:
    """The learning rate of the spec is another, and the digest is wrong."""
    parts = parts_of(file)
    return packed({**parts, "run.json": parts["run.json"].replace(b"0.02", b"0.03")})


DAMAGES = {
    "empty": (lambda file: b"", "it is no run that Backflow saved, or only a part of one"),
    "text": (lambda file: b"x1,x2\n1,2\n", "it is no run that Backflow saved, or only a part of one"),
    "cut in half": (lambda file: file[: len(file) // 2], "it is no run that Backflow saved, or only a part of one"),
    "another zip": (lambda file: packed({"a.txt": b"a"}), "it is no run that Backflow saved"),
    "edited numbers": (edited, "its numbers do not fit its digest, so it was damaged or edited"),
    "edited spec": (rewritten, "its numbers do not fit its digest, so it was damaged or edited"),
    "another version": (lambda file: with_head(file, version=2), "it is of version 2 of the format, and this is 1"),
    "no content": (
        lambda file: with_head(packed({"head.json": parts_of(file)["head.json"]})), "it is damaged",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("damage", "why"), DAMAGES.values(), ids=DAMAGES)
def test_a_file_that_is_none_is_refused_and_nothing_is_lost(damage: Any, why: str) -> None:
    target = session()
    train(target, 20)
    file = saved(lived())
    refusal = refused(target, messages.OpenFile, file=damage(file))
    assert refusal.message == f"the file refused: {why}. Nothing was changed."


def test_parts_that_do_not_fit_together_are_refused() -> None:
    parts = parts_of(saved(session()))
    body = json.loads(parts["run.json"])
    for path, value in ((("lanes", 0, "state", "parameters"), ["float64", 0, [3]]), (("lanes", 0, "run"), 9),
                        (("runs", 0, "seed"), -1), (("journal", "entries"), [4]), (("lanes",), [])):  # fmt: skip
        changed = json.loads(json.dumps(body))
        place = changed
        for name in path[:-1]:
            place = place[name]  # type: ignore[index]
        place[path[-1]] = value  # type: ignore[index]
        file = with_head(packed({**parts, "run.json": json.dumps(changed).encode()}))
        assert "its parts do not fit together" in refused(session(), messages.OpenFile, file=file).message


def test_too_large_a_file_is_refused() -> None:
    message = refused(session(), messages.OpenFile, file=b"PK" + bytes(container.LARGEST_FILE)).message
    assert message == "a file of 32 MB refused: must be at most 32 MB. Nothing was changed."
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("head.json", "{}")
        file.writestr("float64.npy", bytes(container.LARGEST_CONTENT + 1))
    assert "unpacks to more than 64 MB" in refused(session(), messages.OpenFile, file=bomb.getvalue()).message


def test_a_file_from_elsewhere_says_that_bits_may_differ_and_checks_its_keyframes() -> None:
    file = with_head(saved(lived()), numpy="1.0.0", machine="Plan9 vax")
    note = only(do(session(), messages.OpenFile, file=file), messages.Notice).message
    assert f"numpy 1.0.0 (here {np.__version__})" in note
    assert note.endswith("so later bits may differ. Its last keyframe, computed on from, gives the same bits here.")


def test_keyframes_that_lead_elsewhere_are_told_of() -> None:
    target = session(small())
    train(target, 150)
    parts = parts_of(saved(target))
    numbers = np.load(io.BytesIO(parts["float64.npy"]))
    body = json.loads(parts["run.json"])
    _, start, _ = body["lanes"][0]["state"]["parameters"]
    numbers[start] += 1e-9
    buffer = io.BytesIO()
    np.save(buffer, numbers)
    file = with_head(packed({**parts, "float64.npy": buffer.getvalue()}))
    note = only(do(session(), messages.OpenFile, file=file), messages.Notice).message
    assert note.endswith("gives other bits here; the run goes on from the file's own numbers.")


def test_the_digits_in_float32_go_into_a_file_and_come_back() -> None:
    run = small(optimizer="adam")
    digits = type(run)(DataSpec(name="digits", samples=60), run.network.__class__(
        hidden=run.network.hidden, output_activation="softmax", loss="cross_entropy"), run.training, dtype="float32",
    )  # fmt: skip
    target, other = session(digits), session()
    train(target, 120)
    do(other, messages.OpenFile, file=saved(target))
    train(target, 3)
    train(other, 3)
    assert_same(bits(other), bits(target))


def test_the_network_that_is_shown_is_exported_as_code() -> None:
    target = session()
    train(target, 30)
    do(target, messages.Look, step=10)
    run_out(target)
    name, script = exported(target, "numpy")
    assert name == "backflow-circle-10-numpy.py"
    again = session()
    train(again, 10)
    assert script == exported(again, "numpy")[1]
    name, archive = exported(target, "pytorch")
    assert name == "backflow-circle-10-pytorch.zip"
    assert set(parts_of(archive)) == {"network.py", "weights.safetensors"}
