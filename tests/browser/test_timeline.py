"""Time that runs both ways, as a person uses it: back to step 120, one thing changed, on from there, and back again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from playwright.sync_api import Locator, expect

from engine import RunSpec, Trainer
from tests.browser.instrument import Instrument


def slider(page: Instrument) -> Locator:
    return page.page.get_by_role("slider", name="Step that is shown")


def drag_to(page: Instrument, step: int) -> None:
    """What a drag to there comes to."""
    drag = "(e, step) => { e.value = step; e.dispatchEvent(new Event('input', {bubbles: true})); }"
    slider(page).evaluate(drag, step)
    page.wait(f"b.step === {step}")


def test_back_to_step_120_of_5000_one_change_on_and_back_again(instrument: Instrument) -> None:
    page = instrument.open()
    expect(slider(page)).to_be_hidden()
    page.pace("max").play()
    page.wait("b.step >= 2500")
    page.type_into(page.learning_rate, "0.1")
    page.wait("b.step >= 5000")
    end = page.pause().step
    weights = page.weights

    page.keep_picture("output-canvas")
    drag_to(page, 120)
    trainer = Trainer(RunSpec(seed=page.spec["seed"]))
    for _ in range(120):
        trainer.step()
    for drawn, name in zip(page.weights, ("0.weight", "1.weight", "2.weight"), strict=True):
        assert np.array_equal(drawn, trainer.network.parameters[name].astype(np.float32))
    trainer.compute()
    gradients = [np.ravel(layer[part]) for layer in page.read()["layers"] for part in ("gradients", "biasGradients")]
    assert np.allclose(np.concatenate(gradients), trainer.network.arena.gradients, rtol=1e-5, atol=1e-12)
    expect(page.sentence).to_have_text(f"You are looking at step 120 of {end:,}.")
    expect(page.learning_rate).to_have_value("0.03")
    expect(slider(page)).to_have_attribute("aria-valuetext", f"step 120 of {end:,}")
    assert page.changed("output-canvas") > 0.1

    page.page.keyboard.press("a")
    page.wait("b.step === 119")
    slider(page).press("ArrowRight")
    page.wait("b.step === 120")
    before = page.page.locator("#loss-chart").get_by_text("before", exact=True)
    expect(before).to_be_hidden()
    page.button("Continue from here").click()
    expect(page.button("Continue from here")).to_be_hidden()
    expect(before).to_be_visible()  # the old future, as a pale curve
    page.type_into(page.learning_rate, "0.3")
    page.take_steps(3)
    assert page.step == 123

    page.button("Changes and branches").click()
    panel = page.page.get_by_role("dialog", name="Changes and branches")
    expect(panel.get_by_text("Step 120: Learning rate 0.03 → 0.3")).to_be_visible()
    panel.get_by_role("button", name="Return to: Learning rate 0.03 → 0.1").click()
    page.wait(f"b.step === {end}")
    for now, then in zip(page.weights, weights, strict=True):
        assert np.array_equal(now, then)
    expect(panel.get_by_role("button", name="Return to: Learning rate 0.03 → 0.3 at step 120")).to_be_visible()
    page.page.keyboard.press("Escape")

    page.button("One step back").click()
    page.wait(f"b.step === {end - 1}")
    page.page.keyboard.press("Escape")
    page.wait(f"b.step === {end}")
    expect(page.button("Back to the present")).to_be_hidden()


def test_steps_are_shown_while_the_mouse_still_drags(instrument: Instrument) -> None:
    page = instrument.open()
    page.pace("max").play()
    page.wait("b.step >= 1000")
    page.pause()
    box = slider(page).bounding_box()
    assert box is not None
    x, y, width = box["x"], box["y"] + box["height"] / 2, box["width"]
    page.page.mouse.move(x + width - 8, y)
    page.page.mouse.down()
    seen = []
    for share in (0.8, 0.5, 0.2):
        before = page.step
        page.page.mouse.move(x + share * width, y, steps=4)
        page.wait(f"b.step < {before}")
        expect(page.sentence).to_contain_text("You are looking at step")
        seen.append(page.step)
    page.page.mouse.up()
    assert seen == sorted(seen, reverse=True)
    expect(page.button("Continue from here")).to_be_visible()


def test_a_past_network_of_another_shape_is_drawn_as_it_was(instrument: Instrument) -> None:
    page = instrument.open()
    page.take_steps(4)
    page.button("Add a unit to layer 1").click()
    page.wait("b.layers[0].units === 5")
    page.take_steps(3)
    drag_to(page, 2)
    page.wait("b.layers[0].units === 4 && b.layers[0].deltaRms > 0")
    drag_to(page, 6)
    page.wait("b.layers[0].units === 5")
    page.button("Back to the present").click()
    page.wait("b.step === 7")


def test_the_network_is_taken_away_as_code_numbers_and_pictures(instrument: Instrument, tmp_path: Path) -> None:
    page = instrument.open()
    page.take_steps(3)
    page.button("Share").click()
    saved: dict[str, bytes] = {}
    for name in ("PyTorch", "NumPy", "CSV", "PNG", "SVG"):
        with page.page.expect_download() as downloading:
            page.button(name).click()
        downloading.value.save_as(tmp_path / name)
        saved[downloading.value.suggested_filename] = (tmp_path / name).read_bytes()
    assert list(saved) == ["backflow-circle-3-pytorch.zip", "backflow-circle-3-numpy.py", "backflow-circle-3.csv",
                           "backflow-3.png", "backflow-3.svg"]  # fmt: skip
    assert saved["backflow-3.png"].startswith(b"\x89PNG")
    assert_drawn_as_lines(page, saved["backflow-3.svg"], units=(2, 4, 2, 1))


def test_lanes_on_a_curve_are_taken_away_as_lines_as_well(instrument: Instrument, tmp_path: Path) -> None:
    page = instrument.open()
    page.page.get_by_role("radio", name="Sine", exact=True).click()
    page.wait("b.spec.data.name === 'sine'")
    page.page.keyboard.press("c")
    page.menu("Other Activation").select_option("relu")
    page.button("Compare").click()
    page.wait("b.lanes.length === 2 && b.lanes.every(({layers}) => layers.length === 3)")
    page.take_steps(5)
    page.button("Share").click()
    with page.page.expect_download() as downloading:
        page.button("SVG").click()
    downloading.value.save_as(tmp_path / "lanes.svg")
    root = ElementTree.parse(tmp_path / "lanes.svg").getroot()
    curves = [path for path in root.iter(f"{SVG}path") if path.attrib["d"].count("L") > 100]
    assert len(curves) == 4  # of either lane, above zero and below
    assert len(list(root.iter(f"{SVG}image"))) == 2 * (1 + 4 + 2 + 1)


SVG = "{http://www.w3.org/2000/svg}"


def assert_drawn_as_lines(page: Instrument, file: bytes, units: tuple[int, ...]) -> None:
    """Words are words, every edge is a path whose look is the one that its weight has, and pixels are maps alone."""
    root = ElementTree.fromstring(file)
    words = [element.text for element in root.iter(f"{SVG}text")]
    assert {"Layer 1", "Layer 2", "Output", "error signal"} <= set(words)
    edges = [element for element in root.iter(f"{SVG}path") if "C" in element.attrib["d"]]
    weights = np.concatenate([weight.ravel() for weight in page.weights])
    assert len(edges) == len(weights)
    assert sum("stroke-dasharray" in edge.attrib for edge in edges) == sum(weights < 0)
    looks = page.page.evaluate(LOOKS, [float(weight) for weight in weights])
    drawn = sorted((edge.attrib["stroke"], float(edge.attrib["stroke-width"])) for edge in edges)
    assert drawn == sorted((colour, width) for colour, width in looks)
    assert len(list(root.iter(f"{SVG}image"))) == sum(units)
    assert len(file) < 400_000


LOOKS = """async (weights) => {
  const encoding = await import("/static/encoding.js");
  const {edgeTint, edgeWidth, forwardPlace, ramps, weightStrength, widestEdge, EDGE_LEVELS} = encoding;
  const {readPalette} = await import("/static/theme.js");
  const palette = readPalette();
  return weights.map((weight) => {
    const strength = Math.round((EDGE_LEVELS - 1) * weightStrength(weight, 10)) / (EDGE_LEVELS - 1);
    const tint = edgeTint(strength) * Math.sign(weight);
    const width = edgeWidth(strength, widestEdge(8, palette.stepped));
    return [ramps(palette).forwardCss[forwardPlace(tint, -1, 0, 1)], Math.round(100 * width) / 100];
  });
}"""


def test_a_run_is_saved_opened_elsewhere_and_a_file_that_is_none_is_refused(
    new_page: Callable[..., Instrument], tmp_path: Path
) -> None:
    page = new_page().open()
    page.take_steps(6)
    page.type_into(page.learning_rate, "0.2")
    page.take_steps(3)
    page.button("Share").click()
    with page.page.expect_download() as downloading:
        page.button("Save run").click()
    saved = tmp_path / downloading.value.suggested_filename
    downloading.value.save_as(saved)
    assert saved.name == "backflow-circle-9.backflow"

    other = new_page().open("#moons")
    other.page.locator("#open-run-file").set_input_files(saved)
    other.wait("b.step === 9")
    expect(other.sentence).to_have_text("The run goes on from step 9.")
    page.page.keyboard.press("Escape")
    for each in (page, other):
        each.take_steps(2)
    for one, another in zip(page.weights, other.weights, strict=True):
        assert np.array_equal(one, another)

    half = tmp_path / "half.backflow"
    half.write_bytes(saved.read_bytes()[:3000])
    drop = """([bytes, size]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(bytes), new ArrayBuffer(size)], "some.backflow"));
      document.dispatchEvent(new DragEvent("drop", {dataTransfer: transfer, bubbles: true, cancelable: true}));
    }"""
    other.page.evaluate(drop, [list(half.read_bytes()), 0])
    expect(other.sentence).to_contain_text("it is no run that Backflow saved, or only a part of one")
    other.page.evaluate(drop, [[], 40 * 2**20])
    expect(other.sentence).to_have_text("A file of 40 MB refused: must be at most 32 MB. Nothing was changed.")
    assert other.step == 11
