import assert from "node:assert/strict";
import { test } from "node:test";
import { sentenceOf } from "../../static/panels/sentence.js";
import { Looker, spoken, timelineOf } from "../../static/past.js";
import { initialState, reduce } from "../../static/state.js";
import { layoutOf } from "./fixtures.js";

/** @param {Record<string, unknown>} [status] @returns {any} */
function stateOf(status = {}) {
  const events = [
    { type: "connection", connection: "open" },
    { type: "layout", ...layoutOf() },
    { type: "status", state: "paused", pace: null, steps_per_second: 0, step: 5000, epoch: 200, role: "controller", looking: null, replay: null, ...status },
    { type: "marks", earliest: 0, marks: [{ step: 7, label: "Add layer 2" }], begins: [0] },
    { type: "branches", branches: [{ id: 1, name: "Unchanged", from_step: 120, step: 5000, steps: [0], losses: [1] }] },
  ];
  return events.reduce(reduce, initialState({}));
}

/** A looker and all that it has asked for. */
function looker() {
  /** @type {(number | null)[]} */
  const asked = [];
  return { asked, looker: new Looker(({ step }) => asked.push(step)) };
}

test("marks and branches are kept, and since when lanes are", () => {
  const { past } = stateOf();
  assert.deepEqual([past.earliest, past.marks[0].label, past.branches[0].name, past.begins], [0, "Add layer 2", "Unchanged", [0]]);
});

test("the timeline shows the present unless a past step is looked at, and reaches as far as the chart", () => {
  assert.deepEqual(timelineOf(stateOf()), { step: 5000, present: 5000, earliest: 0, past: false, end: 5000 });
  const looking = timelineOf(stateOf({ looking: 120 }), 9000);
  assert.deepEqual(looking, { step: 120, present: 5000, earliest: 0, past: true, end: 9000 });
  assert.equal(spoken(looking), "step 120 of 5,000");
  assert.equal(spoken(timelineOf(stateOf())), "step 5,000, the present");
});

test("one step is asked for at a time, and of those wished for meanwhile only the last", () => {
  const { asked, looker: it } = looker();
  for (const step of [300, 200, 120]) it.look(step);
  assert.deepEqual([asked, it.wish], [[300], 120]);
  it.follow(stateOf());
  assert.deepEqual(asked, [300]);
  it.follow(stateOf({ looking: 300 }));
  assert.deepEqual([asked, it.wish], [[300, 120], 120]);
  it.follow(stateOf({ looking: 120 }));
  it.look(null);
  it.follow(stateOf());
  assert.deepEqual([asked, it.wish], [[300, 120, null], undefined]);
});

test("a way that takes long is left for a newer wish", () => {
  const { asked, looker: it } = looker();
  const replay = { from_step: 0, step: 100, target: 4000 };
  it.look(4000);
  it.follow(stateOf({ replay }));
  assert.deepEqual(asked, [4000]);
  it.look(10);
  it.follow(stateOf({ replay }));
  assert.deepEqual(asked, [4000, 10]);
});

test("a lost connection ends what was asked for", () => {
  const { asked, looker: it } = looker();
  it.look(5);
  it.follow({ ...stateOf(), connection: "reconnecting" });
  it.look(6);
  assert.deepEqual(asked, [5, 6]);
});

test("the sentence says that the past is shown, and how far the way to it is", () => {
  assert.deepEqual(sentenceOf(stateOf({ looking: 120 })), { kind: "past", text: "You are looking at step 120 of 5,000.", reset: false });
  const replay = { from_step: 1000, step: 2500, target: 4000 };
  assert.match(sentenceOf(stateOf({ replay })).text, /^Computing step 4,000 again: 50.% of the way is done\.$/);
});

test("the sentence says how much of a file that takes its time is done", () => {
  assert.match(sentenceOf(stateOf({ writing: 0.4 })).text, /^Writing the scalars of all steps: 40.% of them are done\.$/);
});
