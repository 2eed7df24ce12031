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
HEAP_LOOKS = 5
HEAP_PAUSE_MS = 300
FLAT_MB = 2  # what buffers that are not full yet may make of a difference
MAX_PACE = "max"
PLAYING_MS = 10_000
LONG_TASK_MS = 50  # shorter ones the browser does not tell of
QUIET_MS = 1_000  # without a request: everything is loaded that comes by itself
MINUTE_MS = 60_000

DEEP_AND_WIDE = (
    ("20 hidden layers of 8", [8] * 20, 25),
    ("64 hidden layers of 8", [8] * 64, 15),
    ("10 hidden layers of 128", [128] * 10, 15),
)

FIRST_PICTURE = """() => {
  const look = () => {
    if (window.backflow?.framesDrawn >= 1) globalThis.firstPicture = performance.now();
    else requestAnimationFrame(look);
  };
  look();
}"""
LONG_TASKS = """() => {
  globalThis.longTasks = [];
  new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({duration}) => duration)))
    .observe({type: "longtask"});
}"""
# Bytes of everything that was loaded, as they travelled, headers included.
WEIGHT = """() => ["navigation", "resource"].flatMap((kind) => performance.getEntriesByType(kind))
  .reduce((sum, {transferSize}) => sum + transferSize, 0)"""
COUNTS = "() => [performance.now(), window.backflow.framesDrawn, window.backflow.step]"
COMPARED = """(layers) => new Promise((resolve) => {
  const look = () => {
    const {lanes} = window.backflow;
    const drawn = lanes.length === 2 && lanes.every((lane) => lane.layers.length === layers + 1);
    if (drawn) resolve(); else requestAnimationFrame(look);
  };
  look();
})"""
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
    page.wait_for_function("() => !document.getElementById('page').ariaBusy")  # controls come after the picture
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
            pictures: float, steps: float | None = None) -> Iterator[Row]:
    """Pictures drawn a second, and steps trained meanwhile where there is a budget for them."""
    measured = []
    for _ in range(RUNS):
        with pages(browser, server, fragment) as page:
            play(page)
            measured.append(rates(page))
    seen, trained = (statistics.median(column) for column in zip(*measured, strict=True))
    yield at_least(f"page open, {what}: pictures", seen, pictures, "a second")
    if steps is not None:
        yield at_least(f"page open, {what}: training meanwhile", trained, steps, "steps a second")


def comparison(browser: Browser, server: Playground, layers: int, units: int, pictures: float) -> Row:
    """Two networks that differ in their activation, both drawn."""
    fragment = link(browser, server, [units] * layers)
    measured = []
    for _ in range(RUNS):
        with pages(browser, server, fragment) as page:
            page.wait_for_selector("#page:not([aria-busy])")
            page.get_by_role("button", name="Compare…").click()
            page.get_by_role("combobox", name="Other Activation").select_option("sigmoid")
            page.get_by_role("button", name="Compare", exact=True).click()
            page.evaluate(COMPARED, layers)
            play(page)
            measured.append(rates(page)[0])
    what = f"page open, two networks of {layers} hidden layers of {units} compared: pictures"
    return at_least(what, statistics.median(measured), pictures, "a second")


def first_picture(browser: Browser, server: Playground) -> Row:
    times = []
    for _ in range(2 * RUNS + 1):
        with pages(browser, server) as page:
            times.append(page.evaluate("() => globalThis.firstPicture") / 1000)
    return at_most("page to first drawn picture, loopback", statistics.median(times), 0.7, "s")


def longest_task(browser: Browser, server: Playground) -> Row:
    """While the default network plays at full pace, after it has been opened and started."""
    longest = []
    for _ in range(RUNS):
        with pages(browser, server) as page:
            play(page)
            page.evaluate(LONG_TASKS)
            page.wait_for_timeout(PLAYING_MS)
            longest.append(max(page.evaluate("() => longTasks"), default=0.0))
    what, worst = f"longest task of the page, default network, {PLAYING_MS / 1000:.0f} s", statistics.median(longest)
    if worst == 0:
        return Row(what, f"at most {LONG_TASK_MS} ms", f"none over {LONG_TASK_MS} ms", 1.0)
    return at_most(what, worst, LONG_TASK_MS, "ms", f"of {RUNS} runs {sum(each == 0 for each in longest)} without any")


def weight(browser: Browser, server: Playground) -> Row:
    """Of a browser that never saw the page before; formulas are typeset only where somebody asks for one."""
    with pages(browser, server) as page:
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(QUIET_MS)
        size = page.evaluate(WEIGHT)
        files = page.evaluate("() => performance.getEntriesByType('resource').length + 1")
    return at_most("page weight, before the first formula", size / 1000, 600, "kB", f"{files} files")


def heap(page: Page, session: CDPSession) -> float:
    """What the page's JavaScript holds after a collection, in MB: the least of some looks, as each also sees what is
    on its way then, up to 0.8 MB."""
    sizes = []
    for _ in range(HEAP_LOOKS):
        session.send("HeapProfiler.collectGarbage")
        sizes.append(float(session.send("Runtime.getHeapUsage")["usedSize"]) / 1e6)
        page.wait_for_timeout(HEAP_PAUSE_MS)
    return min(sizes)


def memory(browser: Browser, server: Playground) -> Row:
    with pages(browser, server) as page:
        session = page.context.new_cdp_session(page)
        play(page)
        page.wait_for_timeout(MEMORY_WARM_UP_MS)
        before = heap(page, session)
        page.wait_for_timeout(MEMORY_MS)
        after = heap(page, session)
    what = f"page's memory gained in {MEMORY_MS / 1000:.0f} s at full pace"
    return at_most(what, max(0.0, after - before), FLAT_MB, "MB", f"of {after:.1f} MB")


def endurance(browser: Browser, server: Playground) -> Row:
    """What the page's JavaScript holds after ten minutes at full pace, beside what it held after one."""
    with pages(browser, server) as page:
        session = page.context.new_cdp_session(page)
        play(page)
        page.wait_for_timeout(MINUTE_MS - WARM_UP_MS)
        first = heap(page, session)
        page.wait_for_timeout(9 * MINUTE_MS)
        last = heap(page, session)
        steps = page.evaluate("() => window.backflow.step")
    note = f"{first:.2f} and {last:.2f} MB, {steps / 1e6:.1f} million steps"
    return at_most("page's memory after ten minutes at full pace", last / first, 1.1, "× that after one", note)


@contextmanager
def opened() -> Iterator[tuple[Browser, Playground]]:
    path = chromium.find_or_install()
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright, playground() as server:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        yield browser, server
        browser.close()


def long_rows() -> Iterator[Row]:
    with opened() as (browser, server):
        yield endurance(browser, server)


def rows() -> Iterator[Row]:
    with opened() as (browser, server):
        yield weight(browser, server)
        yield first_picture(browser, server)
        yield from drawing(browser, server, "default network", "", 30, 10_000)
        yield from drawing(browser, server, "6 hidden layers of 8", link(browser, server, [8] * 6), 25, 5_000)
        for what, units, pictures in DEEP_AND_WIDE:
            yield from drawing(browser, server, what, link(browser, server, units), pictures)
        yield longest_task(browser, server)
        yield comparison(browser, server, 20, 8, 25)
        yield memory(browser, server)
