"""Cards and helps: a hand lets go of them, nothing lies over them, and they come only where they were asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.conftest import PATIENCE_MS
from tests.browser.instrument import Instrument
from tests.browser.test_open import SHOW, blow_up, pin_a_layer, pin_a_unit
from tests.browser.test_sentence import THEME
from tests.serving import Playground

RESIDUAL = "document.querySelector('[data-demo=residual]:not([data-cure])').click()"
# Rows of the card whose number begins before its name ends.
WRITTEN_OVER = """() => {
  const box = (element) => {
    const range = new Range();
    range.selectNodeContents(element);
    return range.getBoundingClientRect();
  };
  return [...document.querySelectorAll("#card tr")].filter((row) => row.querySelector("td")).filter((row) => {
    const cells = [...row.children].map(box).filter(({width}) => width > 0);
    return cells.some(({right}, place) => place + 1 < cells.length && right > cells[place + 1].left);
  }).map((row) => row.textContent);
}"""
# Lines of the card that something else lies over.
COVERED = """() => [...document.querySelectorAll("#card tr, #card button, #card p")].filter((each) => {
  const {left, top, width, height} = each.getBoundingClientRect();
  return !document.elementFromPoint(left + width / 2, top + height / 2)?.closest("#card");
}).map((each) => each.textContent)"""
CANVAS = "document.getElementById('network-canvas').getBoundingClientRect().toJSON()"


@pytest.fixture(params=[(390, 844), (820, 1180), (1180, 820)], ids=["telephone", "tablet", "tablet held across"])
def held(request: pytest.FixtureRequest, browser: Browser, server: Playground) -> Iterator[Instrument]:
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height}, has_touch=True, is_mobile=True)
    context.set_default_timeout(PATIENCE_MS)
    instrument = Instrument(context.new_page(), server.address)
    instrument.page.emulate_media(reduced_motion="reduce")
    instrument.open()
    yield instrument
    context.close()


def card(instrument: Instrument) -> Locator:
    return instrument.page.locator("#card")


def close(instrument: Instrument) -> Locator:
    return card(instrument).get_by_role("button", name="Close", exact=True)


def tap_a_weight(instrument: Instrument) -> None:
    """Taps down the gap before the first layer until a weight is pinned."""
    page = instrument.page
    box = page.evaluate(CANVAS)
    for y in range(int(box["y"]) + 40, int(box["y"] + box["height"]), 10):
        page.touchscreen.tap(box["x"] + box["width"] * 0.25, y)
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        if page.locator("#card.pinned[data-kind=edge]").is_visible():
            return
    raise AssertionError("no weight lies between the inputs and the first layer")


def test_a_finger_closes_every_pinned_card_and_is_told_of_no_keys(held: Instrument) -> None:
    for pin in (pin_a_layer, pin_a_unit, tap_a_weight):
        pin(held)
        expect(card(held)).not_to_contain_text("Esc")
        expect(card(held)).not_to_contain_text("Enter")
        box = close(held).bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44
        close(held).tap()
        expect(card(held)).to_be_hidden()


def test_a_tapped_weight_is_looked_at_and_not_typed(held: Instrument) -> None:
    tap_a_weight(held)
    expect(held.entry("New weight")).not_to_be_focused()
    held.entry("New weight").tap()
    expect(held.entry("New weight")).to_be_focused()


def test_mouse_and_keyboard_close_a_pinned_card(instrument: Instrument) -> None:
    pin_a_layer(instrument)
    close(instrument).click()
    expect(card(instrument)).to_be_hidden()
    pin_a_unit(instrument)
    close(instrument).press("Enter")
    expect(card(instrument)).to_be_hidden()
    expect(instrument.page.locator("#network-canvas")).to_be_focused()  # the arrows walk on


def test_a_card_gives_way_to_what_opens_over_it(held: Instrument) -> None:
    page = held.page
    openers: list[Callable[[], object]] = [lambda: page.keyboard.press("t")]
    if page.viewport_size == {"width": 390, "height": 844}:
        openers += [held.button("Data and training").tap, lambda: page.evaluate(SHOW, "demos-panel")]
    for reach in openers:
        pin_a_layer(held)
        reach()
        expect(card(held)).to_be_hidden()
        page.reload()
        held.drawn()


def test_a_layers_card_removes_its_layer_in_words(instrument: Instrument) -> None:
    pin_a_layer(instrument)
    remove = card(instrument).get_by_role("button", name="Remove layer 1", exact=True)
    expect(remove).to_have_text("Remove layer")
    remove.click()
    instrument.wait("b.layers.length === 2")
    expect(card(instrument)).to_be_hidden()


def test_numbers_have_room_beside_their_names_however_small_they_are(instrument: Instrument) -> None:
    page = instrument.page
    page.evaluate(RESIDUAL)
    instrument.wait("b.layers.length === 21 && b.step > 20")
    instrument.pause()
    for theme in ("light", "projector"):
        page.evaluate(THEME, theme)
        page.locator("#network-canvas").focus()
        for _ in range(8):
            page.keyboard.press("ArrowRight")
        for _ in range(3):
            page.keyboard.press("ArrowRight")
            expect(card(instrument).locator(".batch td")).to_have_count(6)
            assert page.evaluate(WRITTEN_OVER) == []
        page.keyboard.press("Escape")


def test_an_open_drawer_does_not_cover_a_card(instrument: Instrument) -> None:
    page = instrument.page
    for tab, pin in (("Gradient flow", pin_a_unit), ("Distributions", pin_a_unit), ("Inspector", pin_a_layer)):
        instrument.button(tab).click()
        pin(instrument)
        assert page.evaluate(COVERED) == []
        close(instrument).click()
        instrument.button(tab).click()


def test_the_list_of_keys_opens_at_its_beginning(instrument: Instrument) -> None:
    instrument.page.keyboard.press("?")
    keys = instrument.page.locator("#keys")
    expect(keys).to_be_visible()
    assert keys.evaluate("({scrollHeight, clientHeight}) => scrollHeight > clientHeight")
    assert keys.evaluate("({scrollTop}) => scrollTop") == 0


def test_forward_values_are_not_magenta_where_a_pass_overflowed(instrument: Instrument) -> None:
    blow_up(instrument)
    instrument.button("What happened?").click()
    plot = instrument.page.locator("#autopsy svg")
    title = instrument.page.locator("#autopsy h3").first
    signal = "(mark) => getComputedStyle(mark).stroke === getComputedStyle(document.querySelector('.signal')).color"
    backward = any(word in title.inner_text() for word in ("Error signal", "Gradient", "Update"))
    assert plot.locator("g.finite").evaluate(signal) is backward


HELPED = """(name) => {
  const {x, y, width, height} = document.querySelector(`[aria-label="${name}"]`).getBoundingClientRect();
  return [x + width / 2, y + height / 2];
}"""
ADD = "document.querySelector('[aria-label=\"Add a layer after layer 1\"]').click()"
REMOVE = "document.querySelector('[aria-label=\"Remove layer 2\"]').click()"


def test_help_comes_to_what_the_pointer_moved_onto_and_goes_when_that_moves_away(moving: Instrument) -> None:
    page, help_card = moving.page, moving.page.locator("#help")
    page.evaluate(ADD)
    moving.wait("b.layers.length === 4")
    page.wait_for_timeout(400)  # it has glided there
    x, y = page.evaluate(HELPED, "Activation of layer 2")
    page.evaluate(REMOVE)
    moving.wait("b.layers.length === 3")
    page.wait_for_timeout(400)
    page.mouse.move(x, y)
    assert page.evaluate("([x, y]) => !document.elementFromPoint(x, y).closest('[data-help]')", [x, y])
    page.evaluate(ADD)
    moving.wait("b.layers.length === 4")
    page.wait_for_timeout(1200)
    assert page.evaluate("([x, y]) => document.elementFromPoint(x, y).ariaLabel", [x, y]) == "Activation of layer 2"
    expect(help_card).to_be_hidden()
    page.mouse.move(x, y + 60)
    page.mouse.move(x, y)
    expect(help_card).to_be_visible()
    page.evaluate(REMOVE)
    expect(help_card).to_be_hidden()
