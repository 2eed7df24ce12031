"""The page in windows of all sizes, alone with its network, and blank."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.instrument import Instrument
from tests.browser.test_bad_input import LINK

DEEP = """const [layer] = spec.network.hidden;
  spec.network.hidden = Array.from({length: %d}, () => ({...structuredClone(layer), units: 2}))"""


def deepen(instrument: Instrument, layers: int) -> None:
    instrument.page.evaluate(f"async () => {{ location.hash = await ({LINK % (DEEP % layers)})(); }}")
    instrument.wait(f"b.layers.length === {layers + 1}")


def test_on_a_tablet_the_network_has_the_width_and_the_controls_a_sheet(new_page: Callable[[], Instrument]) -> None:
    instrument = new_page()
    instrument.page.set_viewport_size({"width": 820, "height": 1180})
    instrument.open()
    assert instrument.page.evaluate("document.documentElement.scrollHeight") == 1180
    box = instrument.page.locator("#network").bounding_box()
    assert box is not None
    assert box["width"] == 820
    assert box["height"] == pytest.approx(0.56 * 1180, abs=1)
    expect(instrument.menu("Optimizer")).to_be_hidden()
    instrument.button("Data and training").click()
    instrument.menu("Optimizer").select_option("adam")
    instrument.wait("b.spec.training.optimizer === 'adam'")


def test_f_gives_the_network_the_page_and_a_rail_gives_it_back(instrument: Instrument) -> None:
    output = instrument.page.locator("#output")
    instrument.page.keyboard.press("f")
    expect(output).to_be_hidden()
    rail = instrument.button("Output and loss")
    box = rail.bounding_box()
    assert box is not None
    assert box["width"] == 48
    rail.click()
    expect(output).to_be_visible()


def test_a_deep_network_has_the_page_until_it_is_told_otherwise(instrument: Instrument) -> None:
    deepen(instrument, 10)
    expect(instrument.page.locator("#output")).to_be_hidden()
    instrument.page.keyboard.press("f")
    expect(instrument.page.locator("#output")).to_be_visible()


def test_layers_alike_have_one_header_that_changes_them_all(instrument: Instrument) -> None:
    deepen(instrument, 20)
    expect(instrument.page.locator(".layer-group")).to_contain_text("1 to 20")
    instrument.menu("Activation of layers 1 to 20").select_option("relu")
    instrument.wait("b.layers.slice(0, -1).every(({activation}) => activation === 'relu')")


def test_a_number_over_a_column_opens_the_card_of_its_layer(instrument: Instrument) -> None:
    deepen(instrument, 8)
    instrument.button("Layer 3").click()
    card = instrument.page.locator("#card")
    expect(card).to_contain_text("Layer 3, 2 units")
    card.get_by_role("button", name="Add a unit to layer 3", exact=True).click()
    instrument.wait("b.layers[2].units === 3")


def test_b_blanks_the_page_and_any_click_brings_it_back(instrument: Instrument) -> None:
    blank = instrument.page.locator("#blank")
    instrument.page.keyboard.press("b")
    expect(blank).to_be_visible()
    instrument.page.mouse.click(600, 400)
    expect(blank).to_be_hidden()
    instrument.page.keyboard.press("b")
    instrument.page.keyboard.press("Escape")
    expect(blank).to_be_hidden()
