/**
 * Which tensor of a frame a view of the network shows, and what its strength is relative to. Pure.
 *
 * @import {Layout, Frame, Ui} from "../types.js"
 *
 * @typedef {object} Tensor
 * @property {Float32Array} values  all layers', in the order of the layout's offsets
 * @property {number} scale         value = stored * scale
 * @property {number} reference     root mean square of the output layer's: strength is relative to it
 */
import { layerNorm, layerScale } from "../select.js";

const NONE = new Float32Array(0);

/**
 * @param {{layout: Layout, frame: Frame, view: Ui["view"]}} model
 * @param {number} place  of the layer
 * @returns {Tensor}
 */
export function tensorOf({ layout, frame, view }, place) {
  if (view === "forward") return { values: frame.parameters ?? NONE, scale: 1, reference: 1 };
  return {
    values: frame[view] ?? NONE,
    scale: layerScale(frame, layout, view, place),
    reference: layerNorm(frame, layout, view === "gradients" ? "gradient" : "update", layout.layers.length - 1),
  };
}

/**
 * Root mean square of the output layer's δ: the strength of all others is relative to it.
 *
 * @param {Layout} layout
 * @param {Frame} frame
 */
export function outputDelta(layout, frame) {
  return layerNorm(frame, layout, "delta", layout.layers.length - 1);
}
