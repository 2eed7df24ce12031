/** What is wrong with a run, as the page takes it, says it and offers cures. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { runsOf, spanOf } from "../../static/panels/marks.js";
import { sentenceOf } from "../../static/panels/sentence.js";
import { rescueCommands } from "../../static/rescue.js";
import { initialState, reduce } from "../../static/state.js";
import { DEFAULT_SPEC, layoutOf } from "./fixtures.js";

/** @import {State, Verdict} from "../../static/types.js" */

const OFFER = /** @type {const} */ ({ cure: "tanh", title: "Tanh in every hidden layer", short: "tanh", way: "keep", changes: { "network.hidden.*.activation": "tanh" } });

/** @param {Partial<Verdict>} [changes] @returns {Verdict} */
function verdictOf(changes = {}) {
  return {
    name: "vanishing", layers: [1], since: 25, numbers: { ratio: 1 / 5300 },
    sentence: "Vanishing gradients since step 25: layer 1 gets 1/5,300 of layer 2’s error signal.",
    why: "Each layer passes on 0.18 of it.", source: "common practice", cures: [OFFER], ...changes,
  };
}

/** @param {Verdict[]} verdicts @param {"controller" | "watcher"} [role] @returns {State} */
function stateWith(verdicts, role = "controller") {
  const status = { type: "status", seq: 1, state: "playing", pace: 20, steps_per_second: 20, step: 100, epoch: 4, watchers: 1, role, undo: null, redo: null, lanes: 1 };
  const actions = [
    { type: "spec", lane: 0, spec: DEFAULT_SPEC, step: 0 }, { type: "layout", ...layoutOf() }, status,
    { type: "verdicts", seq: 2, lane: 0, step: 100, verdicts },
  ];
  return actions.reduce(reduce, { ...initialState({}), connection: /** @type {const} */ ("open") });
}

test("a verdict is the sentence: what, where, since when, the numbers and why, with its first cure", () => {
  const sentence = sentenceOf(stateWith([verdictOf()]));
  assert.equal(sentence.kind, "verdict");
  assert.equal(sentence.text, "Vanishing gradients since step 25: layer 1 gets 1/5,300 of layer 2’s error signal. Each layer passes on 0.18 of it.");
  assert.equal(sentence.cure?.text, "Cure: tanh");
  assert.deepEqual(sentence.cure?.commands, rescueCommands(OFFER, 0));
});

test("a watcher sees the verdict and is offered nothing; one without cures offers none", () => {
  const watched = sentenceOf(stateWith([verdictOf()], "watcher"));
  assert.deepEqual([watched.kind, watched.cure], ["verdict", null]);
  assert.equal(sentenceOf(stateWith([verdictOf({ cures: [] })])).cure, null);
});

test("verdicts go as they came", () => {
  const gone = reduce(stateWith([verdictOf()]), { type: "verdicts", seq: 3, lane: 0, step: 200, verdicts: [] });
  assert.deepEqual(gone.lanes[0].verdicts, []);
  assert.equal(sentenceOf(gone).kind, "info");
});

test("where numbers overflowed, the sentence says what and why, and the autopsy is kept with the lane", () => {
  const why = "In the last finite pass, after step 1, layer 1 got 6.3×10⁴¹ times layer 2’s error signal.";
  const autopsy = { type: "autopsy", seq: 4, lane: 0, step: 3, layer: 1, layer_id: 2, tensor: "weight gradient", finite: null, overflowed: { step: 2, layers: [] }, steps: [] };
  const diverged = { type: "diverged", seq: 3, lane: 0, step: 3, layer: 1, layer_id: 2, tensor: "1.weight gradient", message: "" };
  const state = [diverged, autopsy].reduce(reduce, stateWith([verdictOf({ name: "exploding", why })]));
  const sentence = sentenceOf(state);
  assert.equal(sentence.kind, "diverged");
  assert.equal(sentence.text, `Stopped at step 3: the weight gradient of layer 2 is not finite any more. ${why}`);
  assert.equal(state.lanes[0].autopsy?.tensor, "weight gradient");
  const afresh = reduce(state, { type: "layout", ...layoutOf({ timeline: 99 }) });
  assert.deepEqual([afresh.lanes[0].diverged, afresh.lanes[0].autopsy], [null, null]);
});

test("a cure is one change, kept or from the start, and is played", () => {
  assert.deepEqual(rescueCommands(OFFER, 0), [{ type: "patch", lane: 0, changes: OFFER.changes }, { type: "play" }]);
  assert.deepEqual(rescueCommands({ ...OFFER, way: "restart" }, 1)[0], { type: "patch", lane: 1, changes: OFFER.changes, restart: true });
});

test("a column says its weightiest verdict, and neighbours with the same one say it together", () => {
  const layout = layoutOf();
  const ids = layout.layers.map(({ id }) => id);
  assert.deepEqual(runsOf(layout, [verdictOf({ layers: ids.slice(0, 2) })]), [{ name: "vanishing", first: 0, last: 1 }]);
  const two = [verdictOf({ name: "dead", layers: [ids[1]] }), verdictOf({ name: "saturated", layers: ids.slice(0, 2) })];
  assert.deepEqual(runsOf(layout, two), [{ name: "saturated", first: 0, last: 0 }, { name: "dead", first: 1, last: 1 }]);
  assert.deepEqual(runsOf(layout, [verdictOf({ layers: [77] })]), []);
});

test("a mark of several columns ends short of the next ones, and of the ends of the network's place", () => {
  const [first, second, last] = [60, 400, 780].map((x, layer) => ({ layer, x, width: 140 }));
  assert.deepEqual(spanOf(second, second, 840), { left: 334, right: 466 });
  assert.deepEqual(spanOf(first, last, 840), { left: 4, right: 836 });
});
