"""Every data set is drawn, learned from, and drawn again."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import expect

from engine import DATASETS
from tests.browser.instrument import CANVASES, Instrument


def choose(instrument: Instrument, name: str) -> None:
    instrument.page.get_by_role("radio", name=DATASETS[name].title, exact=True).click()
    instrument.wait(f"b.spec.data.name === '{name}' && b.framesDrawn >= 1")


@pytest.mark.parametrize("name", list(DATASETS))
def test_the_network_learns_from(name: str, instrument: Instrument) -> None:
    choose(instrument, name)
    instrument.pace("max").play()
    instrument.wait("b.step >= 200")
    instrument.pause()
    seen = instrument.read()
    assert seen["loss"] > 0
    for canvas in CANVASES:
        assert instrument.colours(canvas) > 8, canvas


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
