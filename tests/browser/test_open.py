"""Nothing is cut off and nothing overlaps whatever is open: menus, dialogs, cards, and what is said of an ill run."""

from __future__ import annotations

from collections.abc import Callable

from tests.browser.instrument import Instrument
from tests.browser.test_matrix import OPEN, faults
from tests.browser.test_own_data import TREES

SHOW = "(id) => document.getElementById(id).showPopover()"
POPOVERS = ("demos-panel", "share-panel", "view-panel", "history-panel", "confusion-panel")


def own_data(instrument: Instrument) -> None:
    # Its button lies in a sheet where the window is narrow.
    instrument.page.evaluate("document.getElementById('own-data-button').click()")


def table(instrument: Instrument, text: str) -> None:
    own_data(instrument)
    instrument.page.get_by_role("tab", name="CSV", exact=True).click()
    instrument.entry("CSV").fill(text)


def pin_a_unit(instrument: Instrument) -> None:
    instrument.page.locator("#network-canvas").focus()
    for key in ("ArrowRight", "ArrowRight", "Enter"):
        instrument.page.keyboard.press(key)
    instrument.page.locator("#card.pinned").wait_for()


def pin_a_layer(instrument: Instrument) -> None:
    instrument.button("Layer 1").click()
    instrument.page.locator("#card .katex").first.wait_for()


def sicken(instrument: Instrument, layers: int) -> None:
    """A network of sigmoid layers, trained until its gradients are said to vanish: they never recover."""
    page = instrument.page
    page.evaluate(OPEN, [layers, 8, "sigmoid", "sgd"])
    instrument.pace("max")
    instrument.button("Play").click()
    instrument.wait("b.verdicts.length > 0")
    instrument.pause()


def blow_up(instrument: Instrument) -> None:
    """The demo whose numbers overflow, run until it stops."""
    instrument.page.evaluate("document.querySelector('[data-demo=exploding]:not([data-cure])').click()")
    instrument.wait("b.layers.length === 11 && b.step === 0")
    instrument.button("Play").click()
    instrument.wait("b.status === 'diverged'")


def key(name: str) -> Callable[[Instrument], None]:
    return lambda instrument: instrument.page.keyboard.press(name)


OPENED: dict[str, Callable[[Instrument], None]] = {
    "keys": key("?"),
    "compare": key("c"),
    "own data": own_data,
    "own data as CSV": lambda instrument: table(instrument, TREES),
    "a wrong CSV": lambda instrument: table(instrument, "a,b\n1,2\n3"),
    "a layer's card": pin_a_layer,
    "a unit's card": pin_a_unit,
}
TOGGLED = {"drawer": "d", "numbers": "t", "blank": "b"}


def test_nothing_is_cut_off_and_nothing_overlaps_whatever_is_open(still: Instrument) -> None:
    page = still.page
    found = {}
    for panel in POPOVERS:
        page.evaluate(SHOW, panel)
        found[panel] = faults(still)
        page.evaluate("(id) => document.getElementById(id).hidePopover()", panel)
    for name, reach in OPENED.items():
        reach(still)
        found[name] = faults(still)
        page.keyboard.press("Escape")
    for name, letter in TOGGLED.items():
        page.keyboard.press(letter)
        found[name] = faults(still)
        page.keyboard.press(letter)
    own_data(still)
    page.get_by_role("tab", name="Draw points", exact=True).click()
    still.button("Start with an empty plane").click()
    found["drawing points"] = faults(still)
    assert {name: each for name, each in found.items() if each} == {}


def test_nothing_is_cut_off_and_nothing_overlaps_where_something_is_wrong(still: Instrument) -> None:
    found = {}
    for layers in (64, 6):
        sicken(still, layers)
        found[f"{layers} vanishing layers"] = faults(still)
    still.page.evaluate(SHOW, "verdict-panel")
    found["what helps"] = faults(still)
    still.page.evaluate("document.getElementById('verdict-panel').hidePopover()")
    blow_up(still)
    found["stopped"] = faults(still)
    still.button("What happened?").click()
    found["autopsy"] = faults(still)
    assert {name: each for name, each in found.items() if each} == {}
