/**
 * What the card says of a selection: its title, its numbers line by line, and what of it may be typed. Pure.
 *
 * @import {Layout, Lane, Selection} from "../types.js"
 * @import {ParameterNumbers, UnitNumbers, Sampled} from "../select.js"
 *
 * @typedef {{symbol: string, name: string, value: number}} Line
 * @typedef {{symbol: string, name: string} & Sampled} BatchLine
 * @typedef {{tensor: "weight" | "bias", index: number[], value: number}} Parameter
 *
 * @typedef {object} Reading
 * @property {string} title
 * @property {Line[]} lines
 * @property {BatchLine[]} batch   over the samples of the coming batch
 * @property {Parameter | null} parameter  what may be typed; its value stands in the first line
 * @property {string} remark
 */
import { CONSTANT_SPREAD } from "../encoding.js";
import { numbersOf } from "../select.js";
import { layerName } from "../selection.js";
import { capital, sourceName, unitName } from "./names.js";

/** Parameters travel as float32: seven digits are all there are. */
const DIGITS = 7;

/** @type {Reading} */
const EMPTY = { title: "", lines: [], batch: [], parameter: null, remark: "" };

/**
 * @param {Lane} lane
 * @param {Selection} selection
 * @returns {Reading | null} null where it is gone, or nothing has been drawn yet
 */
export function readingOf(lane, selection) {
  const numbers = numbersOf(lane, selection);
  const { layout } = lane;
  if (numbers === null || layout === null) return null;
  switch (numbers.kind) {
    case "input":
      return { ...EMPTY, title: `Input ${numbers.name}`, batch: batchLines([["x", "value", numbers.value]]) };
    case "layer": {
      const { units } = numbers.layer;
      const lines = [
        { symbol: "δ", name: "error signal", value: numbers.delta },
        { symbol: "∂L/∂W", name: "gradient", value: numbers.gradient },
        { symbol: "W", name: "weights", value: numbers.weight },
        { symbol: "ΔW", name: "update", value: numbers.update },
      ].filter(({ value }) => !Number.isNaN(value));
      const title = `${capital(layerName(layout, numbers.index))}, ${units} ${units === 1 ? "unit" : "units"}`;
      return { ...EMPTY, title, lines, remark: "Root mean squares over all entries." };
    }
    case "edge": {
      const { index, from, place } = numbers;
      const title = `${capital(sourceName(layout, index, from))} → ${unitName(layout, index, place)}`;
      return { ...EMPTY, title, lines: parameterLines(numbers, "w"), parameter: parameter("weight", [from, place], numbers) };
    }
    case "bias": {
      const title = `Bias of ${unitName(layout, numbers.index, numbers.place)}`;
      return { ...EMPTY, title, lines: parameterLines(numbers, "b"), parameter: parameter("bias", [numbers.place], numbers) };
    }
    case "unit":
      return unitReading(layout, numbers);
  }
}

/**
 * @param {Layout} layout
 * @param {UnitNumbers} numbers
 * @returns {Reading}
 */
function unitReading(layout, { index, place, layer, z, a, delta, deltaRms, spread, bias }) {
  const lines = bias ? parameterLines(bias, "b") : [];
  if (deltaRms !== null) lines.push({ symbol: "|δ|", name: "signal, rms", value: deltaRms });
  return {
    title: `${capital(unitName(layout, index, place))}, ${layer.activation.replaceAll("_", " ")}`,
    lines,
    batch: batchLines([
      ["z", "pre-activation", z],
      ["a", "activation", a],
      ["δ", "error signal", delta],
    ]),
    parameter: bias && parameter("bias", [place], bias),
    remark: spread !== null && spread < CONSTANT_SPREAD ? "Constant: its output is the same over all the data." : "",
  };
}

/**
 * What the page has not subscribed to is left out.
 * @param {ParameterNumbers} numbers
 * @param {"w" | "b"} letter
 * @returns {Line[]}
 */
function parameterLines({ value, gradient, update }, letter) {
  /** @type {[string, string, number | null][]} */
  const all = [
    [letter, letter === "w" ? "weight" : "bias", value],
    [`∂L/∂${letter}`, "gradient", gradient],
    [`Δ${letter}`, "update", update],
  ];
  return all.flatMap(([symbol, name, each]) => (each === null ? [] : [{ symbol, name, value: rounded(each) }]));
}

/**
 * @param {"weight" | "bias"} tensor
 * @param {number[]} index
 * @param {ParameterNumbers} numbers
 * @returns {Parameter}
 */
function parameter(tensor, index, { value }) {
  return { tensor, index, value: rounded(value) };
}

/** @param {number} value */
function rounded(value) {
  return Number(value.toPrecision(DIGITS));
}

/**
 * @param {[string, string, Sampled | null][]} rows
 * @returns {BatchLine[]}
 */
function batchLines(rows) {
  return rows.flatMap(([symbol, name, sampled]) => (sampled ? [{ symbol, name, ...sampled }] : []));
}
