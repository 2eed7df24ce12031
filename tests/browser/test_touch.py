"""Hands: what is pressed is 32 pixels high, 44 for fingers, and what has a key can be tapped somewhere as well."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import FAULTS
from tests.browser.instrument import Instrument
from tests.browser.test_compare import compare
from tests.browser.test_matrix import IN_THEMES, OPEN
from tests.browser.test_open import POPOVERS, SHOW, pin_a_unit, sicken
from tests.serving import Playground

# What is pressed and lower than that: a control, or the label or the row around it that is pressed as well, or what
# stands around it unseen. A verdict's mark leads where More does, which is as high.
SMALL = """(least) => [...document.querySelectorAll("button, select, input, summary")]
  .filter((each) => each.checkVisibility({visibilityProperty: true, opacityProperty: true}))
  .filter((each) => !each.matches(".verdict-mark, [type=file]"))
  .map((each) => each.closest("label.check, .switch label, .choices label, label.stack, label.row, .demo-row") ?? each)
  .map((each) => [each.outerHTML.slice(0, 90), Math.max(each.getBoundingClientRect().height,
    parseFloat(getComputedStyle(each, "::before").height) || 0)])
  .filter(([, height]) => height < least - 0.5)"""
FINGER, MOUSE = 44, 32

HELD = ["light"]  # what is held in a hand needs no projector's letters


@pytest.fixture(params=[(820, 1180), (390, 844), (1180, 820)], ids=["tablet", "telephone", "tablet held across"])
def touched(request: pytest.FixtureRequest, browser: Browser, server: Playground) -> Iterator[Instrument]:
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height}, has_touch=True, is_mobile=True)
    context.add_init_script(path=FAULTS)
    instrument = Instrument(context.new_page(), server.address)
    instrument.page.emulate_media(reduced_motion="reduce")
    instrument.open()
    yield instrument
    instrument.leave_idle()
    context.close()


def inspect(instrument: Instrument) -> None:
    pin_a_unit(instrument)
    instrument.button("Where does it come from?").tap()
    instrument.page.locator("#drawer-inspector .terms .link").first.wait_for()


def walk(instrument: Instrument) -> None:
    instrument.button("View").tap()
    instrument.page.locator("#show-walk").tap()
    instrument.button("Next stage").wait_for()


def test_what_a_finger_presses_is_44_pixels_high(touched: Instrument) -> None:
    page = touched.page
    small = {"at first": page.evaluate(SMALL, FINGER)}
    sheet = touched.button("Data and training")
    if sheet.is_visible():
        sheet.tap()
        small["the sheet"] = page.evaluate(SMALL, FINGER)
        sheet.tap()
    states: dict[str, Callable[[], object]] = {
        "a layer's card": touched.button("Layer 1").tap,
        "the inspector": lambda: (page.keyboard.press("Escape"), inspect(touched)),
        "distributions": touched.button("Distributions").tap,
        "flow": touched.button("Gradient flow").tap,
        "a walk": lambda: (page.keyboard.press("Escape"), page.keyboard.press("Escape"), walk(touched)),
        "a verdict": lambda: (touched.button("End").tap(), sicken(touched, 6)),
    }
    for name, reach in states.items():
        reach()
        small[name] = page.evaluate(SMALL, FINGER)
    for panel in POPOVERS:
        page.evaluate(SHOW, panel)
        small[panel] = page.evaluate(SMALL, FINGER)
        page.evaluate("(id) => document.getElementById(id).hidePopover()", panel)
    assert {name: each for name, each in small.items() if each} == {}


@pytest.mark.parametrize("still", [(1280, 720), (820, 1180)], indirect=True, ids=["1280 x 720", "820 x 1180"])
def test_what_a_mouse_presses_is_32_pixels_high(still: Instrument) -> None:
    page = still.page
    small = {"at first": page.evaluate(SMALL, MOUSE)}
    for layers in (6, 10, 20):
        page.evaluate(OPEN, [layers, 8])
        small[f"{layers} layers"] = page.evaluate(SMALL, MOUSE)
    for tab in ("Distributions", "Gradient flow", "Inspector"):
        still.button(tab).click()
        small[tab] = page.evaluate(SMALL, MOUSE)
    page.keyboard.press("Escape")
    pin_a_unit(still)
    small["a unit's card"] = page.evaluate(SMALL, MOUSE)
    page.keyboard.press("Escape")
    still.button("Layer 1").click()
    small["a layer's card"] = page.evaluate(SMALL, MOUSE)
    page.keyboard.press("Escape")
    still.button("Walk").click()
    still.button("Next stage").wait_for()
    small["a walk"] = page.evaluate(SMALL, MOUSE)
    still.button("End").click()
    sicken(still, 6)
    small["a verdict"] = page.evaluate(SMALL, MOUSE)
    compare(still, "Activation", "tanh")
    small["two lanes"] = page.evaluate(SMALL, MOUSE)
    for panel in POPOVERS:
        page.evaluate(SHOW, panel)
        small[panel] = page.evaluate(SMALL, MOUSE)
        page.evaluate("(id) => document.getElementById(id).hidePopover()", panel)
    assert {name: each for name, each in small.items() if each} == {}


def test_nothing_is_cut_off_and_nothing_overlaps_where_controls_are_made_for_fingers(touched: Instrument) -> None:
    found = {"at first": touched.page.evaluate(IN_THEMES, HELD)}
    for layers in (6, 20):
        touched.page.evaluate(OPEN, [layers, 8])
        found[f"{layers} layers"] = touched.page.evaluate(IN_THEMES, HELD)
    sicken(touched, 6)
    found["a verdict"] = touched.page.evaluate(IN_THEMES, HELD)
    assert {name: each for name, each in found.items() if each} == {}


def test_a_walk_begins_by_touch_alone_with_one_lane_and_with_two(touched: Instrument) -> None:
    for _ in range(2):
        walk(touched)
        touched.button("Next stage").tap()
        expect(touched.page.locator("#walk-stages [aria-current]")).to_have_accessible_name("Forward 1")
        touched.button("End").tap()
        expect(touched.page.locator("#walk-bar")).to_be_hidden()
        compare(touched, "Activation", "sigmoid")
    touched.button("Play").tap()
    touched.wait("b.step > 0")


def test_a_page_that_is_touched_speaks_of_what_can_be_tapped_and_of_no_keys(touched: Instrument) -> None:
    expect(touched.sentence).to_contain_text("Press Play: a 2-4-2-1 network begins to learn.")
    expect(touched.page.locator(".loss-empty")).to_have_text("Press Play; the loss appears here.")
