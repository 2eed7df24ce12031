"""axe finds nothing serious or critical in any theme: in windows of all kinds, and whatever is open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.browser.instrument import Instrument
from tests.browser.test_compare import compare
from tests.browser.test_layouts import deepen
from tests.browser.test_matrix import THEMES
from tests.browser.test_open import OPENED, POPOVERS, SHOW, blow_up, own_data, pin_a_unit, sicken

AXE = Path("node_modules/axe-core/axe.min.js")
# In each theme, once what fades has faded: by the states of animations and not by their promises, since that of a
# transition in a closed group, which is not rendered, is never kept. Of what is open where something is, of the whole
# page where nothing is: all rules in the first theme; in the others those that colours and sizes of letters can break.
OPEN = "dialog[open], [popover]:popover-open, #drawer:not([hidden]), #numbers:not(.hidden)"
RUN = """async ([themes, opened]) => {
  const found = {};
  const isFading = ({playState}) => playState === "running";
  for (const theme of themes) {
    const first = theme === themes[0];
    document.querySelector(`[name=theme][value=${theme}]`).click();
    do await new Promise(requestAnimationFrame);
    while (document.documentElement.dataset.theme !== theme || document.getAnimations().some(isFading));
    const {violations} = await axe.run(document.querySelector(opened) ?? document, {
      resultTypes: ["violations"],
      preload: false,
      ...(first ? {} : {runOnly: ["color-contrast", "scrollable-region-focusable"]}),
    });
    const grave = violations.filter(({impact}) => impact === "serious" || impact === "critical");
    if (grave.length === 0) continue;
    const told = ({html, failureSummary}) => `${html.slice(0, 120)} ${failureSummary}`;
    found[theme] = grave.map(({id, nodes}) => [id, ...nodes.map(told)]);
  }
  return found;
}"""
SIZES = {"tablet": (820, 1180), "telephone": (390, 844), "desk": (1280, 720)}


def faults(instrument: Instrument) -> Any:
    """What axe finds in each theme; nothing in those that are not named."""
    if not instrument.page.evaluate("'axe' in window"):
        instrument.page.evaluate(AXE.read_text("utf-8"))
    return instrument.page.evaluate(RUN, [THEMES, OPEN])


def key(*names: str) -> Callable[[Instrument], None]:
    """Keys that the page itself hears, whatever had the focus before."""
    def press(instrument: Instrument) -> None:
        instrument.page.evaluate("document.activeElement.blur()")
        for name in names:
            instrument.page.keyboard.press(name)
    return press


def click(name: str) -> Callable[[Instrument], None]:
    return lambda instrument: instrument.button(name).click()


def look_back(instrument: Instrument) -> None:
    key("Escape", "a")(instrument)
    instrument.button("Back to the present").wait_for()


def deepen_the_present(instrument: Instrument) -> None:
    instrument.button("Back to the present").click()
    deepen(instrument, 20)


def compare_two(instrument: Instrument) -> None:
    key("b", "t")(instrument)
    compare(instrument, "Activation", "sigmoid")


def test_axe_finds_nothing_in_any_theme_and_layout(instrument: Instrument) -> None:
    found = {}
    for layout, (width, height) in SIZES.items():
        instrument.page.set_viewport_size({"width": width, "height": height})
        found[layout] = faults(instrument)
        if layout != "desk":
            instrument.button("Data and training").click()
            found[f"{layout}, the sheet open"] = faults(instrument)
            instrument.button("Data and training").click()
    assert {name: each for name, each in found.items() if each} == {}


def test_axe_finds_nothing_in_a_dialog_a_card_or_a_menu(instrument: Instrument) -> None:
    page = instrument.page
    found = {}
    for name, reach in OPENED.items():
        reach(instrument)
        found[name] = faults(instrument)
        page.keyboard.press("Escape")
    for panel in POPOVERS:
        page.evaluate(SHOW, panel)
        found[panel] = faults(instrument)
        page.evaluate("(id) => document.getElementById(id).hidePopover()", panel)
    instrument.type_into(instrument.learning_rate, "-1")
    found["a refusal"] = faults(instrument)
    own_data(instrument)
    page.get_by_role("tab", name="Draw points", exact=True).click()
    instrument.button("Start with an empty plane").click()
    found["drawing points"] = faults(instrument)
    assert {name: each for name, each in found.items() if each} == {}


def test_axe_finds_nothing_in_the_drawer_a_walk_or_among_lanes(instrument: Instrument) -> None:
    pin_a_unit(instrument)
    states: dict[str, Callable[[Instrument], None]] = {
        "inspector": key("i"),
        "distributions": click("Distributions"),
        "flow": click("Gradient flow"),
        "walk": key("Escape", "Escape", "w"),
        "walk, a layer": key("n"),
        "walk, its formulas": key("i"),
        "numbers": key("Escape", "Escape", "t"),
        "blank": key("b"),
        "two lanes": compare_two,
        "three lanes": lambda page: compare(page, "Optimizer", "adam"),
    }
    found = {}
    for name, reach in states.items():
        reach(instrument)
        found[name] = faults(instrument)
    assert {name: each for name, each in found.items() if each} == {}


def test_axe_finds_nothing_where_something_is_wrong_or_runs(instrument: Instrument) -> None:
    states: dict[str, Callable[[Instrument], None]] = {
        "a verdict": lambda page: sicken(page, 6),
        "what helps": click("More"),
        "a past step": look_back,
        "deep": deepen_the_present,
        "playing": key(" "),
        "stopped": blow_up,
        "autopsy": click("What happened?"),
    }
    found = {}
    for name, reach in states.items():
        reach(instrument)
        found[name] = faults(instrument)
    assert {name: each for name, each in found.items() if each} == {}
