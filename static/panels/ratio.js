/**
 * What the strip shows, in words: how much of the error signal reaches the first layer, and the product that makes it so. Pure.
 *
 * @import {Layout, StripModel} from "../types.js"
 * @import {FactorRow} from "../factors.js"
 */
import { capital, formatFactor, formatNumber, formatRatio } from "../format.js";
import { errorRatio } from "../select.js";
import { layerName } from "./names.js";

/** A longer product is not read out. */
const MOST_FACTORS = 6;

/**
 * @param {Layout} layout
 * @param {StripModel} strip
 * @returns {string[]}  the same in fewer and fewer words; the first that has room is written
 */
export function stripTexts(layout, { view, delta, line, factors }) {
  if (view === "gradient") return gradientTexts(layout, line.values);
  if (view === "update") return updateTexts(layout, line.values);
  const product = view === "factors" && factors ? productTexts(layout, factors.rows) : [];
  if (product.length > 0) return product;
  const found = errorRatio(layout, delta);
  const sentence = ratioSentence(layout, delta);
  if (found && delta[found.first] === 0) return [sentence, "No error signal reaches layer 1.", "Layer 1: 0"];
  if (found === null || !(found.ratio > 0) || !Number.isFinite(found.ratio)) return [sentence];
  const short = sentence.replace(" error signal.", "");
  return [sentence, short, short.replace(" gets ", ": "), `Layer 1: ${amount(found.ratio)}`];
}

/** @param {number} ratio  "1/2,750", "0.31", "7.1 ×" */
function amount(ratio) {
  return ratio < 1 ? formatRatio(ratio) : `${formatFactor(ratio)} ×`;
}

/**
 * "Layer 6 to 1: 0.21 × 0.24 × 0.20 × 0.22 × 0.23 = 1/2,750", read as the signal goes.
 * @param {Layout} layout
 * @param {FactorRow[]} rows
 * @returns {string[]} longest first; none where there is no hidden layer
 */
export function productTexts(layout, rows) {
  const found = errorRatio(layout, layout.layers.map(() => 1));
  if (found === null) return [];
  const products = rows.slice(found.first, found.last).map(({ product }) => product).reverse();
  const from = `${layout.layers[found.last].role === "output" ? "Output" : `Layer ${found.last + 1}`} to 1`;
  const stop = products.findIndex((product) => Number.isNaN(product));
  if (stop >= 0) return [`${from}: no error signal is left from ${layerName(layout, found.last - stop)} on.`];
  const whole = products.reduce((product, each) => product * each, 1);
  const result = whole < 1 ? formatRatio(whole) : formatFactor(whole);
  if (products.length === 1) return [`${from}: × ${result}`];
  const factors = products.map(formatFactor);
  const few = `${factors[0]} × … × ${factors[factors.length - 1]}`;
  const all = products.length <= MOST_FACTORS ? factors.join(" × ") : `${factors[0]} × ${factors[1]} × … (${factors.length} factors)`;
  return [`${from}: ${all} = ${result}`, `${all} = ${result}`, ...(factors.length > 2 ? [`${few} = ${result}`] : []), `${from}: ${result}`];
}

/** @param {Layout} layout @param {ArrayLike<number>} gradient  rms of each layer's ∂L/∂W */
function gradientTexts(layout, gradient) {
  const found = errorRatio(layout, gradient);
  if (found === null || !Number.isFinite(found.ratio)) return [""];
  const of = `${layerName(layout, found.last)}’s`;
  const texts = [`Layer 1’s gradient is ${formatRatio(found.ratio)} of ${of}`, `Layer 1: ${formatRatio(found.ratio)} of ${of}`];
  return [...texts.map((text) => text.replace("times of", "times")), `Layer 1: ${amount(found.ratio)}`];
}

/** @param {Layout} layout @param {Float64Array} shares  update : weight of each layer */
function updateTexts(layout, shares) {
  const known = Array.from(shares.keys()).filter((index) => !Number.isNaN(shares[index]));
  if (known.length === 0) return [""];
  const most = known.reduce((best, index) => (shares[index] > shares[best] ? index : best));
  if (shares[most] === 0) return ["No layer’s weights move."];
  const name = capital(layerName(layout, most));
  const size = formatNumber(shares[most]);
  return [`${name} moves most: ${size} of its weights`, `${name}: ${size}`];
}

/**
 * "Layer 1 gets 1/2,750 of layer 6's error signal."
 * @param {Layout} layout
 * @param {ArrayLike<number>} delta  error signal of each layer
 */
export function ratioSentence(layout, delta) {
  const found = errorRatio(layout, delta);
  if (found === null) return "There is no hidden layer: the output layer sees the inputs, and no error signal travels back.";
  const { first, last, ratio } = found;
  if (delta[first] === 0 && delta[last] === 0) return "No hidden layer gets any error signal: it is exactly zero there.";
  if (!Number.isFinite(ratio)) return "The error signal is not finite.";
  if (ratio >= 0.995 && ratio < 1.05) return `Layer 1 gets as much error signal as ${layerName(layout, last)}.`;
  const whose = `${layerName(layout, last)}’s error signal`;
  if (ratio === 0) return `Layer 1 gets nothing of ${whose}: it is exactly zero there.`;
  return `Layer 1 gets ${`${formatRatio(ratio)} of ${whose}`.replace("times of", "times")}.`;
}
