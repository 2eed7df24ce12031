"""Data of the user's own: points drawn into the plane, and tables as CSV."""

from __future__ import annotations

import numpy as np
from playwright.sync_api import Locator, expect

from tests.browser.instrument import Instrument

KINDS = ("oak", "pine", "elm")
ROWS = (f"{4 + row % 7 * 0.3:.1f},{2 + row % 5 * 0.4:.1f},{KINDS[row % 3]}" for row in range(60))
TREES = "\n".join(("length,width,kind", *ROWS))


def open_dialog(instrument: Instrument, tab: str) -> None:
    instrument.page.get_by_role("radio", name="Your data", exact=True).click()
    instrument.page.get_by_role("tab", name=tab, exact=True).click()


def draw(instrument: Instrument, button: str = "Start with an empty plane") -> None:
    open_dialog(instrument, "Draw points")
    instrument.button(button).click()
    expect(instrument.page.get_by_role("toolbar", name="Draw points")).to_be_visible()


def stroke(instrument: Instrument, *places: tuple[float, float]) -> None:
    """Drags over the output; places are shares of its width and height."""
    box = instrument.page.locator("#output-canvas").bounding_box()
    assert box is not None
    mouse = instrument.page.mouse
    for index, (x, y) in enumerate(places):
        mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=6)
        if index == 0:
            mouse.down()
    mouse.up()


def paste(instrument: Instrument, text: str) -> None:
    open_dialog(instrument, "CSV")
    instrument.entry("CSV").fill(text)


def problem(instrument: Instrument) -> Locator:
    return instrument.page.locator("#csv-problem")


def wait_for_samples(instrument: Instrument, condition: str) -> None:
    instrument.wait(f"b.spec.data.name === 'own' && b.spec.data.own.samples {condition}")


def test_points_of_two_classes_are_drawn_and_learned(instrument: Instrument) -> None:
    draw(instrument)
    stroke(instrument, (0.3, 0.2), (0.8, 0.2))
    expect(instrument.page.locator("#sketch-note")).to_have_text("Now another class.")
    assert instrument.spec["data"]["name"] == "circle"
    instrument.page.keyboard.press("2")
    stroke(instrument, (0.3, 0.7), (0.8, 0.7))
    wait_for_samples(instrument, "> 20")
    assert instrument.spec["data"]["own"]["classes"] == ["1", "2"]
    instrument.page.keyboard.press("Space")
    instrument.wait("b.step > 300")
    instrument.pause()
    assert instrument.read()["evaluation"]["train"]["accuracy"] == 1


def test_points_are_added_while_it_plays_and_weights_are_kept(instrument: Instrument) -> None:
    draw(instrument, "Add to the points shown")
    stroke(instrument, (0.5, 0.5))
    wait_for_samples(instrument, "=== 501")
    instrument.page.keyboard.press("Space")
    instrument.wait("b.step > 100")
    before = instrument.step
    instrument.page.keyboard.press("2")
    stroke(instrument, (0.2, 0.1), (0.4, 0.1))
    wait_for_samples(instrument, "> 503")
    instrument.wait_for_steps(1)
    assert instrument.step > before
    assert instrument.read()["status"] == "playing"


def test_a_stroke_is_one_step_of_undo(instrument: Instrument) -> None:
    draw(instrument, "Add to the points shown")
    stroke(instrument, (0.2, 0.1), (0.8, 0.1))
    wait_for_samples(instrument, "> 503")
    instrument.page.keyboard.press("Control+z")
    instrument.wait("b.spec.data.name === 'circle'")
    instrument.page.keyboard.press("Shift+Control+Z")
    wait_for_samples(instrument, "> 503")


def test_a_stroke_that_was_not_sent_is_taken_back_as_well(instrument: Instrument) -> None:
    draw(instrument)
    stroke(instrument, (0.3, 0.2))
    instrument.page.keyboard.press("Control+z")
    expect(instrument.page.locator("#sketch-note")).to_have_text("Click or drag.")


def test_points_are_erased(instrument: Instrument) -> None:
    draw(instrument, "Add to the points shown")
    instrument.page.keyboard.press("e")
    stroke(instrument, (0.5, 0.2), (0.5, 0.7))
    wait_for_samples(instrument, "< 500")


def test_points_are_drawn_by_keyboard_alone(instrument: Instrument) -> None:
    keyboard = instrument.page.keyboard
    draw(instrument)
    for key in ("ArrowUp", "Enter", "2", "ArrowDown", "ArrowDown", "Enter"):
        keyboard.press(key)
    wait_for_samples(instrument, "=== 2")
    keyboard.press("Escape")
    expect(instrument.page.get_by_role("toolbar", name="Draw points")).to_be_hidden()


def test_another_data_set_ends_the_drawing(instrument: Instrument) -> None:
    draw(instrument)
    instrument.page.get_by_role("radio", name="Circle", exact=True).click()
    expect(instrument.page.get_by_role("toolbar", name="Draw points")).to_be_hidden()


def test_a_pasted_table_is_shown_chosen_from_and_learned(instrument: Instrument) -> None:
    paste(instrument, TREES)
    page = instrument.page
    expect(page.get_by_text("target: 3 different words")).to_be_visible()
    expect(page.get_by_text("60 rows, 2 inputs, 3 classes.")).to_be_visible()
    page.get_by_role("checkbox", name="Input width").uncheck()
    expect(page.get_by_text("60 rows, 1 input, 3 classes.")).to_be_visible()
    page.get_by_role("checkbox", name="Input width").check()
    page.get_by_role("checkbox", name="standardise").check()
    instrument.button("Use these data").click()
    wait_for_samples(instrument, "=== 60")
    own = instrument.spec["data"]["own"]
    assert (own["inputs"], own["classes"]) == (["length", "width"], ["elm", "oak", "pine"])
    expect(page.get_by_role("radio", name="Your data", exact=True)).to_be_checked()
    instrument.take_steps(3)
    assert instrument.colours("output-canvas") > 8


def test_a_table_of_numbers_is_fitted(instrument: Instrument) -> None:
    paste(instrument, "x,y\n" + "\n".join(f"{x:.2f},{np.sin(x):.4f}" for x in np.linspace(-3, 3, 40)))
    expect(instrument.page.get_by_text("40 rows, 1 input, numbers to fit.")).to_be_visible()
    instrument.button("Use these data").click()
    wait_for_samples(instrument, "=== 40")
    instrument.take_steps(2)
    assert instrument.colours("output-canvas") > 4


def test_a_file_is_opened(instrument: Instrument) -> None:
    open_dialog(instrument, "CSV")
    file = {"name": "trees.csv", "mimeType": "text/csv", "buffer": TREES.encode()}
    instrument.page.locator("#csv-file").set_input_files([file])
    expect(instrument.page.get_by_text("60 rows, 2 inputs, 3 classes.")).to_be_visible()
    expect(instrument.page.locator("#csv-name")).to_have_text("trees.csv")


WRONG = {
    "a,b,c\n1,2,3\n4,5\n": "Line 3 has 2 values, and line 1 has 3 values: every line needs as many.",
    "a,class\n1,x\n2,x\n": "“class” has one class only, “x”: there is nothing to tell apart.",
    'a,b\n1,"x\n': "The quote that opens in line 2 never closes.",
    "a,b\nx,y\nz,w\n": "No column holds numbers alone, and the inputs of a network are numbers.",
}


def test_a_wrong_table_is_refused_in_a_sentence_and_changes_nothing(instrument: Instrument) -> None:
    open_dialog(instrument, "CSV")
    for text, sentence in WRONG.items():
        instrument.entry("CSV").fill(text)
        expect(problem(instrument)).to_have_text(sentence)
        use = instrument.button("Use these data")
        assert use.count() == 0 or use.is_disabled()
    instrument.page.keyboard.press("Escape")
    assert instrument.spec["data"]["name"] == "circle"


def test_a_file_that_is_no_text_is_refused(instrument: Instrument) -> None:
    open_dialog(instrument, "CSV")
    picture = {"name": "picture.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\0\0\0"}
    instrument.page.locator("#csv-file").set_input_files([picture])
    expect(problem(instrument)).to_have_text("This file is not text: save the table as CSV first.")


def test_keys_that_are_typed_into_a_table_do_not_steer_the_run(instrument: Instrument) -> None:
    open_dialog(instrument, "CSV")
    for key in ("Space", "s", "r"):
        instrument.entry("CSV").press(key)
    assert instrument.read()["status"] == "paused"
    assert instrument.step == 0


def test_a_watcher_cannot_bring_data(instrument: Instrument) -> None:
    with instrument.page.expect_popup() as opened:
        instrument.page.evaluate("void open(location.href)")
    watcher = Instrument(opened.value, instrument.address).drawn()
    expect(watcher.page.get_by_role("radio", name="Your data", exact=True)).to_be_disabled()
