import assert from "node:assert/strict";
import { test } from "node:test";
import { MIXED, readPath, readPaths } from "../../static/panels/paths.js";
import { placeBeside } from "../../static/panels/place.js";
import { nudge, parseNumber, toPosition, toValue } from "../../static/panels/scales.js";
import { changed, DEFAULT_SPEC, dense } from "./fixtures.js";

/** @import {Scale} from "../../static/panels/scales.js" */
/** @import {Box} from "../../static/types.js" */

/** @type {Scale} */
const RATE = { kind: "log", low: 1e-5, high: 10, step: 0 };
/** @type {Scale} */
const NOISE = { kind: "linear", low: 0, high: 0.5, step: 0.01 };

test("a log slider's ends and middle are the ends and the geometric middle of its range", () => {
  assert.equal(toPosition(RATE, 1e-5), 0);
  assert.equal(toPosition(RATE, 10), 1);
  assert.equal(toPosition(RATE, 0.01).toFixed(6), "0.500000");
  assert.equal(toValue(RATE, 0.5), 0.01);
});

test("a value beyond a slider's range stands at its end, and 0 has a place on a log slider", () => {
  assert.equal(toPosition(RATE, 1000), 1);
  assert.equal(toPosition(RATE, 0), 0);
  assert.equal(toPosition(NOISE, -1), 0);
});

test("values from a slider are written as a person would: two digits on a log scale, whole steps on a linear one", () => {
  for (let position = 0; position <= 1; position += 0.01) {
    assert.match(toValue(RATE, position).toExponential(), /^\d(\.\d)?e/);
    assert.ok(String(toValue(NOISE, position)).length <= 4, String(toValue(NOISE, position)));
  }
});

test("a slider's value keeps its place", () => {
  for (const value of [1e-5, 0.0003, 0.03, 0.5, 10]) assert.equal(toValue(RATE, toPosition(RATE, value)), value);
  for (const value of [0, 0.07, 0.1, 0.5]) assert.equal(toValue(NOISE, toPosition(NOISE, value)), value);
});

test("arrow keys walk 1, 2, 3, 5, 10 on a log scale and whole steps on a linear one", () => {
  const walked = [0.01];
  for (let i = 0; i < 6; i++) walked.push(nudge(RATE, walked[i], 1));
  assert.deepEqual(walked, [0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3]);
  assert.equal(nudge(RATE, 0.01, -1), 0.005);
  assert.equal(nudge(RATE, 0.04, -1), 0.03);
  assert.equal(nudge(NOISE, 0.1, 1), 0.11);
  assert.equal(nudge({ kind: "linear", step: 1 }, 10, -1), 9);
});

test("numbers are read as people type them", () => {
  assert.equal(parseNumber(" 0.03 "), 0.03);
  assert.equal(parseNumber("1e-4"), 1e-4);
  assert.equal(parseNumber("−1.5"), -1.5);
  assert.equal(parseNumber("20,000"), 20000);
  assert.equal(parseNumber("70 %", true), 0.7);
  assert.equal(parseNumber("70", true), 0.7);
});

test("what is no number is not taken for one", () => {
  for (const text of ["", " ", "abc", "1.2.3", "0,03", "0x10z"]) assert.ok(Number.isNaN(parseNumber(text)), text);
  assert.equal(parseNumber("1e400"), Infinity);
});

test("a path reads one field, or all layers at once", () => {
  assert.equal(readPath(DEFAULT_SPEC, "training.learning_rate"), 0.03);
  assert.equal(readPath(DEFAULT_SPEC, "training.clip_norm"), null);
  assert.equal(readPath(DEFAULT_SPEC, "network.hidden.1.units"), 2);
  assert.equal(readPath(DEFAULT_SPEC, "network.hidden.*.activation"), "tanh");
});

test("layers that differ read as mixed, and no layer as nothing", () => {
  const mixed = changed({ "network.hidden": [dense(4, "tanh"), dense(4, "relu")] });
  assert.equal(readPath(mixed, "network.hidden.*.activation"), MIXED);
  assert.equal(readPath(changed({ "network.hidden": [] }), "network.hidden.*.activation"), undefined);
  assert.equal(readPath(DEFAULT_SPEC, "training.optimizer_options.beta1"), undefined);
});

test("several paths read as one where they agree", () => {
  const paths = ["network.hidden.*.init", "network.output_init"];
  assert.equal(readPaths(DEFAULT_SPEC, paths), "xavier_uniform");
  assert.equal(readPaths(changed({ "network.output_init": "zeros" }), paths), MIXED);
  assert.equal(readPaths(changed({ "network.hidden": [] }), paths), "xavier_uniform");
});

test("a floating box never covers what it is about, and stays inside where there is room", () => {
  const room = { x: 4, y: 4, width: 808, height: 432 };
  const size = { width: 300, height: 200 };
  for (let x = 0; x < 780; x += 26) {
    for (let y = 0; y < 400; y += 20) {
      const target = { x, y, width: 36, height: 40 };
      const box = { ...placeBeside(target, size, room), ...size };
      assert.ok(!overlap(target, box), `${x}, ${y}`);
      assert.ok(box.x >= room.x && box.x + box.width <= room.x + room.width, `${x}, ${y}: ${box.x}`);
      assert.ok(box.y >= room.y && box.y + box.height <= room.y + room.height, `${x}, ${y}: ${box.y}`);
    }
  }
});

test("where it fits nowhere it hangs over the edge rather than over its subject", () => {
  const target = { x: 10, y: 10, width: 280, height: 180 };
  const size = { width: 250, height: 180 };
  assert.ok(!overlap(target, { ...placeBeside(target, size, { x: 0, y: 0, width: 300, height: 200 }), ...size }));
});

/** @param {Box} one @param {Box} other */
function overlap(one, other) {
  return one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height && other.y < one.y + one.height;
}
