/**
 * What the card says of a selection: its title, its numbers line by line, and what of it may be typed. Pure.
 *
 * @import {Frame, Lane, LayerInfo, Layout, Maps, Selection} from "../types.js"
 *
 * @typedef {{symbol: string, name: string, value: number}} Line
 * @typedef {{symbol: string, name: string, mean: number, first: number}} BatchLine
 * @typedef {{tensor: "weight" | "bias", index: number[], value: number}} Parameter
 *
 * @typedef {object} Reading
 * @property {string} title
 * @property {Line[]} lines
 * @property {BatchLine[]} batch   over the samples of the coming batch that were sent: their mean, and the first of them
 * @property {Parameter | null} parameter  what may be typed; its value stands in the first line
 * @property {string} remark
 */
import { CONSTANT_SPREAD } from "../encoding.js";
import { capital } from "../format.js";
import { layerNorm, layerScale } from "../select.js";
import { layerIndex } from "../selection.js";
import { layerName, unitName } from "./names.js";

/** Parameters travel as float32: seven digits are all there are. */
const DIGITS = 7;

/** @type {Reading} */
const EMPTY = { title: "", lines: [], batch: [], parameter: null, remark: "" };

/**
 * @param {Lane} lane
 * @param {Selection} selection
 * @returns {Reading | null} null where it is gone, or nothing has been drawn yet
 */
export function readingOf({ layout, frame, maps }, selection) {
  if (!layout || !frame) return null;
  if (selection.kind === "input") return inputReading(layout, frame, selection.unit ?? -1);
  const index = layerIndex(layout, selection.layer);
  if (index < 0) return null;
  if (selection.kind === "layer") return layerReading(layout, frame, index);
  const layer = layout.layers[index];
  if (selection.kind === "edge") {
    const { from = -1, index: place = -1 } = selection;
    if (from < 0 || from >= layer.fan_in || place < 0 || place >= layer.units) return null;
    const title = `${index === 0 ? layout.inputs[from] : capital(unitName(layout, index - 1, from))} → ${unitName(layout, index, place)}`;
    const lines = parameterLines(layout, frame, index, layer.weight + from * layer.units + place, "w");
    return { ...EMPTY, title, lines, parameter: parameterOf(lines, "weight", [from, place]) };
  }
  const place = layer.unit_ids.indexOf(selection.unit ?? -1);
  if (place < 0) return null;
  const name = unitName(layout, index, place);
  const bias = parameterLines(layout, frame, index, layer.bias + place, "b");
  const parameter = parameterOf(bias, "bias", [place]);
  if (selection.kind === "bias") return { ...EMPTY, title: `Bias of ${name}`, lines: bias, parameter };
  return {
    title: `${capital(name)}, ${layer.activation.replaceAll("_", " ")}`,
    lines: bias,
    batch: unitLines(layout, frame, index, layer.unit + place),
    parameter,
    remark: isConstant(maps, layer.unit + place) ? "Constant: its output is the same over all the data." : "",
  };
}

/**
 * @param {Layout} layout
 * @param {Frame} frame
 * @param {number} place
 * @returns {Reading | null}
 */
function inputReading(layout, frame, place) {
  const name = layout.inputs[place];
  return name === undefined ? null : { ...EMPTY, title: `Input ${name}`, batch: batchLine("x", "value", frame, "inputs", place) };
}

/**
 * @param {Layout} layout
 * @param {Frame} frame
 * @param {number} index
 * @returns {Reading}
 */
function layerReading(layout, frame, index) {
  const { units } = layout.layers[index];
  const lines = [
    { symbol: "δ", name: "error signal", value: layerNorm(frame, layout, "delta", index) },
    { symbol: "∂L/∂W", name: "gradient", value: layerNorm(frame, layout, "gradient", index) },
    { symbol: "W", name: "weights", value: layerNorm(frame, layout, "weight", index) },
    { symbol: "ΔW", name: "update", value: layerNorm(frame, layout, "update", index) },
  ].filter(({ value }) => !Number.isNaN(value));
  const title = `${capital(layerName(layout, index))}, ${units} ${units === 1 ? "unit" : "units"}`;
  return { ...EMPTY, title, lines, remark: "Root mean squares over all entries." };
}

/**
 * A weight or bias, its gradient and its update; what the page has not subscribed to is left out.
 * @param {Layout} layout
 * @param {Frame} frame
 * @param {number} index  of the layer
 * @param {number} entry  in the sections of parameters
 * @param {"w" | "b"} letter
 * @returns {Line[]}
 */
function parameterLines(layout, frame, index, entry, letter) {
  /** @type {[string, string, number | undefined, number][]} */
  const all = [
    [letter, letter === "w" ? "weight" : "bias", frame.parameters?.[entry], 1],
    [`∂L/∂${letter}`, "gradient", frame.gradients?.[entry], layerScale(frame, layout, "gradients", index)],
    [`Δ${letter}`, "update", frame.updates?.[entry], layerScale(frame, layout, "updates", index)],
  ];
  return all.flatMap(([symbol, name, stored, scale]) =>
    stored === undefined ? [] : [{ symbol, name, value: Number((stored * scale).toPrecision(DIGITS)) }],
  );
}

/**
 * @param {Line[]} lines
 * @param {"weight" | "bias"} tensor
 * @param {number[]} index
 * @returns {Parameter | null}
 */
function parameterOf([first], tensor, index) {
  return first?.name === tensor ? { tensor, index, value: first.value } : null;
}

/**
 * @param {Layout} layout
 * @param {Frame} frame
 * @param {number} index  of the layer
 * @param {number} unit   its place among all units
 * @returns {BatchLine[]}
 */
function unitLines(layout, frame, index, unit) {
  return [
    ...batchLine("z", "pre-activation", frame, "pre_activations", unit),
    ...batchLine("a", "activation", frame, "activations", unit),
    ...batchLine("δ", "error signal", frame, "deltas", unit, layerScale(frame, layout, "deltas", index)),
  ];
}

/**
 * @param {string} symbol
 * @param {string} name
 * @param {Frame} frame
 * @param {"inputs" | "pre_activations" | "activations" | "deltas"} section  `frame.rows` entries for each input or unit
 * @param {number} place
 * @param {number} [scale]
 * @returns {BatchLine[]} one line, or none where the page has not subscribed to the section
 */
function batchLine(symbol, name, frame, section, place, scale = 1) {
  const values = frame[section]?.subarray(place * frame.rows, (place + 1) * frame.rows);
  if (!values?.length) return [];
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return [{ symbol, name, mean: mean * scale, first: values[0] * scale }];
}

/**
 * @param {Maps | null} maps
 * @param {number} unit
 */
function isConstant(maps, unit) {
  return (maps?.unit_spread?.[unit] ?? Infinity) < CONSTANT_SPREAD;
}
