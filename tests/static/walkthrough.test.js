import assert from "node:assert/strict";
import { test } from "node:test";
import { initialState, reduce } from "../../static/state.js";
import { parameterLines, spokenNumbers, unitLines } from "../../static/stagenumbers.js";
import { edgeView, knownAt, knownIn, knownLane, knownStrip, labelOf, lastStage, nextStage, plainSentence, stagesOf, withoutLimit } from "../../static/walkthrough.js";
import { layoutOf } from "./layouts.js";

/** @import {Frame, State} from "../../static/types.js" */

const LAYOUT = layoutOf([2, 1]);

test("a step's stages go forward layer by layer, over the loss, back layer by layer, to the update", () => {
  const names = stagesOf(LAYOUT).map(labelOf);
  assert.deepEqual(names, ["Batch", "Forward 1", "Forward 2", "Loss", "Backward 2", "Backward 1", "Update"]);
  assert.equal(lastStage(layoutOf([4, 3, 2, 1])), 10);
});

test("what is known grows from stage to stage, and nothing of it goes", () => {
  const stages = stagesOf(layoutOf([4, 3, 1]));
  assert.deepEqual(stages.map(({ activations }) => activations), [0, 1, 2, 3, 3, 3, 3, 3, 3]);
  assert.deepEqual(stages.map(({ loss }) => Number(loss)), [0, 0, 0, 0, 1, 1, 1, 1, 1]);
  assert.deepEqual(stages.map(({ deltas }) => deltas), [3, 3, 3, 3, 3, 2, 1, 0, 0]);
  assert.deepEqual(stages.map(({ updates }) => updates), [...Array(8).fill(false), true]);
  assert.deepEqual(stages.map(({ layer }) => layer), [null, 0, 1, 2, null, 2, 1, 0, null]);
});

test("the next stage ends behind the update, and the one before at the batch", () => {
  assert.equal(nextStage(LAYOUT, 0, 1), 1);
  assert.equal(nextStage(LAYOUT, 6, 1), null);
  assert.equal(nextStage(LAYOUT, 0, -1), 0);
  assert.equal(nextStage(LAYOUT, 6, -1), 5);
});

test("edges show weights, the gradient of the layer gone back to, and at the end the updates", () => {
  assert.equal(edgeView(null, 0, "updates"), "updates");
  assert.deepEqual([0, 1].map((place) => edgeView(knownAt(LAYOUT, 4), place, "updates")), ["forward", "gradients"]);
  assert.deepEqual([0, 1].map((place) => edgeView(knownAt(LAYOUT, 5), place, "updates")), ["gradients", "forward"]);
  assert.deepEqual([0, 1].map((place) => edgeView(knownAt(LAYOUT, 6), place, "forward")), ["updates", "updates"]);
});

test("every stage has a sentence of its own", () => {
  const layout = layoutOf([3, 2, 1]);
  const said = stagesOf(layout).map((known) => plainSentence(layout, known));
  assert.equal(new Set(said).size, said.length);
  assert.match(said[5], /output layer/);
});

test("the strip has gaps where the walk has not come to", () => {
  const values = Float64Array.of(1, 2);
  const strip = { exact: true, steps: 1, view: /** @type {const} */ ("signals"), delta: values, line: { values, low: values, high: values }, forward: values, factors: null };
  const at = (/** @type {number} */ stage) => knownStrip(strip, knownAt(LAYOUT, stage));
  assert.deepEqual([...at(1).line.values, ...(at(1).forward ?? [])], [NaN, NaN, 1, NaN]);
  assert.deepEqual([...at(4).line.values, ...(at(4).forward ?? [])], [NaN, 2, 1, 2]);
  assert.deepEqual([...at(5).delta], [1, 2]);
});

const FRAME = /** @type {Frame} */ (/** @type {unknown} */ ({
  lane: 0, revision: 1, timeline: 1, step: 0, rows: 2, loss: 0.5,
  parameters: Float32Array.from({ length: 9 }, (_, place) => place + 1),
  gradients: Float32Array.from({ length: 9 }, () => 1),
  updates: Float32Array.from({ length: 9 }, () => -1),
  inputs: Float32Array.of(0.5, 0, 0.25, 0),
  targets: Float32Array.of(1, 0),
  pre_activations: Float32Array.of(1, 0, 2, 0, 3, 0),
  activations: Float32Array.of(0.1, 0, 0.2, 0, 0.3, 0),
  deltas: Float32Array.of(1, 0, 1, 0, 1, 0),
  scales: Float64Array.of(10, 20, 0.1, 0.2, 0.01, 0.02),
}));
const numbers = (/** @type {number} */ stage) => ({ layout: LAYOUT, frame: FRAME, known: knownAt(LAYOUT, stage), sample: 0 });
const texts = (/** @type {{text: string}[]} */ lines) => lines.map(({ text }) => text);

test("a unit's numbers are of the first sample, and none comes before its time", () => {
  assert.deepEqual(texts(unitLines(numbers(0), 0, 1)), ["0.250"]);
  assert.deepEqual(texts(unitLines(numbers(0), 1, 0)), []);
  assert.deepEqual(texts(unitLines(numbers(1), 1, 1)), ["z 2.00", "a 0.200"]);
  assert.deepEqual(texts(unitLines(numbers(1), 2, 0)), ["y 1.00"]);
  assert.deepEqual(texts(unitLines(numbers(4), 2, 0)), ["z 3.00", "a 0.300", "y 1.00", "δ 0.0200"]);
  assert.deepEqual(texts(unitLines(numbers(4), 1, 0)), ["z 1.00", "a 0.100"]);
  assert.deepEqual(texts(unitLines(numbers(5), 1, 0)), ["z 1.00", "a 0.100", "δ 0.0100"]);
});

test("a weight has its gradient beside it once that is known, and at last its update", () => {
  assert.deepEqual(texts(parameterLines(numbers(4), 0, "weight", 3)), ["w 4.00"]);
  assert.deepEqual(texts(parameterLines(numbers(5), 0, "weight", 3)), ["w 4.00", "∂L/∂w 10.0"]);
  assert.deepEqual(texts(parameterLines(numbers(4), 1, "bias", 0)), ["b 9.00", "∂L/∂b 20.0"]);
  assert.deepEqual(texts(parameterLines(numbers(6), 1, "weight", 1)), ["w 8.00", "Δw −0.200"]);
});

test("what is known can be read aloud, the loss once it is computed", () => {
  const said = (/** @type {number} */ stage) => spokenNumbers(numbers(stage)).filter(({ text }) => text).map(({ name, text }) => `${name}: ${text}`);
  assert.ok(said(0).includes("x: 0.500"));
  assert.equal(said(3).at(-1), "loss of the batch: 0.500");
  assert.equal(said(2).at(-1), "unit 1.2 → output: w 8.00");
});

/** A page that walks, at a stage. @param {number} walk @returns {State} */
function walking(walk) {
  return [
    { type: "status", state: "paused", lanes: 1 },
    { type: "layout", ...LAYOUT },
    { type: "frame", frame: FRAME },
    { type: "ui/walk", walk },
  ].reduce(reduce, initialState({}));
}

test("playing ends a walk, and so does another lane; another step or network begins it again", () => {
  const state = walking(4);
  const walk = (/** @type {{type: string, [field: string]: any}} */ action) => reduce(state, action).ui.walk;
  assert.equal(walk({ type: "status", state: "paused", lanes: 1 }), 4);
  assert.equal(walk({ type: "status", state: "playing", lanes: 1 }), null);
  assert.equal(walk({ type: "ui/lane", lane: 1 }), null);
  assert.equal(walk({ type: "frame", frame: { ...FRAME, picture: 9 } }), 4);
  assert.equal(walk({ type: "frame", frame: { ...FRAME, step: 1 } }), 0);
  assert.equal(walk({ type: "layout", ...layoutOf([3, 1]), revision: 2 }), 0);
});

test("read-outs get nothing of a frame that is not known yet", () => {
  const { layout, ui } = { layout: LAYOUT, ui: { walk: 2 } };
  const known = knownIn(layout, ui);
  assert.ok(known);
  assert.equal(knownIn(layout, ui), known);
  assert.equal(knownIn(layout, { walk: null }), null);
  const [lane] = walking(2).lanes;
  const { frame } = knownLane(lane, known);
  assert.ok(frame?.activations && frame.parameters);
  assert.equal(frame.gradients, undefined);
  assert.equal(knownLane(lane, knownAt(layout, 1)).frame?.activations, undefined);
  assert.ok(knownLane(lane, knownAt(layout, 5)).frame?.gradients);
});

test("how many weights the formulas name is told apart from what happens", () => {
  assert.deepEqual(withoutLimit("Adam turns every gradient into an update. 24 of 1,344 weights shown."), {
    said: "Adam turns every gradient into an update.",
    limit: "24 of 1,344 weights shown.",
  });
  assert.deepEqual(withoutLimit("The step is done."), { said: "The step is done.", limit: "" });
});
