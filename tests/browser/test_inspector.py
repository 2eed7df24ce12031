"""Where a number came from: read from the page, worked out as a student would, and compared with the engine's."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from engine import RunSpec, Trainer
from tests.browser.instrument import Instrument
from tests.browser.test_axe import faults
from tests.browser.test_network import find_edge

RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def inspector(instrument: Instrument) -> Locator:
    return instrument.page.locator("#drawer-inspector")


def inspection(instrument: Instrument) -> dict[str, Any]:
    return instrument.page.evaluate("window.backflow.inspection")


def open_on_an_edge(instrument: Instrument) -> dict[str, Any]:
    instrument.page.mouse.click(*find_edge(instrument))
    instrument.page.get_by_role("button", name="Where does it come from?").click()
    expect(inspector(instrument).get_by_role("heading", level=3)).to_contain_text("Weight from input")
    return inspection(instrument)


def block(instrument: Instrument, title: str) -> Locator:
    return inspector(instrument).locator(f'[data-block="{title}"]')


def number(text: str) -> float:
    """A number as the page writes it: a true minus, a power of ten in raised digits."""
    mantissa, _, power = text.replace("−", "-").replace(",", "").partition("×10")
    return float(f"{mantissa}e{power.translate(RAISED) or 0}")


def rows(table: Locator) -> list[list[float]]:
    return [[number(cell) for cell in row.locator("td").all_inner_texts()] for row in table.locator("tbody tr").all()]


def engine(instrument: Instrument) -> Trainer:
    """The same run in this process, with its coming step computed."""
    trainer = Trainer(RunSpec.from_dict(instrument.spec))
    while trainer.steps < instrument.step:
        trainer.step()
    trainer.compute()
    return trainer


@pytest.mark.parametrize("steps", [0, 25])
def test_the_terms_on_the_page_multiply_and_sum_to_the_engines_gradient(instrument: Instrument, steps: int) -> None:
    if steps:
        instrument.take_steps(steps)
    told = open_on_an_edge(instrument)
    assert told["step"] == steps
    subject, trainer = told["subject"], engine(instrument)
    index = next(place for place, layer in enumerate(trainer.layers) if layer.id == subject["layer"])
    unit = trainer.layers[index].unit_ids.index(subject["unit"])
    gradients = trainer.network.plan.named(trainer.network.arena.gradients)
    gradient = float(gradients[f"{index}.weight"][subject["from"], unit])
    shown = rows(block(instrument, "Gradient").locator("table"))
    assert len(shown) == 10
    for left, right, product in shown:
        assert left * right == pytest.approx(product, rel=0.02)
    assert sum(left * right for left, right, _ in shown) == pytest.approx(
        gradient, abs=0.006 * sum(abs(product) for *_, product in shown)
    )
    update = block(instrument, "Update").locator("[data-value]").last.get_attribute("data-value")
    trainer.apply()
    assert float(update or "nan") == trainer.network.parameters[f"{index}.weight"][subject["from"], unit]


def test_every_formula_stands_twice_in_symbols_and_in_numbers(instrument: Instrument) -> None:
    open_on_an_edge(instrument)
    for equation in inspector(instrument).locator(".equation").all():
        expect(equation.locator(".katex")).to_have_count(2)
        symbols, numbers = (each.text_content() or "" for each in equation.locator("annotation").all())
        assert re.search(r"\d\.\d|= -?\d", numbers)
        assert symbols != numbers


def test_a_student_walks_from_a_weight_forward_to_the_loss_and_back(instrument: Instrument) -> None:
    open_on_an_edge(instrument)
    heading = inspector(instrument).get_by_role("heading", level=3)
    first = heading.inner_text()
    block(instrument, "Error signal").locator("tbody button").first.click()
    expect(heading).to_have_text("Unit 1 of layer 2")
    block(instrument, "Error signal").get_by_role("button", name="look into it").first.click()
    expect(heading).to_have_text("Output 1")
    block(instrument, "Error signal").get_by_role("button", name="look into it").first.click()
    expect(heading).to_have_text("Loss")
    value = float(block(instrument, "Loss").locator("[data-value]").nth(1).get_attribute("data-value") or "nan")
    assert value == pytest.approx(instrument.read()["loss"])
    inspector(instrument).get_by_role("button", name="Back").click()
    expect(heading).to_have_text("Output 1")
    instrument.page.keyboard.press("Alt+ArrowLeft")
    expect(heading).to_have_text("Unit 1 of layer 2")
    way = inspector(instrument).get_by_role("navigation", name="The way here")
    way.get_by_role("button", name=first).click()
    expect(heading).to_have_text(first)
    expect(way).to_be_hidden()


def test_another_sample_is_chosen_by_a_step_and_by_a_click_in_the_output(instrument: Instrument) -> None:
    open_on_an_edge(instrument)
    inspector(instrument).get_by_role("button", name="Next sample").click()
    instrument.wait("b.inspection.sample === 1")
    expect(inspector(instrument)).to_contain_text("sample 2 of 10")
    expect(block(instrument, "Gradient").locator("tr.highlighted th")).to_have_text(
        f"sample {inspection(instrument)['sample_index']}"
    )
    inspector(instrument).get_by_role("button", name="Previous sample").click()
    instrument.wait("b.inspection.sample === 0")
    canvas = instrument.page.locator("#output-canvas")
    box = canvas.bounding_box()
    assert box is not None
    for x in range(40, int(box["width"]), 12):
        for y in range(10, int(box["width"] - 60), 12):
            canvas.click(position={"x": x, "y": y})
            if "sample 1 of" not in inspector(instrument).inner_text():
                instrument.wait("b.inspection.sample > 0")
                return
    raise AssertionError("no point of the batch could be clicked")


def test_a_gradient_is_checked_by_nudging_its_weight(instrument: Instrument) -> None:
    open_on_an_edge(instrument)
    weights = instrument.weights
    inspector(instrument).get_by_role("button", name="Check this gradient").click()
    checked = inspector(instrument).get_by_role("status")
    expect(checked).to_contain_text(re.compile(r"They agree to \d+ digits"))
    check = inspection(instrument)["check"]
    slope = (check["loss_above"] - check["loss_below"]) / (2 * check["epsilon"])
    assert slope == pytest.approx(check["analytic"], rel=1e-5)
    assert all((old == new).all() for old, new in zip(weights, instrument.weights, strict=True))


def test_while_it_plays_the_numbers_follow_and_stay_of_one_step(instrument: Instrument) -> None:
    open_on_an_edge(instrument)
    instrument.play()
    instrument.wait("b.inspection.step > 20")
    instrument.pause()
    instrument.settle()
    instrument.wait("b.inspection.step === b.step")


def test_with_nothing_selected_the_inspector_says_what_to_do(instrument: Instrument) -> None:
    instrument.page.keyboard.press("i")
    expect(inspector(instrument)).to_contain_text("Click a weight or a unit")


def test_nothing_in_the_inspector_runs_out_of_its_block(instrument: Instrument) -> None:
    open_on_an_edge(instrument)
    inspector(instrument).get_by_role("button", name="Check this gradient").click()
    expect(inspector(instrument).get_by_role("status")).to_be_visible()
    wide = """(e) => [...e.querySelectorAll(".inspector-blocks, .block")]
        .filter(({scrollWidth, clientWidth}) => scrollWidth > clientWidth).map(({className}) => className)"""
    for width, height in [(1280, 720), (820, 1180), (390, 844)]:
        instrument.page.set_viewport_size({"width": width, "height": height})
        assert inspector(instrument).evaluate(wide) == []
        assert faults(instrument) == {}


def test_a_unit_shows_its_map_its_curves_and_its_numbers_over_the_batch(instrument: Instrument) -> None:
    instrument.page.locator("#network-canvas").focus()
    for key in ("ArrowRight", "ArrowRight", "Enter"):
        instrument.page.keyboard.press(key)
    instrument.page.get_by_role("button", name="Where does it come from?").click()
    panel = inspector(instrument)
    expect(panel.get_by_role("img", name=re.compile("^Tanh and its slope: at z"))).to_be_visible()
    colours = panel.locator(".unit-map canvas").evaluate(
        "(canvas) => new Set(new Uint32Array(canvas.getContext('2d').getImageData(0, 0, 24, 24).data.buffer)).size"
    )
    assert colours > 20
    expect(panel.locator(".spread .strip-row")).to_have_count(3)
    for row in panel.locator(".spread .strip-row").all():
        expect(row.locator("circle:not(.chosen)")).to_have_count(10)
