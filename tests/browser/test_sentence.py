"""The sentence row: nothing of it is cut off in silence, it keeps its height, and it never contradicts the counter."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.instrument import Instrument
from tests.browser.test_matrix import THEMES
from tests.browser.test_open import blow_up, sicken

ROW = "document.getElementById('sentence').offsetHeight"
THEME = "(theme) => document.querySelector(`[name=theme][value=${theme}]`).click()"
WHOLE = """() => {
  const {scrollHeight, clientHeight, scrollWidth, clientWidth} = document.getElementById("sentence-text");
  return scrollHeight <= clientHeight + 1 && scrollWidth <= clientWidth;
}"""
# Whenever either is written: the steps that the sentence names, beside the one that the counter shows.
WATCH = """() => {
  globalThis.told = [];
  const look = () => {
    const said = /^(After|At step) ([\\d,]+)/.exec(document.getElementById("sentence-text").textContent);
    const number = (text) => Number(text.replaceAll(",", ""));
    if (said) told.push([said[1], number(said[2]), number(document.getElementById("count-step").textContent)]);
  };
  for (const id of ["sentence-text", "count-step"]) {
    const what = {childList: true, characterData: true, subtree: true};
    new MutationObserver(look).observe(document.getElementById(id), what);
  }
}"""


def leads_on(instrument: Instrument, name: str, words: str) -> None:
    """Opens what the button beside the sentence leads to, which says all of it."""
    said = instrument.page.locator("#verdict-panel:popover-open, #autopsy[open]")
    instrument.button(name).click()
    expect(said).to_contain_text(words)
    instrument.page.keyboard.press("Escape")
    expect(said).to_have_count(0)


@pytest.mark.parametrize("still", [(820, 1180), (390, 844)], indirect=True, ids=["820 x 1180", "390 x 844"])
def test_in_a_narrow_window_a_button_leads_to_what_has_no_room(still: Instrument) -> None:
    page = still.page
    telephone = page.evaluate("innerWidth") < 640
    height = page.evaluate(ROW)
    sicken(still, 6)
    why = still.page.evaluate("backflow.verdicts[0].why")
    assert (why in (still.sentence.text_content() or "")) is not telephone
    assert page.evaluate(WHOLE)
    leads_on(still, "More", why)
    still.page.evaluate("document.querySelector('[data-demo=vanishing]:not([data-cure])').click()")
    expect(still.sentence).to_contain_text("Follow the error signal")
    assert page.evaluate(WHOLE) is not telephone
    if telephone:
        leads_on(still, "More", "at the start it was")
    assert page.evaluate(ROW) == height
    blow_up(still)
    expect(still.sentence).to_contain_text("Stopped at step")
    assert page.evaluate(WHOLE)
    leads_on(still, "What happened?", "In the last finite pass")
    assert page.evaluate(ROW) == height


def test_the_row_keeps_its_height_whatever_is_said(still: Instrument) -> None:
    heights = {}
    for theme in THEMES:
        still.page.evaluate(THEME, theme)
        still.type_into(still.learning_rate, "0.03")
        at_rest = still.page.evaluate(ROW)
        still.type_into(still.learning_rate, "-1")
        expect(still.sentence).to_contain_text("refused")
        heights[theme] = still.page.evaluate(ROW) - at_rest
    assert set(heights.values()) == {0}


def test_the_sentence_never_tells_of_another_step_than_the_counter(instrument: Instrument) -> None:
    instrument.page.evaluate(WATCH)
    instrument.pace("max").play()
    instrument.wait_for_steps(2000)
    instrument.page.keyboard.press("r")
    instrument.wait("b.step === 0")
    instrument.play()
    instrument.wait_for_steps(500)
    instrument.pause()
    expect(instrument.sentence).to_contain_text(f"After {instrument.step:,} steps")
    told = instrument.page.evaluate("told")
    assert [each for each in told if each[0] == "After"], "paused, it tells of what is shown"
    wrong = [each for each in told if each[1] > each[2] or (each[0] == "After" and each[1] < each[2])]
    assert wrong == []
