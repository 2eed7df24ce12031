"""The keyboard and a screen reader reach what the eye sees."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.instrument import Instrument


def test_one_tab_enters_the_network_and_the_next_leaves_it(instrument: Instrument) -> None:
    canvas = instrument.page.locator("#network-canvas")
    canvas.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        instrument.page.keyboard.press(key)
    expect(canvas).to_be_focused()
    instrument.page.keyboard.press("Tab")
    expect(canvas).not_to_be_focused()
    instrument.page.keyboard.press("Shift+Tab")
    expect(canvas).to_be_focused()


def test_what_is_walked_to_is_said(instrument: Instrument) -> None:
    instrument.page.locator("#network-canvas").focus()
    for key in ("ArrowRight", "ArrowRight"):
        instrument.page.keyboard.press(key)
    spoken = instrument.page.locator("#walked")
    expect(spoken).to_contain_text("Unit 1.2, tanh: bias")
    instrument.page.keyboard.press("ArrowDown")
    expect(spoken).to_contain_text("Unit 1.3, tanh: bias")


def test_the_numbers_of_the_network_stand_in_a_table(instrument: Instrument) -> None:
    table = instrument.page.get_by_role("table", name="Numbers of the network")
    rows = table.get_by_role("row")
    expect(rows).to_have_count(1 + 3 + 7)
    layer = instrument.read()["layers"][0]
    expect(rows.nth(1)).to_contain_text("Layer 1")
    expect(rows.nth(1)).to_contain_text(f"{layer['deltaRms']:.3g}")
    instrument.page.keyboard.press("t")
    expect(instrument.page.locator("#close-numbers")).to_be_visible()
    box = instrument.page.locator("#numbers").bounding_box()
    assert box is not None
    assert box["width"] > 300


def test_a_change_of_status_is_announced(instrument: Instrument) -> None:
    said = instrument.page.locator("#announcements")
    instrument.play()
    expect(said).to_have_text("Playing")
    instrument.pause()
    expect(said).to_contain_text("Paused at step")
