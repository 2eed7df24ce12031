"""Files that cannot be opened, and steps that there are not: one clear sentence in the page, and nothing is lost."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from server import messages
from server.runfile import container
from server.session import Session
from tests.browser.instrument import Instrument
from tests.server.sessions import small

DROP = """([bytes, megabytes]) => {
  const part = new ArrayBuffer(2 ** 20);
  const transfer = new DataTransfer();
  transfer.items.add(new File([new Uint8Array(bytes), ...Array(megabytes).fill(part)], "some.backflow"));
  document.dispatchEvent(new DragEvent("drop", {dataTransfer: transfer, bubbles: true, cancelable: true}));
}"""


def saved() -> bytes:
    file = Session(small()).export(messages.Export(id=1, what="run"))
    assert isinstance(file, tuple)
    return file[1]


def rewritten(file: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(file)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    change(parts)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return buffer.getvalue()


def of_another_version(parts: dict[str, bytes]) -> None:
    head = json.loads(parts.pop("head.json")) | {"version": 7}
    head.pop("digest")
    head["digest"] = container._digest(head, parts)
    parts["head.json"] = json.dumps(head).encode()


def with_another_number(parts: dict[str, bytes]) -> None:
    numbers = bytearray(parts["float64.npy"])
    numbers[-3] ^= 1
    parts["float64.npy"] = bytes(numbers)


BAD = {
    "cut in half": (lambda file: file[: len(file) // 2], 0, "it is no run that Backflow saved, or only a part of one"),
    "of another version": (
        lambda file: rewritten(file, of_another_version), 0, "it is of version 7 of the format, and this is 1"),
    "with edited numbers": (
        lambda file: rewritten(file, with_another_number), 0,
        "its numbers do not fit its digest, so it was damaged or edited"),
    "of 200 MB": (lambda _: b"PK", 200, "A file of 201 MB refused: must be at most 32 MB"),
}  # fmt: skip


@pytest.mark.parametrize(("damage", "megabytes", "sentence"), BAD.values(), ids=BAD)
def test_a_bad_file_is_refused_in_a_sentence_and_the_run_goes_on(
    damage: Callable[[bytes], bytes], megabytes: int, sentence: str, instrument: Instrument
) -> None:
    instrument.take_steps(4)
    before = instrument.read()
    instrument.page.evaluate(DROP, [list(damage(saved())), megabytes])
    expect(instrument.sentence).to_contain_text(sentence)
    expect(instrument.sentence).to_contain_text("Nothing was changed.")
    after = instrument.read()
    assert [after[name] for name in ("step", "loss", "spec")] == [before[name] for name in ("step", "loss", "spec")]
    instrument.take_steps(1)
    expect(instrument.button("Undo")).to_be_disabled()


# In one go: the page sets the slider itself as well.
MOVE = """(slider, [step, most]) => {
  Object.assign(slider, {max: most, value: step});
  slider.dispatchEvent(new Event("input", {bubbles: true}));
}"""


def test_of_a_step_that_there_is_not_the_timeline_shows_the_nearest_that_there_is(instrument: Instrument) -> None:
    instrument.take_steps(6)
    slider = instrument.page.get_by_role("slider", name="Step that is shown")
    for asked, most, shown in ((4, 6, 4), (5000, 6, 6), (-5, 6, 0), (60, 90, 6)):  # the last on a stale timeline
        slider.evaluate(MOVE, [asked, most])
        instrument.wait(f"b.step === {shown}")
    instrument.take_steps(1)
