import assert from "node:assert/strict";
import { test } from "node:test";

import { networkGeometry } from "../../static/geometry.js";
import { Recorder } from "../../static/marks/recorder.js";
import { drawStrip } from "../../static/views/strip.js";
import { layoutOf } from "./layouts.js";
import { palette } from "./palette.js";

/** @import {StripModel} from "../../static/types.js" */

const LETTER = 6.2 / 12; // of a line's height, about as in the page's type

/** @param {number} count @param {number} scale @returns {StripModel} */
function strip(count, scale) {
  const values = Float64Array.from({ length: count }, (_, layer) => scale * 0.5 ** (count - layer));
  const line = { values, low: values, high: values };
  return /** @type {StripModel} */ (/** @type {unknown} */ ({ view: "signals", exact: true, delta: values, line, forward: values.map((each) => 2 * each), factors: null }));
}

/**
 * What is drawn after the axis has changed: texts with their boxes, and the lowest dot.
 * @param {number} layers
 * @param {number} width
 * @param {number} textMin
 * @param {number} height
 */
function changedStrip(layers, width, textMin, height) {
  const layout = layoutOf([...Array.from({ length: layers }, () => 8), 1]);
  const geometry = networkGeometry(layout, { width, height: 440, text: textMin });
  const canvas = {};
  const means = { ratio: 1, measure: (/** @type {string} */ _font, /** @type {string} */ text) => LETTER * textMin * text.length, encode: () => "" };
  const model = { lane: { layout, diverged: null }, ui: { scale: "log" }, palette: { ...palette, textMin }, geometry, width, height };
  let recorder = new Recorder(canvas, means);
  for (const scale of [1, 1e-3]) {
    recorder = new Recorder(canvas, means);
    drawStrip(recorder.context, /** @type {any} */ ({ ...model, strip: strip(layers + 1, scale) }));
  }
  const texts = recorder.elements.flatMap((element) => {
    const [, x, y] = element.match(/^<text.* x="([-\d.]+)" y="([-\d.]+)"/) ?? [];
    if (x === undefined) return [];
    const text = element.replace(/<[^>]*>/g, "");
    const wide = LETTER * textMin * text.length;
    const left = Number(x) - (element.includes('"middle"') ? wide / 2 : element.includes('"end"') ? wide : 0);
    return [{ text, left, right: left + wide, y: Number(y) }];
  });
  return { texts, dots: recorder.elements.flatMap((element) => [...element.matchAll(/^<circle.* cy="([-\d.]+)" r="([-\d.]+)"/g)].map(([, y, r]) => Number(y) + Number(r))) };
}

test("the note of a changed axis covers neither line, dot, number nor label", () => {
  for (const layers of [1, 2, 6, 10, 20, 64]) {
    for (const [width, textMin, height] of [[390, 12, 112], [816, 12, 112], [816, 16, 112], [1184, 12, 112], [1184, 16, 112], [1288, 12, 148], [496, 12, 69], [496, 16, 69]]) {
      const { texts, dots } = changedStrip(layers, width, textMin, height);
      const where = `${layers} layers, ${width} x ${height}, ${textMin} px: `;
      const note = texts.find(({ text }) => /[×÷]/.test(text));
      if (!note) {
        assert.ok((layers === 64 && width < 1184) || (layers > 2 && height < 112), `${where}there is room for a note`);
        continue;
      }
      const covered = texts.filter((each) => each !== note && Math.abs(each.y - note.y) < textMin && each.left < note.right && each.right > note.left);
      assert.deepEqual(covered.map(({ text }) => text), [], where + note.text);
      assert.ok(note.left >= 0 && note.right < width);
      assert.ok(Math.max(...dots) < note.y - textMin / 2, `${where}the lowest dot ends at ${Math.max(...dots)}, the note stands at ${note.y}`);
    }
  }
});
