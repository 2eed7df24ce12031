/** Why the error signal shrinks or grows: factors, their means, and the words about them. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { FACTORS, StationMeans, factorNames, factorRows, reachOf } from "../../static/factors.js";
import { formatFactor } from "../../static/format.js";
import { productTexts, stripTexts } from "../../static/panels/ratio.js";
import { StripSource } from "../../static/select.js";
import { SeriesStore } from "../../static/series.js";
import { layoutOf } from "./layouts.js";

/** @import {Frame, Lane, Layout} from "../../static/types.js" */

/** Stations of rows whose factors are given, from the last layer's error signal back. @param {number[][]} rows  first layer first */
function stationsOf(rows, last = 1) {
  /** @type {number[]} */
  let stations = [];
  let arriving = last;
  for (const row of [...rows].reverse()) {
    const path = row.reduce((norms, factor) => [...norms, norms[norms.length - 1] * factor], [arriving]);
    arriving = path[path.length - 1];
    stations = [...path, ...stations];
  }
  return Float64Array.from(stations);
}

const plain = [[1, 0.5, 1, 0.25, 1], [1, 2, 1, 0.25, 1], [1, 0.75, 1, 0.5, 1]];

test("a row has the factors that its two layers have, in the order in which the signal meets them", () => {
  const layout = layoutOf([4, 4, 1]);
  assert.deepEqual(factorNames(layout, 0), ["gain", "slope"]);
  layout.layers[1].normalization = "batch";
  layout.layers[1].residual = true;
  layout.layers[0].dropout = 0.5;
  assert.deepEqual(factorNames(layout, 0), [...FACTORS]);
  assert.deepEqual(factorNames(layout, 1), ["gain", "slope"]);
});

test("the factors' product is the ratio of the error signals, row by row and of all rows", () => {
  const rows = factorRows(layoutOf([4, 4, 4, 1]), stationsOf(plain));
  assert.deepEqual(rows.map(({ factors }) => factors.map(({ value }) => value)), [[0.5, 0.25], [2, 0.25], [0.75, 0.5]]);
  assert.deepEqual(rows.map(({ product }) => product), [0.125, 0.5, 0.375]);
});

test("a factor is not known where nothing arrives, and zero where nothing is left", () => {
  const [first, second] = factorRows(layoutOf([4, 4, 1]), stationsOf([[1, 0.5, 1, 0.5, 1], [1, 2, 1, 0, 1]]));
  assert.equal(second.factors[1].value, 0);
  assert.equal(second.product, 0);
  assert.ok(Number.isNaN(first.factors[0].value) && Number.isNaN(first.product));
});

test("means over pictures leave products what they are", () => {
  const means = new StationMeans();
  const layout = layoutOf([4, 4, 4, 1]);
  means.add(stationsOf(plain));
  const shown = means.add(stationsOf(plain.map((row) => row.map((factor) => factor ** 3)), 7));
  const rows = factorRows(layout, shown);
  for (const [index, { factors, product }] of rows.entries()) {
    const whole = factors.reduce((all, { value }) => all * value, 1);
    assert.ok(Math.abs(whole / product - 1) < 1e-12);
    assert.ok(Math.abs(factors[0].value / plain[index][1] ** 2 - 1) < 1e-12, "the geometric mean");
  }
});

test("a picture with an exact zero is shown as it is, and the mean begins anew", () => {
  const means = new StationMeans();
  means.add(Float64Array.of(4, 4, 4, 4, 4, 4));
  const zero = Float64Array.of(1, 1, 0, 0, 0, 0);
  assert.equal(means.add(zero), zero);
  assert.deepEqual([...means.add(Float64Array.of(9, 9, 9, 9, 9, 9))].map(Math.round), [9, 9, 9, 9, 9, 9]);
});

test("the bars' axis reaches as far as the farthest factor or χ, in whole decades, and narrows late", () => {
  const factors = { rows: factorRows(layoutOf([4, 4, 4, 1]), stationsOf(plain)), chi: null };
  assert.equal(reachOf(factors, Number.NaN), 1);
  assert.equal(reachOf({ ...factors, chi: Float64Array.of(0.004, -1, 1) }, 1), 3);
  assert.equal(reachOf(factors, 3), 1);
  assert.equal(reachOf(factors, 1), 1);
  assert.equal(reachOf({ rows: [], chi: null }, Number.NaN), 1);
});

test("a factor has two digits, and a power of ten where it is far from 1", () => {
  assert.deepEqual([0.2149, 3.449, 12.3, 0.0099, 0.00099, 2.1e-5, 0, 123456, 0.9999].map(formatFactor),
    ["0.21", "3.4", "12", "9.9×10⁻³", "9.9×10⁻⁴", "2.1×10⁻⁵", "0", "1.2×10⁵", "1.0"]);
  assert.equal(formatFactor(Number.NaN), "–");
});

test("the product is read as the signal goes, from the last hidden layer to the first", () => {
  const layout = layoutOf([4, 4, 4, 1]);
  const [longest, ...shorter] = productTexts(layout, factorRows(layout, stationsOf(plain)));
  assert.equal(longest, "Layer 3 to 1: 0.50 × 0.13 = 1/16");
  assert.equal(shorter[shorter.length - 1], "Layer 3 to 1: 1/16");
  for (const text of shorter) assert.ok(text.length <= longest.length);
});

test("a long product is counted instead of read, and one that grows is no fraction", () => {
  const deep = layoutOf([...new Array(20).fill(4), 1]);
  const rows = (/** @type {number} */ factor) => factorRows(deep, stationsOf(new Array(20).fill([1, factor, 1, 1, 1])));
  assert.equal(productTexts(deep, rows(0.5))[0], "Layer 20 to 1: 0.50 × 0.50 × … (19 factors) = 1/524,000");
  assert.match(productTexts(deep, rows(2))[0], /= 5\.2×10⁵$/);
});

test("one hidden layer is compared with the output, and no hidden layer with nothing", () => {
  const single = layoutOf([4, 1]);
  assert.deepEqual(productTexts(single, factorRows(single, stationsOf([[1, 0.5, 1, 0.5, 1]]))), ["Output to 1: × 0.25"]);
  assert.deepEqual(productTexts(layoutOf([1]), []), []);
});

test("a product that ends in nothing says where", () => {
  const layout = layoutOf([4, 4, 4, 4, 1]);
  const stations = stationsOf([[1, 0.5, 1, 0.5, 1], [1, 0.5, 1, 0.5, 1], [1, 1, 1, 0, 1], [1, 1, 1, 1, 1]]);
  assert.deepEqual(productTexts(layout, factorRows(layout, stations)), ["Layer 4 to 1: no error signal is left from layer 3 on."]);
});

/** @param {Layout} layout @param {Partial<Frame>} frame @returns {Lane} */
const laneOf = (layout, frame) => ({
  spec: {}, layout, maps: null, data: null, evaluation: null, diverged: null, autopsy: null, verdicts: [],
  frame: /** @type {Frame} */ ({ revision: 1, timeline: 1, step: 0, norms: Float64Array.of(1, 2, 4, 8, 16, 32, 100, 10, 0, 0.1, 0.2, 0.3), ...frame }),
});

test("the strip shows gradients, and updates beside the weights; a layer of zero weights has no such ratio", () => {
  const layout = layoutOf([4, 4, 1]);
  const source = new StripSource(new SeriesStore());
  const lane = laneOf(layout, {});
  const shown = (/** @type {"gradient" | "update"} */ strip) => source.model(lane, false, { strip, chi: false });
  assert.deepEqual([...(shown("gradient")?.line.values ?? [])], [8, 16, 32]);
  assert.deepEqual([...(shown("update")?.line.values ?? [])], [0.001, 0.02, Number.NaN]);
  assert.deepEqual([...(shown("update")?.delta ?? [])], [1, 2, 4]);
  assert.equal(stripTexts(layout, /** @type {any} */ (shown("update")))[0], "Layer 2 moves most: 0.0200 of its weights");
  assert.equal(stripTexts(layout, /** @type {any} */ (shown("gradient")))[0], "Layer 1’s gradient is 0.50 of layer 2’s");
});

test("paused, the strip shows the factors of the frame itself; playing, their means; without stations, the signals' words", () => {
  const layout = layoutOf([4, 4, 4, 1]);
  const source = new StripSource(new SeriesStore());
  /** @param {number} step @param {number} size @param {boolean} playing */
  const product = (step, size, playing) => {
    const stations = stationsOf(plain.map((row) => row.map((factor) => factor ** size)));
    return source.model(laneOf(layout, { step, stations }), playing, { strip: "factors", chi: false })?.factors?.rows[0].product ?? NaN;
  };
  assert.equal(product(0, 1, false), 0.125);
  assert.ok(Math.abs(product(1, 1, true) - 0.125) < 1e-12);
  assert.ok(Math.abs(product(2, 3, true) - 0.125 ** 2) < 1e-12);
  assert.equal(product(2, 3, false), 0.125 ** 3);
  const bare = source.model(laneOf(layout, {}), false, { strip: "factors", chi: false });
  assert.equal(bare?.factors, null);
  assert.equal(stripTexts(layout, /** @type {any} */ (bare))[0], "Layer 1 gets 0.25 of layer 3’s error signal.");
});
