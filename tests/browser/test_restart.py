"""The server is killed and started again under an open page: the page waits, and its session goes on."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from playwright.sync_api import expect

from tests.browser.instrument import Instrument
from tests.browser.test_timeline import drag_to
from tests.kept import last_written
from tests.serving import playground

NEXT_FRAME = "() => new Promise((done) => requestAnimationFrame(() => done()))"


def wait_until_kept(page: Instrument, folder: Path) -> None:
    """Until three files were written: the first may be of before, and the last may be under way."""
    for pace in ("1", "60", "240"):
        before = last_written(folder)
        page.pace(pace)
        while last_written(folder) <= before:
            page.page.evaluate(NEXT_FRAME)


def test_a_server_that_is_killed_and_started_again_is_gone_on_with_by_the_page_that_waited(
    new_page: Callable[[], Instrument], complaints: list[str], tmp_path: Path
) -> None:
    page = new_page()
    with playground(flags=("--port", "0", "--data-dir", str(tmp_path))) as server:
        page.address = server.address
        page.open()
        page.take_steps(130)
        page.type_into(page.learning_rate, "0.1")
        page.take_steps(20)
        drag_to(page, 120)
        page.button("Continue from here").click()
        page.take_steps(5)
        assert page.step == 125
        weights = page.weights
        wait_until_kept(page, tmp_path)
        server.process.send_signal(signal.SIGKILL)
        server.process.wait(20)
        expect(page.sentence).to_contain_text("Reconnecting")
    port = str(urlsplit(server.address).port)
    with playground(flags=("--port", port, "--data-dir", str(tmp_path))):
        page.wait("b.status === 'paused' && b.step === 125")
        for now, then in zip(page.weights, weights, strict=True):
            assert np.array_equal(now, then)
        drag_to(page, 60)
        page.button("Back to the present").click()
        page.wait("b.step === 125")
        page.button("Changes and branches").click()
        panel = page.page.get_by_role("dialog", name="Changes and branches")
        panel.get_by_role("button", name="Return to: Learning rate 0.03 → 0.1").click()
        page.wait("b.step === 150")
        page.page.keyboard.press("Escape")
        for step in (125, 150):
            page.page.keyboard.press("Control+z")
            page.wait(f"b.step === {step}")
        page.page.keyboard.press("Control+z")
        page.wait("b.step === 130 && b.spec.training.learning_rate === 0.03")
        page.take_steps(2)
        page.page.goto("about:blank")
    assert all("ERR_CONNECTION_REFUSED" in each or "WebSocket" in each for each in complaints)
    complaints.clear()


def test_a_data_directory_that_another_server_uses_is_said_in_the_page(
    new_page: Callable[[], Instrument], tmp_path: Path
) -> None:
    flags = ("--port", "0", "--data-dir", str(tmp_path))
    with playground(flags=flags) as first, playground(flags=flags) as second:
        page = new_page()
        page.address = second.address
        page.open()
        expect(page.sentence).to_contain_text("another server uses it; choose another directory with --data-dir")
        page.take_steps(3)
        other = new_page()
        other.address = first.address
        other.open().take_steps(2)
        expect(other.sentence).not_to_contain_text("another server")
        for each in (page, other):
            each.page.goto("about:blank")
