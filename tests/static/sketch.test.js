import assert from "node:assert/strict";
import { test } from "node:test";
import { ERASE, Sketch } from "../../static/owndata/sketch.js";
import { initialState } from "../../static/state.js";
import { DEFAULT_SPEC } from "./fixtures.js";
import { layoutOf } from "./layouts.js";

/** @import {Data, Lane} from "../../static/types.js" */

const LIMITS = { inputs: 32, classes: 10, samples: /** @type {[number, number]} */ ([2, 20_000]), name: 60, number: 1e30 };
const { ui } = initialState({});

/** @param {string} name @param {number[]} points @param {number[]} labels @param {number} version @returns {Lane} */
function laneOf(name, points, labels, version) {
  const layout = layoutOf([4, 1]);
  layout.data = { ...layout.data, name, version, classes: name === "own" ? ["1", "2"] : ["-1", "+1"] };
  const data = { lane: 0, version, points: Float32Array.from(points), labels: Float32Array.from(labels), split: new Uint8Array(labels.length) };
  return { spec: DEFAULT_SPEC, layout, data, frame: null, maps: null, evaluation: null, diverged: null, autopsy: null, verdicts: [] };
}

const CIRCLE = laneOf("circle", [1, 1, 2, 2], [0, 1], 1);

/** A sketch on an empty plane, and what it has sent. */
function begun(fresh = true) {
  /** @type {Record<string, any>[]} */
  const sent = [];
  const sketch = new Sketch(LIMITS, { send: (command) => sent.push(command), changed: () => undefined });
  sketch.start(CIRCLE, fresh);
  const stroke = (/** @type {number} */ brush, /** @type {[number, number][]} */ ...places) => {
    sketch.choose(brush);
    sketch.press(...places[0]);
    for (const place of places.slice(1)) sketch.drag(...place);
    sketch.release();
    sketch.flush();
  };
  return { sketch, sent, stroke };
}

/** @param {Sketch} sketch @returns {Data} */
function drawn(sketch, lane = CIRCLE) {
  const { data } = sketch.over(lane, ui).lane;
  assert.ok(data);
  return data;
}

test("a stroke of one class stays here; with a second class all points are sent", () => {
  const { sketch, sent, stroke } = begun();
  stroke(0, [0, 0], [0.5, 0]);
  assert.deepEqual(sent, []);
  assert.equal(drawn(sketch).labels.length, 2);
  stroke(1, [0, 3]);
  assert.equal(sent.length, 1);
  const { type, classes, ranges, points, labels } = /** @type {Record<string, any>} */ (sent[0]);
  assert.deepEqual([type, classes, ranges], ["own_data", ["1", "2"], [[-6, 6], [-6, 6]]]);
  assert.deepEqual([[...points], [...labels]], [[0, 0, 0.5, 0, 0, 3], [0, 0, 1]]);
});

test("a drag sets points at a distance from one another", () => {
  const { sketch, stroke } = begun();
  stroke(0, [0, 0], [0.01, 0], [0.02, 0], [0.5, 0], [0.51, 0], [2, 0]);
  assert.deepEqual([...drawn(sketch).points], [0, 0, 0.5, 0, 1, 0, 1.5, 0, 2, 0]);
});

test("points are added to those that are shown, and erased from them", () => {
  const { sketch, sent, stroke } = begun(false);
  stroke(1, [-3, -3]);
  assert.deepEqual(sent[0].classes, ["-1", "+1"]);
  assert.deepEqual([...sent[0].labels], [0, 1, 1]);
  sketch.answered(1, false, CIRCLE);
  stroke(ERASE, [-3, -3]);
  assert.deepEqual([...sent[1].labels], [0, 1]);
  assert.notEqual(sent[0].gesture, sent[1].gesture);
});

test("one message is under way at most, and the strokes of one drag are one gesture", () => {
  const { sketch, sent } = begun(false);
  sketch.press(0, 0);
  sketch.flush();
  sketch.drag(0.5, 0);
  sketch.flush();
  sketch.drag(1, 0);
  sketch.flush();
  assert.equal(sent.length, 1);
  sketch.answered(1, false, CIRCLE);
  sketch.flush();
  assert.equal(sent[1].labels.length, 5);
  assert.equal(sent[0].gesture, sent[1].gesture);
});

test("strokes that were not sent are taken back one by one; afterwards undo is the server's", () => {
  const { sketch, stroke } = begun();
  stroke(0, [0, 0]);
  stroke(0, [3, 0]);
  assert.equal(sketch.undo(), true);
  assert.equal(drawn(sketch).labels.length, 1);
  stroke(1, [0, 3]);
  assert.equal(sketch.undo(), false);
});

test("the sketch follows an undo on the server, to what was drawn before, and further to the first strokes", () => {
  const { sketch, stroke } = begun();
  stroke(0, [0, 0]);
  stroke(1, [3, 0]);
  const own = laneOf("own", [3, 0, 0, 0], [1, 0], 2);
  sketch.answered(1, false, own);
  sketch.follow(own);
  assert.equal(drawn(sketch, own), own.data);
  stroke(1, [4, 4]);
  const more = laneOf("own", [3, 0, 0, 0, 4, 4], [1, 0, 1], 3);
  sketch.answered(2, false, more);
  const back = laneOf("own", [3, 0, 0, 0], [1, 0], 4);
  sketch.follow(back);
  assert.equal(drawn(sketch, back).labels.length, 2);
  const circle = { ...CIRCLE, data: /** @type {Data} */ ({ .../** @type {Data} */ (CIRCLE.data) }) };
  sketch.follow(circle);
  assert.deepEqual([...drawn(sketch, circle).labels], [0]);
  assert.equal(sketch.undo(), true);
  assert.equal(drawn(sketch, circle).labels.length, 0);
});

test("another data set ends the drawing", () => {
  const { sketch } = begun();
  sketch.follow(laneOf("spiral", [1, 1], [0], 2));
  assert.equal(sketch.active, false);
});

test("a third class is sent once it is used, and there are no more than are offered", () => {
  const { sketch, sent, stroke } = begun(false);
  stroke(2, [0, 0]);
  assert.deepEqual(sent[0].classes, ["-1", "+1", "3"]);
  sketch.choose(9);
  assert.equal(sketch.brush, 2);
});
