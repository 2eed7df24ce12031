"""A real server and a real Chromium; a page whose console stays empty, or the test fails."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, sync_playwright

from tests.browser.instrument import Instrument
from tests.serving import Playground, playground
from tools import chromium

PATIENCE_MS = 20_000
SIZE = {"width": 1280, "height": 720}
LAYOUTS = [(1280, 720), (1280, 600), (1920, 1080), (820, 1180), (390, 844)]
FAULTS = Path(__file__).with_name("layout_faults.js")
REPORT_VIOLATIONS = """addEventListener("securitypolicyviolation", ({violatedDirective, blockedURI}) =>
    console.error(`content security policy: ${violatedDirective} ${blockedURI}`))"""


@pytest.fixture(scope="session")
def server() -> Iterator[Playground]:
    with playground() as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or chromium.find()
    if path is None:
        pytest.fail(chromium.ADVICE)
    # Chromium's sandbox refuses to run as root, which is who runs tests in a container.
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=flags)
        yield running
        running.close()


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What pages complained of. A test that expects a complaint removes it; any other fails its test."""
    collected: list[str] = []
    yield collected
    assert collected == []


@pytest.fixture(scope="session")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """What all pages share, which is only the cache: what Backflow keeps in a browser it keeps for each tab.

    Pages are without motion, so that what is looked at stands at once where it will stand; see `moving`.
    """
    made = browser.new_context(viewport=SIZE, reduced_motion="reduce")
    made.set_default_timeout(PATIENCE_MS)
    made.add_init_script(REPORT_VIOLATIONS)
    yield made
    made.close()


@pytest.fixture
def new_page(server: Playground, context: BrowserContext, complaints: list[str]) -> Iterator[Callable[[], Instrument]]:
    """Makes pages that are not open yet, each a tab of its own. All are closed after the test."""
    made: list[Instrument] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    def make() -> Instrument:
        page = context.new_page()
        page.on("console", hear)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        made.append(Instrument(page, server.address))
        return made[-1]

    yield make
    for instrument in made:
        instrument.leave_idle()
    for page in context.pages:
        page.close()


@pytest.fixture
def instrument(new_page: Callable[[], Instrument]) -> Instrument:
    """The page, open, with its first picture drawn."""
    return new_page().open()


@pytest.fixture
def moving(new_page: Callable[[], Instrument]) -> Instrument:
    """The page as most people have it: with its pulse, and with all that glides and fades."""
    instrument = new_page()
    instrument.page.emulate_media(reduced_motion="no-preference")
    return instrument.open()


@pytest.fixture(params=LAYOUTS, ids=lambda size: "{} x {}".format(*size))
def still(request: pytest.FixtureRequest, new_page: Callable[[], Instrument]) -> Instrument:
    """The page in a window of each size."""
    instrument = new_page()
    width, height = request.param
    instrument.page.set_viewport_size({"width": width, "height": height})
    instrument.page.add_init_script(path=FAULTS)
    return instrument.open()
