"""A configuration goes from one page to another: as a link, as a picture of it, whatever host it came from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.instrument import Instrument
from tests.serving import Playground, playground


@pytest.fixture(scope="module")
def open_server() -> Iterator[Playground]:
    """A server that listens beyond this machine."""
    with playground(flags=("--port", "0", "--host", "0.0.0.0", "--hosts", "1")) as running:
        yield running


def test_a_link_opens_the_same_configuration_elsewhere(new_page: Callable[[], Instrument]) -> None:
    giver = new_page().open()
    giver.menu("Optimizer").select_option("adam")
    giver.wait("b.spec.training.optimizer === 'adam' && location.hash.includes('adam')")
    giver.button("Share").click()
    link = giver.page.url
    expect(giver.entry("Link")).to_have_value(link)
    taker = new_page().open()
    taker.button("Share").click()
    taker.type_into(taker.entry("Link to open"), re.sub("^http://[^/]*", "https://elsewhere.example", link))
    taker.wait("b.spec.training.optimizer === 'adam'")
    assert taker.spec == giver.spec
    expect(taker.page.locator("#share-panel")).to_be_hidden()


WRONG_LINKS = {
    "https://example.org/": "holds no configuration",
    "https://example.org/#v=1&seed=7&check=abc": "damaged",
    "https://example.org/#v=1": "incomplete",
}


def test_a_link_that_cannot_be_opened_is_explained_beside_it(instrument: Instrument) -> None:
    instrument.button("Share").click()
    before = instrument.spec
    for link, why in WRONG_LINKS.items():
        instrument.type_into(instrument.entry("Link to open"), link)
        expect(instrument.page.get_by_role("alert")).to_contain_text(why)
    assert instrument.spec == before


def test_there_is_no_code_where_no_other_machine_could_follow_it(instrument: Instrument) -> None:
    instrument.button("Share").click()
    expect(instrument.page.locator("#share-note")).not_to_be_empty()
    expect(instrument.page.locator("#share-code")).to_be_hidden()


def test_a_code_shows_the_address_in_the_network(
        open_server: Playground, context: BrowserContext) -> None:
    page = context.new_page()
    instrument = Instrument(page, open_server.address).open()
    told = instrument.page.locator("#share-panel").get_attribute("data-address")
    if not told:
        pytest.fail("this machine has no address in a network")
    instrument.button("Share").click()
    expect(instrument.page.get_by_role("img", name="QR code of the link")).to_be_visible()
    expect(instrument.page.locator("#share-address")).to_have_text(f"{told}/")
    assert instrument.entry("Link").input_value().startswith(f"{told}/#v=1")
    page.close()
