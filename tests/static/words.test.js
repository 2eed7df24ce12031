/** What the page says in words: the sentence row, the ratio, the card. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { networkName } from "../../static/panels/names.js";
import { ratioSentence } from "../../static/panels/ratio.js";
import { readingOf } from "../../static/panels/reading.js";
import { sentenceOf } from "../../static/panels/sentence.js";
import { DEFAULT_SPEC, layoutOf } from "./fixtures.js";

/** @import {Frame, Lane, State, Status} from "../../static/types.js" */

/** @param {Partial<Frame>} [changes] @returns {Lane} */
function laneOf(changes = {}) {
  const frame = /** @type {Frame} */ ({
    lane: 0, revision: 1, timeline: 1, picture: 1, lanes: 1, step: 0, epoch: 0, loss: 0.5, command: 0, rows: 2, mapsFollow: false,
    parameters: Float32Array.from({ length: 25 }, (_, entry) => entry),
    gradients: Float32Array.from({ length: 25 }, (_, entry) => entry),
    updates: Float32Array.from({ length: 25 }, (_, entry) => -entry),
    inputs: new Float32Array([1, 3, -2, 0]),
    activations: new Float32Array(14).fill(0.5),
    pre_activations: Float32Array.from({ length: 14 }, (_, entry) => entry),
    deltas: Float32Array.from({ length: 14 }, (_, entry) => entry),
    norms: new Float64Array([0.1, 0.2, 0.4, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
    scales: new Float64Array([1, 2 ** -100, 1, 1, 0.5, 1, 1, 0.25, 1]),
    ...changes,
  });
  return { spec: DEFAULT_SPEC, layout: layoutOf(), frame, maps: null, data: null, evaluation: null, diverged: null, autopsy: null, verdicts: [] };
}

/** @param {Partial<State>} [changes] @param {Partial<Status>} [status] @param {Partial<Lane>} [lane] @returns {State} */
function stateOf(changes = {}, status = {}, lane = {}) {
  return {
    catalog: {},
    connection: "open",
    status: { state: "paused", pace: 240, steps_per_second: 0, step: 0, epoch: 0, watchers: 1, role: "controller", undo: null, redo: null, ...status },
    lanes: [{ ...laneOf(), ...lane }],
    past: { earliest: 0, marks: [], branches: [], begins: [] },
    ui: { view: "forward", strip: "signals", scale: "log", chi: false, drawer: null, lossLog: false, showTest: false, hover: null, pinned: null, theme: "light", focus: null, blank: false, table: false, lane: 0, everyLane: false, walk: null, sample: 0, inspectsLoss: false },
    inspection: null,
    notice: null,
    ...changes,
  };
}

/**
 * @param {number} loss
 * @param {number | null} accuracy
 */
function scoreOf(loss, accuracy) {
  return { loss, accuracy, confusion: null, r_squared: null };
}

const DIVERGED = { step: 1204, layer: 1, layer_id: 2, tensor: "1.weight gradient", message: "" };

test("at step 0 the sentence says how to begin", () => {
  assert.equal(sentenceOf(stateOf()).text, "Press Space: a 2-4-2-1 network begins to learn.");
});

/** @param {number} step */
function frameAt(step) {
  return laneOf({ step, epoch: step / 25, loss: 0.3 }).frame;
}

/** @param {number} step @param {number | null} [accuracy] */
function evaluationAt(step, accuracy = 0.98) {
  return { step, train: scoreOf(0.1, accuracy), test: scoreOf(0.2, accuracy && 1), saturated: [], dead: [] };
}

test("after that it says what the training has come to", () => {
  const paused = (/** @type {number | null} */ accuracy) => stateOf({}, {}, { frame: frameAt(25), evaluation: evaluationAt(25, accuracy) });
  assert.equal(sentenceOf(paused(0.98)).text, "After 25 steps, 98\u202f% of the training samples are right, and 100\u202f% of the test samples.");
  assert.equal(sentenceOf(paused(null)).text, "After 25 steps, the loss is 0.100 on the training samples and 0.200 on the test samples.");
});

test("while it trains, each number is told of the step it belongs to, which the counter has left behind", () => {
  const playing = (/** @type {number} */ step, /** @type {ReturnType<typeof evaluationAt> | null} */ evaluation) =>
    sentenceOf(stateOf({}, { state: "playing" }, { frame: frameAt(step), evaluation })).text;
  assert.equal(playing(30, evaluationAt(25)), "At step 25, 98\u202f% of the training samples were right, and 100\u202f% of the test samples.");
  assert.equal(playing(30, evaluationAt(25, null)), "At step 25, the loss was 0.100 on the training samples and 0.200 on the test samples.");
  for (const evaluation of [evaluationAt(0), evaluationAt(50), null]) {
    assert.equal(playing(20, evaluation), "The first epoch is under way: the loss on the coming batch is 0.300.");
    assert.equal(playing(26, evaluation), "The loss on the coming batch is 0.300.");
  }
});

test("a demo's sentences stand there until the status needs the place", () => {
  const catalog = { demos: { one: { title: "One", spec: structuredClone(DEFAULT_SPEC), pace: 20, playing: true, watch: "Look here." } } };
  const lane = { spec: structuredClone(DEFAULT_SPEC) };
  assert.deepEqual(sentenceOf(stateOf({ catalog }, {}, lane)), { kind: "demo", text: "Look here.", reset: false, cure: null });
  assert.equal(sentenceOf(stateOf({ catalog }, { state: "diverged" }, { ...lane, diverged: DIVERGED })).kind, "diverged");
  const spec = structuredClone(DEFAULT_SPEC);
  spec.seed = 8;
  assert.equal(sentenceOf(stateOf({ catalog }, {}, { spec })).kind, "info");
});

test("a divergence names step, tensor and layer, and offers Reset, but not to a watcher", () => {
  const sentence = sentenceOf(stateOf({}, { state: "diverged" }, { diverged: DIVERGED }));
  assert.match(sentence.text, /^Stopped at step 1,204: the weight gradient of layer 2 is not finite any more/);
  assert.ok(sentence.reset);
  assert.ok(!sentenceOf(stateOf({}, { state: "diverged", role: "watcher" }, { diverged: DIVERGED })).reset);
});

test("the most pressing matter is said: connection, refusal, divergence, watching", () => {
  const notice = /** @type {const} */ ({ kind: "error", text: "Learning rate −1 refused: must be above 0. Still 0.03." });
  const worst = stateOf({ connection: "reconnecting", notice }, { state: "diverged" }, { diverged: DIVERGED });
  assert.equal(sentenceOf(worst).kind, "reconnecting");
  assert.equal(sentenceOf({ ...worst, connection: "open" }).text, notice.text);
  assert.ok(sentenceOf({ ...worst, connection: "open" }).reset);
  assert.equal(sentenceOf({ ...worst, connection: "open", notice: null }).kind, "diverged");
  assert.equal(sentenceOf(stateOf({}, { role: "watcher" })).text, "You are watching; the controls belong to another tab.");
});

test("the sentence is never empty", () => {
  for (const connection of /** @type {const} */ (["connecting", "open", "reconnecting", "closed"])) {
    assert.notEqual(sentenceOf(stateOf({ connection, lanes: [], status: null })).text, "");
    assert.notEqual(sentenceOf(stateOf({ connection }, { state: "playing" })).text, "");
  }
});

test("the ratio is said in words, whatever it is", () => {
  const layout = layoutOf();
  assert.equal(ratioSentence(layout, [1, 2750, 1]), "Layer 1 gets 1/2,750 of layer 2’s error signal.");
  assert.equal(ratioSentence(layout, [7, 1, 1]), "Layer 1 gets 7 times layer 2’s error signal.");
  assert.equal(ratioSentence(layout, [1.02, 1, 1]), "Layer 1 gets as much error signal as layer 2.");
  assert.equal(ratioSentence(layout, [0, 1, 1]), "Layer 1 gets nothing of layer 2’s error signal: it is exactly zero there.");
  assert.equal(ratioSentence(layout, [0, 0, 1]), "No hidden layer gets any error signal: it is exactly zero there.");
  const flat = layoutOf({ layers: layout.layers.slice(-1) });
  assert.match(ratioSentence(flat, [1]), /^There is no hidden layer/);
});

test("a long network is counted instead of spelled", () => {
  const layout = layoutOf();
  const deep = layoutOf({ layers: [...Array(20).fill(layout.layers[0]), layout.layers[2]] });
  assert.equal(networkName(deep), "a network of 20 hidden layers");
});

test("a weight's card has its value, gradient and update, each times its layer's scale", () => {
  const reading = readingOf(laneOf(), { kind: "edge", layer: 2, from: 3, index: 1 });
  assert.equal(reading?.title, "Unit 1.4 → unit 2.2");
  assert.deepEqual(reading?.parameter, { tensor: "weight", index: [3, 1], value: 19 });
  assert.deepEqual(reading?.lines.map(({ name, value }) => [name, value]), [
    ["weight", 19],
    ["gradient", Number((19 * 2 ** -100).toPrecision(7))],
    ["update", -9.5],
  ]);
});

test("an input's weight is named by the input", () => {
  assert.equal(readingOf(laneOf(), { kind: "edge", layer: 1, from: 1, index: 0 })?.title, "y → unit 1.1");
});

test("a unit's card has its bias, and z, a and δ over the batch", () => {
  const reading = readingOf(laneOf(), { kind: "unit", layer: 2, unit: 2 });
  assert.equal(reading?.title, "Unit 2.2, tanh");
  assert.deepEqual(reading?.parameter, { tensor: "bias", index: [1], value: 21 });
  assert.deepEqual(reading?.batch.map(({ symbol, mean, first }) => [symbol, mean, first]), [
    ["z", 10.5, 10],
    ["a", 0.5, 0.5],
    ["δ", 10.5 * 0.25, 10 * 0.25],
  ]);
});

test("what the page has not subscribed to is left out of the card", () => {
  const lane = laneOf({ gradients: undefined, updates: undefined, deltas: undefined });
  const reading = readingOf(lane, { kind: "unit", layer: 2, unit: 2 });
  assert.deepEqual(reading?.lines.map(({ name }) => name), ["bias"]);
  assert.deepEqual(reading?.batch.map(({ symbol }) => symbol), ["z", "a"]);
});

test("the only output is called by its role, several by their classes", () => {
  assert.equal(readingOf(laneOf(), { kind: "unit", layer: 0, unit: 1 })?.title, "Output, tanh");
  assert.equal(readingOf(laneOf(), { kind: "layer", layer: 0 })?.title, "The output layer, 1 unit");
});

test("what is gone has no card", () => {
  assert.equal(readingOf(laneOf(), { kind: "unit", layer: 9, unit: 1 }), null);
  assert.equal(readingOf(laneOf(), { kind: "unit", layer: 1, unit: 9 }), null);
  assert.equal(readingOf(laneOf(), { kind: "edge", layer: 1, from: 2, index: 0 }), null);
  assert.equal(readingOf(laneOf(), { kind: "input", layer: -1, unit: 5 }), null);
});
