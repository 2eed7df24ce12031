import assert from "node:assert/strict";
import { test } from "node:test";
import { initialState, reduce } from "../../static/state.js";
import { DEFAULT_SPEC, changed, layoutOf } from "./fixtures.js";

/** @import {Action, Selection, State} from "../../static/types.js" */

const CATALOG = { fields: { "training.learning_rate": { title: "Learning rate" }, "network.hidden.*.units": { title: "Units" } } };
const layoutEvent = (changes = {}) => ({ type: "layout", seq: 1, ...layoutOf(changes) });
const frameOf = (changes = {}) => ({ type: "frame", frame: { lane: 0, revision: 1, timeline: 1, picture: 1, step: 0, ...changes } });
const mapsOf = (changes = {}) => ({ type: "maps", maps: { lane: 0, revision: 1, timeline: 1, picture: 1, step: 0, ...changes } });
const dataOf = (version = 1) => ({ type: "data", data: { lane: 0, version } });

/** @param {Action[]} actions @returns {State} */
const after = (...actions) => actions.reduce(reduce, initialState(CATALOG));

/** A page that shows step 0 of the default run. */
const shown = () => after(
  { type: "connection", connection: "open" },
  { type: "spec", lane: 0, spec: DEFAULT_SPEC, step: 0 },
  layoutEvent(), dataOf(), frameOf(), mapsOf(),
);

test("the events of an opening fill the lane", () => {
  const [lane] = shown().lanes;
  assert.equal(lane.spec, DEFAULT_SPEC);
  assert.equal(lane.layout?.layers.length, 3);
  assert.equal(lane.frame?.step, 0);
  assert.ok(lane.maps && lane.data);
});

test("a frame of another revision or timeline than the layout's is dropped", () => {
  const state = shown();
  assert.equal(reduce(state, frameOf({ revision: 2, step: 9 })), state);
  assert.equal(reduce(state, frameOf({ timeline: 2, step: 9 })), state);
  assert.equal(reduce(state, mapsOf({ revision: 2 })), state);
  assert.equal(reduce(state, frameOf({ step: 9 })).lanes[0].frame?.step, 9);
});

test("a frame before any layout is dropped", () => {
  assert.deepEqual(after(frameOf()).lanes, []);
});

test("a new revision lets go of the frame and the maps that do not fit it, and keeps the data", () => {
  const [lane] = reduce(shown(), layoutEvent({ revision: 2 })).lanes;
  assert.equal(lane.frame, null);
  assert.equal(lane.maps, null);
  assert.ok(lane.data);
});

test("a layout of other data lets go of the old points", () => {
  const { data } = layoutOf();
  const [lane] = reduce(shown(), layoutEvent({ data: { ...data, version: 2 } })).lanes;
  assert.equal(lane.data, null);
});

test("a resumed session keeps what is shown", () => {
  const state = shown();
  assert.equal(reduce(state, { type: "welcome", resumed: true }), state);
});

test("another session's layout is not mistaken for the old one, and the old picture stays until it comes", () => {
  const waiting = reduce(shown(), { type: "welcome", resumed: false });
  assert.equal(waiting.lanes[0].frame?.step, 0);
  assert.equal(reduce(waiting, frameOf({ step: 5 })), waiting);
  const [lane] = reduce(waiting, layoutEvent()).lanes;
  assert.deepEqual([lane.frame, lane.maps, lane.data], [null, null, null]);
});

test("a run that the server has lost is said to begin anew, a first one is not", () => {
  assert.match(reduce(shown(), { type: "welcome", resumed: false }).notice?.text ?? "", /begins anew/);
  assert.equal(after({ type: "welcome", resumed: false }).notice, null);
});

test("a frame changes nothing but its lane, so that nothing else is drawn again", () => {
  const state = shown();
  const next = reduce(state, frameOf({ step: 1 }));
  assert.notEqual(next.lanes[0], state.lanes[0]);
  for (const field of /** @type {const} */ (["ui", "status", "notice", "catalog"])) assert.equal(next[field], state[field]);
  for (const field of /** @type {const} */ (["spec", "layout", "maps", "data"])) assert.equal(next.lanes[0][field], state.lanes[0][field]);
});

test("a second lane has a place of its own", () => {
  const state = reduce(shown(), { type: "spec", lane: 1, spec: changed({ seed: 2 }), step: 0 });
  assert.equal(state.lanes.length, 2);
  assert.equal(state.lanes[0].spec.seed, 0);
  assert.equal(state.lanes[1].spec.seed, 2);
});

test("the status is kept as it came, without its envelope", () => {
  const state = after({ type: "status", seq: 4, state: "playing", pace: null, step: 3 });
  assert.deepEqual(state.status, { state: "playing", pace: null, step: 3 });
});

test("a refusal names the field as its control does, the rule, and what holds still", () => {
  const rejected = { type: "rejected", command: 2, code: "invalid", field: "training.learning_rate", value: -1, message: "training.learning_rate -1 refused: must be above 0" };
  const state = reduce(shown(), rejected);
  assert.deepEqual(state.notice, { kind: "error", text: "Learning rate −1 refused: must be above 0. Still 0.03.", field: "training.learning_rate" });
  assert.equal(reduce(state, { type: "applied", command: 3 }).notice, null);
});

test("a divergence is told until the past changes", () => {
  const diverged = { type: "diverged", seq: 9, lane: 0, step: 12, layer: 1, layer_id: 2, tensor: "1.activation", message: "m" };
  const state = reduce(shown(), diverged);
  assert.deepEqual(state.lanes[0].diverged, { step: 12, layer: 1, layer_id: 2, tensor: "1.activation", message: "m" });
  assert.ok(reduce(state, layoutEvent({ revision: 2 })).lanes[0].diverged);
  assert.equal(reduce(state, layoutEvent({ timeline: 2 })).lanes[0].diverged, null);
});

test("the end of a connection and a restarted engine are told", () => {
  assert.deepEqual(after({ type: "closed", code: "full", message: "Full." }).notice, { kind: "error", text: "Full." });
  assert.deepEqual(after({ type: "restarted", step: 4, message: "Lost." }).notice, { kind: "info", text: "Lost." });
});

test("what belongs to this browser changes by its own actions", () => {
  const state = after({ type: "ui/view", view: "gradients" }, { type: "ui/lossLog", lossLog: true }, { type: "ui/theme", theme: "dark" });
  assert.deepEqual([state.ui.view, state.ui.lossLog, state.ui.theme], ["gradients", true, "dark"]);
  assert.equal(reduce(state, { type: "ui/view", view: "gradients" }), state);
});

test("an event that this version does not know changes nothing", () => {
  const state = shown();
  assert.equal(reduce(state, { type: "ui/unheard" }), state);
  assert.equal(reduce(state, { type: "verdict", lane: 0 }), state);
});

test("hovering the same thing again changes nothing", () => {
  const state = reduce(shown(), { type: "ui/hover", selection: { kind: "unit", layer: 1, unit: 2 } });
  assert.equal(reduce(state, { type: "ui/hover", selection: { kind: "unit", layer: 1, unit: 2 } }), state);
  assert.equal(reduce(state, { type: "ui/hover", selection: null }).ui.hover, null);
});

/**
 * Where a pinned selection is after surgery.
 * @param {Selection} selection
 * @param {object} changes  of the layout
 */
function followed(selection, changes) {
  const state = reduce(shown(), { type: "ui/pin", selection });
  return reduce(state, layoutEvent({ revision: 2, ...changes })).ui.pinned;
}

test("a selected unit survives a layer before it and goes with its own", () => {
  const [first, second, output] = layoutOf().layers;
  const inserted = { ...first, id: 7 };
  assert.deepEqual(followed({ kind: "unit", layer: 2, unit: 1 }, { layers: [first, inserted, second, output] }), { kind: "unit", layer: 2, unit: 1 });
  assert.equal(followed({ kind: "unit", layer: 2, unit: 1 }, { layers: [first, output] }), null);
  assert.equal(followed({ kind: "bias", layer: 1, unit: 4 }, { layers: [{ ...first, unit_ids: [1, 2, 3] }, second, output] }), null);
  assert.deepEqual(followed({ kind: "layer", layer: 0 }, { layers: [output] }), { kind: "layer", layer: 0 });
});

test("a selected edge follows both of its ends", () => {
  const [first, second, output] = layoutOf().layers;
  const edge = /** @type {Selection} */ ({ kind: "edge", layer: 2, from: 2, index: 1 });
  const fewer = { ...first, units: 3, unit_ids: [1, 3, 4] };
  assert.deepEqual(followed(edge, { layers: [fewer, second, output] }), { kind: "edge", layer: 2, from: 1, index: 1 });
  assert.equal(followed({ ...edge, from: 1 }, { layers: [fewer, second, output] }), null);
  assert.equal(followed(edge, { layers: [second, output] }), null, "its source is gone");
  assert.equal(followed(edge, { layers: [first, { ...second, unit_ids: [1] }, output] }), null, "its end is gone");
});

test("a selected input and its edges are known by the input's name", () => {
  assert.deepEqual(followed({ kind: "input", layer: -1, unit: 1 }, { inputs: ["x", "x^2", "y"] }), { kind: "input", layer: -1, unit: 2 });
  assert.equal(followed({ kind: "input", layer: -1, unit: 1 }, { inputs: ["x"] }), null);
  assert.deepEqual(followed({ kind: "edge", layer: 1, from: 1, index: 0 }, { inputs: ["y"] }), { kind: "edge", layer: 1, from: 0, index: 0 });
});
