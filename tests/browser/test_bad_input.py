"""What is refused is said in one sentence, and changes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
from playwright.sync_api import expect

from tests.browser.instrument import Instrument

LINK = """async () => {
  const {encodeAddress} = await import("/static/address.js");
  const {defaults} = await (await fetch("/api/catalog")).json();
  const spec = structuredClone(defaults);
  %s;
  return "#" + encodeAddress(spec, defaults);
}"""


def test_a_refused_learning_rate_is_explained_and_the_old_one_stays(instrument: Instrument) -> None:
    for typed, shown in (("-1", "−1"), ("NaN", "NaN"), ("abc", "abc"), ("0", "0"), ("1e400", "1e400")):
        instrument.type_into(instrument.learning_rate, typed)
        sentence = re.compile(f"^Learning rate .*{shown}.* refused: must .*Still 0.03\\.$")
        expect(instrument.sentence).to_have_text(sentence)
        expect(instrument.learning_rate).to_have_value("0.03")
        assert instrument.spec["training"]["learning_rate"] == 0.03


def test_the_next_accepted_change_clears_the_sentence(instrument: Instrument) -> None:
    instrument.type_into(instrument.learning_rate, "-1")
    expect(instrument.sentence).to_contain_text("refused")
    instrument.type_into(instrument.learning_rate, "0.1")
    expect(instrument.sentence).not_to_contain_text("refused")


def test_a_refused_entry_of_the_panel_keeps_its_value(instrument: Instrument) -> None:
    batch = instrument.entry("Batch size")
    instrument.type_into(batch, "2000")
    expect(instrument.sentence).to_contain_text("Batch size 2,000 refused: must be")
    expect(batch).to_have_value("10")


def test_a_bias_that_is_no_finite_number_is_refused(instrument: Instrument) -> None:
    instrument.page.locator("#network-canvas").focus()
    for key in ("ArrowRight", "ArrowRight", "Enter"):
        instrument.page.keyboard.press(key)
    entry = instrument.entry("New bias")
    old = entry.input_value()
    instrument.type_into(entry, "1e400")
    expect(instrument.sentence).to_contain_text("1e400 refused: must be")
    assert entry.input_value() == old


def test_a_damaged_link_is_explained_and_the_page_opens_all_the_same(new_page: Callable[[], Instrument]) -> None:
    instrument = new_page().open("#v=1&network.hidden=3&check=zzz")
    expect(instrument.sentence).to_contain_text("This link is damaged")
    for damage, why in (("v=9&check=1", "version 9"), ("v=1&nonsense", "cannot be read"), ("v=1", "incomplete"),
                        ("hello", "cannot be read")):
        instrument.page.evaluate("(hash) => { location.hash = hash; }", damage)
        expect(instrument.sentence).to_contain_text(why)
    assert (instrument.step, instrument.read()["status"]) == (0, "paused")
    assert len(instrument.read()["layers"]) == 3


BROKEN_RULES = {
    "spec.network.hidden = Array.from({length: 65}, () => spec.network.hidden[0])": "refused: must be",
    "spec.network.hidden[0].activation = 'cube'": "cube refused: must be one of",
    "spec.training.learning_rate = -1": "Learning rate −1 refused: must be above 0",
}


def test_a_link_that_breaks_a_rule_is_explained_and_the_page_opens_all_the_same(instrument: Instrument) -> None:
    for change, words in BROKEN_RULES.items():
        fragment = instrument.page.evaluate(LINK % change)
        instrument.page.goto("about:blank")
        instrument.open(fragment)
        expect(instrument.sentence).to_contain_text(words)
        assert len(instrument.read()["layers"]) == 3


def diverge(instrument: Instrument) -> None:
    instrument.page.get_by_role("radio", name="Plane", exact=True).click()
    instrument.wait("b.spec.data.name === 'plane'")
    instrument.menu("Activation of all hidden layers").select_option("relu")
    instrument.type_into(instrument.learning_rate, "1000")
    instrument.wait("b.spec.training.learning_rate === 1000 && b.spec.network.hidden[1].activation === 'relu'")
    instrument.pace("max")
    instrument.button("Play").click()
    instrument.wait("b.status === 'diverged'")


def test_divergence_says_where_and_offers_reset(instrument: Instrument) -> None:
    diverge(instrument)
    expect(instrument.sentence).to_contain_text(
        re.compile(r"Stopped at step [\d,]+: the [\w -]+ of (layer \d|the output layer) is not finite any more"))
    expect(instrument.button("Play")).to_be_disabled()
    instrument.page.locator("#sentence").get_by_role("button", name="Reset", exact=True).click()
    instrument.wait("b.status === 'paused' && b.step === 0")
    expect(instrument.button("Play")).to_be_enabled()


def test_a_diverged_run_never_shows_nan_as_a_number(instrument: Instrument) -> None:
    diverge(instrument)
    assert not re.search(r"\b(NaN|Infinity|undefined|null)\b", instrument.page.locator("body").inner_text())
    assert all(np.isfinite(layer).all() for layer in instrument.weights)
