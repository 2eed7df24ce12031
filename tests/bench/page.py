"""The page, open in a headless Chromium that draws in software, against a server on the same machine.

A figure is the median of several runs. The window is as large as that in which the TensorFlow Playground was measured.
"""

from __future__ import annotations

import os
import statistics
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from tests.bench.rows import Row, at_least, at_most
from tests.serving import Playground, playground
from tools import chromium

SIZE = {"width": 1400, "height": 850}
RUNS = 3
WARM_UP_MS = 3_000
WINDOW_MS = 5_000
MEMORY_WARM_UP_MS = 20_000  # until the exact part of the series is full, and buckets begin
MEMORY_MS = 60_000
FLAT_MB = 2  # what buffers that are not full yet may make of a difference
MAX_PACE = "max"

FIRST_PICTURE = """() => {
  const look = () => {
    if (window.backflow?.framesDrawn >= 1) globalThis.firstPicture = performance.now();
    else requestAnimationFrame(look);
  };
  look();
}"""
COUNTS = "() => [performance.now(), window.backflow.framesDrawn, window.backflow.step]"
LINK = """async (units) => {
  const {encodeAddress} = await import("/static/address.js");
  const {defaults} = await (await fetch("/api/catalog")).json();
  const spec = structuredClone(defaults);
  spec.network.hidden = units.map((count) => ({...defaults.network.hidden[0], units: count}));
  return "#" + encodeAddress(spec, defaults);
}"""


@contextmanager
def pages(browser: Browser, server: Playground, fragment: str = "") -> Iterator[Page]:
    """The page in a browser that never saw it before, its first picture drawn."""
    context = browser.new_context(viewport=SIZE)
    context.add_init_script(f"({FIRST_PICTURE})()")
    page = context.new_page()
    page.goto(f"{server.address}/{fragment}")
    page.wait_for_function("() => globalThis.firstPicture")
    yield page
    context.close()


def play(page: Page) -> None:
    page.get_by_role("combobox", name="Pace, steps a second").select_option(MAX_PACE)
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_timeout(WARM_UP_MS)


def rates(page: Page) -> tuple[float, float]:
    """Pictures and steps a second over `WINDOW_MS`."""
    start, pictures, steps = page.evaluate(COUNTS)
    page.wait_for_timeout(WINDOW_MS)
    end, more_pictures, more_steps = page.evaluate(COUNTS)
    seconds = (end - start) / 1000
    return (more_pictures - pictures) / seconds, (more_steps - steps) / seconds


def link(browser: Browser, server: Playground, units: list[int]) -> str:
    """The configuration of a network with these hidden layers, as it stands in an address."""
    with pages(browser, server) as page:
        return str(page.evaluate(LINK, units))


def drawing(browser: Browser, server: Playground, what: str, fragment: str,
            pictures: float, steps: float) -> Iterator[Row]:
    measured = []
    for _ in range(RUNS):
        with pages(browser, server, fragment) as page:
            play(page)
            measured.append(rates(page))
    seen, trained = (statistics.median(column) for column in zip(*measured, strict=True))
    yield at_least(f"page open, {what}: pictures", seen, pictures, "a second")
    yield at_least(f"page open, {what}: training meanwhile", trained, steps, "steps a second")


def first_picture(browser: Browser, server: Playground) -> Row:
    times = []
    for _ in range(2 * RUNS + 1):
        with pages(browser, server) as page:
            times.append(page.evaluate("() => globalThis.firstPicture") / 1000)
    return at_most("page to first drawn picture, loopback", statistics.median(times), 0.7, "s")


def heap(session: CDPSession) -> float:
    """What the page's JavaScript holds after a collection, in MB."""
    session.send("HeapProfiler.collectGarbage")
    return float(session.send("Runtime.getHeapUsage")["usedSize"]) / 1e6


def memory(browser: Browser, server: Playground) -> Row:
    with pages(browser, server) as page:
        session = page.context.new_cdp_session(page)
        play(page)
        page.wait_for_timeout(MEMORY_WARM_UP_MS)
        before = heap(session)
        page.wait_for_timeout(MEMORY_MS)
        after = heap(session)
    what = f"page's memory gained in {MEMORY_MS / 1000:.0f} s at full pace"
    return at_most(what, max(0.0, after - before), FLAT_MB, "MB", f"of {after:.1f} MB")


def rows() -> Iterator[Row]:
    path = chromium.find_or_install()
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright, playground() as server:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        yield first_picture(browser, server)
        yield from drawing(browser, server, "default network", "", 30, 10_000)
        yield from drawing(browser, server, "6 hidden layers of 8", link(browser, server, [8] * 6), 25, 5_000)
        yield memory(browser, server)
        browser.close()
