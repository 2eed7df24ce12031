"""What is removed from the network fades out where it stood, and then is gone; at once where no motion is wanted."""

from __future__ import annotations

from typing import Any

from tests.browser.instrument import CHANGED, PIXELS, Instrument
from tests.browser.test_layouts import deepen
from tests.browser.test_network import TWO_FRAMES

# Notes which pictures are drawn paler than they are into the network, where, and for how many frames there was none.
NOTE_FADING = """() => {
  Object.assign(globalThis, {faded: [], quiet: 0});
  const {drawImage} = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.drawImage = function (image, ...place) {
    if (this.canvas.id === "network-canvas" && this.globalAlpha < 1) {
      const [x, y, width, height] = place;
      faded.push({presence: this.globalAlpha, width, middle: [x + width / 2, y + height / 2].map(Math.round).join()});
      quiet = 0;
    }
    return drawImage.call(this, image, ...place);
  };
  const count = () => {
    quiet++;
    requestAnimationFrame(count);
  };
  requestAnimationFrame(count);
}"""
# Whether something stood there in the picture that was kept: it is not the colour of the canvas's corner.
STOOD = """(middle) => {
  const canvas = document.getElementById("network-canvas");
  const [x, y] = middle.split(",").map((each) => Math.round(each * devicePixelRatio));
  return kept[y * canvas.width + x] !== kept[0];
}"""
CHANGED_AND_AT_REST = """(before) => JSON.stringify(backflow.layers.map(({units}) => units)) !== before
  && quiet > 20"""
# Nothing glides or pulses any more: the same picture for ten frames.
STILL = f"""async () => {{ {PIXELS}
  for (let before = "", same = 0; same < 10;) {{
    await new Promise(requestAnimationFrame);
    const now = pixels("network-canvas").join();
    same = now === before ? same + 1 : 0;
    before = now;
  }}
}}"""
CHOOSE = "(theme) => document.querySelector(`[name=theme][value=${theme}]`).click()"


def remove(instrument: Instrument, button: str, times: int) -> list[dict[str, Any]]:
    """What faded when something was removed: tried again where the machine was just then too slow to show motion."""
    page = instrument.page
    for _ in range(times):
        page.evaluate(STILL)
        instrument.keep_picture("network-canvas")
        before = page.evaluate("faded.length = quiet = 0, JSON.stringify(backflow.layers.map(({units}) => units))")
        instrument.button(button).click()
        page.wait_for_function(CHANGED_AND_AT_REST, arg=before)
        faded: list[dict[str, Any]] = page.evaluate("faded")
        if faded:
            return faded
    raise AssertionError(f"nothing faded in {times} tries")


def check_fading(instrument: Instrument, faded: list[dict[str, Any]], units: int) -> None:
    places = {each["middle"] for each in faded}
    assert len(places) == units, "each stays where it was"
    for place in places:
        assert instrument.page.evaluate(STOOD, place)
        shown = [(each["presence"], each["width"]) for each in faded if each["middle"] == place]
        assert shown == sorted(shown, reverse=True), "it is less and less there, and smaller"
    # What is painted anew, all of it, is what stood there: nothing was left.
    instrument.keep_picture("network-canvas")
    for theme in ("dark", "light"):
        instrument.page.evaluate(CHOOSE, theme)
        instrument.page.evaluate(TWO_FRAMES)
    instrument.page.wait_for_function(f"() => ({CHANGED})('network-canvas') === 0")


def test_a_removed_unit_fades_where_it_stood_and_is_gone(moving: Instrument) -> None:
    moving.page.evaluate(NOTE_FADING)
    check_fading(moving, remove(moving, "Remove a unit from layer 1", 3), 1)


def test_a_removed_layer_fades_with_all_its_units(moving: Instrument) -> None:
    deepen(moving, 4)
    moving.page.evaluate(NOTE_FADING)
    check_fading(moving, remove(moving, "Remove layer 2", 3), 2)


def test_nothing_fades_in_the_network_where_motion_is_not_wanted(instrument: Instrument) -> None:
    instrument.page.evaluate(NOTE_FADING)
    for button in ("Remove a unit from layer 1", "Remove layer 2"):
        instrument.button(button).click()
    instrument.wait("b.layers.length === 2 && b.layers[0].units === 3 && quiet > 20")
    assert instrument.page.evaluate("faded") == []
