import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { FEATURES } from "../../static/features.js";
import { placesBefore } from "../../static/marks/survivors.js";
import { scaleFactor } from "../../static/marks/motion.js";
import { answersOf, clearestInputs, drawnEvery } from "../../static/marks/answers.js";
import { traceZero } from "../../static/marks/contour.js";
import { decades, heightOf } from "../../static/marks/decades.js";
import { atPixels, besidePixels } from "../../static/marks/decimate.js";
import { mosaicShape, rowsByTarget } from "../../static/marks/pictures.js";
import { strongest } from "../../static/marks/strongest.js";
import { layoutOf } from "./layouts.js";

/** @import {Data, Frame, Maps} from "../../static/types.js" */

test("the strongest of many edges are picked, in the order of their places", () => {
  const values = Float32Array.from([9, 9, 0.1, -5, 2, -0.2, 7, 0]);
  const out = new Int32Array(3);
  assert.equal(strongest(values, 2, 6, 3, out), 3);
  assert.deepEqual([...out], [1, 2, 4]);
});

test("where edges are equally strong, exactly as many as allowed are picked", () => {
  const out = new Int32Array(200);
  assert.equal(strongest(new Float32Array(256), 0, 256, 200, out), 200);
  assert.deepEqual([...out.slice(0, 3), out[199]], [0, 1, 2, 199]);
});

test("a gap with fewer edges than allowed shows all of them", () => {
  const out = new Int32Array(200);
  assert.equal(strongest(new Float32Array(16), 0, 16, 200, out), 16);
});

test("what is not finite counts as strong", () => {
  const out = new Int32Array(1);
  strongest(Float32Array.from([1, Number.POSITIVE_INFINITY, 2]), 0, 3, 1, out);
  assert.equal(out[0], 1);
});

test("the boundary of a half plane is one straight line through its middle", () => {
  const [width, height] = [4, 3];
  const values = Float32Array.from({ length: width * height }, (_, i) => (i % width) - 1.5);
  /** @type {number[]} */
  const xs = [];
  const path = { moveTo: (/** @type {number} */ x) => xs.push(x), lineTo: (/** @type {number} */ x) => xs.push(x) };
  traceZero(path, values, width, height, { x: 0, y: 0, width: 8, height: 6 });
  assert.equal(xs.length, 4);
  assert.ok(xs.every((x) => x === 4));
});

test("a surface that never crosses zero has no boundary", () => {
  let drawn = 0;
  const path = { moveTo: () => drawn++, lineTo: () => drawn++ };
  traceZero(path, new Float32Array(9).fill(1), 3, 3, { x: 0, y: 0, width: 3, height: 3 });
  assert.equal(drawn, 0);
});

test("a chart's pixels keep the mean, the smallest and the largest of all rows that fall on them", () => {
  const xs = atPixels(100, 11);
  const from = Float64Array.from({ length: 101 }, (_, step) => step);
  const values = from.map((step) => (step === 52 ? 1000 : step));
  const mean = besidePixels(xs, from, values, 101, "mean");
  const most = besidePixels(xs, from, values, 101, "max");
  assert.equal(xs[5], 50);
  assert.equal(most[5], 1000);
  assert.equal(besidePixels(xs, from, values, 101, "min")[5], 45);
  assert.equal(mean[0], 2);
  assert.equal(mean.length, 11);
});

test("a pixel without rows holds nothing, and neither does what is not a number", () => {
  const xs = atPixels(10, 11);
  assert.deepEqual(besidePixels(xs, [0, 10], [1, Number.NaN], 2, "mean"), [1, ...new Array(10).fill(null)]);
});

test("a run of a single step has a chart", () => {
  assert.deepEqual([...atPixels(1, 200)], [0, 1]);
});

test("the rows of a batch are sorted by class, and stay in order inside a class", () => {
  const frame = /** @type {Frame} */ (/** @type {unknown} */ ({ rows: 4, targets: Float32Array.from([0, 1, 0, 1, 1, 0, 1, 0]) }));
  assert.deepEqual([...rowsByTarget(frame, 2)], [1, 3, 0, 2]);
  assert.deepEqual([...rowsByTarget({ ...frame, targets: undefined }, 2)], [0, 1, 2, 3]);
});

test("a mosaic has room for every row of the batch", () => {
  for (const rows of [1, 2, 7, 10, 32, 64]) {
    const [across, down] = mosaicShape(rows);
    assert.ok(across * down >= rows && across * (down - 1) < rows);
  }
});

/** @type {Data} */
const data = {
  lane: 0,
  version: 1,
  points: Float32Array.from([0, 0, 5, 0, 1, 9, 1, 5, 0, 1, 0, 9]),
  labels: Float32Array.from([0, 1, 0, 1]),
  split: Uint8Array.from([0, 0, 1, 0]),
};

test("answers are compared with the labels of the test samples alone", () => {
  const maps = /** @type {Maps} */ (/** @type {unknown} */ ({ predictions: Float32Array.from([0.2, 0.8]) }));
  const { samples, predicted, wrong } = answersOf(layoutOf([2]), data, maps);
  assert.deepEqual([[...samples], [...predicted], wrong], [[2], [1], 1]);
});

test("before the first predictions nothing is called wrong", () => {
  assert.equal(answersOf(layoutOf([2]), data, null).wrong, 0);
});

test("the clearest inputs are those whose classes lie apart", () => {
  const points = Float32Array.from([0, 1, 0, 0.1, 9, 1.1, 5, 2, 8, 5.1, 1, 8.1].flat());
  const labels = Float32Array.from([0, 0, 1, 1]);
  assert.deepEqual(clearestInputs({ ...data, points, labels, split: new Uint8Array(4) }, 3, 2), [0, 2]);
});

/** @param {number[]} values  @returns {import("../../static/marks/decades.js").Curves} */
const strip = (...values) => {
  const line = Float64Array.from(values);
  return { values: line, low: line, high: line, forward: null };
};

test("the strip's axis holds all values that have a place on it", () => {
  assert.deepEqual(decades(strip(1e-60, 0.03), Number.NaN, Number.NaN), [-61, -1]);
  const [low, high] = decades(strip(0.02, 0.03), Number.NaN, Number.NaN);
  assert.ok(low <= -2 && high >= -1 && high - low >= 2);
  assert.deepEqual(decades(strip(0, 0), Number.NaN, Number.NaN), [-3, 1]);
});

test("the strip's axis widens at once and narrows late", () => {
  assert.deepEqual(decades(strip(3e-5, 0.03), -3, -1), [-5, -1]);
  assert.deepEqual(decades(strip(3e-3, 0.03), -3, -1), [-3, -1]);
  assert.deepEqual(decades(strip(1.5e-4, 0.03), -5, -1), [-5, -1]);
  assert.deepEqual(decades(strip(3e-4, 0.03), -5, -1), [-4, -1]);
});

test("exact zero has no height on a logarithmic axis, and lies at the bottom of the true one", () => {
  const axis = { left: 0, right: 1, top: 0, bottom: 100, low: -4, high: 0, linear: 0 };
  assert.ok(Number.isNaN(heightOf(0, axis, 1)));
  assert.equal(heightOf(0.01, axis, 1), 50);
  assert.equal(heightOf(0, { ...axis, linear: 1 }, 1), 100);
  assert.equal(heightOf(0.25, { ...axis, linear: 1 }, 1), 75);
  assert.ok(Number.isNaN(heightOf(Number.POSITIVE_INFINITY, axis, 1)));
});

test("every input feature of the engine has a picture", () => {
  const source = readFileSync(new URL("../../engine/data/features.py", import.meta.url), "utf8");
  const names = [...source.matchAll(/^ {4}"(\w+)": Feature\(/gm)].map((match) => match[1]);
  assert.deepEqual(Object.keys(FEATURES).sort(), names.sort());
});

test("of many samples a thousand are drawn at most, evenly chosen", () => {
  assert.deepEqual([0, 1, 1000, 1001, 10_000].map(drawnEvery), [1, 1, 1, 2, 10]);
});

test("a change of scale is written as a factor, a large one as a power of ten", () => {
  assert.deepEqual([1, -1, 3, -3, 4, 150].map(scaleFactor), ["×10", "÷10", "×1,000", "÷1,000", "×10⁴", "×10¹⁵⁰"]);
});

test("after a network has changed each unit that is still there is found by its ids", () => {
  const [before, now] = [layoutOf([3, 2, 1]), layoutOf([2, 2, 2, 1])];
  now.layers[0].unit_ids = [100, 102];
  now.layers[1].id = 99;
  now.layers[2].id = before.layers[1].id;
  assert.deepEqual([...placesBefore(before, now)], [0, 2, -1, -1, 3, 4, 5]);
  assert.deepEqual([...placesBefore(before, before)], [0, 1, 2, 3, 4, 5]);
});
