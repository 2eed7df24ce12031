/**
 * From the state to the numbers that views and panels show. Pure.
 *
 * Gradients, updates and δ come stored apart from their scales (docs/PROTOCOL.md, section 11 of the frame): here, and wherever
 * else they are shown as numbers, value = stored × scale.
 *
 * @import {Frame, Lane, LayerInfo, Layout, Selection, StripModel} from "./types.js"
 * @import {SeriesStore} from "./series.js"
 *
 * @typedef {{mean: number, first: number}} Sampled  over the rows of the batch that were sent; first: of its first sample
 *
 * @typedef {object} ParameterNumbers
 * @property {number} value
 * @property {number | null} gradient  ∂L/∂w of the data loss; null where the page has not subscribed to it
 * @property {number | null} update    what the next step will add
 *
 * @typedef {{kind: "input", name: string, value: Sampled | null}} InputNumbers
 * @typedef {{kind: "layer", index: number, layer: LayerInfo, delta: number, gradient: number, weight: number, update: number}} LayerNumbers  root mean squares
 * @typedef {{kind: "unit", index: number, layer: LayerInfo, place: number, z: Sampled | null, a: Sampled | null, delta: Sampled | null,
 *   deltaRms: number | null, spread: number | null, bias: ParameterNumbers | null}} UnitNumbers
 * @typedef {{kind: "bias", index: number, layer: LayerInfo, place: number} & ParameterNumbers} BiasNumbers
 * @typedef {{kind: "edge", index: number, layer: LayerInfo, from: number, place: number} & ParameterNumbers} EdgeNumbers
 * @typedef {InputNumbers | LayerNumbers | UnitNumbers | BiasNumbers | EdgeNumbers} Numbers
 */

import { formatRatio } from "./format.js";
import { layerIndex, layerName } from "./selection.js";

/** Steps whose median the strip shows while training. */
export const STRIP_STEPS = 200;

/** Rows of the sections `norms` and `scales`. */
const NORMS = /** @type {const} */ ({ delta: 0, gradient: 1, weight: 2, update: 3 });
const SCALES = /** @type {const} */ ({ gradients: 0, updates: 1, deltas: 2 });

/**
 * A root mean square of a layer; NaN where the page has not subscribed to norms.
 * @param {Frame} frame
 * @param {Layout} layout
 * @param {keyof typeof NORMS} name
 * @param {number} index
 */
export function layerNorm(frame, layout, name, index) {
  return frame.norms?.[NORMS[name] * layout.layers.length + index] ?? NaN;
}

/**
 * The factor that turns what a frame stores of a layer into its values.
 * @param {Frame} frame
 * @param {Layout} layout
 * @param {keyof typeof SCALES} name
 * @param {number} index
 */
export function layerScale(frame, layout, name, index) {
  return frame.scales?.[SCALES[name] * layout.layers.length + index] ?? 1;
}

/**
 * The numbers of what is selected.
 * @param {Lane} lane
 * @param {Selection | null} selection
 * @returns {Numbers | null} null where nothing is selected, or nothing has been drawn yet
 */
export function numbersOf({ layout, frame, maps }, selection) {
  if (selection === null || layout === null || frame === null) return null;
  if (selection.kind === "input") {
    const place = selection.unit ?? -1;
    const name = layout.inputs[place];
    return name === undefined ? null : { kind: "input", name, value: sampled(frame.inputs, place, frame.rows, 1) };
  }
  const index = layerIndex(layout, selection.layer);
  if (index < 0) return null;
  const layer = layout.layers[index];
  if (selection.kind === "layer") {
    const norm = (/** @type {keyof typeof NORMS} */ name) => layerNorm(frame, layout, name, index);
    return { kind: "layer", index, layer, delta: norm("delta"), gradient: norm("gradient"), weight: norm("weight"), update: norm("update") };
  }
  if (selection.kind === "edge") {
    const { from = -1, index: place = -1 } = selection;
    if (from < 0 || from >= layer.fan_in || place < 0 || place >= layer.units) return null;
    const numbers = parameterNumbers(frame, layout, index, layer.weight + from * layer.units + place);
    return numbers && { kind: "edge", index, layer, from, place, ...numbers };
  }
  const place = layer.unit_ids.indexOf(selection.unit ?? -1);
  if (place < 0) return null;
  const bias = parameterNumbers(frame, layout, index, layer.bias + place);
  if (selection.kind === "bias") return bias && { kind: "bias", index, layer, place, ...bias };
  const unit = layer.unit + place;
  return {
    kind: "unit", index, layer, place, bias,
    z: sampled(frame.pre_activations, unit, frame.rows, 1),
    a: sampled(frame.activations, unit, frame.rows, 1),
    delta: sampled(frame.deltas, unit, frame.rows, layerScale(frame, layout, "deltas", index)),
    deltaRms: frame.unit_deltas?.[unit] ?? null,
    spread: maps?.unit_spread?.[unit] ?? null,
  };
}

/**
 * @param {Frame} frame
 * @param {Layout} layout
 * @param {number} index  of the layer
 * @param {number} entry  in the sections of parameters
 * @returns {ParameterNumbers | null}
 */
function parameterNumbers(frame, layout, index, entry) {
  if (frame.parameters === undefined) return null;
  const scaled = (/** @type {"gradients" | "updates"} */ name) => {
    const stored = frame[name]?.[entry];
    return stored === undefined ? null : stored * layerScale(frame, layout, name, index);
  };
  return { value: frame.parameters[entry], gradient: scaled("gradients"), update: scaled("updates") };
}

/**
 * @param {Float32Array | undefined} section  so many rows of the batch for each input or unit
 * @param {number} place
 * @param {number} rows
 * @param {number} scale
 * @returns {Sampled | null}
 */
function sampled(section, place, rows, scale) {
  if (section === undefined || rows === 0) return null;
  let sum = 0;
  for (let row = place * rows; row < (place + 1) * rows; row++) sum += section[row];
  return { mean: (sum / rows) * scale, first: section[place * rows] * scale };
}

/**
 * What the strip shows: the numbers of the frame while paused; while training the medians of the last steps, for half of what a
 * single batch says is chance.
 * @param {Lane} lane
 * @param {SeriesStore} store
 * @param {boolean} playing
 * @returns {StripModel | null}
 */
export function stripModel({ layout, frame, maps }, store, playing) {
  if (layout === null || frame === null || frame.norms === undefined) return null;
  const count = layout.layers.length;
  const delta = frame.norms.slice(0, count);
  const low = delta.slice();
  const high = delta.slice();
  let steps = 1;
  let exact = !playing;
  if (playing) {
    const windows = layout.layers.map(({ id }) => store.window(`delta_rms.${id}`, STRIP_STEPS));
    exact = windows.includes(null); // the first rows are still on their way
    for (const [index, window] of windows.entries()) {
      if (exact || window === null) break;
      ({ median: delta[index], low: low[index], high: high[index], steps } = window);
    }
  }
  return { exact, steps, delta, low, high, forward: forwardSignal(layout, maps?.unit_spread) };
}

/**
 * Standard deviation of each layer's activations over the training data, averaged over its units.
 * @param {Layout} layout
 * @param {Float64Array | undefined} spread
 * @returns {Float64Array | null}
 */
function forwardSignal(layout, spread) {
  if (spread === undefined) return null;
  return Float64Array.from(layout.layers, ({ unit, units }) => {
    let sum = 0;
    for (let place = unit; place < unit + units; place++) sum += spread[place];
    return sum / units;
  });
}

/**
 * How much of the last layer's error signal reaches the first: of the last hidden layer's where there are several hidden
 * layers, else of the output's.
 * @param {Layout} layout
 * @param {ArrayLike<number>} delta  error signal of each layer
 * @returns {{first: number, last: number, ratio: number} | null} layers by index; null where there is no hidden layer
 */
export function errorRatio(layout, delta) {
  const hidden = layout.layers.length - 1;
  if (hidden < 1) return null;
  const last = hidden > 1 ? hidden - 1 : hidden;
  return { first: 0, last, ratio: delta[last] === 0 && delta[0] === 0 ? 0 : delta[0] / delta[last] };
}

/**
 * The same in words: "Layer 1 gets 1/2,750 of layer 6's error signal."
 * @param {Layout} layout
 * @param {ArrayLike<number>} delta
 */
export function ratioSentence(layout, delta) {
  const found = errorRatio(layout, delta);
  if (found === null) return "There is no hidden layer: the output sees the inputs, and no error signal travels back.";
  if (delta[0] === 0 && delta[found.last] === 0) return "No layer gets any error signal: it is exactly zero.";
  if (!Number.isFinite(found.ratio)) return "The error signal is not finite.";
  const of = layerName(layout, found.last);
  if (found.ratio === 0) return `Layer 1 gets nothing of ${of}'s error signal: it is exactly zero there.`;
  const amount = formatRatio(found.ratio);
  return `Layer 1 gets ${amount}${amount.endsWith("times") ? "" : " of"} ${of}'s error signal.`;
}
