"""The network itself: what lies under the pointer says its numbers, and takes others."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.browser.instrument import Instrument

# Notes for how many headers there is a copy that fades out.
NOTE_LEAVING = """() => {
  globalThis.left = 0;
  new MutationObserver((changes) => {
    for (const {addedNodes} of changes) left += [...addedNodes].filter(({className}) => className === "leaving").length;
  }).observe(document.getElementById("network-stage"), {childList: true});
}"""
TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def card(instrument: Instrument) -> Locator:
    return instrument.page.locator("#card")


def find_edge(instrument: Instrument) -> tuple[float, float]:
    """A place on the canvas where a weight lies: the pointer goes down between columns until it becomes a hand."""
    canvas = instrument.page.locator("#network-canvas")
    box = canvas.bounding_box()
    assert box is not None
    x = box["x"] + box["width"] * 0.3
    for y in range(int(box["y"]), int(box["y"] + box["height"]), 6):
        instrument.page.mouse.move(x, y)
        if canvas.evaluate("(element) => element.style.cursor") == "pointer":
            expect(card(instrument)).to_contain_text("→")
            return x, y
    raise AssertionError("no weight lies under the pointer between the inputs and the first layer")


def test_a_weight_under_the_pointer_tells_its_exact_numbers(instrument: Instrument) -> None:
    find_edge(instrument)
    text = card(instrument).inner_text()
    for name in ("weight", "gradient", "update"):
        assert name in text


def test_a_typed_weight_is_applied_and_nothing_else_changes(instrument: Instrument) -> None:
    before, loss = instrument.weights, instrument.read()["loss"]
    instrument.page.mouse.click(*find_edge(instrument))
    entry = instrument.entry("New weight")
    expect(entry).to_be_focused()
    instrument.type_into(entry, "-1.25")
    instrument.wait("b.layers.some(({weights}) => weights.flat().includes(-1.25))")
    changed = [(old != new).sum() for old, new in zip(before, instrument.weights, strict=True)]
    assert sorted(changed) == [0, 0, 1]
    assert instrument.step == 0
    assert instrument.read()["loss"] != loss


def test_the_keyboard_walks_the_network_and_types_a_bias(instrument: Instrument) -> None:
    instrument.page.locator("#network-canvas").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "Enter"):
        instrument.page.keyboard.press(key)
    instrument.type_into(instrument.entry("New bias"), "0.75")
    instrument.wait("b.layers.some(({biases}) => biases.includes(0.75))")
    instrument.page.keyboard.press("Escape")
    expect(card(instrument)).to_be_hidden()


def test_the_edges_can_show_gradients_and_updates(instrument: Instrument) -> None:
    canvas = instrument.page.locator("#network-canvas")
    pictures = {canvas.screenshot()}
    for view in ("Gradients", "Updates"):
        instrument.page.get_by_role("radio", name=view, exact=True).check(force=True)
        instrument.page.evaluate(TWO_FRAMES)
        pictures.add(canvas.screenshot())
    assert len(pictures) == 3


def test_l_changes_the_scale_of_the_strip(instrument: Instrument) -> None:
    scale = instrument.page.get_by_role("radio", name="true", exact=True)
    expect(scale).not_to_be_checked()
    instrument.page.keyboard.press("l")
    expect(scale).to_be_checked()


def test_a_formula_is_typeset_where_it_is_asked_for_and_not_before(new_page: Callable[[], Instrument]) -> None:
    instrument = new_page()
    asked: list[str] = []
    instrument.page.on("request", lambda request: asked.append(request.url))
    instrument.open()
    assert not any("katex" in url for url in asked)
    instrument.page.get_by_role("combobox", name="Loss", exact=True).hover()
    formula = instrument.page.locator("#help .katex")
    expect(formula).to_be_visible()
    assert any(url.endswith("katex.mjs") for url in asked)
    fonts = "document.fonts.ready.then(() => [...document.fonts].filter((font) => font.status === 'loaded').length)"
    assert instrument.page.evaluate(fonts) > 0


def test_help_that_was_read_does_not_come_back_over_what_was_pressed(instrument: Instrument) -> None:
    tip = instrument.page.locator("#help")
    instrument.button("Play").hover()
    expect(tip).to_be_visible()
    instrument.play()
    instrument.wait("b.step > 240")
    expect(tip).to_be_hidden()
    instrument.button("Reset").hover()
    expect(tip).to_contain_text("Back to step 0")


def test_nothing_stays_of_a_layer_that_is_removed_and_nothing_fades_where_motion_is_not_wanted(
        instrument: Instrument) -> None:
    page = instrument.page
    page.evaluate(NOTE_LEAVING)
    instrument.button("Remove layer 1").click()
    expect(page.locator(".layer")).to_have_count(3)
    assert page.evaluate("globalThis.left") == 0
    page.emulate_media(reduced_motion="no-preference")
    instrument.button("Remove layer 1").click()
    expect(page.locator(".layer")).to_have_count(2)
    expect(page.locator(".leaving")).to_have_count(0)
