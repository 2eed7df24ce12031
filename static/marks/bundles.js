/**
 * Weights by their root mean square, where an edge for each would say nothing (pixels of an image) or has no room.
 *
 * @import {Palette, Ui} from "../types.js"
 * @import {Gap} from "../geometry.js"
 * @import {Column} from "../geometry/columns.js"
 * @import {Context} from "./canvas.js"
 * @import {EdgeModel} from "./edges.js"
 */
import { EDGE_LEVELS, SIGNAL_LEVELS, edgeTint, edgeWidth, ramps, signalLevel, weightStrength, widestEdge } from "../encoding.js";
import { bundleStart } from "../geometry.js";
import { traceEdge } from "../geometry/edges.js";
import { tensorOf } from "./tensors.js";

/**
 * One bundle a unit, from the image of the inputs.
 *
 * @param {Context} ctx
 * @param {EdgeModel} model
 * @param {number} place  of the layer the gap leads to
 * @param {Gap} gap
 */
export function drawBundles(ctx, model, place, gap) {
  const { values, scale, reference } = tensorOf(model, place);
  const layer = model.layout.layers[place];
  const { palette, full, view } = model;
  const widest = widestEdge(model.geometry.mostEdges, palette.stepped);
  ctx.setLineDash([]);
  for (let index = 0; index < layer.units; index++) {
    const rms = scale * rootMeanSquare(values, layer.weight + index, layer.fan_in, layer.units);
    const { strength, colour } = magnitudeLook(palette, view, rms, full, reference);
    ctx.lineWidth = edgeWidth(strength, widest);
    ctx.strokeStyle = colour;
    ctx.beginPath();
    traceEdge(ctx, gap, bundleStart(gap, index), gap.to.y[index]);
    ctx.stroke();
  }
}

/**
 * Whether there is room for a band at all: a matrix's columns touch.
 *
 * @param {Gap} gap
 */
export function hasBand({ form, left, right }) {
  return form === "band" && right - left >= 2.5;
}

/**
 * One band for all weights of a gap, from the units of one column to those of the next, coloured by their root mean square.
 *
 * @param {Context} ctx
 * @param {EdgeModel} model
 * @param {number} place
 * @param {Gap} gap
 */
export function drawBand(ctx, model, place, gap) {
  if (!hasBand(gap)) return;
  const { scale, values, reference } = tensorOf(model, place);
  const layer = model.layout.layers[place];
  const rms = scale * rootMeanSquare(values, layer.weight, layer.fan_in * layer.units, 1);
  /** @param {Column} column */
  const half = (column) => column.tileHeight / 2;
  ctx.fillStyle = bandColour(model.palette, model.view, rms, model.full, reference);
  ctx.beginPath();
  ctx.moveTo(gap.left + 1, gap.from.y[0] - half(gap.from));
  ctx.lineTo(gap.right - 1, gap.to.y[0] - half(gap.to));
  ctx.lineTo(gap.right - 1, gap.to.y[gap.to.units - 1] + half(gap.to));
  ctx.lineTo(gap.left + 1, gap.from.y[gap.from.y.length - 1] + half(gap.from));
  ctx.fill();
}

/**
 * Colour of a band: wide areas need less of it than thin lines.
 *
 * @param {Palette} palette
 * @param {Ui["view"]} view
 * @param {number} rms
 * @param {number} full
 * @param {number} reference
 */
export function bandColour(palette, view, rms, full, reference) {
  if (view !== "forward") return ramps(palette).signal[signalLevel(rms, reference)];
  return ramps(palette).neutral[Math.round((EDGE_LEVELS - 1) * weightStrength(rms, full))];
}

/**
 * Look of a magnitude that has no sign: grey for weights, the backward ramp for gradients and updates.
 *
 * @param {Palette} palette
 * @param {Ui["view"]} view
 * @param {number} rms
 * @param {number} full
 * @param {number} reference
 */
function magnitudeLook(palette, view, rms, full, reference) {
  if (view === "forward") {
    const strength = weightStrength(rms, full);
    return { strength, colour: ramps(palette).neutral[Math.round((EDGE_LEVELS - 1) * edgeTint(strength))] };
  }
  const level = signalLevel(rms, reference);
  return { strength: Math.min(1, level / (SIGNAL_LEVELS - 1)), colour: ramps(palette).signal[level] };
}

/**
 * @param {Float32Array} values  relative to the tensor's scale, so that squares stay in range
 * @param {number} first
 * @param {number} count
 * @param {number} stride
 */
function rootMeanSquare(values, first, count, stride) {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[first + i * stride] ** 2;
  return Math.sqrt(sum / count);
}
