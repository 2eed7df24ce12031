"""Nothing is cut off and nothing overlaps: in any window and theme, whatever the network, and whatever is open."""

from __future__ import annotations

from typing import Any

import pytest

from engine.fields import MAX_PARAMETERS
from tests.browser.conftest import LAYOUTS
from tests.browser.instrument import Instrument
from tests.browser.test_compare import compare

THEMES = ["light", "dark", "projector"]
SIZES = ["light", "projector"]
"""Of themes with the same sizes one: the dark theme has those of the light one (tests/static/contrast.test.js)."""
NETWORKS = [(layers, units) for layers in (1, 4, 6, 10, 16, 20, 64) for units in (2, 8, 32, 128)
            if layers * units * units <= MAX_PARAMETERS]

# In each of these themes, chosen by the page's control: what is wrong once it stands as it should, or in two seconds.
IN_THEMES = """async (themes) => {
  const found = {};
  for (const theme of themes) {
    document.querySelector(`[name=theme][value=${theme}]`).click();
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
    const end = performance.now() + 2000;
    let faults = layoutFaults();
    while (faults.length > 0 && performance.now() < end) {
      await new Promise(requestAnimationFrame);
      faults = layoutFaults();
    }
    if (faults.length > 0 || document.documentElement.dataset.theme !== theme) found[theme] = faults;
  }
  return found;
}"""
# Opens a network by its address, as a link does, and waits until it is painted.
OPEN = """async ([layers, units, activation = "tanh", optimizer = "adam"]) => {
  const {encodeAddress} = await import("/static/address.js");
  const {defaults} = JSON.parse(document.getElementById("catalog").text);
  const spec = structuredClone(defaults);
  spec.network.hidden = Array.from({length: layers}, () => ({...spec.network.hidden[0], units, activation}));
  spec.training.optimizer = optimizer; // Adam shows its coefficients
  location.hash = encodeAddress(spec, defaults);
  const shown = () => backflow.spec.network.hidden.length === layers && backflow.spec.network.hidden[0].units === units
    && backflow.spec.network.hidden[0].activation === activation && backflow.layers.length === layers + 1
    && backflow.layers[0].units === units;
  do await new Promise(requestAnimationFrame); while (!shown());
}"""


def faults(instrument: Instrument) -> Any:
    return instrument.page.evaluate(IN_THEMES, SIZES)


def test_nothing_is_cut_off_and_nothing_overlaps_whatever_the_network(still: Instrument) -> None:
    found = {}
    for network in NETWORKS:
        still.page.evaluate(OPEN, network)
        found[network] = faults(still)
    assert {network: each for network, each in found.items() if each} == {}


def test_nothing_is_cut_off_and_nothing_overlaps_with_several_lanes(still: Instrument) -> None:
    for setting, value in (("Activation", "sigmoid"), ("Optimizer", "adam"), ("Normalisation", "batch")):
        compare(still, setting, value)
        assert faults(still) == {}, setting


# What could go wrong, done to the page, and in which words it is told.
PLANTED = {
    "lies over": """
      const button = document.getElementById("step").cloneNode(true);
      Object.assign(button.style, {position: "absolute", translate: "-60px"});
      document.getElementById("step").after(button);""",
    "is cut off at the side of": "document.querySelector('#output-bar h2').style.width = '20px'",
    "is cut off above or below by": """
      Object.assign(document.getElementById("chosen-dataset").style, {height: "9px", padding: 0});""",
    "the page scrolls sideways": """
      document.body.append(Object.assign(document.createElement("p"), {textContent: "wide"}));
      Object.assign(document.body.lastChild.style, {position: "absolute", left: "110vw", top: 0});""",
    "is too small for": "document.getElementById('activation-for-all').style.width = '40px'",
    "leaves output-canvas": "document.getElementById('output-canvas').getContext('2d').fillText('outside', -20, 40)",
    "is written over": """
      for (const x of [40, 50]) document.getElementById("output-canvas").getContext("2d").fillText("again", x, 40)""",
}


@pytest.mark.parametrize("still", LAYOUTS[:1], indirect=True)
def test_whatever_is_wrong_is_found(still: Instrument) -> None:
    for fault, deed in PLANTED.items():
        assert not [line for line in still.page.evaluate("layoutFaults()") if fault in line]
        still.page.evaluate(f"() => {{ {deed} }}")
        assert [line for line in still.page.evaluate("layoutFaults()") if fault in line], fault


@pytest.mark.parametrize("still", [(1024, 768), (1180, 820)], indirect=True, ids=["1024 x 768", "1180 x 820"])
def test_nothing_is_cut_off_and_nothing_overlaps_in_other_windows(still: Instrument) -> None:
    assert faults(still) == {}
    still.page.set_viewport_size({"width": 844, "height": 390})
    assert faults(still) == {}
