/**
 * What is written at units and edges while a step is walked through: one sample's numbers, and the parameters', as far as known. Pure.
 *
 * @import {Frame, Layout} from "./types.js"
 * @import {Known} from "./walkthrough.js"
 *
 * @typedef {{layout: Layout, frame: Frame, known: Known, sample: number}} StageNumbers  of the sample at this place in the batch
 * @typedef {{text: string, tone: "ink" | "muted" | "signal"}} Line
 */
import { formatNumber } from "./format.js";
import { unitName } from "./panels/names.js";
import { layerScale } from "./select.js";

/**
 * A unit's z, a and δ; an input's value; and what an output should be.
 *
 * @param {StageNumbers} model
 * @param {number} place  of the column, 0 for the inputs
 * @param {number} index
 * @returns {Line[]}
 */
export function unitLines({ layout, frame, known, sample }, place, index) {
  const { rows, inputs, activations, pre_activations: sums, deltas, targets } = frame;
  const at = ((layout.layers[place - 1]?.unit ?? 0) + index) * rows + Math.min(sample, rows - 1);
  /** @type {Line[]} */
  const lines = [];
  /** @param {string} name @param {number | undefined} value @param {Line["tone"]} [tone] */
  const add = (name, value, tone = "ink") => value !== undefined && lines.push({ text: `${name} ${formatNumber(value)}`.trim(), tone });
  if (place === 0) add("", inputs?.[at]);
  else if (place <= known.activations) {
    add("z", sums?.[at], "muted");
    add("a", activations?.[at]);
  }
  const output = place === layout.layers.length;
  if (output && layout.layers[place - 1].units === 1) add("y", targets?.[Math.min(sample, rows - 1)]);
  const delta = deltas?.[at];
  if (place > known.deltas && delta !== undefined) add("δ", delta * layerScale(frame, layout, "deltas", place - 1), "signal");
  return lines;
}

/**
 * A parameter; behind it its gradient once that is known, and at the end its update instead.
 *
 * @param {StageNumbers} model
 * @param {number} place  of the layer
 * @param {"weight" | "bias"} kind
 * @param {number} entry  of the layer's weights, from * units + index, or biases
 * @returns {Line[]}
 */
export function parameterLines({ layout, frame, known }, place, kind, entry) {
  const at = layout.layers[place][kind] + entry;
  const letter = kind[0];
  /** @type {Line[]} */
  const lines = [];
  /** @param {string} name @param {number | undefined} value @param {Line["tone"]} tone */
  const add = (name, value, tone) => value !== undefined && lines.push({ text: `${name} ${formatNumber(value)}`, tone });
  add(letter, frame.parameters?.[at], "ink");
  /** @param {"gradients" | "updates"} name */
  const scaled = (name) => frame[name] && frame[name][at] * layerScale(frame, layout, name, place);
  if (known.updates) add(`Δ${letter}`, scaled("updates"), "signal");
  else if (place >= known.deltas) add(`∂L/∂${letter}`, scaled("gradients"), "signal");
  return lines;
}

/** Networks of more units or weights in a layer have too many numbers to be read one after the other. */
const READABLE = 64;

/**
 * All that is known, in words, for who does not see the canvas.
 *
 * @param {StageNumbers} model
 * @returns {{name: string, text: string}[]}
 */
export function spokenNumbers(model) {
  const { layout, known, frame } = model;
  /** @param {Line[]} lines */
  const said = (lines) => lines.map(({ text }) => text).join(", ");
  const rows = layout.inputs.map((name, place) => ({ name, text: said(unitLines(model, 0, place)) }));
  let before = layout.inputs;
  for (const [place, { units, fan_in: reads }] of layout.layers.entries()) {
    if (units * reads > READABLE) return [];
    const names = Array.from({ length: units }, (_, unit) => `${unitName(layout, place, unit)}`);
    for (const [unit, name] of names.entries()) {
      rows.push({ name, text: said([...unitLines(model, place + 1, unit), ...parameterLines(model, place, "bias", unit)]) });
    }
    for (let entry = 0; entry < reads * units; entry++) {
      const name = `${before[Math.floor(entry / units)]} → ${names[entry % units]}`;
      rows.push({ name, text: said(parameterLines(model, place, "weight", entry)) });
    }
    before = names;
  }
  if (known.loss) rows.push({ name: "loss of the batch", text: formatNumber(frame.loss) });
  return rows;
}
