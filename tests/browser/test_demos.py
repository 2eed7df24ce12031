"""One click sets a demo up; what it is about shows; one undo takes it back."""

from __future__ import annotations

import numpy as np
from playwright.sync_api import expect

from engine.demos import DEMOS, STARTERS
from tests.browser.instrument import Instrument

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
        instrument.page.locator(f"#demos-panel [data-demo={name}]").click()
        instrument.wait("b.layers.length > 3")
        instrument.page.keyboard.press("Control+z")
        instrument.wait("b.layers.length === 3 && b.status === 'paused'")
        assert instrument.step == 0
        assert all(np.array_equal(old, new) for old, new in zip(before, instrument.weights, strict=True))


def test_the_menu_has_every_demo_for_ever(instrument: Instrument) -> None:
    instrument.take_steps(1)
    instrument.button("Demos").click()
    instrument.page.locator("#demos-panel [data-demo=exploding]").click()
    instrument.wait("b.layers.length === 11 && b.step === 0")
    expect(instrument.page.locator("#demos-panel")).to_be_hidden()
