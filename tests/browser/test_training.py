"""A network learns in front of one's eyes, and is changed while it does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from tests.browser.instrument import Instrument, Weights


@pytest.fixture
def instrument(moving: Instrument) -> Instrument:
    return moving


def same(old: Sequence[Weights], new: Sequence[Weights]) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(old, new, strict=True))


def near(old: Weights, new: Weights) -> bool:
    """Whether these are the same trained weights, a few slow steps later."""
    return old.shape == new.shape and bool(np.abs(old - new).max() < 0.1)


def test_circle_is_learned_and_the_boundary_changes(instrument: Instrument) -> None:
    instrument.keep_picture("output-canvas")
    instrument.pace("max").play()
    instrument.page.wait_for_function("() => Number(document.getElementById('test-loss').textContent) < 0.02")
    instrument.pause()
    assert instrument.changed("output-canvas") > 0.2
    assert instrument.read()["loss"] < 0.1


def test_space_plays_and_pauses(instrument: Instrument) -> None:
    instrument.page.keyboard.press("Space")
    instrument.wait("b.status === 'playing' && b.step > 0")
    instrument.page.keyboard.press("Space")
    instrument.wait("b.status === 'paused'")


def test_s_takes_one_step_and_r_goes_back_to_the_same_start(instrument: Instrument) -> None:
    start = instrument.weights
    instrument.take_steps(3)
    assert not same(instrument.weights, start)
    instrument.page.keyboard.press("r")
    instrument.wait("b.step === 0")
    assert same(instrument.weights, start)


def test_a_new_seed_starts_from_other_weights(instrument: Instrument) -> None:
    start = instrument.weights
    seed = instrument.spec["seed"]
    instrument.page.locator("#group-start summary").first.click()
    instrument.button("New seed").click()
    instrument.wait(f"b.spec.seed !== {seed} && b.layers[0].weights[0][0] !== {start[0][0, 0]}")
    assert instrument.step == 0


def test_the_pace_is_kept(instrument: Instrument) -> None:
    instrument.pace("20").play()
    instrument.wait("b.stepsPerSecond > 15 && b.stepsPerSecond < 25")


@pytest.fixture
def playing(instrument: Instrument) -> Instrument:
    """Trained for a while, then playing so slowly that its weights hardly move while one looks."""
    instrument.pace("max").play()
    instrument.wait("b.step >= 1000")
    instrument.pause()
    return instrument.pace("1").play()


def change_while_playing(
        playing: Instrument, change: Callable[[], Any], applied: str) -> tuple[list[Weights], list[Weights]]:
    """The weights before and after `change`, once the condition `applied` is seen. Checks that it went on playing."""
    before, step = playing.weights, playing.step
    change()
    playing.wait(applied)
    after = playing.read()
    assert after["status"] == "playing"
    assert after["step"] >= step
    return before, playing.weights


def test_a_typed_and_a_drawn_learning_rate_take_effect_while_it_plays(playing: Instrument) -> None:
    before, after = change_while_playing(
        playing, lambda: playing.type_into(playing.learning_rate, "0.1"), "b.spec.training.learning_rate === 0.1")
    assert all(map(near, before, after))
    slider = playing.page.get_by_role("slider", name="Learning rate, logarithmic")
    change_while_playing(playing, lambda: slider.fill("0.9"), "b.spec.training.learning_rate > 0.1")


def test_a_changed_activation_of_one_layer_and_of_all_keeps_the_weights_while_it_plays(playing: Instrument) -> None:
    menu = playing.menu("Activation of layer 1")
    before, after = change_while_playing(
        playing, lambda: menu.select_option("relu"), "b.spec.network.hidden[0].activation === 'relu'")
    assert all(map(near, before, after))
    menu = playing.menu("Activation of all hidden layers")
    change_while_playing(playing, lambda: menu.select_option("sigmoid"),
                         "b.spec.network.hidden.every(({activation}) => activation === 'sigmoid')")
    assert playing.menu("Activation of layer 2").input_value() == "sigmoid"


def test_an_added_and_a_removed_layer_keep_the_weights_of_the_others(playing: Instrument) -> None:
    button = playing.button("Add a layer after layer 1")
    before, after = change_while_playing(playing, button.click, "b.layers.length === 4")
    assert near(before[0], after[0])
    assert near(before[2], after[3])
    button = playing.button("Remove layer 2")
    before, after = change_while_playing(playing, button.click, "b.layers.length === 3")
    assert near(before[0], after[0])
    assert near(before[3], after[2])


def test_an_added_and_a_removed_unit_keep_the_weights_of_the_others(playing: Instrument) -> None:
    button = playing.button("Add a unit to layer 2")
    before, after = change_while_playing(playing, button.click, "b.layers[1].units === 3")
    assert near(before[0], after[0])
    assert near(before[1], after[1][:, :2])
    assert near(before[2], after[2][:2])
    assert near(after[2][2:], np.zeros((1, 1)))
    button = playing.button("Remove a unit from layer 1")
    before, after = change_while_playing(playing, button.click, "b.layers[0].units === 3")
    assert near(before[0][:, :3], after[0])
    assert near(before[1][:3], after[1])


def test_a_changed_batch_size_and_optimizer_keep_the_weights(playing: Instrument) -> None:
    before, after = change_while_playing(
        playing, lambda: playing.type_into(playing.entry("Batch size"), "25"), "b.spec.training.batch_size === 25")
    assert all(map(near, before, after))
    before, after = change_while_playing(
        playing, lambda: playing.menu("Optimizer").select_option("adam"), "b.spec.training.optimizer === 'adam'")
    assert all(map(near, before, after))


def test_undo_takes_a_change_back(instrument: Instrument) -> None:
    instrument.type_into(instrument.learning_rate, "0.5")
    instrument.wait("b.spec.training.learning_rate === 0.5")
    instrument.learning_rate.blur()
    instrument.page.keyboard.press("Control+z")
    instrument.wait("b.spec.training.learning_rate === 0.03")
