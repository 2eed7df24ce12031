import assert from "node:assert/strict";
import { test } from "node:test";

import { networkGeometry } from "../../static/geometry.js";
import { drawLegend } from "../../static/marks/legend.js";
import { Recorder } from "../../static/marks/recorder.js";
import { layoutOf } from "./layouts.js";
import { palette } from "./palette.js";

/** @import {LegendModel} from "../../static/marks/legend.js" */

/**
 * What stands under a network, from left to right; a letter is 0.6 as wide as it is high.
 *
 * @param {number[]} hidden
 * @param {{width: number, text?: number} & Partial<LegendModel>} options
 */
function legend(hidden, { width, text = 12, ...rest }) {
  const layout = layoutOf(hidden);
  const means = { ratio: 1, measure: (/** @type {string} */ _font, /** @type {string} */ each) => 0.6 * text * each.length, encode: () => "" };
  const it = new Recorder({}, means);
  drawLegend(it.context, {
    geometry: networkGeometry(layout, { width, height: 440, text, legend: true }), layout, palette: { ...palette, textMin: text },
    view: "forward", readable: true, full: 10, ranges: layout.layers.map(() => [-1, 1]), constant: false, ...rest,
  });
  return [...it.elements.join("").matchAll(/<text[^>]*>([^<]*)</g)].map(([, each]) => each);
}

test("a wide legend says all in full", () => {
  assert.deepEqual(legend([4, 4], { width: 840, constant: true }),
    ["weight", "−", "+", "0.1", "1", "10", "|δ|", "10⁻⁶", "1", "above the output’s", "constant"]);
});

test("a legend with less room says all that is drawn, in fewer words", () => {
  for (const [text, least] of [[12, 448], [16, 580]]) {
    for (let width = 840; width >= least; width -= 4) {
      const said = legend([4, 4], { width, text, constant: true });
      const [above, constant] = said.slice(-2);
      assert.ok(above === "over 1" || above === "above the output’s", `${text} px letters in ${width} px: ${said.join(" ")}`);
      assert.equal(constant, "constant");
      for (const word of ["weight", "−", "+", "|δ|", "10⁻⁶"]) assert.ok(said.includes(word), `${word} in ${width} px`);
    }
  }
});

test("what has no room in fewer words either is left out", () => {
  assert.ok(!legend([4, 4], { width: 320, text: 16 }).includes("over 1"));
});

test("each view says what its edges or bands show", () => {
  assert.ok(legend([4, 4], { width: 840, view: "gradients" }).includes("gradient |∂L/∂w|"));
  assert.ok(legend([4, 4], { width: 840, view: "updates" }).includes("update |Δw|"));
  assert.ok(legend(Array(21).fill(8), { width: 840 }).includes("band: rms weight"));
  assert.ok(legend(Array(21).fill(8), { width: 1200 }).join(" ").endsWith("tile: activation −1 1"));
  assert.ok(!legend([4, 4], { width: 840, view: "gradients", readable: false }).includes("negative"));
});
