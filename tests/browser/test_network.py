"""The network itself: what lies under the pointer says its numbers, and takes others."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.instrument import Instrument

TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def card(instrument: Instrument) -> Locator:
    return instrument.page.locator("#card")


def find_edge(instrument: Instrument) -> tuple[float, float]:
    """A place on the canvas where a weight lies: the pointer goes down between two columns until the card names one."""
    box = instrument.page.locator("#network-canvas").bounding_box()
    assert box is not None
    x = box["x"] + box["width"] * 0.3
    for y in range(int(box["y"]) + 20, int(box["y"] + box["height"]) - 20, 6):
        instrument.page.mouse.move(x, y)
        found = instrument.page.evaluate("""() => new Promise((resolve) => setTimeout(() =>
            resolve(document.getElementById("card").innerText.includes("→")), 200))""")
        if found:
            return x, y
    raise AssertionError("no weight lies under the pointer between the first two columns")


def test_a_weight_under_the_pointer_tells_its_exact_numbers(instrument: Instrument) -> None:
    find_edge(instrument)
    text = card(instrument).inner_text()
    for name in ("weight", "gradient", "update"):
        assert name in text


def test_a_typed_weight_is_applied_and_nothing_else_changes(instrument: Instrument) -> None:
    before, loss = instrument.weights, instrument.read()["loss"]
    instrument.page.mouse.click(*find_edge(instrument))
    entry = instrument.entry("New weight")
    expect(entry).to_be_focused()
    instrument.type_into(entry, "-1.25")
    instrument.wait("b.layers.some(({weights}) => weights.flat().includes(-1.25))")
    changed = [(old != new).sum() for old, new in zip(before, instrument.weights, strict=True)]
    assert sorted(changed) == [0, 0, 1]
    assert instrument.step == 0
    assert instrument.read()["loss"] != loss


def test_the_keyboard_walks_the_network_and_types_a_bias(instrument: Instrument) -> None:
    instrument.page.locator("#network-canvas").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "Enter"):
        instrument.page.keyboard.press(key)
    instrument.type_into(instrument.entry("New bias"), "0.75")
    instrument.wait("b.layers.some(({biases}) => biases.includes(0.75))")
    instrument.page.keyboard.press("Escape")
    expect(card(instrument)).to_be_hidden()


@pytest.mark.parametrize("view", ["Gradients", "Updates"])
def test_the_edges_can_show(view: str, instrument: Instrument) -> None:
    canvas = instrument.page.locator("#network-canvas")
    weights = canvas.screenshot()
    instrument.page.get_by_role("radio", name=view, exact=True).check(force=True)
    instrument.page.evaluate(TWO_FRAMES)
    assert canvas.screenshot() != weights


def test_l_changes_the_scale_of_the_strip(instrument: Instrument) -> None:
    scale = instrument.page.get_by_role("radio", name="true", exact=True)
    expect(scale).not_to_be_checked()
    instrument.page.keyboard.press("l")
    expect(scale).to_be_checked()
