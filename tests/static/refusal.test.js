import assert from "node:assert/strict";
import { test } from "node:test";
import { refusalText } from "../../static/refusal.js";
import { DEFAULT_SPEC } from "./fixtures.js";

const CATALOG = { fields: { "training.learning_rate": { title: "Learning rate" }, "network.hidden.*.units": { title: "Units" } } };

/** @param {string} field @param {unknown} value @param {string} rule */
const text = (field, value, rule) => refusalText({ field, value, message: `${field} ${value} refused: ${rule}` }, DEFAULT_SPEC, CATALOG);

test("a refused number is told with its control's name, the rule and what holds still", () => {
  assert.equal(text("training.learning_rate", -1, "must be above 0"), "Learning rate −1 refused: must be above 0. Still 0.03.");
});

test("a refused field of a layer names the layer", () => {
  assert.equal(text("network.hidden.1.units", 129, "must be at most 128"), "Layer 2: units 129 refused: must be at most 128. Still 2.");
});

test("a field without a title is named by its path's end", () => {
  assert.equal(text("network.loss", "entropy", "must be one of a, b"), "Loss entropy refused: must be one of a, b. Still half squared error.");
});

test("a field that is off stays off", () => {
  assert.equal(text("training.clip_norm", 0, "must be above 0"), "Clip norm 0 refused: must be above 0. Still off.");
});

test("text that is no word is quoted and long text is cut", () => {
  assert.equal(text("training.learning_rate", "<b>", "must be a number"), "Learning rate “<b>” refused: must be a number. Still 0.03.");
  assert.match(text("training.learning_rate", "x".repeat(500), "must be a number"), /^Learning rate x{40}… refused/);
});

test("a weight that was refused is named, with the value that it still has", () => {
  const refused = { field: "value", value: "abc", message: "value abc refused: must be a number" };
  const sentence = refusalText(refused, undefined, {}, { tensor: "weight", value: -0.61349 });
  assert.equal(sentence, "Weight abc refused: must be a number. Still −0.613.");
});

test("a list that was refused says that nothing was changed", () => {
  assert.equal(text("data.features", ["z"], "must be one of x, y"), 'Features ["z"] refused: must be one of x, y. Nothing was changed.');
});

test("a refusal of no field is the server's own sentence", () => {
  assert.equal(refusalText({ field: null, message: "there is nothing to undo" }, undefined, {}), "There is nothing to undo.");
});
