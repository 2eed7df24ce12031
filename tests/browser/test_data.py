"""Every data set is drawn, learned from, and drawn again."""

from __future__ import annotations

import numpy as np
from playwright.sync_api import expect

from engine import DATASETS
from tests.browser.instrument import CANVASES, Instrument


def choose(instrument: Instrument, name: str) -> None:
    instrument.page.get_by_role("radio", name=DATASETS[name].title, exact=True).click()
    instrument.wait(f"b.spec.data.name === '{name}' && b.framesDrawn >= 1")


def test_the_network_learns_from_every_data_set(instrument: Instrument) -> None:
    instrument.pace("max")
    for name in DATASETS:
        choose(instrument, name)
        instrument.page.keyboard.press("r")
        instrument.wait("b.step === 0 && b.status === 'paused'")
        instrument.play()
        instrument.wait("b.step >= 200")
        instrument.pause()
        assert instrument.read()["loss"] > 0, name
        for canvas in CANVASES:
            assert instrument.colours(canvas) > 8, f"{name}: {canvas}"


def test_the_confusion_matrix_floats_while_the_network_learns_and_counts_what_is_evaluated(
        instrument: Instrument) -> None:
    page = instrument.page
    button, panel = instrument.button("Confusion matrix"), page.get_by_role("dialog", name="Confusion matrix")
    button.focus()
    page.keyboard.press("Enter")
    expect(panel).to_be_visible()
    instrument.play()
    instrument.wait("b.step >= 50")
    expect(panel).to_be_visible()
    instrument.pause()
    for part in ("train", "test"):
        page.get_by_role("radio", name=part, exact=True).check(force=True)
        counts = instrument.read()["evaluation"][part]["confusion"]
        for name, row in zip(("−1", "+1"), counts, strict=True):
            line = panel.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name, exact=True))
            expect(line.get_by_role("cell")).to_have_text([str(count) for count in row])
        expect(panel).to_contain_text(f"{counts[0][0] + counts[1][1]} of 250 right")
    button.focus()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(button).to_be_focused()


def test_regression_has_r_squared_in_place_of_accuracy_and_no_confusion_matrix(instrument: Instrument) -> None:
    page, scores = instrument.page, instrument.page.locator("#scores")
    instrument.button("Confusion matrix").click()
    expect(scores.get_by_role("columnheader")).to_have_text(["loss", "accuracy"], use_inner_text=True)
    choose(instrument, "sine")
    expect(scores.get_by_role("columnheader")).to_have_text(["loss", "R²"], use_inner_text=True)
    expect(instrument.button("Confusion matrix")).to_be_hidden()
    expect(page.get_by_role("dialog", name="Confusion matrix")).to_be_hidden()
    instrument.pace("max").play()
    instrument.wait("b.evaluation.test.r_squared > 0.2")
    instrument.pause()
    # Numbers in panels may follow the picture by a tenth of a second.
    shown = "Number(document.getElementById('test-metric').textContent.replace('−', '-'))"
    instrument.wait(f"Math.abs({shown} / b.evaluation.test.r_squared - 1) < 0.01")


def test_the_chosen_data_set_is_marked(instrument: Instrument) -> None:
    choose(instrument, "spiral")
    expect(instrument.page.get_by_role("radio", name=DATASETS["spiral"].title, exact=True)).to_be_checked()
    expect(instrument.page.get_by_role("radio", name=DATASETS["circle"].title, exact=True)).not_to_be_checked()


def test_a_feature_is_added_and_the_trained_weights_of_the_others_stay(instrument: Instrument) -> None:
    instrument.take_steps(5)
    (before, *_) = instrument.weights
    instrument.page.get_by_role("group", name="Input features").get_by_role("button").nth(2).click()
    instrument.wait("b.spec.data.features.length === 3 && b.layers[0].fanIn === 3")
    assert instrument.step == 5
    assert np.array_equal(instrument.weights[0][:2], before)


def test_noise_and_split_are_changed_without_starting_afresh(instrument: Instrument) -> None:
    instrument.take_steps(3)
    instrument.type_into(instrument.page.get_by_role("textbox", name="Noise, exact"), "0.2")
    instrument.wait("b.spec.data.noise === 0.2")
    instrument.type_into(instrument.page.get_by_role("textbox", name="Train fraction, exact"), "70")
    instrument.wait("b.spec.data.train_fraction === 0.7")
    assert instrument.step == 3
