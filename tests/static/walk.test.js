import assert from "node:assert/strict";
import { test } from "node:test";
import { walk } from "../../static/walk.js";
import { layoutOf } from "./fixtures.js";

/** @import {Selection} from "../../static/types.js" */

/** @param {Selection | null} from @param {...string} keys */
const walked = (from, ...keys) => keys.reduce((selection, key) => walk(layoutOf(), selection, key), from);

test("the walk begins at the first input", () => {
  assert.deepEqual(walked(null, "ArrowDown"), { kind: "input", layer: -1, unit: 0 });
});

test("up and down stay in the column and stop at its ends", () => {
  assert.deepEqual(walked({ kind: "unit", layer: 1, unit: 2 }, "ArrowDown"), { kind: "unit", layer: 1, unit: 3 });
  assert.deepEqual(walked({ kind: "unit", layer: 1, unit: 4 }, "ArrowDown"), { kind: "unit", layer: 1, unit: 4 });
  assert.deepEqual(walked({ kind: "input", layer: -1, unit: 0 }, "ArrowUp"), { kind: "input", layer: -1, unit: 0 });
});

test("left and right go to the next column at the same height, and stop at the ends of the network", () => {
  assert.deepEqual(walked({ kind: "unit", layer: 1, unit: 4 }, "ArrowRight"), { kind: "unit", layer: 2, unit: 2 });
  assert.deepEqual(walked({ kind: "unit", layer: 2, unit: 2 }, "ArrowRight"), { kind: "unit", layer: 0, unit: 1 });
  assert.deepEqual(walked({ kind: "unit", layer: 0, unit: 1 }, "ArrowRight"), { kind: "unit", layer: 0, unit: 1 });
  assert.deepEqual(walked({ kind: "unit", layer: 1, unit: 4 }, "ArrowLeft"), { kind: "input", layer: -1, unit: 1 });
});

test("from an edge, a bias or a layer the walk goes on at its unit", () => {
  assert.deepEqual(walked({ kind: "edge", layer: 2, from: 3, index: 0 }, "ArrowDown"), { kind: "unit", layer: 2, unit: 2 });
  assert.deepEqual(walked({ kind: "bias", layer: 1, unit: 1 }, "ArrowDown"), { kind: "unit", layer: 1, unit: 2 });
  assert.deepEqual(walked({ kind: "layer", layer: 2 }, "ArrowLeft"), { kind: "unit", layer: 1, unit: 2 });
});

test("other keys do not walk", () => {
  assert.equal(walked(null, "a"), null);
});
