/**
 * What stands beside each unit: the bar of its error signal, and the dot of its bias.
 *
 * @import {Layout, Frame, Palette, Ui} from "../types.js"
 * @import {Geometry} from "../geometry.js"
 * @import {Column} from "../geometry/columns.js"
 * @import {Context} from "./canvas.js"
 * @import {Known} from "../walkthrough.js"
 *
 * @typedef {object} SignalModel
 * @property {Geometry} geometry
 * @property {Layout} layout
 * @property {Frame} frame
 * @property {Ui["view"]} view
 * @property {boolean} readable
 * @property {Palette} palette
 * @property {number} full    the weights' scale
 * @property {Known | null} [known]  where a step is walked through
 */
import { SIGNAL_DECADES, edgeTint, forwardPlace, ramps, signalLevel, signalStrength, weightStrength } from "../encoding.js";
import { edgeView } from "../walkthrough.js";
import { arrowhead } from "./canvas.js";
import { outputDelta, tensorOf } from "./tensors.js";

const TURN = 2 * Math.PI;
const SMALL = 10; // tiles lower than this have no room for marks in their bar

/**
 * The bars of |δ|: height and colour are its strength relative to the output's, on one scale for all layers. Exactly zero is
 * a hollow dot; below the scale, an arrow.
 *
 * @param {Context} ctx
 * @param {SignalModel} model
 */
export function drawBars(ctx, { geometry, layout, frame, palette, known }) {
  const columns = geometry.columns.filter(({ bar, place }) => bar > 0 && place > (known?.deltas ?? 0));
  ctx.fillStyle = palette.signalZero;
  for (const { y, right, bar, tileHeight } of columns) {
    for (const middle of y) ctx.fillRect(right - bar, middle - tileHeight / 2, bar, tileHeight);
  }
  const { signal } = ramps(palette);
  const reference = outputDelta(layout, frame);
  for (const column of columns) {
    const first = layout.layers[column.place - 1].unit;
    for (let index = 0; index < column.units; index++) {
      const rms = frame.unit_deltas?.[first + index] ?? 0;
      const bottom = column.y[index] + column.tileHeight / 2;
      const height = column.tileHeight * signalStrength(rms, reference);
      ctx.fillStyle = signal[signalLevel(rms, reference)];
      ctx.fillRect(column.right - column.bar, bottom - height, column.bar, height);
      if (column.tileHeight >= SMALL) markFloor(ctx, palette, column, bottom, rms, reference);
    }
  }
}

/**
 * @param {Context} ctx
 * @param {Palette} palette
 * @param {Column} column
 * @param {number} bottom
 * @param {number} rms
 * @param {number} reference
 */
function markFloor(ctx, palette, { right, bar }, bottom, rms, reference) {
  const x = right - bar / 2;
  if (rms === 0) {
    ctx.strokeStyle = palette.signal;
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.arc(x, bottom - 4, 2, 0, TURN);
    ctx.stroke();
  } else if (rms < reference * 10 ** -SIGNAL_DECADES) {
    ctx.fillStyle = palette.signal;
    arrowhead(ctx, x, bottom - 1, 2.5, 1);
  }
}

/**
 * The biases, as dots at the tiles' lower left corners, coloured as the edges are. A minus stands in negative ones.
 *
 * @param {Context} ctx
 * @param {SignalModel} model
 */
export function drawBiases(ctx, model) {
  const { geometry, layout, palette } = model;
  const columns = geometry.columns.filter((column) => column.dot > 0);
  fillRims(ctx, columns, palette);
  for (const column of columns) {
    const layer = layout.layers[column.place - 1];
    const shown = { ...model, view: edgeView(model.known, column.place - 1, model.view) };
    const signed = shown.view === "forward" || model.readable;
    const { values, scale, reference } = tensorOf(shown, column.place - 1);
    for (let index = 0; index < column.units; index++) {
      const bias = values[layer.bias + index] * scale;
      const y = column.y[index] + column.tileHeight / 2;
      ctx.fillStyle = biasColour(shown, bias, reference);
      ctx.beginPath();
      ctx.arc(column.left, y, Math.max(0, column.dot - 0.5), 0, TURN);
      ctx.fill();
      if (bias < 0 && signed) {
        ctx.fillStyle = shown.view === "forward" || signalStrength(-bias, reference) < 0.6 ? palette.ink : palette.card;
        ctx.fillRect(column.left - column.dot + 2.5, y - 0.75, 2 * column.dot - 5, 1.5);
      }
    }
  }
}

/**
 * The dots' outlines, all in one path: discs of which the dots leave a rim.
 *
 * @param {Context} ctx
 * @param {Column[]} columns
 * @param {Palette} palette
 */
function fillRims(ctx, columns, palette) {
  ctx.beginPath();
  for (const { left, y, tileHeight, dot } of columns) {
    for (const middle of y) {
      ctx.moveTo(left + dot + 0.5, middle + tileHeight / 2);
      ctx.arc(left, middle + tileHeight / 2, dot + 0.5, 0, TURN);
    }
  }
  ctx.fillStyle = palette.muted;
  ctx.fill();
}

/**
 * @param {SignalModel} model
 * @param {number} bias
 * @param {number} reference
 */
function biasColour({ view, palette, full }, bias, reference) {
  const { forwardCss, signal } = ramps(palette);
  if (view !== "forward") return signal[signalLevel(Math.abs(bias), reference)];
  return forwardCss[forwardPlace(Math.sign(bias) * edgeTint(weightStrength(bias, full)), -1, 0, 1)];
}
