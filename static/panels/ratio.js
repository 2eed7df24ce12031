/**
 * How much of the error signal reaches the first layer, in words. Pure.
 *
 * @import {Layout} from "../types.js"
 */
import { formatRatio } from "../format.js";
import { errorRatio } from "../select.js";
import { layerName } from "./names.js";

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
