/** The flow of error signals over steps: windows, cells and scales. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { RELATIVE, UPDATE, endOf, flowAt, flowCells, flowScale, panned, spanOf, stepMarks, zoomed } from "../../static/flow.js";
import { sharesOverSteps } from "../../static/series/shares.js";
import { levelOf } from "../../static/views/flow.js";
import { layoutOf } from "./layouts.js";

/** @import {SeriesTable} from "../../static/types.js" */

/**
 * A table whose rows span so many steps each.
 * @param {Record<string, number[]>} columns
 * @param {number} [span]
 * @returns {SeriesTable}
 */
function table(columns, span = 1) {
  const rows = Object.values(columns)[0].length;
  const named = Object.entries(columns).map(([name, values]) => {
    const mean = Float64Array.from(values);
    return [name, { mean, min: mean, max: mean }];
  });
  return {
    rows,
    from: Float64Array.from({ length: rows }, (_, row) => row * span),
    spans: new Float64Array(rows).fill(span),
    columns: Object.fromEntries(named),
  };
}

const layout = layoutOf([4, 4, 1]); // ids 10, 11 and 0
const fading = table({
  "delta_rms.10": [1e-4, 1e-4, 1e-6, 0], "delta_rms.11": [Number.NaN, 1e-2, 1e-2, 1e-2], "delta_rms.0": [1, 1, 0.1, 0.1],
});

test("a cell is the mean logarithm of the rows that reach over its pixel", () => {
  const { exponents } = flowCells(fading, layout, "delta", false, { from: 0, to: 4 }, 2);
  assert.deepEqual([...exponents], [-4, -6, -2, -2, 0, -1]);
});

test("relative to the output, a signal that falls with it stays what it is", () => {
  const { exponents } = flowCells(fading, layout, "delta", true, { from: 0, to: 4 }, 4);
  assert.deepEqual([...exponents.subarray(0, 3)], [-4, -4, -5]);
  assert.deepEqual([...exponents.subarray(8)], [0, 0, 0, 0]);
});

test("exact zeros, and steps before a layer was there, have cells of their own kind", () => {
  const { exponents } = flowCells(fading, layout, "delta", true, { from: 0, to: 4 }, 4);
  assert.equal(exponents[3], Number.NEGATIVE_INFINITY);
  assert.ok(Number.isNaN(exponents[4]));
});

test("one row fills all the pixels that it covers, and nothing is known behind the last", () => {
  const wide = table({ "delta_rms.10": [1e-1, 1e-3], "delta_rms.0": [1, 1] }, 8);
  assert.equal(endOf(wide), 16);
  const { exponents } = flowCells(wide, layoutOf([4, 1]), "delta", false, { from: 4, to: 24 }, 5);
  assert.deepEqual([...exponents.subarray(0, 5)].map(Math.round), [-1, -3, -3, Number.NaN, Number.NaN]);
});

test("update : weight is the one over the other", () => {
  const steps = table({ "update_rms.10": [1e-3, 0], "weight_rms.10": [10, 10], "update_rms.0": [1, 1], "weight_rms.0": [0, 1] });
  const single = layoutOf([4, 1]);
  const { exponents } = flowCells(steps, single, "update", false, { from: 0, to: 2 }, 2);
  assert.ok(Math.abs(exponents[0] + 4) < 1e-12);
  assert.equal(exponents[1], Number.NEGATIVE_INFINITY);
  assert.equal(flowAt(steps, 10, "update", 0)?.value, 1e-4);
  assert.equal(flowAt(steps, 0, "update", 0), null);
});

test("at a step stands the mean of the row that holds it", () => {
  const wide = table({ "delta_rms.10": [0.5, 0.25] }, 64);
  assert.deepEqual(flowAt(wide, 10, "delta", 100), { value: 0.25, from: 64, steps: 64 });
  assert.equal(flowAt(wide, 10, "delta", 128), null);
  assert.equal(flowAt(wide, 99, "delta", 0), null);
  assert.equal(flowAt(fading, 11, "delta", 0), null);
});

test("zooming keeps the step under the pointer where it is, and ends at 16 steps and at the whole run", () => {
  const near = zoomed(null, 1000, 1 / 4, 250);
  assert.deepEqual(near, { from: 187.5, to: 437.5 });
  assert.equal((250 - 187.5) / 250, 0.25);
  /** @type {import("../../static/flow.js").Span | null} */
  let window = near;
  for (let i = 0; i < 20; i++) window = zoomed(window, 1000, 0.5, 250);
  assert.equal(window && window.to - window.from, 16);
  assert.ok(window && window.from < 250 && window.to > 250);
  for (let i = 0; i < 20; i++) window = zoomed(window, 1000, 2, 250);
  assert.equal(window, null);
  assert.deepEqual(spanOf(null, 3), { from: 0, to: 16 });
});

test("panning stops at both ends of the run", () => {
  const window = { from: 100, to: 200 };
  assert.deepEqual(panned(window, 1000, 0.5), { from: 150, to: 250 });
  assert.deepEqual(panned(window, 1000, -5), { from: 0, to: 100 });
  assert.deepEqual(panned(window, 1000, 50), { from: 900, to: 1000 });
  assert.equal(panned(null, 1000, 1), null);
});

test("the scale of sizes holds all of the run in whole decades; relative ones and update : weight are fixed", () => {
  assert.deepEqual(flowScale(fading, layout, "delta", false), { low: -6, high: 0 });
  assert.deepEqual(flowScale(fading, layout, "delta", true), RELATIVE);
  assert.deepEqual(flowScale(fading, layout, "update", false), UPDATE);
  assert.deepEqual(flowScale(table({ "delta_rms.0": [0, 0] }), layout, "delta", false), RELATIVE);
});

test("colours run from the scale's low end to its high one, and beyond it into those of growth", () => {
  assert.deepEqual([-9, -6, -3, 0, 1e-9, 0.1, 3].map((exponent) => levelOf(exponent, RELATIVE, 28)), [0, 0, 12, 24, 24, 25, 27]);
});

test("an axis of steps has round marks, as many as have room", () => {
  assert.deepEqual(stepMarks({ from: 0, to: 1000 }, 5), [0, 200, 400, 600, 800]);
  assert.deepEqual(stepMarks({ from: 3, to: 9 }, 100), [3, 4, 5, 6, 7, 8]);
});

test("cells of 64 layers are worked out from all rows that the page keeps, whatever the order of their sizes", () => {
  const deep = layoutOf([...new Array(64).fill(4), 1]);
  const columns = Object.fromEntries(deep.layers.map(({ id }, index) => [`delta_rms.${id}`, new Array(2048).fill(10 ** -index)]));
  const { exponents, across } = flowCells(table(columns, 64), deep, "delta", true, { from: 0, to: 131_072 }, 800);
  for (let layer = 0; layer < 65; layer += 16) assert.ok(Math.abs(exponents[layer * across + 400] - (64 - layer)) < 1e-9);
});

test("what was found at the end of an epoch stands for the steps up to the next", () => {
  const evaluations = { ...table({ "saturated.10": [0.5, 1], "saturated.11": [0, 0.25] }), from: Float64Array.of(0, 6) };
  const steps = sharesOverSteps(evaluations, 8);
  assert.deepEqual([...steps.spans], [6, 2]);
  assert.deepEqual(flowAt(steps, 10, "saturated", 5), { value: 0.5, from: 0, steps: 6 });
  assert.equal(flowAt(steps, 10, "saturated", 7)?.value, 1);
  assert.equal(flowAt(steps, 0, "saturated", 7), null, "the output knows no such thing");
  assert.equal(flowAt(steps, 10, "dead", 7), null);
  const { exponents } = flowCells(steps, layout, "saturated", false, { from: 4, to: 10 }, 6);
  assert.deepEqual([...exponents.subarray(0, 12)].map((value) => (Number.isNaN(value) ? null : value)),
    [0.5, 0.5, 1, 1, null, null, 0, 0, 0.25, 0.25, null, null]);
  assert.deepEqual(flowScale(steps, layout, "saturated", false), { low: 0, high: 1 });
});
