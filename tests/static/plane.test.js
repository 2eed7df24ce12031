import assert from "node:assert/strict";
import { test } from "node:test";

import { planePlot } from "../../static/marks/plane.js";

test("a plane that would be small beside its numbers and its key has the picture to itself", () => {
  const small = planePlot({ x: 0, y: 0, width: 232, height: 160 }, {});
  assert.deepEqual([small.bare, small.box], [true, { x: 36, y: 0, width: 160, height: 160 }]);
  const large = planePlot({ x: 0, y: 0, width: 232, height: 251 }, {});
  assert.equal(large.bare, undefined);
  assert.ok(large.box.width > 190 && large.box.x + large.box.width <= 232 && large.box.y + large.box.height < 251 - 40);
});
