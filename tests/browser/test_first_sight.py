"""What is there when the page opens."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from playwright.sync_api import Route

from tests.browser.instrument import CANVASES, Instrument

SIZES = [(1280, 720), (1280, 600), (1920, 1080)]
EXTENT = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"

NAMELESS = """() => [...document.querySelectorAll("button, input, select, textarea, canvas:not(button canvas)")]
  .filter((each) => each.getClientRects().length > 0 && each.ariaHidden !== "true")
  .filter((each) => !each.ariaLabel && !each.textContent.trim() && !each.labels?.length && !each.title
    && !each.getAttribute("aria-labelledby"))
  .map((each) => each.outerHTML)"""


def test_the_page_opens_paused_at_step_0_with_both_passes_drawn(instrument: Instrument) -> None:
    seen = instrument.read()
    assert (seen["status"], seen["step"]) == ("paused", 0)
    assert [layer.shape for layer in instrument.weights] == [(2, 4), (4, 2), (2, 1)]
    for layer in seen["layers"]:
        assert layer["deltaRms"] > 0
        assert np.any(layer["gradients"])


def test_every_canvas_shows_something_and_the_one_filled_button_is_play(instrument: Instrument) -> None:
    for canvas in CANVASES:
        assert instrument.colours(canvas) > 8, canvas
    filled = instrument.page.locator("button.primary:visible")
    assert [(each.text_content() or "").strip() for each in filled.all()] == ["Play"]


def test_a_click_on_play_before_the_controls_have_come_counts(new_page: Callable[..., Instrument]) -> None:
    instrument = new_page()
    held: list[Route] = []
    instrument.page.route("**/furniture.js", lambda route: held.append(route))
    with instrument.page.expect_request("**/furniture.js"):
        instrument.page.goto(instrument.address)
    instrument.wait("b.framesDrawn >= 1")
    instrument.button("Play").click()
    assert instrument.read()["status"] == "paused"
    held[0].continue_()
    instrument.wait("b.status === 'playing'")
    instrument.leave_idle()


def test_nothing_is_loaded_from_elsewhere(new_page: Callable[[], Instrument]) -> None:
    instrument = new_page()
    asked: list[str] = []
    instrument.page.on("request", lambda request: asked.append(request.url))
    instrument.open()
    assert asked
    assert [url for url in asked if not url.startswith((instrument.address, "data:"))] == []


def test_the_page_fits_its_window_without_scrolling(instrument: Instrument) -> None:
    for width, height in SIZES:
        instrument.page.set_viewport_size({"width": width, "height": height})
        assert instrument.page.evaluate(EXTENT) == [width, height]


def test_on_a_low_screen_the_output_keeps_a_readable_size_in_every_theme(instrument: Instrument) -> None:
    instrument.page.set_viewport_size({"width": 1280, "height": 600})
    for theme in ("light", "projector"):
        instrument.page.evaluate("(theme) => document.querySelector(`[name=theme][value=${theme}]`).click()", theme)
        instrument.wait(f"document.documentElement.dataset.theme === '{theme}'")
        height, hidden = instrument.page.evaluate("""() => {
          const {scrollHeight, clientHeight} = document.getElementById("output");
          return [document.getElementById("output-canvas").offsetHeight, scrollHeight - clientHeight];
        }""")
        assert height >= 190, "a plane of 150 pixels, its axes and its key"
        assert hidden == 0, "the loss chart and the timeline are seen as well"


def test_every_control_has_a_name_and_the_sentence_says_how_to_begin(instrument: Instrument) -> None:
    assert instrument.page.evaluate(NAMELESS) == []
    assert "Press Space" in instrument.sentence.inner_text()
