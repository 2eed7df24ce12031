"""One click sets a demo up; what it is about shows; one undo takes it back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from engine.autopsy import norms_of_pass
from engine.cures import cures_for
from engine.demos import DEMOS, STARTERS
from engine.verdicts import VERDICTS
from tests.browser.instrument import Instrument
from tests.engine.observed import observed, trained

WAYS = {"keep": "Apply, keep weights", "restart": "Restart with this, same seed"}
TITLES = [DEMOS[name].title for name in STARTERS]


def starters(instrument: Instrument) -> list[str]:
    return [text.strip() for text in instrument.page.locator("#starters button").all_inner_texts()]


def start(instrument: Instrument, title: str) -> None:
    instrument.page.locator("#starters").get_by_role("button", name=title, exact=True).click()


def delta(instrument: Instrument) -> list[float]:
    """The error signal of each layer."""
    return [layer["deltaRms"] for layer in instrument.read()["layers"]]


def test_the_starters_stand_beside_play_until_the_first_step(instrument: Instrument) -> None:
    assert starters(instrument) == TITLES
    instrument.take_steps(1)
    expect(instrument.page.locator("#starters")).to_be_hidden()
    expect(instrument.page.locator("#count-step")).to_have_text("1")


def test_vanishing_starts_and_the_first_layer_gets_thousands_of_times_less(instrument: Instrument) -> None:
    start(instrument, "Vanishing")
    instrument.wait("b.status === 'playing' && b.step > 0")
    expect(instrument.sentence).to_have_text(DEMOS["vanishing"].watch)
    instrument.pause()
    signals = delta(instrument)
    assert len(signals) == 7
    assert signals[0] < signals[5] / 1_000


def test_exploding_waits_at_step_0_and_overflows_after_a_few_steps(instrument: Instrument) -> None:
    start(instrument, "Exploding")
    instrument.wait("b.layers.length === 11")
    assert (instrument.read()["status"], instrument.step) == ("paused", 0)
    expect(instrument.sentence).to_have_text(DEMOS["exploding"].watch)
    signals = delta(instrument)
    assert signals[0] > 100 * signals[9]
    for _ in range(int(DEMOS["exploding"].figures["step"]) - 1):
        instrument.page.keyboard.press("s")
    instrument.wait("b.status === 'diverged'")
    expect(instrument.sentence).to_contain_text("not finite")


def verdict(instrument: Instrument) -> dict[str, Any]:
    """The weightiest one, as the page has it."""
    told: list[dict[str, Any]] = instrument.page.evaluate("() => window.backflow.verdicts")
    return told[0]


def open_demo(instrument: Instrument, title: str) -> None:
    instrument.button("Demos").click()
    instrument.page.locator("#demos-panel").get_by_role("button", name=title, exact=True).click()


def cure(instrument: Instrument, name: str) -> None:
    """The one click, and what it leads to: no verdict, and a loss that has fallen."""
    instrument.button(f"Cure: {name}").click()
    instrument.pace("max")
    instrument.wait("b.status === 'playing' && b.verdicts.length === 0")
    instrument.wait("b.loss < 0.1 && b.evaluation.train.loss < 0.05")
    expect(instrument.page.locator(".verdict-mark")).to_have_count(0)


@pytest.mark.parametrize(("name", "mark", "remedy"), [
    ("vanishing", "vanishing: layer 1", "tanh"), ("dying_relu", "dead units: layer 2", "η 0.03"),
])  # fmt: skip
def test_two_clicks_show_what_is_wrong_in_the_engines_own_numbers_and_a_third_cures_it(
    name: str, mark: str, remedy: str, instrument: Instrument
) -> None:
    demo = DEMOS[name]
    open_demo(instrument, demo.title)
    instrument.wait("b.status === 'playing'")
    instrument.pace("max")
    instrument.wait("b.verdicts.length > 0")
    instrument.pause()
    shown, (held, *_) = verdict(instrument), observed(demo.run, instrument.step).verdicts
    assert (shown["name"], shown["since"], shown["numbers"]) == (held.finding.name, held.since, held.finding.numbers)
    expect(instrument.sentence).to_contain_text(f"since step {held.since}: {held.finding.what}")
    expect(instrument.button(mark)).to_be_visible()
    before = instrument.weights
    cure(instrument, remedy)
    instrument.pause()
    instrument.page.keyboard.press("Control+z")
    instrument.wait("b.verdicts.length === 1")
    assert all(np.array_equal(old, new) for old, new in zip(before, instrument.weights, strict=True))


def test_exploding_overflows_by_the_second_click_is_dissected_and_cured_by_a_third(instrument: Instrument) -> None:
    demo = DEMOS["exploding"]
    start(instrument, demo.title)
    instrument.wait("b.layers.length === 11")
    instrument.button("Play").click()
    instrument.wait("b.status === 'diverged' && b.verdicts.length === 1")
    trainer = trained(demo.run, 1)
    trainer.compute()
    signals = [norms.delta or 0 for norms in norms_of_pass(trainer)]
    assert verdict(instrument)["numbers"] == {"step": 3, "ratio": signals[0] / signals[-2]}
    instrument.button("What happened?").click()
    table = instrument.page.get_by_role("dialog").get_by_role("table").nth(1)
    first = table.get_by_role("row").filter(has=instrument.page.locator("td.first"))
    expect(first.get_by_role("rowheader")).to_have_text(f"Layer {verdict(instrument)['layers'][0]}")
    expect(first.locator("td.first")).to_have_text("not finite")
    instrument.page.keyboard.press("Escape")
    cure(instrument, "gain 1, η 0.01")


def test_more_says_whose_threshold_it_is_and_offers_every_way_that_was_measured(instrument: Instrument) -> None:
    open_demo(instrument, "Vanishing")
    instrument.wait("b.status === 'playing'")
    instrument.pace("max")
    instrument.wait("b.verdicts.length > 0")
    instrument.button("More").click()
    panel = instrument.page.locator("#verdict-panel")
    expect(panel).to_contain_text(VERDICTS["vanishing"].when)
    expect(panel).to_contain_text(VERDICTS["vanishing"].source)
    offers = [(cure.title, WAYS[way]) for _, cure, way in cures_for("vanishing", DEMOS["vanishing"].run)]
    names = [button.get_attribute("aria-label") for button in panel.get_by_role("button").all()]
    assert names == [f"{title}: {way}" for title, way in offers]
    panel.get_by_role("button", name="Tanh in every hidden layer: Restart with this, same seed").click()
    instrument.wait("b.verdicts.length === 0 && b.status === 'playing'")
    assert all(layer["activation"] == "tanh" for layer in instrument.read()["layers"])


def test_dying_relu_kills_every_unit_of_its_second_layer(instrument: Instrument) -> None:
    start(instrument, "Dying relu")
    instrument.wait(f"b.step >= {int(DEMOS['dying_relu'].figures['steps'])}")
    instrument.pause()
    layer = instrument.read()["layers"][1]
    assert layer["deltaRms"] == 0
    assert not np.any(layer["gradients"])


def test_one_undo_takes_a_demo_back_bit_for_bit(instrument: Instrument) -> None:
    before = instrument.weights
    for name in ("vanishing", "exploding"):
        instrument.button("Demos").click()
        instrument.page.locator(f"#demos-panel .demo[data-demo={name}]").click()
        instrument.wait("b.layers.length > 3")
        instrument.page.keyboard.press("Control+z")
        instrument.wait("b.layers.length === 3 && b.status === 'paused'")
        assert instrument.step == 0
        assert all(np.array_equal(old, new) for old, new in zip(before, instrument.weights, strict=True))


def test_the_menu_has_every_demo_for_ever(instrument: Instrument) -> None:
    instrument.take_steps(1)
    instrument.button("Demos").click()
    instrument.page.locator("#demos-panel").get_by_role("button", name="Exploding", exact=True).click()
    instrument.wait("b.layers.length === 11 && b.step === 0")
    expect(instrument.page.locator("#demos-panel")).to_be_hidden()
