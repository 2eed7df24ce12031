/**
 * Two axes around a plot: just their ends and names.
 *
 * @import {Palette, Box} from "../types.js"
 * @import {Context} from "./canvas.js"
 *
 * @typedef {object} Plot
 * @property {Box} box             where points are drawn
 * @property {[number, number]} x  values at the left and right edge
 * @property {[number, number]} y  values at the lower and upper edge
 * @property {boolean} [bare]      whether nothing stands beside it
 */
import { formatExact, formatNumber } from "../format.js";
import { setType } from "./canvas.js";

const BESIDE = 4; // between the axis and its numbers

/** @param {Plot} plot @param {number} value */
export function plotX({ box, x: [low, high] }, value) {
  return box.x + (box.width * (value - low)) / (high - low);
}

/** @param {Plot} plot @param {number} value */
export function plotY({ box, y: [low, high] }, value) {
  return box.y + (box.height * (high - value)) / (high - low);
}

/**
 * @param {Context} ctx
 * @param {Plot} plot
 * @param {{x: string, y: string}} names  of the axes; y is written upright, above the middle of its axis
 * @param {Palette} palette
 */
export function drawAxes(ctx, { box, x, y }, names, palette) {
  const [right, bottom] = [box.x + box.width, box.y + box.height];
  const line = palette.textMin;
  ctx.strokeStyle = palette.muted;
  ctx.lineWidth = 1;
  ctx.strokeRect(Math.round(box.x) - 0.5, Math.round(box.y) - 0.5, Math.round(box.width) + 1, Math.round(box.height) + 1);
  setType(ctx, palette, palette.muted);
  const below = bottom + 4 + line / 2;
  const end = (/** @type {number} */ value) => (Math.abs(value) < 100 ? formatExact(Number(value.toPrecision(2))) : formatNumber(value));
  ctx.fillText(end(x[0]), box.x, below);
  ctx.textAlign = "right";
  ctx.fillText(end(x[1]), right, below);
  ctx.fillText(end(y[1]), box.x - BESIDE, box.y + line / 2);
  ctx.fillText(end(y[0]), box.x - BESIDE, bottom - line / 2);
  ctx.fillStyle = palette.ink;
  ctx.textAlign = "center";
  const ends = ctx.measureText(end(x[0])).width + ctx.measureText(end(x[1])).width;
  ctx.fillText(names.x, box.x + box.width / 2, below, Math.max(line, box.width - ends - line));
  if (names.y.length <= 2) {
    ctx.textAlign = "right";
    ctx.fillText(names.y, box.x - BESIDE, box.y + box.height / 2);
    return;
  }
  ctx.save();
  ctx.translate(box.x - BESIDE - line / 2, box.y + box.height / 2);
  ctx.rotate(-Math.PI / 2);
  ctx.fillText(names.y, 0, 0, Math.max(line, box.height - 2.6 * line)); // narrowed, so that it keeps off the axis's ends
  ctx.restore();
}
