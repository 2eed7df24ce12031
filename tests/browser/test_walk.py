"""One step of a 2-2-1 network, walked through by keys: every number at its time, and the engine's."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from engine import RunSpec, Trainer
from engine.spec import DenseSpec, NetworkSpec
from tests.browser.instrument import PIXELS, Instrument
from tests.browser.test_matrix import OPEN
from tools.pictures import ADDRESS

RUN = RunSpec(network=NetworkSpec(hidden=(DenseSpec(2, "tanh"),)))
STAGES = ["Batch", "Forward 1", "Forward 2", "Loss", "Backward 2", "Backward 1", "Update"]
NUMBER = re.compile(r"([^\s,:]+) (−?[\d.]+)(?:×10([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+))?")
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


@pytest.fixture
def walker(new_page: Callable[[], Instrument]) -> Instrument:
    """The page with the 2-2-1 network, at step 0."""
    first = new_page().open()
    link = first.page.evaluate(ADDRESS, RUN.to_dict())
    return new_page().open(link)


# How many pixels of the network have a colour.
COUNT = f"""(colour) => {{ {PIXELS}
  const wanted = 0xff000000 | parseInt(colour.slice(5, 7) + colour.slice(3, 5) + colour.slice(1, 3), 16);
  return pixels("network-canvas").filter((pixel) => pixel === wanted >>> 0).length;
}}"""


def stage(page: Instrument) -> Locator:
    return page.page.locator("#walk-stages [aria-current]")


def shown(page: Instrument) -> dict[str, dict[str, float]]:
    """The numbers that can be read at this stage: of what, by their letters."""
    numbers: dict[str, dict[str, float]] = {}
    for text in page.page.locator("#walk-numbers li").all_text_contents():
        name, _, rest = text.partition(": ")
        numbers[name] = {
            letter: float(digits.replace("−", "-")) * 10.0 ** int((power or "0").translate(SUPERSCRIPTS))
            for letter, digits, power in NUMBER.findall(rest)
        }
    return numbers


def letters(page: Instrument) -> set[str]:
    """Every kind of number that is shown of units and weights."""
    return {letter for numbers in shown(page).values() for letter in numbers}


def near(one: float, other: float) -> bool:
    """The same to the three digits shown."""
    return one == pytest.approx(other, rel=6e-3, abs=1e-12)


def test_a_step_of_the_2_2_1_network_is_walked_through_and_its_numbers_are_the_engines(walker: Instrument) -> None:
    page = walker
    page.page.keyboard.press("w")
    expect(page.page.locator("#walk-numbers")).to_contain_text("output: y")  # its picture has come
    known: list[set[str]] = []
    for name in STAGES:
        expect(stage(page)).to_have_accessible_name(name)
        known.append(letters(page))
        if name == "Forward 1":
            assert {"z", "a"} <= set(shown(page)["unit 1.1"])
            assert "a" not in shown(page)["output"]
        if name == "Backward 2":
            assert "δ" in shown(page)["output"]
            assert "δ" not in shown(page)["unit 1.1"]
            assert "∂L/∂w" in shown(page)["unit 1.1 → output"]
            assert "∂L/∂w" not in shown(page)["x → unit 1.1"]
        if name == "Backward 1":
            backward = shown(page)
        if name != "Update":
            page.page.keyboard.press("ArrowRight")
    # From which stage on (gradients give way to updates at the last).
    assert ["a" in at for at in known] == [False] + 6 * [True]
    assert ["δ" in at for at in known] == 4 * [False] + 3 * [True]
    assert ["∂L/∂w" in at for at in known] == [*4 * [False], True, True, False]
    assert ["Δw" in at for at in known] == 6 * [False] + [True]

    trainer = Trainer(RUN)
    trainer.compute()
    named = trainer.network.plan.named
    arrays = {
        "weights": trainer.network.parameters,
        "∂L/∂": named(trainer.network.arena.gradients),
        "Δ": named(trainer.updates),
    }
    update = shown(page)
    for layer, units in enumerate((2, 1)):
        for unit in range(units):
            name = "output" if layer == 1 else f"unit 1.{unit + 1}"
            for place, origin in enumerate(("x", "y") if layer == 0 else ("unit 1.1", "unit 1.2")):
                edge = f"{origin} → {name}"
                values = {key: float(array[f"{layer}.weight"][place, unit]) for key, array in arrays.items()}
                assert near(update[edge]["w"], values["weights"])
                assert near(backward[edge]["∂L/∂w"], values["∂L/∂"])
                assert near(update[edge]["Δw"], values["Δ"])
            assert near(backward[name]["∂L/∂b"], float(arrays["∂L/∂"][f"{layer}.bias"][unit]))
            assert near(backward[name]["a"], float(trainer.layers[layer].activations[unit, 0]))
            assert near(backward[name]["δ"], float(trainer.layers[layer].deltas[unit, 0]))

    for name in reversed(STAGES[:-1]):
        page.page.keyboard.press("p")
        expect(stage(page)).to_have_accessible_name(name)
        assert letters(page) == known[STAGES.index(name)]
    page.page.keyboard.press("Escape")
    expect(page.page.locator("#walk-bar")).to_be_hidden()


def test_behind_the_update_the_step_is_taken_and_the_next_one_begins(walker: Instrument) -> None:
    page = walker
    before = page.weights
    page.button("Walk").click()
    stages = page.page.get_by_role("group", name="Stages of this step")
    stages.get_by_role("button", name="Update").click()
    expect(stage(page)).to_have_accessible_name("Update")
    updates = [np.array(layer["updates"]) for layer in page.read()["layers"]]
    page.page.keyboard.press("n")
    page.wait("b.step === 1")
    expect(stage(page)).to_have_accessible_name("Batch")
    for old, new, added in zip(before, page.weights, updates, strict=True):
        assert np.allclose(new, old + added, atol=1e-6)


def test_nothing_is_drawn_before_its_time(walker: Instrument) -> None:
    page = walker
    page.page.keyboard.press("w")
    expect(page.page.locator("#count-loss")).to_have_text("–")
    expect(page.page.locator("#train-loss")).to_have_text("–")
    for place, name in enumerate(STAGES):
        expect(stage(page)).to_have_accessible_name(name)
        known = json.dumps([place >= 5, place >= 4]).replace(" ", "")
        page.wait(f"JSON.stringify(b.strip.values.map(Number.isFinite)) === '{known}'")
        page.page.keyboard.press("ArrowRight")


def test_units_are_empty_and_edges_are_weights_until_the_walk_has_come_to_them(walker: Instrument) -> None:
    page = walker
    signal = page.page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--signal')").strip()
    page.page.keyboard.press("w")
    coloured, magenta = [], []
    for name in STAGES:
        expect(stage(page)).to_have_accessible_name(name)
        page.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        coloured.append(page.colours("network-canvas"))
        magenta.append(page.page.evaluate(COUNT, signal))
        page.page.keyboard.press("n")
    assert coloured[0] < coloured[1] < coloured[2]
    # The legend has a ramp of the error signal's colour from the beginning.
    assert len(set(magenta[:4])) == 1
    assert magenta[3] < magenta[4] < magenta[5]


def test_a_walk_pauses_a_run_and_playing_ends_it(walker: Instrument) -> None:
    page = walker
    page.pace("20").play()
    page.page.keyboard.press("w")
    page.wait("b.status === 'paused'")
    expect(stage(page)).to_have_accessible_name("Batch")
    page.play()
    expect(page.page.locator("#walk-bar")).to_be_hidden()


# How far the current stage stands inside the list, and whether its word is told from its ground.
SEEN = """(stage) => {
  const [box, room] = [stage.getBoundingClientRect(), document.getElementById("walk-stages").getBoundingClientRect()];
  const {color, backgroundColor} = getComputedStyle(stage);
  const ink = getComputedStyle(document.querySelector("#play")).backgroundColor;
  const signal = getComputedStyle(document.querySelector(".signal")).color;
  const ground = stage.ariaLabel.startsWith("Backward") ? signal : ink;
  const whole = box.left - room.left >= 12 && room.right - box.right >= 12;
  return [whole, color === "rgb(255, 255, 255)" && backgroundColor === ground];
}"""


@pytest.mark.parametrize("size", [(1280, 720), (820, 1180), (390, 844)], ids=lambda size: "{} x {}".format(*size))
def test_the_stage_of_a_deep_walk_is_whole_and_readable_under_the_pointer_too(
    instrument: Instrument, size: tuple[int, int]
) -> None:
    page = instrument.page
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.evaluate(OPEN, [6, 8])
    page.keyboard.press("w")
    layers = range(1, 8)
    forward, backward = [f"Forward {layer}" for layer in layers], [f"Backward {layer}" for layer in reversed(layers)]
    for name in ["Batch", *forward, "Loss", *backward, "Update"]:
        expect(stage(instrument)).to_have_accessible_name(name)
        assert stage(instrument).evaluate(SEEN) == [True, True]
        stage(instrument).hover()
        page.wait_for_timeout(20)
        assert stage(instrument).evaluate(SEEN) == [True, True]
        if name != "Update":
            page.keyboard.press("n")


def test_how_many_weights_the_formulas_name_is_said_beside_them_alone(instrument: Instrument) -> None:
    page = instrument.page
    page.evaluate(OPEN, [6, 8])
    page.keyboard.press("w")
    page.get_by_role("group", name="Stages of this step").get_by_role("button", name="Update").click()
    page.keyboard.press("i")
    expect(page.locator("#drawer-inspector")).to_contain_text("24 of 344 weights shown.")
    expect(instrument.sentence).to_contain_text("the step is done.")
    expect(instrument.sentence).not_to_contain_text("shown")
