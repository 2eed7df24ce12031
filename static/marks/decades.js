/**
 * The strip's axis: logarithmic over whole decades, or true, from zero; and what has no place on it.
 *
 * @typedef {object} Axis
 * @property {number} left
 * @property {number} right
 * @property {number} top
 * @property {number} bottom
 * @property {number} low      exponents of ten at bottom and top
 * @property {number} high
 * @property {number} linear   0 on the logarithmic scale, 1 on the true one, between while it changes
 *
 * @typedef {StripLine & {forward: Float64Array | null}} Curves  what is drawn over one axis; forward is a second line, if there is one
 * @typedef {{line: number, forward: number}} Most               the largest of each
 *
 * @import {Palette, StripLine, StripModel} from "../types.js"
 * @import {Context} from "./canvas.js"
 */
import { reachOf } from "../factors.js";
import { formatNumber } from "../format.js";
import { setType } from "./canvas.js";

/** Below the axis: there, under a break, stands what is exactly zero. */
export const FLOOR = 18;
const ZERO = 10; // below the axis
const TICK_SPACE = 16;
const FEWEST_DECADES = 2;

/**
 * The axis's decades: all values, at least two; it widens at once and narrows late, so that it does not swing.
 *
 * @param {Curves} curves
 * @param {number} lowNow   NaN at first
 * @param {number} highNow
 */
export function decades({ values: line, low: lowest, forward }, lowNow, highNow) {
  let [least, most] = [Number.POSITIVE_INFINITY, 0];
  // The band belongs on the axis too, but a single stray step below it may not press everything else together.
  const band = lowest.map((value, layer) => Math.max(value, line[layer] / 10));
  for (const values of [line, band, forward ?? []]) {
    for (const value of values) {
      if (!(value > 0 && value < Number.POSITIVE_INFINITY)) continue;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
  }
  if (most === 0) [least, most] = [0.01, 1];
  const [bottom, top] = [Math.log10(least), Math.log10(most)];
  let low = Math.floor(bottom - 0.2);
  const high = top < highNow && top > highNow - 1.3 ? highNow : Math.ceil(top + 0.02);
  if (bottom > lowNow && bottom < lowNow + 1.3) low = lowNow;
  return [Math.min(low, high - FEWEST_DECADES), high];
}

/**
 * What of a strip is drawn over one axis; not its factors, which have another.
 *
 * @param {StripModel} strip
 * @returns {Curves}
 */
export function curvesOf({ line, forward, view }) {
  return { ...line, forward: view === "signals" ? forward : null };
}

/** Whether anything is exactly zero. @param {Curves} curves */
export function hasZero({ values, forward }) {
  return values.includes(0) || (forward?.includes(0) ?? false);
}

/** What the tops of the true scales stand for. @param {Curves} curves @returns {Most} */
export function mostOf({ high, forward }) {
  return { line: largest(high), forward: largest(forward ?? []) };
}

/**
 * @typedef {object} SharedScale  one axis for the strips of several lanes
 * @property {StripModel["view"]} view
 * @property {number[]} decades  exponents of ten at bottom and top
 * @property {Most} most
 * @property {number} reach  of the factors, in decades; NaN where none are shown
 * @property {boolean} zeros  whether any of them is exactly zero, which has its place under the axis
 */

/**
 * The axis on which all these strips have their place; the same object while it stays.
 *
 * @param {readonly StripModel[]} strips  at least one
 * @param {SharedScale | null} before
 * @returns {SharedScale}
 */
export function sharedScale(strips, before) {
  const [{ view }] = strips;
  const all = strips.map(curvesOf);
  /** @param {(curves: Curves) => ArrayLike<number> | null} of */
  const joined = (of) => Float64Array.from(all.flatMap((curves) => Array.from(of(curves) ?? [])));
  const curves = { values: joined(({ values }) => values), low: joined(({ low }) => low), high: joined(({ high }) => high), forward: joined(({ forward }) => forward) };
  const known = before?.view === view ? before : null;
  const [low, high] = known?.decades ?? [Number.NaN, Number.NaN];
  const reaches = strips.flatMap(({ factors }) => (factors ? [reachOf(factors, known?.reach ?? Number.NaN)] : []));
  const reach = reaches.length > 0 ? Math.max(...reaches) : Number.NaN;
  const scale = { view, decades: decades(curves, low, high), most: mostOf(curves), reach, zeros: hasZero(curves) };
  const same = Object.is(reach, known?.reach) && scale.zeros === known?.zeros && scale.decades[0] === low && scale.decades[1] === high && scale.most.line === known?.most.line && scale.most.forward === known.most.forward;
  return same && known !== null ? known : scale;
}

/** @param {ArrayLike<number>} values */
function largest(values) {
  let most = 0;
  for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i])) most = Math.max(most, values[i]);
  return most;
}

/**
 * Height of a value; NaN for what has no height on this axis: exact zero (on a logarithmic one), and what is not finite.
 *
 * @param {number} value
 * @param {Axis} axis
 * @param {number} most  what the true scale's top stands for
 */
export function heightOf(value, { top, bottom, low, high, linear }, most) {
  if (!Number.isFinite(value)) return Number.NaN;
  const logarithmic = value > 0 ? bottom - ((bottom - top) * (Math.log10(value) - low)) / (high - low) : Number.NaN;
  const straight = bottom - (bottom - top) * (most > 0 ? value / most : 0);
  if (linear === 1) return straight;
  return linear === 0 ? logarithmic : logarithmic + (straight - logarithmic) * linear;
}

/**
 * @param {Float64Array} values
 * @param {Axis} axis
 * @param {number} most
 */
export function heights(values, axis, most) {
  return values.map((value) => heightOf(value, axis, most));
}

/**
 * Height at which an exact zero is drawn on a logarithmic axis.
 *
 * @param {Axis} axis
 */
export function zeroHeight({ bottom }) {
  return bottom + ZERO;
}

/**
 * @param {Context} ctx
 * @param {Axis} axis
 * @param {Curves} curves
 * @param {Most} most
 * @param {Palette} palette
 */
export function drawAxis(ctx, axis, curves, most, palette) {
  ctx.lineWidth = 1;
  ctx.strokeStyle = palette.rule;
  ctx.beginPath();
  if (axis.linear === 1) {
    trueLabels(ctx, axis, curves, most, palette);
    rule(ctx, axis, axis.top);
    rule(ctx, axis, axis.bottom);
  } else {
    const span = axis.high - axis.low;
    const room = Math.max(1, Math.floor((axis.bottom - axis.top) / TICK_SPACE));
    const step = [1, 2, 3, 5, 10, 20, 50, 100].find((each) => span / each <= room) ?? 100;
    setType(ctx, palette, palette.muted, "right");
    const lowest = hasBreak(axis, curves) ? zeroHeight(axis) - 0.75 * palette.textMin : Number.POSITIVE_INFINITY;
    const powers = [];
    for (let power = Math.ceil(axis.low / step - 1e-9) * step; power <= axis.high + 1e-9; power += step) powers.push(power);
    // A single number says nothing of a scale: then the ends are written.
    if (powers.length < 2) powers.splice(0, powers.length, Math.ceil(axis.low - 1e-9), Math.floor(axis.high + 1e-9));
    for (const power of powers) {
      const y = axis.bottom - ((axis.bottom - axis.top) * (power - axis.low)) / span;
      if (y <= lowest) ctx.fillText(powerOfTen(power), axis.left - 8, y + 0.5);
      rule(ctx, axis, y);
    }
  }
  ctx.stroke();
  if (hasBreak(axis, curves)) drawBreak(ctx, axis, palette);
}

/**
 * Whether anything is exactly zero, which has its place under a break of the axis.
 *
 * @param {Axis} axis
 * @param {Curves} curves
 */
function hasBreak({ linear }, curves) {
  return linear === 0 && hasZero(curves);
}

/** @param {Context} ctx @param {Axis} axis @param {number} y */
function rule(ctx, { left, right }, y) {
  ctx.moveTo(left, Math.round(y) + 0.5);
  ctx.lineTo(right, Math.round(y) + 0.5);
}

/**
 * @param {Context} ctx
 * @param {Axis} axis
 * @param {Curves} curves
 * @param {Most} most
 * @param {Palette} palette
 */
function trueLabels(ctx, { left, top, bottom }, curves, most, palette) {
  /** @param {number} value @param {number} y */
  const write = (value, y) => {
    const text = formatNumber(value);
    ctx.fillText(text, Math.max(left - 8, 4 + ctx.measureText(text).width), y); // rather over the axis than cut off
  };
  setType(ctx, palette, palette.signal, "right");
  write(most.line, top + 0.5);
  ctx.fillStyle = palette.muted;
  if (curves.forward) write(most.forward, top + palette.textMin + 4.5);
  ctx.fillText("0", left - 8, bottom + 0.5);
}

/**
 * Two slanted strokes under the axis and a zero below them: from here on nothing is to scale.
 *
 * @param {Context} ctx
 * @param {Axis} axis
 * @param {Palette} palette
 */
function drawBreak(ctx, axis, palette) {
  const { left, bottom } = axis;
  slants(ctx, left, bottom + 3, palette);
  setType(ctx, palette, palette.muted, "right");
  ctx.fillText("0", left - 8, zeroHeight(axis));
}

/** @param {Context} ctx @param {number} x @param {number} y @param {Palette} palette */
export function slants(ctx, x, y, palette) {
  ctx.strokeStyle = palette.muted;
  ctx.lineWidth = 1;
  ctx.beginPath();
  for (const shift of [0, 3]) {
    ctx.moveTo(x - 4, y + shift + 2);
    ctx.lineTo(x + 4, y + shift - 2);
  }
  ctx.stroke();
}

/** @param {number} power */
export function powerOfTen(power) {
  if (power === 0) return "1";
  if (power === 1) return "10";
  const digits = Array.from(String(Math.abs(power)), (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]).join("");
  return `10${power < 0 ? "⁻" : ""}${digits}`;
}
