import assert from "node:assert/strict";
import { test } from "node:test";
import { SeriesStore } from "../../static/series.js";
import { Puller } from "../../static/series/puller.js";
import { layoutOf, rowsOf } from "./fixtures.js";

const WIDTH = layoutOf().series.steps.length;

/**
 * `count` rows of steps whose loss is `loss(step)` and whose other columns are ten times the column's place.
 * @param {number} from
 * @param {number} count
 * @param {(step: number) => number} loss
 * @param {object} [changes]
 */
function steps(from, count, loss, changes) {
  const row = (/** @type {number} */ step) => Array.from({ length: WIDTH }, (_, column) => (column === 0 ? loss(step) : 10 * column));
  return rowsOf(from, Array.from({ length: count }, (_, index) => row(from + index)), changes);
}

function openStore() {
  const store = new SeriesStore();
  store.follow(layoutOf());
  return store;
}

test("rows are kept exactly while they fit", () => {
  const store = openStore();
  assert.ok(store.take("steps", steps(0, 1000, (step) => 1 / (1 + step))));
  const { steps: table } = store.model;
  assert.equal(table.rows, 1000);
  assert.equal(table.columns.loss.mean[999], 1 / 1000);
  assert.deepEqual(Array.from(table.from.subarray(0, 3)), [0, 1, 2]);
  assert.equal(table.columns["delta_rms.2"].max[5], 20);
});

test("a run of a million steps stays bounded, complete, and loses no extreme", () => {
  const store = openStore();
  const chunk = 1000;
  for (let from = 0; from < 1_000_000; from += chunk) {
    store.take("steps", steps(from, chunk, (step) => (step === 123_456 ? 99 : step === 777_777 ? -99 : 1)));
  }
  const { steps: table } = store.model;
  assert.ok(table.rows > 900 && table.rows <= 2048, `${table.rows} rows`);
  assert.equal(table.from[0], 0);
  let covered = 0;
  for (let row = 0; row < table.rows; row++) {
    assert.equal(table.from[row], covered);
    covered += table.spans[row];
  }
  assert.equal(covered, 1_000_000);
  const { mean, min, max } = table.columns.loss;
  assert.equal(Math.max(...max), 99);
  assert.equal(Math.min(...min), -99);
  const total = mean.reduce((sum, value, row) => sum + value * table.spans[row], 0);
  assert.ok(Math.abs(total - (1_000_000 - 2)) < 1e-3, `the sum of all losses is ${total}`);
});

test("merging numbers near the largest does not overflow", () => {
  const store = openStore();
  for (let from = 0; from < 5000; from += 1000) store.take("steps", steps(from, 1000, () => 1.7e308));
  assert.ok(store.model.steps.columns.loss.mean.every((value) => value === 1.7e308));
});

test("a reset drops the curve, keeps it as a ghost, and asks from step 0 again", () => {
  const store = openStore();
  store.take("steps", steps(0, 50, (step) => step));
  store.follow(layoutOf({ timeline: 2, from_step: 0 }));
  assert.equal(store.model.steps.rows, 0);
  assert.deepEqual(Array.from(store.model.ghost?.loss ?? []), Array.from({ length: 50 }, (_, step) => step));
  assert.equal(store.request("steps").from, 0);
  assert.equal(store.request("steps").timeline, 2);
});

test("the curve of another data set or loss leaves no ghost", () => {
  const store = new SeriesStore();
  store.follow(layoutOf(), "circle half_squared_error");
  store.take("steps", steps(0, 50, () => 1));
  store.follow(layoutOf({ timeline: 2, from_step: 0 }), "digits cross_entropy");
  assert.equal(store.model.ghost, null);
});

test("an undo drops only what is void", () => {
  const store = openStore();
  store.take("steps", steps(0, 50, (step) => step));
  store.follow(layoutOf({ timeline: 2, from_step: 20 }));
  assert.equal(store.model.steps.rows, 20);
  assert.equal(store.model.ghost, null);
  assert.equal(store.request("steps").from, 20);
});

test("a merged row that reaches beyond an undo is asked for again from its beginning", () => {
  const store = openStore();
  for (let from = 0; from < 10_000; from += 1000) store.take("steps", steps(from, 1000, () => 1));
  store.follow(layoutOf({ timeline: 2, from_step: 5001 }));
  const { steps: table } = store.model;
  const end = table.from[table.rows - 1] + table.spans[table.rows - 1];
  assert.equal(store.request("steps").from, end);
  assert.ok(end <= 5001 && end > 4900);
  store.take("steps", steps(end, 10, () => 2, { timeline: 2 }));
  assert.equal(store.model.steps.columns.loss.max[table.rows], 2);
});

test("an answer of another timeline is dropped", () => {
  const store = openStore();
  assert.equal(store.take("steps", steps(0, 5, () => 1, { timeline: 9 })), false);
  assert.equal(store.model.steps.rows, 0);
});

test("a row that is already there is not taken twice", () => {
  const store = openStore();
  store.take("steps", steps(0, 10, () => 1));
  store.take("steps", steps(5, 10, () => 2));
  assert.equal(store.model.steps.rows, 15);
  assert.equal(store.model.steps.columns.loss.mean[9], 1);
});

test("a new layer begins with no past and the others keep theirs", () => {
  const store = openStore();
  store.take("steps", steps(0, 5, () => 1));
  const columns = ["loss", "delta_rms.1", "delta_rms.3", "delta_rms.0"];
  store.follow(layoutOf({ revision: 2, series: { ...layoutOf().series, steps: columns } }));
  store.take("steps", steps(5, 5, () => 1, { revision: 2 }));
  const table = store.model.steps;
  assert.deepEqual(Object.keys(table.columns), columns);
  assert.ok(Number.isNaN(table.columns["delta_rms.3"].mean[4]));
  assert.equal(table.columns["delta_rms.3"].mean[5], 20);
  assert.equal(table.columns["delta_rms.1"].mean[4], 10);
});

test("rows of a revision from before the page was opened give their loss", () => {
  const store = new SeriesStore();
  store.follow(layoutOf({ revision: 5 }));
  store.take("steps", rowsOf(0, [[3, 1, 1], [2, 1, 1]], { revision: 2 }));
  assert.deepEqual(Array.from(store.model.steps.columns.loss.mean), [3, 2]);
  assert.ok(Number.isNaN(store.model.steps.columns["delta_rms.1"].mean[0]));
});

test("the window gives median and band of the last steps", () => {
  const store = openStore();
  store.take("steps", steps(0, 900, (step) => step));
  assert.deepEqual(store.window("loss", 200), { steps: 200, median: 799.5, low: 700, high: 899 });
  assert.deepEqual(store.window("loss", 3), { steps: 3, median: 898, low: 897, high: 899 });
  assert.equal(store.window("delta_rms.99", 200), null);
});

test("the window goes back with an undo", () => {
  const store = openStore();
  store.take("steps", steps(0, 100, (step) => step));
  store.follow(layoutOf({ timeline: 2, from_step: 50 }));
  assert.deepEqual(store.window("loss", 10), { steps: 10, median: 44.5, low: 40, high: 49 });
});

test("a bucket's extremes reach the band", () => {
  const store = openStore();
  const rows = steps(0, 4, () => 1);
  store.take("steps", { ...rows, spans: new Uint32Array(4).fill(10), min: rows.mean.map((v) => v - 5), max: rows.mean.map((v) => v + 5) });
  assert.deepEqual(store.window("loss", 15), { steps: 20, median: 1, low: -4, high: 6 });
});

test("the model is the same object until something changes", () => {
  const store = openStore();
  const { model } = store;
  assert.equal(store.model, model);
  store.take("steps", steps(0, 1, () => 1));
  assert.notEqual(store.model, model);
  assert.ok(store.model.version > model.version);
});

/** A puller with its sent commands. */
function openPuller() {
  const store = openStore();
  /** @type {any[]} */
  const sent = [];
  const puller = new Puller(store, (command) => sent.push(command));
  return { store, sent, puller };
}

test("both kinds are asked for, and not again before they are answered", () => {
  const { sent, puller } = openPuller();
  puller.pull("1");
  puller.pull("2");
  assert.deepEqual(sent.map((command) => command.series), ["steps", "evaluations"]);
});

test("while there is more the puller goes on at once, and then rests until the run moves", () => {
  const { store, sent, puller } = openPuller();
  puller.pull("1");
  assert.ok(puller.answer(steps(0, 3, () => 1, { command: 1, more: true })));
  assert.equal(sent[2].from, 3);
  puller.answer(steps(3, 3, () => 1, { command: 3 }));
  puller.pull("1");
  assert.equal(sent.length, 3);
  puller.pull("2");
  assert.deepEqual([sent[3].series, sent[3].from], ["steps", 6]);
  assert.equal(store.model.steps.rows, 6);
});

test("an answer that came too late for its timeline is asked for again", () => {
  const { store, sent, puller } = openPuller();
  puller.pull("1");
  store.follow(layoutOf({ timeline: 2 }));
  assert.equal(puller.answer(steps(0, 3, () => 1, { command: 1 })), false);
  puller.pull("1");
  assert.deepEqual([sent[2].series, sent[2].timeline], ["steps", 2]);
});

test("a refused request is not repeated before the run moves", () => {
  const { sent, puller } = openPuller();
  puller.pull("1");
  puller.refused(1);
  puller.pull("1");
  assert.equal(sent.length, 2);
  puller.pull("2");
  assert.equal(sent.length, 3);
});

test("after a reconnection everything under way is asked for again", () => {
  const { sent, puller } = openPuller();
  puller.pull("1");
  puller.restart();
  puller.pull("1");
  assert.equal(sent.length, 4);
});
