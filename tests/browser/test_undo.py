"""Ctrl-Z takes back every kind of change, made by the page's own controls, bit for bit; and brings it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.browser.instrument import Instrument
from tests.browser.test_network import find_edge
from tests.browser.test_own_data import draw, stroke

Deed = Callable[[Instrument], object]


def bits(instrument: Instrument) -> dict[str, Any]:
    """All that is known of the run: the updates to come tell of the optimizer's state."""
    seen = instrument.read()
    return {name: seen[name] for name in ("step", "epoch", "loss", "spec", "layers")}


def drag_learning_rate(instrument: Instrument) -> None:
    box = instrument.page.get_by_role("slider", name="Learning rate, logarithmic").bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    instrument.page.mouse.move(box["x"] + box["width"] / 2, y)
    instrument.page.mouse.down()
    instrument.page.mouse.move(box["x"] + box["width"] * 0.8, y, steps=8)
    instrument.page.mouse.up()


def type_weight(instrument: Instrument) -> None:
    instrument.page.mouse.click(*find_edge(instrument))
    instrument.type_into(instrument.entry("New weight"), "-1.25")
    instrument.wait("b.layers.some(({weights}) => weights.flat().includes(-1.25))")
    instrument.page.keyboard.press("Escape")


def draw_points(instrument: Instrument) -> None:
    draw(instrument, "Add to the points shown")
    stroke(instrument, (0.2, 0.1), (0.8, 0.1))
    instrument.wait("b.spec.data.name === 'own'")
    instrument.button("Done").click()


def open_demo(instrument: Instrument) -> None:
    instrument.button("Demos").click()
    instrument.page.locator("#demos-panel .demo[data-demo=exploding]").click()


def draw_seed(instrument: Instrument) -> None:
    seed = instrument.spec["seed"]
    instrument.button("New seed").click()
    instrument.wait(f"b.spec.seed !== {seed}")


def choose(menu: str, entry: str) -> Deed:
    return lambda instrument: instrument.menu(menu).select_option(entry)


def press(button: str) -> Deed:
    return lambda instrument: instrument.button(button).click()


def type_in(entry: str, text: str) -> Deed:
    return lambda instrument: instrument.type_into(instrument.entry(entry), text)


# What is done, and how the page then shows it.
CHANGES: dict[str, tuple[Deed, str]] = {
    "learning rate, dragged": (drag_learning_rate, "b.spec.training.learning_rate > 0.1"),
    "learning rate, typed": (type_in("Learning rate η", "0.5"), "b.spec.training.learning_rate === 0.5"),
    "weight, typed": (type_weight, "true"),
    "activation": (choose("Activation of layer 1", "sigmoid"), "b.layers[0].activation === 'sigmoid'"),
    "all activations": (choose("Activation of all hidden layers", "relu"), "b.layers[1].activation === 'relu'"),
    "a layer more": (press("Add a layer after layer 1"), "b.layers.length === 4"),
    "a layer less": (press("Remove layer 2"), "b.layers.length === 2"),
    "a unit more": (press("Add a unit to layer 2"), "b.layers[1]?.units === 3"),
    "a unit less": (press("Remove a unit from layer 1"), "b.layers[0]?.units === 3"),
    "data set": (lambda page: page.page.get_by_role("radio", name="Spiral", exact=True).click(),
                 "b.spec.data.name === 'spiral'"),
    "noise": (type_in("Noise, exact", "0.3"), "b.spec.data.noise === 0.3"),
    "split": (type_in("Train fraction, exact", "70"), "b.spec.data.train_fraction === 0.7"),
    "batch size": (type_in("Batch size", "25"), "b.spec.training.batch_size === 25"),
    "optimizer": (choose("Optimizer", "rmsprop"), "b.spec.training.optimizer === 'rmsprop'"),
    "loss": (choose("Loss", "binary_cross_entropy"), "b.spec.network.loss === 'binary_cross_entropy'"),
    "reset": (lambda page: page.page.keyboard.press("r"), "b.step === 0"),
    "new seed": (draw_seed, "b.step === 0"),
    "demo": (open_demo, "b.layers.length === 11"),
    "own data": (draw_points, "b.spec.data.name === 'own'"),
}


def test_every_kind_of_change_is_taken_back_and_brought_back_bit_for_bit(instrument: Instrument) -> None:
    page = instrument.page
    instrument.menu("Optimizer").select_option("adam")
    instrument.wait("b.spec.training.optimizer === 'adam'")
    page.locator("#group-start summary").first.click()
    instrument.take_steps(7)
    before = bits(instrument)
    for name, (change, shown) in CHANGES.items():
        change(instrument)
        instrument.wait(f"b.layers.length > 0 && ({shown})")
        page.evaluate("document.activeElement.blur()")
        instrument.take_steps(1)
        after = bits(instrument)
        assert after != before, name
        page.keyboard.press("Control+z")
        instrument.wait(f"b.step === {before['step']} && b.layers.length === {len(before['layers'])}")
        assert bits(instrument) == before, f"{name}: undone"
        page.keyboard.press("Shift+Control+Z")
        instrument.wait(f"b.step === {after['step']} && b.layers.length === {len(after['layers'])}")
        assert bits(instrument) == after, f"{name}: done again"
        page.keyboard.press("Control+z")
        instrument.wait(f"b.step === {before['step']} && b.layers.length === {len(before['layers'])}")
    assert bits(instrument) == before
