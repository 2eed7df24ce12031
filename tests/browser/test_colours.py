"""Colours of known values, read back from the pixels of a canvas that the page's own views have painted."""

from __future__ import annotations

from typing import Any

from tests.browser.instrument import Instrument

THEMES = ("light", "dark", "projector")

# A network 1-1-1 whose numbers are the test's own, painted apart from the page; then the row of pixels through each
# of its edges, and the column through each of its bars of δ, as "#rrggbb".
PAINT = """async ({parameters, unitDeltas, theme}) => {
  const [{networkGeometry}, {drawNetwork}, {readPalette}] = await Promise.all(
    ["geometry", "views/network", "theme"].map((name) => import(`/static/${name}.js`)));
  document.documentElement.dataset.theme = theme;
  const palette = readPalette();
  const layer = {kind: "dense", units: 1, fan_in: 1, activation: "tanh", activation_options: {}, unit_ids: [1]};
  const layout = {
    inputs: ["x"], parameters: 4, units: 2, maps: {form: "samples"},
    data: {classes: ["a", "b"], inputs: ["x"], task: "classification"},
    layers: [
      {...layer, id: 1, role: "hidden", weight: 0, bias: 1, unit: 0},
      {...layer, id: 0, role: "output", weight: 2, bias: 3, unit: 1},
    ],
  };
  const delta = unitDeltas;
  const frame = {
    step: 0, timeline: 1, rows: 1, parameters: Float32Array.from(parameters), unit_deltas: Float64Array.from(delta),
    activations: new Float32Array(2), inputs: new Float32Array(1), targets: new Float32Array(1),
    norms: Float64Array.from([...delta, 1, 1, 1, 1, 1, 1]), scales: new Float64Array(6).fill(1),
  };
  const [width, height] = [600, 300];
  const canvas = Object.assign(document.createElement("canvas"), {width, height});
  const context = canvas.getContext("2d", {willReadFrequently: true});
  const geometry = networkGeometry(layout, {width, height});
  const ui = {view: "forward", hover: null, pinned: null};
  const lane = {layout, frame, maps: null, diverged: null};
  drawNetwork(context, {lane, ui, status: null, palette, geometry, catalog: {}});
  const hex = ([r, g, b]) => "#" + [r, g, b].map((part) => part.toString(16).padStart(2, "0")).join("");
  const at = (x, y) => hex(context.getImageData(Math.floor(x), Math.floor(y), 1, 1).data);
  const row = ({left, right, from}) => Array.from({length: right - left}, (_, i) => at(left + i, from.y[0]));
  const bar = ({right, bar, y, tileHeight}) =>
    Array.from({length: tileHeight - 4}, (_, i) => at(right - bar / 2, y[0] - tileHeight / 2 + 2 + i));
  return {edges: geometry.gaps.map(row), bars: geometry.columns.slice(1).map(bar), palette};
}"""


def paint(instrument: Instrument, theme: str, parameters: list[float], unit_deltas: list[float]) -> dict[str, Any]:
    return instrument.page.evaluate(PAINT, {"theme": theme, "parameters": parameters, "unitDeltas": unit_deltas})


def test_a_weight_as_large_as_the_scale_has_the_colour_of_its_sign_and_a_negative_one_is_dashed(
        instrument: Instrument) -> None:
    for theme in THEMES:
        painted = paint(instrument, theme, [10.0, 0.0, -10.0, 0.0], [0.1, 0.1])
        palette = painted["palette"]
        positive, negative = (edge[4:-4] for edge in painted["edges"])
        assert set(positive) == {palette["positive"]}, theme
        assert palette["negative"] in negative, theme
        assert palette["card"] in negative, theme


def test_a_bar_of_the_outputs_own_signal_is_full_and_of_the_backward_colour(instrument: Instrument) -> None:
    for theme in THEMES:
        painted = paint(instrument, theme, [1.0, 0.0, 1.0, 0.0], [0.1, 0.1])
        for bar in painted["bars"]:
            assert set(bar) == {painted["palette"]["signal"]}, theme


def test_a_signal_of_twice_the_outputs_is_amplified_and_one_of_a_thousandth_fills_half_its_bar(
        instrument: Instrument) -> None:
    for theme in THEMES:
        painted = paint(instrument, theme, [1.0, 0.0, 1.0, 0.0], [0.2, 0.1])
        palette = painted["palette"]
        assert set(painted["bars"][0]) == {palette["amplified"]}, theme
        faded = paint(instrument, theme, [1.0, 0.0, 1.0, 0.0], [1e-4, 0.1])["bars"][0]
        assert abs(faded.count(palette["signalZero"]) - len(faded) / 2) <= 2, theme
        assert palette["signal"] not in faded, theme


def test_a_signal_below_the_scale_is_an_arrow_and_none_at_all_a_hollow_dot(instrument: Instrument) -> None:
    for theme in THEMES:
        below = paint(instrument, theme, [1.0, 0.0, 1.0, 0.0], [1e-9, 0.1])
        nothing = paint(instrument, theme, [1.0, 0.0, 1.0, 0.0], [0.0, 0.1])
        for painted in (below, nothing):
            bar, palette = painted["bars"][0], painted["palette"]
            assert bar[0] == palette["signalZero"], theme
            assert any(colour != palette["signalZero"] for colour in bar[-8:]), theme
        assert below["bars"][0] != nothing["bars"][0], theme
