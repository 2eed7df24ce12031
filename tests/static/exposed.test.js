import assert from "node:assert/strict";
import { test } from "node:test";
import { exposed } from "../../static/exposed.js";
import { initialState, reduce } from "../../static/state.js";
import { DEFAULT_SPEC, layoutOf } from "./fixtures.js";

/** A page that shows step 41, its gradients scaled. */
function open() {
  const counted = (/** @type {number} */ offset) => Float32Array.from({ length: 25 }, (_, index) => offset + index);
  const frame = {
    lane: 0, revision: 1, timeline: 1, picture: 3, step: 41, epoch: 1.64, loss: 0.25, rows: 10,
    parameters: counted(0), gradients: counted(100), updates: counted(200),
    norms: Float64Array.from({ length: 12 }, (_, index) => index),
    scales: new Float64Array([2, 1, 1, 1, 0.5, 1, 1, 1, 1]),
  };
  const state = [
    { type: "connection", connection: "open" },
    { type: "spec", lane: 0, spec: DEFAULT_SPEC },
    { type: "layout", ...layoutOf() },
    { type: "status", state: "playing", pace: null, steps_per_second: 10_000 },
    { type: "evaluation", lane: 0, step: 41, train: { loss: 1, accuracy: 1, confusion: [[2, 0], [0, 3]], r_squared: null }, test: { loss: 2, accuracy: null, confusion: null, r_squared: null } },
    { type: "frame", frame },
  ].reduce(reduce, initialState({}));
  return exposed(() => ({ state, frames: 7, strip: null }));
}

test("a page that holds nothing yet is connecting and has no numbers", () => {
  const view = exposed(() => ({ state: initialState({}), frames: 0, strip: null }));
  assert.deepEqual([view.status, view.step, view.loss, view.spec, view.evaluation, view.layers], ["connecting", 0, null, null, null, []]);
});

test("the view says what is painted", () => {
  const view = open();
  assert.deepEqual([view.status, view.step, view.epoch, view.loss, view.framesDrawn, view.stepsPerSecond], ["playing", 41, 1.64, 0.25, 7, 10_000]);
  assert.deepEqual(view.spec, DEFAULT_SPEC);
  assert.equal(view.evaluation.test.loss, 2);
});

test("a layer's tensors have the shapes of the engine's, with their scales applied", () => {
  const [first, second, output] = open().layers;
  assert.deepEqual(first.weights, [[0, 1, 2, 3], [4, 5, 6, 7]]);
  assert.deepEqual(first.biases, [8, 9, 10, 11]);
  assert.deepEqual(first.gradients[0], [200, 202, 204, 206]);
  assert.deepEqual(second.updates[0], [212 / 2, 213 / 2]);
  assert.deepEqual(output.biasUpdates, [224]);
  assert.deepEqual([second.deltaRms, second.gradientRms, second.weightRms, second.updateRms], [1, 4, 7, 10]);
});

test("nothing of the page can be changed through the view", () => {
  const view = open();
  view.spec.seed = 99;
  view.layers[0].weights[0][0] = 99;
  assert.equal(view.spec.seed, 0);
  assert.equal(view.layers[0].weights[0][0], 0);
  assert.throws(() => {
    /** @type {any} */ (view).step = 5;
  }, TypeError);
});
