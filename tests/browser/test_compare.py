"""Two networks side by side, that differ in one thing."""

from __future__ import annotations

import numpy as np
from playwright.sync_api import expect

from tests.browser.instrument import Instrument

LANES = """() => backflow.lanes.map(({step, loss, spec, layers}) => ({step, loss, rate: spec.training.learning_rate,
    activation: layers[0].activation, weights: layers[0].weights}))"""
PARAMETERS = "backflow.lanes.map(({layers}) => layers.map(({weights, biases}) => [weights, biases]))"
KNOWN = "b.lanes.every(({layers}) => layers.length > 0)"
STEPS = "new Set(b.lanes.map(({step}) => step)).size === 1"


def lanes(instrument: Instrument) -> list[dict[str, object]]:
    seen: list[dict[str, object]] = instrument.page.evaluate(LANES)
    return seen


def compare(instrument: Instrument, setting: str, value: str) -> None:
    """Adds a lane with another value for a setting, by the keyboard where a key begins it."""
    count = len(lanes(instrument))
    instrument.page.keyboard.press("c")
    instrument.menu(f"Other {setting}").select_option(value)
    instrument.button("Compare").click()
    instrument.wait(f"b.lanes.length === {count + 1} && {KNOWN}")
    expect(instrument.page.locator("#compare")).to_be_hidden()


def aim(instrument: Instrument, lane: str) -> None:
    instrument.page.get_by_role("radio", name=lane, exact=True).check()


def test_sigmoid_against_tanh_from_an_open_page_and_back(instrument: Instrument) -> None:
    page = instrument.page
    instrument.take_steps(3)
    before = instrument.weights
    instrument.menu("Activation of all hidden layers").select_option("sigmoid")
    instrument.wait("b.layers[0].activation === 'sigmoid'")
    compare(instrument, "Activation", "tanh")
    seen = lanes(instrument)
    assert [lane["activation"] for lane in seen] == ["sigmoid", "tanh"]
    assert [lane["step"] for lane in seen] == [0, 0]
    assert seen[0]["weights"] == seen[1]["weights"], "the same seed"
    expect(page.locator("#lanes-words")).to_have_text("sigmoid against tanh")
    expect(page.locator(".lane-panel:visible")).to_have_count(2)
    boxes = [page.locator(name).bounding_box() for name in ("#network-canvas", ".lane-network")]
    assert all(box is not None and box["height"] > 140 for box in boxes)

    expect(instrument.button("Play")).to_be_focused()
    page.keyboard.press("Space")
    instrument.wait(f"b.step > 100 && {STEPS} && b.lanes.every(({{evaluation}}) => evaluation?.step > 50)")
    instrument.pause()
    after = lanes(instrument)
    assert after[0]["step"] == after[1]["step"]
    assert all(np.any(np.array(one["weights"]) != old["weights"]) for one, old in zip(after, seen, strict=True))
    assert after[0]["loss"] != after[1]["loss"]
    expect(page.locator("#losses-chart canvas")).to_be_visible()
    expect(page.locator("#loss-chart")).to_be_hidden()

    aim(instrument, "B")
    expect(page.locator("#output-bar h2")).to_have_text("Output B")
    expect(instrument.menu("Activation of all hidden layers")).to_have_value("tanh")
    instrument.type_into(instrument.learning_rate, "0.1")
    instrument.wait("b.lanes[1].spec.training.learning_rate === 0.1")
    assert [lane["rate"] for lane in lanes(instrument)] == [0.03, 0.1]
    expect(page.locator("#lanes-words")).to_have_text("sigmoid against tanh, learning rate 0.03 against 0.1")
    aim(instrument, "all")
    instrument.type_into(instrument.learning_rate, "0.2")
    instrument.wait("b.lanes.every(({spec}) => spec.training.learning_rate === 0.2)")
    page.keyboard.press("Control+z")
    instrument.wait("b.lanes[0].spec.training.learning_rate === 0.03 && b.lanes[1].spec.training.learning_rate === 0.1")

    step = instrument.step
    instrument.button("Remove lane A").click()
    instrument.wait("b.lanes.length === 1 && b.layers[0].activation === 'tanh'")
    assert instrument.step == step
    expect(page.locator("#loss-chart")).to_be_visible()
    expect(page.locator(".lane-panel:visible")).to_have_count(0)
    page.keyboard.press("Control+z")
    instrument.wait(f"b.lanes.length === 2 && {KNOWN} && b.lanes[0].layers[0].activation === 'sigmoid'")
    for _ in range(2):  # the learning rate of B, and the comparison
        page.keyboard.press("Control+z")
    instrument.wait("b.lanes.length === 1 && b.step === 3")
    page.keyboard.press("Control+z")
    instrument.wait("b.layers[0].activation === 'tanh' && b.step === 3")
    assert all(np.array_equal(old, new) for old, new in zip(before, instrument.weights, strict=True))


def test_a_third_lane_makes_rows_and_a_click_on_a_lane_selects_it(instrument: Instrument) -> None:
    page = instrument.page
    compare(instrument, "Optimizer", "adam")
    box = page.locator(".lane-network").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 5, box["y"] + 5)
    expect(page.locator("#output-bar h2")).to_have_text("Output B")
    compare(instrument, "Initializer", "he_normal")
    assert [lane["activation"] for lane in lanes(instrument)] == ["tanh"] * 3
    instrument.wait("b.lanes[2].spec.training.optimizer === 'adam'")  # a copy of the selected lane's
    expect(page.locator(".lane-strip:visible")).to_have_count(3)
    expect(page.locator(".lane-output:visible")).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollWidth") == 1280
    page.keyboard.press("c")
    instrument.entry("Other Learning rate").fill("-1")
    instrument.button("Compare").click()
    expect(page.locator("#compare-words")).to_contain_text("refused")
    expect(instrument.entry("Other Learning rate")).to_have_value("-1")
    page.keyboard.press("Escape")
    assert len(lanes(instrument)) == 3


def choose_here(instrument: Instrument) -> None:
    """Opens the dialog and chooses the second way by the keyboard."""
    page = instrument.page
    page.keyboard.press("c")
    group = page.get_by_role("group", name="Where the new lane starts")
    beginning, here = group.get_by_role("radio").all()
    expect(beginning).to_be_checked()
    expect(group).to_contain_text(f"From here, step {instrument.step:,} (keeps what was learned)")
    beginning.focus()
    page.keyboard.press("ArrowDown")
    expect(here).to_be_checked()


def test_a_failing_run_goes_on_beside_its_cure_which_keeps_what_was_learned(instrument: Instrument) -> None:
    page = instrument.page
    page.locator("#starters").get_by_role("button", name="Vanishing", exact=True).click()
    instrument.wait("b.layers.length === 7")
    instrument.pace("max")
    instrument.wait("b.step > 300")
    instrument.pause()
    [before], step = lanes(instrument), instrument.step
    choose_here(instrument)
    for title in ("Initializer", "Gain"):
        row = page.locator("#compare-settings .row", has_text=title)
        expect(row).to_contain_text("acts only at the start")
        expect(row.locator("select, input")).to_have_count(0)
    instrument.menu("Other Activation").select_option("tanh")
    instrument.button("Compare").click()
    instrument.wait(f"b.lanes.length === 2 && {KNOWN}")
    expect(page.locator("#compare")).to_be_hidden()

    seen = lanes(instrument)
    assert [lane["step"] for lane in seen] == [step, step]
    assert [lane["activation"] for lane in seen] == ["sigmoid", "tanh"]
    first, second = page.evaluate(PARAMETERS)
    assert first == second, "what was learned"
    assert seen[0]["weights"] == before["weights"]
    expect(page.locator(".lane-words").nth(1)).to_have_text(f"tanh from step {step:,}")
    expect(page.locator("#lanes-words")).to_contain_text("sigmoid against tanh")

    instrument.play()
    instrument.wait(f"b.step > {step} + 200 && {STEPS}")
    instrument.pause()
    after = lanes(instrument)
    assert after[0]["step"] == after[1]["step"]
    assert after[0]["weights"] != after[1]["weights"] != seen[1]["weights"]

    # Before it was forked off there was one lane, and then both are there again.
    slider = page.locator("#timeline-step")
    slider.fill("0")
    instrument.wait("b.lanes.length === 1 && b.step === 0")
    expect(page.locator(".lane-panel:visible")).to_have_count(0)
    slider.fill(str(after[0]["step"]))
    instrument.wait(f"b.lanes.length === 2 && {KNOWN} && b.lanes.every(({{step}}) => step === {after[0]['step']})")
    assert [lane["weights"] for lane in lanes(instrument)] == [lane["weights"] for lane in after]

    page.keyboard.press("Control+z")
    instrument.wait(f"b.lanes.length === 1 && b.step === {step}")
    assert lanes(instrument)[0]["weights"] == before["weights"]
    page.keyboard.press("Control+Shift+z")
    instrument.wait(f"b.lanes.length === 2 && {KNOWN} && b.lanes[1].step === {after[0]['step']}")
    assert lanes(instrument)[1]["weights"] == after[1]["weights"]


def test_at_step_0_there_is_nothing_to_go_on_from(instrument: Instrument) -> None:
    instrument.page.keyboard.press("c")
    here = instrument.page.get_by_role("radio", name="From here, step 0")
    expect(here).to_be_disabled()
    expect(here).to_have_accessible_description("At step 0 nothing is learned yet, so both would be the same.")
