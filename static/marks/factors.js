/**
 * Bars around 1: what multiplies the error signal between a layer and the next, under the column it comes to.
 *
 * In a column the signal's way is read as in the network, from right to left: first what the next layer does (normalisation, weights,
 * skip), then this one (slope, dropout). Up is growing, down is shrinking, on a logarithmic axis: heights add up as factors multiply.
 *
 * @import {Palette} from "../types.js"
 * @import {Geometry} from "../geometry.js"
 * @import {Context} from "./canvas.js"
 * @import {Motion} from "./motion.js"
 * @import {FactorName, Factors} from "../factors.js"
 *
 * @typedef {object} FactorsModel
 * @property {Factors} factors
 * @property {number} [reach]  of the axis, where others are drawn to the same one
 * @property {Geometry} geometry
 * @property {Palette} palette
 * @property {number} width
 * @property {number} height
 */
import { css, mix, translucent } from "../colour.js";
import { reachOf } from "../factors.js";
import { formatFactor } from "../format.js";
import { arrowhead, hatch, setType } from "./canvas.js";
import { powerOfTen } from "./decades.js";
import { drawScaleNote } from "./motion.js";

const TOP = 8;
const MARGIN = 12; // before what stands at the left
const EDGE = 3; // where there is hardly room
const VALUES = 18; // the line at the lower edge with every column's product
const WIDEST = 20; // of a bar
const TICK_SPACE = 16;
const PRODUCT = 46; // between columns that have room for "× 0.21"

/**
 * @param {Context} ctx
 * @param {FactorsModel} model
 * @param {Motion} reach  of the axis
 */
export function drawFactors(ctx, model, reach) {
  const { factors, geometry, palette, width, height } = model;
  reach.aim(model.reach ?? reachOf(factors, reach.target));
  const zoom = palette.textMin / 12;
  const axis = {
    left: Math.max(52 * zoom, Math.min(geometry.columns[0].x, geometry.columns[1].left - 32)),
    right: width - MARGIN,
    top: TOP,
    bottom: height - VALUES * zoom - 4,
    reach: reach.value,
  };
  drawAxis(ctx, axis, palette);
  const most = Math.max(...factors.rows.map((row) => row.factors.length), 2);
  for (const [index, row] of factors.rows.entries()) {
    const { x, width: pitch } = geometry.columns[index + 1];
    const bar = Math.max(1, Math.min(WIDEST, (pitch * 0.8) / most - 1));
    const chi = factors.chi?.[index] ?? -1;
    let right = x + (row.factors.length * (bar + 1) - 1) / 2;
    for (const factor of row.factors) {
      drawBar(ctx, axis, { x: right - bar, width: bar }, factor, palette);
      right -= bar + 1;
    }
    if (chi >= 0) drawChi(ctx, axis, x, Math.min(28, pitch * 0.9), chi, palette);
  }
  line(ctx, axis, heightOf(1, axis), palette.ink, palette.stepped ? 2 : 1);
  const y = height - (VALUES * zoom) / 2 - 1;
  drawProducts(ctx, model, y);
  // Under the axis, left of the first product: nothing else stands there.
  drawScaleNote(ctx, reach, "axis", { x: MARGIN, y, least: EDGE, end: geometry.columns[1].x - (PRODUCT * zoom) / 2 }, palette);
}

/** @typedef {{left: number, right: number, top: number, bottom: number, reach: number}} Axis */

/**
 * Height of a factor; NaN where it has none: zero, not known, not finite.
 * @param {number} value
 * @param {Axis} axis
 */
function heightOf(value, { top, bottom, reach }) {
  return value > 0 && Number.isFinite(value) ? (top + bottom) / 2 - ((bottom - top) / 2) * (Math.log10(value) / reach) : Number.NaN;
}

/** @param {Context} ctx @param {Axis} axis @param {Palette} palette */
function drawAxis(ctx, axis, palette) {
  const room = Math.max(1, Math.floor((axis.bottom - axis.top) / 2 / (TICK_SPACE * (palette.textMin / 12))));
  const step = [1, 2, 3, 5, 10, 20, 50, 100].find((each) => axis.reach / each <= room) ?? 100;
  for (let power = -step * Math.floor(axis.reach / step + 1e-9); power <= axis.reach + 1e-9; power += step) {
    const y = heightOf(10 ** power, axis);
    line(ctx, axis, y, palette.rule, 1);
    setType(ctx, palette, power === 0 ? palette.ink : palette.muted, "right");
    ctx.fillText(power === 0 ? "× 1" : powerOfTen(power), axis.left - 8, y + 0.5);
  }
}

/** @param {Context} ctx @param {Axis} axis @param {number} y @param {string} colour @param {number} width */
function line(ctx, { left, right }, y, colour, width) {
  ctx.fillStyle = colour;
  ctx.fillRect(left, Math.round(y - width / 2), right - left, width);
}

/**
 * How a factor is painted: gain in full colour, slope paler within a rim, the others without colour. The keys beside the switch
 * look the same (css/strip.css).
 *
 * @param {Context} ctx
 * @param {Axis} axis
 * @param {{x: number, width: number}} place
 * @param {{name: FactorName, value: number}} factor
 * @param {Palette} palette
 */
function drawBar(ctx, axis, { x, width }, { name, value }, palette) {
  const one = heightOf(1, axis);
  const end = heightOf(value, axis);
  const backward = name === "gain" || name === "slope";
  const colour = backward ? palette.signal : palette.muted;
  if (value === 0) {
    // What is multiplied by zero is gone: the bar has no end.
    ctx.fillStyle = translucent(colour, 0.3);
    ctx.fillRect(x, one, width, axis.bottom - one);
    ctx.fillStyle = colour;
    return arrowhead(ctx, x + width / 2, axis.bottom + 3, Math.max(2, Math.min(4, width / 2)), 1);
  }
  if (Number.isNaN(end)) return;
  const box = { x, y: Math.min(one, end), width, height: Math.max(1, Math.abs(end - one)) };
  ctx.fillStyle = name === "gain" || name === "normalization" ? colour : css(mix(palette.card, colour, 0.35));
  ctx.fillRect(box.x, box.y, box.width, box.height);
  if (name === "dropout" && width >= 4) hatch(ctx, palette, box);
  if (width < 3) return;
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1;
  ctx.strokeRect(box.x + 0.5, box.y + 0.5, box.width - 1, Math.max(0, box.height - 1));
}

/**
 * χ as a bar across the column with a diamond on it.
 *
 * @param {Context} ctx
 * @param {Axis} axis
 * @param {number} x
 * @param {number} width
 * @param {number} value
 * @param {Palette} palette
 */
function drawChi(ctx, axis, x, width, value, palette) {
  const y = heightOf(value, axis);
  ctx.fillStyle = palette.ink;
  if (Number.isNaN(y)) return arrowhead(ctx, x, value === 0 ? axis.bottom + 3 : axis.top - 3, 4, value === 0 ? 1 : -1);
  const size = Math.max(2, Math.min(5, width / 4));
  ctx.fillRect(x - width / 2, y - 0.75, width, 1.5);
  ctx.strokeStyle = palette.card;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(x, y - size);
  ctx.lineTo(x + size, y);
  ctx.lineTo(x, y + size);
  ctx.lineTo(x - size, y);
  ctx.closePath();
  ctx.fill();
  ctx.stroke();
}

/**
 * The product of each column's factors under it, where columns are far enough apart; else under every so manieth, and the ends.
 *
 * @param {Context} ctx
 * @param {FactorsModel} model
 * @param {number} y
 */
function drawProducts(ctx, { factors: { rows, chi }, geometry: { columns, pitch }, palette }, y) {
  const every = Math.max(1, Math.ceil((PRODUCT * (palette.textMin / 12)) / pitch));
  const last = rows.length - 1;
  for (const [index, { product }] of rows.entries()) {
    if (index % every !== 0 && index !== last) continue;
    if (index !== last && last - index < every && last % every !== 0) continue;
    setType(ctx, palette, palette.signal, "center");
    const wide = pitch * every;
    const theory = chi && chi[index] >= 0 ? `χ ${formatFactor(chi[index])}` : "";
    const text = `× ${formatFactor(product)}`;
    const both = ctx.measureText(`${text}   ${theory}`).width < wide;
    if (!theory || !both) {
      ctx.fillText(text, columns[index + 1].x, y);
      continue;
    }
    const half = ctx.measureText(`${text}   ${theory}`).width / 2;
    ctx.textAlign = "left";
    ctx.fillText(text, columns[index + 1].x - half, y);
    ctx.fillStyle = palette.ink;
    ctx.textAlign = "right";
    ctx.fillText(theory, columns[index + 1].x + half, y);
  }
  setType(ctx, palette, palette.muted, "center");
  const beside = pitch - (PRODUCT * (palette.textMin / 12)) / 2 - 4;
  const words = ["starts here", "start"].find((each) => ctx.measureText(each).width / 2 < beside);
  if (words) ctx.fillText(words, columns[columns.length - 1].x, y);
}
