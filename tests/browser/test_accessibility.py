"""axe finds nothing serious or critical; the keyboard and a screen reader reach what the eye sees."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.instrument import Instrument
from tests.browser.test_layouts import deepen

AXE = Path("node_modules/axe-core/axe.min.js")
RUN = """async () => {
  const {violations} = await axe.run(document, {resultTypes: ["violations"]});
  return violations.filter(({impact}) => impact === "serious" || impact === "critical")
    .map(({id, nodes}) => [id, ...nodes.map(({html, failureSummary}) => `${html.slice(0, 120)} ${failureSummary}`)]);
}"""
SIZES = {"desk": (1280, 720), "tablet": (820, 1180), "telephone": (390, 844)}


def faults(instrument: Instrument) -> Any:
    """What axe finds, once what fades has faded."""
    instrument.page.evaluate("Promise.all(document.getAnimations().map(({finished}) => finished.catch(() => null)))")
    if not instrument.page.evaluate("'axe' in window"):
        instrument.page.evaluate(AXE.read_text("utf-8"))
    return instrument.page.evaluate(RUN)


def choose(instrument: Instrument, theme: str) -> None:
    instrument.button("View").click()
    instrument.page.get_by_role("radio", name=theme, exact=True).check()
    instrument.page.keyboard.press("Escape")


@pytest.mark.parametrize("theme", ["Light", "Dark", "Projector"])
def test_axe_finds_nothing_in_any_theme_and_layout(theme: str, instrument: Instrument) -> None:
    choose(instrument, theme)
    for layout, (width, height) in SIZES.items():
        instrument.page.set_viewport_size({"width": width, "height": height})
        assert faults(instrument) == [], layout
        if layout != "desk":
            instrument.button("Data and training").click()
            assert faults(instrument) == [], f"{layout}, the sheet open"
            instrument.button("Data and training").click()


def vanish(instrument: Instrument) -> None:
    """The vanishing demo, paused when its verdict is there."""
    instrument.button("Demos").click()
    instrument.page.locator("#demos-panel").get_by_role("button", name="Vanishing", exact=True).click()
    instrument.pace("max")
    instrument.wait("b.verdicts.length > 0")
    instrument.pause()


def test_axe_finds_nothing_in_any_state(instrument: Instrument) -> None:
    page = instrument.page
    states: dict[str, Callable[[], object]] = {
        "a card is pinned": lambda: instrument.button("Layer 1").click(),
        "a refusal": lambda: instrument.type_into(instrument.learning_rate, "-1"),
        "confusion matrix": lambda: instrument.button("Confusion matrix").click(),
        "demos": lambda: instrument.button("Demos").click(),
        "share": lambda: instrument.button("Share").click(),
        "view": lambda: instrument.button("View").click(),
        "a verdict": lambda: (page.keyboard.press("Escape"), vanish(instrument)),
        "what helps": lambda: instrument.button("More").click(),
        "deep": lambda: (page.keyboard.press("Escape"), deepen(instrument, 20)),
        "numbers": lambda: page.keyboard.press("t"),
        "blank": lambda: page.keyboard.press("b"),
        "keys": lambda: (page.keyboard.press("b"), page.keyboard.press("?")),
        "playing": lambda: (page.keyboard.press("Escape"), page.keyboard.press(" ")),
    }
    found = {}
    for name, reach in states.items():
        reach()
        found[name] = faults(instrument)
    assert {name: each for name, each in found.items() if each} == {}


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
    box = instrument.page.locator("#numbers").bounding_box()
    assert box is not None
    assert box["width"] > 300


def test_a_change_of_status_is_announced(instrument: Instrument) -> None:
    said = instrument.page.locator("#announcements")
    instrument.play()
    expect(said).to_have_text("Playing")
    instrument.pause()
    expect(said).to_contain_text("Paused at step")
