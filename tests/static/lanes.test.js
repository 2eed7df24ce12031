import assert from "node:assert/strict";
import { test } from "node:test";
import { exposed } from "../../static/exposed.js";
import { aimed, laneCount, largestWeight, viewOf } from "../../static/lanes.js";
import { lanesGeometry, lanesHeight } from "../../static/lanes/geometry.js";
import { compareCommand, effective, hereWords, settingsOf, valueOf } from "../../static/lanes/settings.js";
import { againstWords, fitted, ownWords, sinceWords } from "../../static/lanes/words.js";
import { MIXED } from "../../static/panels/paths.js";
import { sentenceOf } from "../../static/panels/sentence.js";
import { initialState, reduce } from "../../static/state.js";
import { Tracks } from "../../static/tracks.js";
import { DEFAULT_SPEC, changed, dense, layoutOf, rowsOf } from "./fixtures.js";

/** @import {Action, State} from "../../static/types.js" */
/** @import {Setting} from "../../static/lanes/settings.js" */

const CATALOG = {
  activations: { tanh: { title: "Tanh" }, sigmoid: { title: "Sigmoid" }, relu: { title: "ReLU" }, softmax: { title: "Softmax", hidden: false } },
  initializers: { xavier_uniform: { title: "Xavier uniform" }, he_normal: { title: "He normal" } },
  normalizations: { none: { title: "None" }, batch: { title: "Batch" } },
  optimizers: { sgd: { title: "SGD" }, adam: { title: "Adam" } },
  losses: { half_squared_error: { title: "Half squared error" } },
  switches: { "network.hidden.*.residual": { title: "Residual", help: "" } },
  fields: {
    "network.hidden.*.init_gain": { title: "Gain" }, "network.hidden.*.dropout": { title: "Dropout" },
    "training.learning_rate": { title: "Learning rate" }, "training.l2": { title: "L2 penalty" },
    "training.clip_norm": { title: "Clip by norm", optional: true }, "training.clip_value": { title: "Clip by value", optional: true },
  },
};

/** @param {number} lane @param {number} timeline @returns {Action} */
const layout = (lane, timeline) => ({ type: "layout", seq: 1, ...layoutOf({ lane, timeline, revision: timeline }) });
/** @param {number} lane @param {number} timeline @param {number[]} parameters @returns {Action} */
const frame = (lane, timeline, parameters) => ({ type: "frame", frame: { lane, timeline, revision: timeline, picture: 1, step: 3, loss: lane, parameters: Float32Array.from(parameters) } });

/** A page with two lanes. @param {...Action} actions @returns {State} */
const two = (...actions) => [
  { type: "spec", lane: 0, spec: DEFAULT_SPEC }, layout(0, 1), frame(0, 1, [1, -4]),
  { type: "spec", lane: 1, spec: changed({ "training.learning_rate": 0.3 }) }, layout(1, 2), frame(1, 2, [2, 5]),
  { type: "status", state: "paused", lanes: 2 }, ...actions,
].reduce(reduce, initialState({}));

test("lanes are shown once all of them are known, and a view has one of them alone", () => {
  const state = two();
  assert.equal(laneCount(state), 2);
  assert.equal(laneCount(reduce(state, { type: "status", state: "paused", lanes: 3 })), 1);
  assert.equal(viewOf(state, 1).lanes[0], state.lanes[1]);
  assert.equal(viewOf(state, 1), viewOf(state, 1));
  assert.equal(viewOf(state).lanes.length, 1);
  assert.equal(largestWeight(state.lanes), 5);
});

test("a command of a panel goes to the selected lane, or to all; a reset concerns none", () => {
  const patch = { type: "patch", lane: 0, changes: {} };
  assert.equal(aimed(patch, initialState({})), patch);
  const second = two({ type: "ui/lane", lane: 1 });
  assert.equal(aimed(patch, second).lane, 1);
  assert.equal(aimed({ type: "compare", lane: 0 }, second).lane, 1);
  assert.equal(aimed({ type: "remove_lane", lane: 0 }, second).lane, 0);
  const all = reduce(second, { type: "ui/everyLane", everyLane: true });
  assert.equal(aimed(patch, all).lane, "all");
  assert.equal(aimed({ type: "set_parameter", lane: 0 }, all).lane, 1);
  assert.deepEqual(aimed({ type: "reset" }, all), { type: "reset" });
});

test("what is selected is let go where another lane is, and a lane that went leaves the next", () => {
  const pinned = two({ type: "ui/lane", lane: 1 }, { type: "ui/everyLane", everyLane: true }, { type: "ui/pin", selection: { kind: "layer", layer: 1 } });
  assert.equal(reduce(pinned, { type: "ui/lane", lane: 0 }).ui.pinned, null);
  const one = reduce(pinned, { type: "status", state: "paused", lanes: 1 });
  assert.deepEqual([one.lanes.length, one.ui.lane, one.ui.everyLane, one.ui.pinned], [1, 0, false, null]);
  const late = { type: "evaluation", seq: 1, lane: 1, step: 3, train: { loss: 1 }, test: { loss: 1 } };
  assert.equal(reduce(one, late), one);
});

test("the page turns to the lane whose numbers overflowed", () => {
  const state = two({ type: "diverged", seq: 1, lane: 1, step: 4, layer: 0, layer_id: 1, tensor: "0.weight", message: "" });
  assert.equal(state.ui.lane, 1);
  assert.equal(state.lanes[0].diverged, null);
  assert.match(sentenceOf(viewOf(reduce(reduce(state, { type: "ui/lane", lane: 0 }), { type: "status", state: "diverged", lanes: 2 }))).text, /Another lane/);
});

test("the view for tests is of the selected lane, and has all of them", () => {
  const state = two({ type: "ui/lane", lane: 1 });
  const view = exposed(() => ({ state, frames: 1, strip: null }));
  assert.deepEqual([view.loss, view.spec.training.learning_rate], [1, 0.3]);
  assert.deepEqual(view.lanes.map((/** @type {any} */ lane) => [lane.step, lane.loss]), [[3, 0], [3, 1]]);
});

test("each lane has series of its own, and those of a lane that went are forgotten", () => {
  /** @type {any[]} */
  const sent = [];
  const tracks = new Tracks((command) => sent.push(command));
  for (const lane of [0, 1]) tracks.follow(layoutOf({ lane, timeline: lane + 1, revision: 1 }), "");
  tracks.pull(two());
  const asked = sent.map(({ lane, series }) => `${lane} ${series}`);
  assert.deepEqual(asked, ["0 steps", "0 evaluations", "1 steps", "1 evaluations"]);
  assert.ok(tracks.answer(rowsOf(0, [[0.5, 1, 2, 3]], { command: 3, lane: 1, timeline: 2 })));
  assert.deepEqual([tracks.series(0).steps.rows, tracks.series(1).steps.rows], [0, 1]);
  tracks.keep(1);
  assert.equal(tracks.series(1).steps.rows, 0);
});

test("a difference is said in plain words", () => {
  const layers = (/** @type {any[]} */ ...hidden) => changed({ "network.hidden": hidden });
  const words = (/** @type {any[]} */ ...specs) => againstWords([DEFAULT_SPEC, ...specs], CATALOG);
  assert.equal(words(layers(dense(4, "sigmoid"), dense(2, "sigmoid"))), "tanh against sigmoid");
  assert.equal(words(layers(dense(4, "tanh"), dense(2, "tanh"), dense(2, "tanh"))), "2 against 3 hidden layers");
  assert.equal(words(layers()), "2 against 0 hidden layers");
  assert.equal(words(changed({ "training.learning_rate": 0.3, "training.optimizer": "adam" })), "SGD against Adam, learning rate 0.03 against 0.3");
  assert.equal(words(changed({ "training.clip_norm": 1 })), "clip by norm off against 1");
  const residual = (/** @type {boolean} */ on) => layers(...[4, 2].map((units) => ({ ...dense(units, "tanh"), residual: on })));
  assert.equal(againstWords([residual(false), residual(true)], CATALOG), "without against with residual connections");
  assert.equal(words(changed({ "network.hidden.1.activation": "relu" })), "tanh against tanh, ReLU in layer 2");
  assert.equal(words(DEFAULT_SPEC), "the same settings");
});

test("of an optimizer's options only what was changed is said where not both have them", () => {
  const options = { beta1: { default: 0.9 }, epsilon: { default: 1e-8 } };
  const catalog = { ...CATALOG, optimizers: { sgd: { title: "SGD", options: {} }, adam: { title: "Adam", options }, nadam: { title: "NAdam", options } } };
  const run = (/** @type {string} */ optimizer, optimizer_options = {}) => changed({ "training.optimizer": optimizer, "training.optimizer_options": optimizer_options });
  const adam = run("adam", { beta1: 0.9, epsilon: 1e-8 });
  assert.equal(againstWords([run("sgd"), adam], catalog), "SGD against Adam");
  assert.deepEqual(ownWords([run("sgd"), adam], catalog), [["SGD"], ["Adam"]]);
  assert.deepEqual(ownWords([run("sgd"), run("adam", { beta1: 0.5 })], catalog), [["SGD"], ["Adam", "beta1 0.5"]]);
  assert.equal(againstWords([run("adam", { beta1: 0.5 }), run("nadam")], catalog), "Adam against NAdam, beta1 0.5 against 0.9");
});

test("two lanes are named by what differs, further ones by what differs from the first", () => {
  const specs = [DEFAULT_SPEC, changed({ "training.learning_rate": 0.3 }), changed({ "training.clip_value": 2 })];
  assert.deepEqual(ownWords(specs.slice(0, 2), CATALOG), [["learning rate 0.03"], ["learning rate 0.3"]]);
  assert.deepEqual(ownWords(specs, CATALOG), [["the base"], ["learning rate 0.3"], ["clip by value 2"]]);
});

test("as many words are said as have room", () => {
  const words = ["ReLU", "6 hidden layers", "gain 2"];
  assert.equal(fitted(words, 40), "ReLU, 6 hidden layers, gain 2");
  assert.equal(fitted(words, 31), "ReLU, 6 hidden layers, gain 2");
  assert.equal(fitted(words, 28), "ReLU and 2 more");
  assert.equal(fitted(["6 hidden layers"], 3), "6 hidden layers");
});

test("a setting is read from the hidden layers, set in the output layer too, and layers are counted", () => {
  const settings = settingsOf(CATALOG);
  /** @param {string} name */
  const named = (name) => /** @type {Setting} */ (settings.find((setting) => setting.name === name));
  assert.deepEqual(named("network.hidden.*.activation").choices.map(({ value }) => value), ["tanh", "sigmoid", "relu"]);
  assert.equal(valueOf(named("layers"), DEFAULT_SPEC), 2);
  assert.equal(valueOf(named("network.hidden.*.init"), changed({ "network.output_init": "he_normal" })), "xavier_uniform");
  assert.equal(valueOf(named("network.hidden.*.init"), changed({ "network.hidden.0.init": "he_normal" })), MIXED);
  assert.equal(valueOf(named("network.hidden.*.init"), changed({ "network.hidden": [] })), "xavier_uniform");
  /** @type {Map<Setting, any>} */
  const chosen = new Map();
  chosen.set(named("layers"), 6).set(named("network.hidden.*.init"), "he_normal");
  const command = compareCommand(chosen);
  const changes = { "network.hidden.*.init": "he_normal", "network.output_init": "he_normal" };
  assert.deepEqual(command, { type: "compare", lane: 0, layers: 6, changes, start: "beginning" });
  assert.deepEqual(effective(chosen, false), chosen);
  assert.deepEqual(compareCommand(effective(chosen, true), true), { type: "compare", lane: 0, layers: 6, changes: {}, start: "here" });
  assert.deepEqual(settings.filter(({ atStart }) => atStart).map(({ title }) => title), ["Initializer", "Gain"]);
});

test("from here says at which step, or why there is nothing to go on from", () => {
  const said = (/** @type {any} */ status) => hereWords({ status });
  assert.deepEqual(said({ state: "paused", step: 1240 }), { words: "From here, step 1,240 (keeps what was learned)", why: "" });
  assert.equal(said({ state: "paused", step: 5000, looking: 1240 }).words, "From here, step 1,240 (keeps what was learned)");
  assert.deepEqual(said({ state: "playing", step: 1240 }), { words: "From here (keeps what was learned)", why: "" });
  assert.match(said({ state: "paused", step: 0 }).why, /At step 0/);
  assert.match(said({ state: "paused", step: 9, looking: 0 }).why, /At step 0/);
  assert.match(said(null).why, /At step 0/);
  assert.match(said({ state: "diverged", step: 12, looking: null }).why, /earlier step/);
  assert.equal(said({ state: "diverged", step: 12, looking: 9 }).why, "");
});

test("lanes that were forked off a run under way say from which step", () => {
  assert.equal(sinceWords(0, 0), "");
  assert.equal(sinceWords(0, 5000), " from step\u00a05,000");
  assert.equal(sinceWords(100, 5000), " from step\u00a05,000");
  assert.equal(sinceWords(0, 0, 0, 7), " from step\u00a07");
});

/** What the network's place is in the windows of the tests, with the heights of bar and legend. */
const ROOMS = [
  { name: "1280 × 720", width: 840, height: 595, bar: 36, legend: 28, text: 12 },
  { name: "1280 × 720, projector", width: 840, height: 579, bar: 36, legend: 28, text: 16 },
  { name: "1280 × 600", width: 840, height: 475, bar: 36, legend: 28, text: 12 },
  { name: "1920 × 1080", width: 1288, height: 955, bar: 36, legend: 28, text: 12 },
  { name: "820 × 1180", width: 820, height: 628, bar: 36, legend: 28, text: 12 },
  { name: "390 × 844", width: 390, height: 0, bar: 80, legend: 52, text: 12 },
];

for (const { name, ...room } of ROOMS) {
  for (const lanes of [2, 3, 4]) {
    test(`${lanes} lanes have their places at ${name}: nothing overlaps, and nothing is outside`, () => {
      for (let selected = 0; selected < lanes; selected++) {
        const height = lanesHeight({ ...room, lanes }) || room.height;
        const places = lanesGeometry({ ...room, height, lanes, selected });
        const boxes = [places.bar, places.legend];
        for (const [lane, { panel, output, stage, strip }] of places.lanes.entries()) {
          assert.equal(stage !== null, lanes === 2 || lane === selected);
          const inPanel = output.y > panel.y && output.x < panel.x + panel.width;
          boxes.push(inPanel ? { ...panel, height: output.y - panel.y } : panel, output, strip, ...(stage ? [stage] : []));
          assert.ok(panel.width >= 120 && strip.width >= 240 && strip.height >= 58, "room to read");
          assert.ok(output.width >= 50 && (!inPanel || output.y - panel.y >= 80));
          if (stage) assert.ok(stage.height >= 140, `${stage.height}`);
          if (stage && lanes === 2) assert.deepEqual([stage.x, stage.width], [strip.x, strip.width], "the strip is on the network's columns");
        }
        for (const [i, one] of boxes.entries()) {
          assert.ok(one.x >= 0 && one.y >= 0 && one.x + one.width <= room.width && one.y + one.height <= height);
          for (const other of boxes.slice(i + 1)) {
            const apart = one.x + one.width <= other.x || other.x + other.width <= one.x || one.y + one.height <= other.y || other.y + other.height <= one.y;
            assert.ok(apart, `${JSON.stringify(one)} and ${JSON.stringify(other)}`);
          }
        }
      }
    });
  }
}
