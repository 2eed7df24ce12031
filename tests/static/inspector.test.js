import assert from "node:assert/strict";
import { test } from "node:test";

import { Asking, CALM, questionOf } from "../../static/inspector/asking.js";
import { REACH, sampleAt } from "../../static/inspector/choose.js";
import { LOSS, sameSubject, selectionOf, subjectOf } from "../../static/inspector/subject.js";
import { SHOWN_ROWS, isBackward, kindOf, shownRows } from "../../static/inspector/terms.js";
import { Trail } from "../../static/inspector/trail.js";

/** Two inputs, a hidden layer (id 1) with units 5 and 7, an output (id 0). @type {any} */
const layout = {
  inputs: ["x", "y"],
  layers: [
    { id: 1, unit_ids: [5, 7], units: 2 },
    { id: 0, unit_ids: [1], units: 1 },
  ],
};

/** @param {Record<string, any>} [ui] @param {Record<string, any>} [frame] @param {string} [playing] @returns {any} */
function stateOf(ui = {}, frame = {}, playing = "paused") {
  const pinned = { kind: "edge", layer: 1, from: 0, index: 1 };
  return {
    status: { state: playing },
    ui: { lane: 0, drawer: "inspector", pinned, inspectsLoss: false, sample: 2, walk: null, ...ui },
    lanes: [{ layout, frame: { revision: 1, timeline: 1, step: 3, ...frame } }],
  };
}

/** An Asking and what it has sent. */
function asking() {
  /** @type {any[]} */
  const sent = [];
  /** @type {number[]} */
  const waits = [];
  return { sent, waits, asks: new Asking((question) => sent.push(question), (wait) => waits.push(wait)) };
}

test("an edge is asked for by the ids of its end and the place of its origin, and found again", () => {
  const edge = /** @type {const} */ ({ kind: "edge", layer: 1, from: 0, index: 1 });
  const subject = subjectOf(layout, edge);
  assert.deepEqual(subject, { kind: "weight", layer: 1, unit: 7, from: 0 });
  assert.deepEqual(subject && selectionOf(layout, subject), edge);
});

test("units and biases are subjects; inputs, layers and nothing are not", () => {
  assert.deepEqual(subjectOf(layout, { kind: "unit", layer: 1, unit: 5 }), { kind: "unit", layer: 1, unit: 5, from: null });
  assert.deepEqual(subjectOf(layout, { kind: "bias", layer: 0, unit: 1 }), { kind: "bias", layer: 0, unit: 1, from: null });
  assert.equal(subjectOf(layout, { kind: "input", layer: -1, unit: 0 }), null);
  assert.equal(subjectOf(layout, { kind: "layer", layer: 1 }), null);
  assert.equal(subjectOf(layout, null), null);
});

test("the network shows no loss to select, and nothing of a layer that has gone", () => {
  assert.equal(selectionOf(layout, LOSS), null);
  assert.equal(selectionOf(layout, { kind: "unit", layer: 9, unit: 1, from: null }), null);
  assert.ok(sameSubject(LOSS, { ...LOSS }));
  assert.ok(!sameSubject(LOSS, null));
});

test("the server is asked for what is pinned while the inspector is open, and for the loss where that was followed", () => {
  const question = { type: "inspect", lane: 0, kind: "weight", layer: 1, unit: 7, from: 0, stage: null, sample: 2, check: false };
  assert.deepEqual(questionOf(stateOf()), question);
  assert.equal(questionOf(stateOf({ drawer: null })), null);
  assert.equal(questionOf(stateOf({ pinned: null })), null);
  assert.equal(questionOf(stateOf({ pinned: null, inspectsLoss: true }))?.kind, "loss");
});

test("each step, sample and thing is asked for once", () => {
  const { asks, sent } = asking();
  asks.follow(stateOf(), 0);
  asks.settle(1);
  asks.follow(stateOf(), 1);
  assert.equal(sent.length, 1);
  asks.follow(stateOf({ sample: 3 }), 2);
  asks.settle(2);
  asks.follow(stateOf({ sample: 3 }, { step: 4 }), 3);
  assert.equal(sent.length, 3);
});

test("no second question is under way, and the one that waits is asked after the answer", () => {
  const { asks, sent } = asking();
  asks.follow(stateOf(), 0);
  asks.follow(stateOf({ sample: 3 }), 1);
  assert.equal(sent.length, 1);
  assert.ok(!asks.settle(9), "another command's answer");
  assert.ok(asks.settle(1));
  asks.follow(stateOf({ sample: 3 }), 2);
  assert.equal(sent[1].sample, 3);
});

test("while it plays answers come calmly", () => {
  const { asks, sent, waits } = asking();
  asks.follow(stateOf({}, { step: 1 }, "playing"), 1000);
  asks.settle(1);
  asks.follow(stateOf({}, { step: 2 }, "playing"), 1000 + CALM / 2);
  assert.deepEqual([sent.length, waits], [1, [CALM / 2]]);
  asks.follow(stateOf({}, { step: 9 }, "playing"), 1000 + CALM);
  assert.equal(sent.length, 2);
});

test("over a new connection the same is asked again", () => {
  const { asks, sent } = asking();
  asks.follow(stateOf(), 0);
  asks.restart();
  asks.follow(stateOf(), 1);
  assert.equal(sent.length, 2);
});

test("a click near a point of the batch chooses it, one near another point or none does not", () => {
  /** @type {any} */
  const data = { points: new Float32Array([0, 0, 100, 0, 50, 0]), split: new Uint8Array([0, 1, 0]) };
  /** @type {any} */
  const frame = { samples: new Uint32Array([1]) }; // the second training sample, which stands at 50
  /** @type {(x: number, y: number) => [number, number]} */
  const place = (x, y) => [x, y];
  assert.equal(sampleAt(frame, data, place, [52, 3]), 0);
  assert.equal(sampleAt(frame, data, place, [0, 0]), null);
  assert.equal(sampleAt(frame, data, place, [50 + REACH, 0]), null);
  assert.equal(sampleAt(/** @type {any} */ ({}), data, place, [50, 0]), null);
});

test("of a long table the first rows are shown, and the chosen sample's always", () => {
  const rows = Array.from({ length: 1024 }, () => [1]);
  /** @type {any} */
  const terms = { rows, highlighted: 700 };
  const places = shownRows(terms);
  assert.equal(places.length, SHOWN_ROWS);
  assert.equal(places[SHOWN_ROWS - 1], 700);
  assert.deepEqual(shownRows({ ...terms, highlighted: 2 })[2], 2);
});

test("columns of error signals and derivatives are told from those of the forward pass", () => {
  assert.ok(isBackward("w_{jk}\\,\\delta_k"));
  assert.ok(isBackward("\\frac{\\partial L}{\\partial u_k}"));
  assert.ok(!isBackward("w_{ij}"));
});

test("an entry of the backward pass is of the signal's colour whatever its sign, one of the forward pass goes by sign", () => {
  assert.equal(kindOf("\\delta_j", -1), "signal");
  assert.deepEqual([-1, 1, 0, null].map((value) => kindOf("w_{ij}", value)), ["negative", "positive", "", ""]);
});

/** @param {number} unit @returns {any} */
const unitSubject = (unit) => ({ kind: "unit", layer: 1, unit, from: null });

test("one goes back on the way that was walked, step by step or to a stop", () => {
  const trail = new Trail();
  for (const unit of [1, 2, 3]) trail.leave({ subject: unitSubject(unit), title: `unit ${unit}` }, unitSubject(unit + 1));
  trail.follow(unitSubject(4));
  assert.deepEqual(trail.back(), unitSubject(3));
  trail.follow(unitSubject(3));
  assert.deepEqual(trail.back(0), unitSubject(1));
  assert.deepEqual(trail.stops, []);
  assert.equal(trail.back(), null);
});

test("what is chosen in the network begins another way", () => {
  const trail = new Trail();
  trail.leave({ subject: unitSubject(1), title: "unit 1" }, LOSS);
  trail.follow(LOSS);
  assert.equal(trail.stops.length, 1);
  trail.follow(unitSubject(7));
  assert.deepEqual(trail.stops, []);
});
