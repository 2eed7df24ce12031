import assert from "node:assert/strict";
import { test } from "node:test";
import { errorRatio, layerNorm, layerScale, stripModel } from "../../static/select.js";
import { SeriesStore } from "../../static/series.js";
import { initialState, reduce } from "../../static/state.js";
import { subscriptionOf } from "../../static/subscription.js";
import { layoutOf, rowsOf } from "./fixtures.js";

/** @import {Frame, Lane, Layout, Selection} from "../../static/types.js" */

/** @param {object} [changes] @returns {Lane} */
function laneOf(changes = {}) {
  const frame = /** @type {Frame} */ ({
    lane: 0, revision: 1, timeline: 1, picture: 1, lanes: 1, step: 0, epoch: 0, loss: 0.5, command: 0, rows: 2, mapsFollow: false,
    norms: new Float64Array([0.1, 0.2, 0.4, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
    scales: new Float64Array([1, 1, 1, 2, 4, 8, 0.5, 0.25, 1]),
  });
  return { spec: {}, layout: layoutOf(), frame, maps: null, data: null, evaluation: null, diverged: null, autopsy: null, verdicts: [], ...changes };
}

test("norms and scales are found by name and layer", () => {
  const { frame, layout } = laneOf();
  assert.ok(frame && layout);
  assert.equal(layerNorm(frame, layout, "delta", 2), 0.4);
  assert.equal(layerNorm(frame, layout, "update", 0), 7);
  assert.equal(layerScale(frame, layout, "updates", 1), 4);
  assert.equal(layerScale(frame, layout, "deltas", 0), 0.5);
  assert.ok(Number.isNaN(layerNorm({ ...frame, norms: undefined }, layout, "delta", 0)));
});

test("paused, the strip shows the numbers of the frame itself", () => {
  const strip = stripModel(laneOf(), new SeriesStore(), false);
  assert.ok(strip?.exact);
  assert.deepEqual(Array.from(strip.delta), [0.1, 0.2, 0.4]);
  assert.deepEqual(strip.line, { values: strip.delta, low: strip.delta, high: strip.delta, steps: 1 });
  assert.equal(strip.forward, null);
});

test("playing, the strip shows the median of the last 200 steps within their band", () => {
  const store = new SeriesStore();
  store.follow(layoutOf());
  store.take("steps", rowsOf(0, Array.from({ length: 300 }, (_, step) => [1, step, 2 * step, 5])));
  const strip = stripModel(laneOf(), store, true);
  assert.equal(strip?.exact, false);
  assert.equal(strip?.steps, 200);
  assert.deepEqual(Array.from(strip?.delta ?? []), [199.5, 399, 5]);
  assert.deepEqual(Array.from(strip?.line.low ?? []), [100, 200, 5]);
  assert.deepEqual(Array.from(strip?.line.high ?? []), [299, 598, 5]);
});

test("playing before the first rows have come, the strip shows the frame", () => {
  const store = new SeriesStore();
  store.follow(layoutOf());
  assert.ok(stripModel(laneOf(), store, true)?.exact);
});

test("the forward signal is the spread of a layer's units, averaged", () => {
  const maps = { lane: 0, revision: 1, timeline: 1, picture: 1, step: 0, unit_spread: new Float64Array([1, 2, 3, 4, 0.5, 1.5, 7]) };
  assert.deepEqual(Array.from(stripModel(laneOf({ maps }), new SeriesStore(), false)?.forward ?? []), [2.5, 1, 7]);
});

test("the ratio compares the first hidden layer with the last, or with the output where there is one hidden layer", () => {
  const { layers } = layoutOf();
  assert.deepEqual(errorRatio(layoutOf(), [0.1, 0.4, 9]), { first: 0, last: 1, ratio: 0.25 });
  assert.deepEqual(errorRatio(layoutOf({ layers: layers.slice(1) }), [0.1, 0.4]), { first: 0, last: 1, ratio: 0.25 });
  assert.equal(errorRatio(layoutOf({ layers: layers.slice(2) }), [0.1]), null);
  assert.equal(errorRatio(layoutOf(), [0, 0, 1])?.ratio, 0);
});

/** @param {object} layout @param {...any} actions */
function subscription(layout, ...actions) {
  const opened = reduce(initialState({}), { type: "layout", ...layoutOf(layout) });
  return subscriptionOf(actions.reduce(reduce, opened), false);
}

const PLAYING = { type: "status", state: "playing", pace: 240 };

test("a small network's parameters, gradients and updates come with every picture", () => {
  assert.deepEqual(subscription({}, PLAYING).sections, ["gradients", "norms", "parameters", "scales", "unit_deltas", "updates"]);
});

test("a large network's gradients come only where they are shown", () => {
  const large = { parameters: 400_000 };
  assert.ok(!subscription(large).sections.includes("gradients"));
  assert.ok(subscription(large, { type: "ui/view", view: "gradients" }).sections.includes("gradients"));
  assert.ok(subscription(large, { type: "ui/hover", selection: { kind: "edge", layer: 1, from: 0, index: 0 } }).sections.includes("updates"));
});

test("what a card shows of a unit or an input is asked for while it is open", () => {
  const unit = subscription({}, { type: "ui/pin", selection: { kind: "unit", layer: 1, unit: 1 } }).sections;
  assert.ok(["activations", "deltas", "pre_activations"].every((section) => unit.includes(section)));
  assert.ok(subscription({}, { type: "ui/hover", selection: { kind: "input", layer: -1, unit: 0 } }).sections.includes("inputs"));
});

test("units without maps are drawn by what they say of the batch", () => {
  const batch = ["activations", "inputs", "targets"];
  const digits = subscription({ maps: { form: "samples" } }).sections;
  assert.ok(batch.every((section) => digits.includes(section)));
  const cells = subscriptionOf(reduce(initialState({}), { type: "layout", ...layoutOf() }), true).sections;
  assert.ok(batch.every((section) => cells.includes(section)));
});

test("the samples of the batch come while they can be followed", () => {
  assert.ok(subscription({}).sections.includes("samples"));
  assert.ok(subscription({}, { ...PLAYING, pace: 4 }).sections.includes("samples"));
  assert.ok(!subscription({}, PLAYING).sections.includes("samples"));
});
