import assert from "node:assert/strict";
import { test } from "node:test";

import { evenSplits, increments, lossAxes } from "../../static/marks/ticks.js";
import { palette } from "./palette.js";

test("numbers of any size have ticks, evenly from the first to the last that fits", () => {
  for (const high of [1e-12, 0.5, 7, 6.11e101, 1e300]) {
    const steps = increments(null, null, 0, high);
    assert.ok(steps.every((step, place) => place === 0 || step > steps[place - 1]), `${high}`);
    const step = steps.find((each) => high / each <= 5) ?? Number.NaN;
    const splits = evenSplits(null, null, 0, high, step);
    assert.ok(splits.length >= 2 && splits.length <= 6, `${high}: ${splits}`);
    assert.equal(splits[0], 0);
    assert.ok(splits.every((split) => split <= high));
  }
  assert.deepEqual(evenSplits(null, null, -0.25, 0.35, 0.1), [-0.2, -0.1, 0, 0.1, 0.2, 0.3]);
});

test("ticks over steps stand at whole steps", () => {
  const [over] = lossAxes(palette, false);
  assert.ok(/** @type {any} */ (over).incrs.every(Number.isInteger));
});
