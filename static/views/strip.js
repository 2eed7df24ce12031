/**
 * The strip under the network, on its columns: every layer's error signal and forward signal.
 *
 * Both are root mean squares or standard deviations without a unit, so that they share one logarithmic axis. On the true,
 * linear scale each has its own, from zero to its largest: the line then shows how much of a signal reaches a layer.
 *
 * @import {Lane, Palette, StripModel, Ui} from "../types.js"
 * @import {Geometry} from "../geometry.js"
 * @import {Context} from "../marks/canvas.js"
 */
import { ramps, signalLevel } from "../encoding.js";
import { formatNumber } from "../format.js";
import { translucent } from "../colour.js";
import { arrowhead, hatch, keptFor, setType } from "../marks/canvas.js";
import { Motion, drawScaleNote } from "../marks/motion.js";

const TOP = 12;
const FLOOR = 20; // below it, under the axis break, what is exactly zero
const ZERO = 8; // from the lower edge
const TICK_SPACE = 18;
const FEWEST_DECADES = 2;
const TURN = 2 * Math.PI;

const memoryOf = keptFor(() => ({ low: new Motion(), high: new Motion(), linear: new Motion() }));

/**
 * @typedef {object} Axis
 * @property {number} left
 * @property {number} right
 * @property {number} top
 * @property {number} bottom
 * @property {number} low      exponents of ten at bottom and top
 * @property {number} high
 * @property {number} linear   0 on the logarithmic scale, 1 on the true one, between while it changes
 */

/**
 * @param {Context} ctx
 * @param {object} model
 * @param {Lane} model.lane
 * @param {Ui} model.ui
 * @param {Palette} model.palette
 * @param {Geometry} model.geometry
 * @param {StripModel | null} model.strip
 * @param {number} model.width
 * @param {number} model.height
 * @returns {boolean} whether something is still moving and wants to be drawn again
 */
export function drawStrip(ctx, { lane, ui, palette, geometry, strip, width, height }) {
  ctx.fillStyle = palette.card;
  ctx.fillRect(0, 0, width, height);
  if (!strip || strip.delta.length !== geometry.columns.length - 1) return false;
  const memory = memoryOf(ctx);
  const [low, high] = decades(strip, memory.low.target, memory.high.target);
  memory.low.aim(low);
  memory.high.aim(high);
  memory.linear.aim(ui.scale === "true" ? 1 : 0);
  const first = geometry.columns[1];
  const axis = {
    left: Math.max(52, Math.min(geometry.columns[0].x, first.left - 32)),
    right: width - 12,
    top: TOP,
    bottom: height - FLOOR,
    low: memory.low.value,
    high: memory.high.value,
    linear: memory.linear.value,
  };
  const xs = geometry.columns.slice(1).map((column) => column.x);
  const most = { delta: largest(strip.high), forward: largest(strip.forward ?? []) };

  drawAxis(ctx, axis, strip, most, palette);
  if (lane.diverged) drawNotFinite(ctx, axis, geometry, lane.diverged.layer, palette);
  const forward = strip.forward && heights(strip.forward, axis, most.forward);
  if (forward) drawLine(ctx, xs, forward, palette.muted, 1.5);
  drawBand(ctx, xs, strip, axis, most.delta, palette);
  const delta = heights(strip.delta, axis, most.delta);
  drawLine(ctx, xs, delta, palette.signal, palette.stepped ? 3 : 2);
  if (strip.forward && forward) drawForwardDots(ctx, xs, forward, strip.forward, axis, palette);
  drawDots(ctx, xs, delta, strip.delta, axis, palette);
  const note = { x: axis.right, y: axis.top, align: /** @type {const} */ ("right") };
  if (axis.linear === 0) drawScaleNote(ctx, memory.high.noted ? memory.high : memory.low, "axis", note, palette);
  return memory.low.noted || memory.high.noted || memory.linear.moving;
}

/**
 * The axis's decades: all values, at least two; it widens at once and narrows late, so that it does not swing.
 *
 * @param {StripModel} strip
 * @param {number} lowNow   NaN at first
 * @param {number} highNow
 */
function decades({ delta, forward }, lowNow, highNow) {
  let [least, most] = [Number.POSITIVE_INFINITY, 0];
  for (const values of [delta, forward ?? []]) {
    for (const value of values) {
      if (!(value > 0 && value < Number.POSITIVE_INFINITY)) continue;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
  }
  if (most === 0) [least, most] = [0.01, 1];
  const [bottom, top] = [Math.log10(least), Math.log10(most)];
  let low = Math.floor(bottom - 0.1);
  const high = top < highNow && top > highNow - 1.3 ? highNow : Math.ceil(top + 0.02);
  if (bottom > lowNow && bottom < lowNow + 1.3) low = lowNow;
  return [Math.min(low, high - FEWEST_DECADES), high];
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
function heightOf(value, { top, bottom, low, high, linear }, most) {
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
function heights(values, axis, most) {
  return values.map((value) => heightOf(value, axis, most));
}

/**
 * @param {Context} ctx
 * @param {Axis} axis
 * @param {StripModel} strip
 * @param {{delta: number, forward: number}} most
 * @param {Palette} palette
 */
function drawAxis(ctx, axis, strip, most, palette) {
  ctx.lineWidth = 1;
  ctx.strokeStyle = palette.rule;
  ctx.beginPath();
  if (axis.linear === 1) {
    trueLabels(ctx, axis, strip, most, palette);
    rule(ctx, axis, axis.top);
    rule(ctx, axis, axis.bottom);
  } else {
    const span = axis.high - axis.low;
    const room = Math.max(1, Math.floor((axis.bottom - axis.top) / TICK_SPACE));
    const step = [1, 2, 3, 5, 10, 20, 50, 100].find((each) => span / each <= room) ?? 100;
    setType(ctx, palette, palette.muted, "right");
    for (let power = Math.ceil(axis.low / step - 1e-9) * step; power <= axis.high + 1e-9; power += step) {
      const y = axis.bottom - ((axis.bottom - axis.top) * (power - axis.low)) / span;
      ctx.fillText(powerOfTen(power), axis.left - 8, y + 0.5);
      rule(ctx, axis, y);
    }
  }
  ctx.stroke();
  if (axis.linear === 0 && strip.delta.includes(0)) drawBreak(ctx, axis, palette);
}

/** @param {Context} ctx @param {Axis} axis @param {number} y */
function rule(ctx, { left, right }, y) {
  ctx.moveTo(left, Math.round(y) + 0.5);
  ctx.lineTo(right, Math.round(y) + 0.5);
}

/**
 * @param {Context} ctx
 * @param {Axis} axis
 * @param {StripModel} strip
 * @param {{delta: number, forward: number}} most
 * @param {Palette} palette
 */
function trueLabels(ctx, { left, top, bottom }, strip, most, palette) {
  setType(ctx, palette, palette.signal, "right");
  ctx.fillText(formatNumber(most.delta), left - 8, top + 0.5);
  ctx.fillStyle = palette.muted;
  if (strip.forward) ctx.fillText(formatNumber(most.forward), left - 8, top + palette.textMin + 4.5);
  ctx.fillText("0", left - 8, bottom + 0.5);
}

/**
 * Two slanted strokes under the axis and a zero below them: from here on nothing is to scale.
 *
 * @param {Context} ctx
 * @param {Axis} axis
 * @param {Palette} palette
 */
function drawBreak(ctx, { left, bottom }, palette) {
  ctx.strokeStyle = palette.muted;
  ctx.beginPath();
  for (const y of [bottom + 3, bottom + 6]) {
    ctx.moveTo(left - 4, y + 2);
    ctx.lineTo(left + 4, y - 2);
  }
  ctx.stroke();
  setType(ctx, palette, palette.muted, "right");
  ctx.fillText("0", left - 8, bottom + FLOOR - ZERO);
}

/**
 * The band from the smallest to the largest error signal of the last steps.
 *
 * @param {Context} ctx
 * @param {number[]} xs
 * @param {StripModel} strip
 * @param {Axis} axis
 * @param {number} most
 * @param {Palette} palette
 */
function drawBand(ctx, xs, { exact, low, high }, axis, most, palette) {
  if (exact) return;
  const floor = axis.bottom + 4;
  /** @param {number} value */
  const y = (value) => Math.min(floor, heightOf(value, axis, most) || floor);
  ctx.fillStyle = translucent(palette.signal, 0.16);
  ctx.beginPath();
  xs.forEach((x, i) => ctx.lineTo(x, y(high[i])));
  for (let i = xs.length - 1; i >= 0; i--) ctx.lineTo(xs[i], y(low[i]));
  ctx.fill();
  ctx.fillStyle = palette.signal;
  xs.forEach((x, i) => {
    if (y(low[i]) >= floor) arrowhead(ctx, x, floor + 2, 3, 1);
  });
}

/**
 * @param {Context} ctx
 * @param {number[]} xs
 * @param {Float64Array} ys  the line is broken where there is no height
 * @param {string} colour
 * @param {number} width
 */
function drawLine(ctx, xs, ys, colour, width) {
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.beginPath();
  let down = false;
  xs.forEach((x, i) => {
    if (Number.isNaN(ys[i])) down = false;
    else if (down) ctx.lineTo(x, ys[i]);
    else {
      ctx.moveTo(x, ys[i]);
      down = true;
    }
  });
  ctx.stroke();
}

/**
 * @param {Context} ctx
 * @param {number[]} xs
 * @param {Float64Array} ys
 * @param {Float64Array} values
 * @param {Axis} axis
 * @param {Palette} palette
 */
function drawDots(ctx, xs, ys, values, axis, palette) {
  const { signal } = ramps(palette);
  const reference = values[values.length - 1];
  const radius = dotRadius(xs);
  ctx.strokeStyle = palette.signal;
  ctx.lineWidth = 1.5;
  xs.forEach((x, i) => {
    const zero = values[i] === 0 && Number.isNaN(ys[i]);
    if (Number.isNaN(ys[i]) && !zero) return;
    ctx.fillStyle = zero ? palette.card : signal[signalLevel(values[i], reference)];
    ctx.beginPath();
    ctx.arc(x, zero ? axis.bottom + FLOOR - ZERO : ys[i], radius, 0, TURN);
    ctx.fill();
    ctx.stroke();
  });
}

/**
 * @param {Context} ctx
 * @param {number[]} xs
 * @param {Float64Array} ys
 * @param {Float64Array} values
 * @param {Axis} axis
 * @param {Palette} palette
 */
function drawForwardDots(ctx, xs, ys, values, axis, palette) {
  ctx.fillStyle = palette.card;
  ctx.strokeStyle = palette.muted;
  ctx.lineWidth = 1.5;
  xs.forEach((x, i) => {
    const zero = values[i] === 0 && Number.isNaN(ys[i]);
    if (Number.isNaN(ys[i]) && !zero) return;
    ctx.beginPath();
    ctx.arc(x, zero ? axis.bottom + FLOOR - ZERO : ys[i], dotRadius(xs) - 1, 0, TURN);
    ctx.fill();
    ctx.stroke();
  });
}

/** @param {number[]} xs */
function dotRadius(xs) {
  const pitch = xs.length > 1 ? xs[1] - xs[0] : 100;
  return Math.max(2, Math.min(4.5, pitch / 6));
}

/**
 * The layer whose numbers are not finite: hatched, with a mark above the axis's top.
 *
 * @param {Context} ctx
 * @param {Axis} axis
 * @param {Geometry} geometry
 * @param {number} place
 * @param {Palette} palette
 */
function drawNotFinite(ctx, { top, bottom }, geometry, place, palette) {
  const column = geometry.columns[place + 1];
  if (!column) return;
  const half = Math.min(24, column.width / 2);
  hatch(ctx, palette, { x: column.x - half, y: top - 4, width: 2 * half, height: bottom - top + 4 });
  ctx.fillStyle = palette.signal;
  arrowhead(ctx, column.x, 1, 6, -1);
  setType(ctx, palette, palette.ink, "center", "600");
  const y = (top + bottom) / 2;
  const wide = ctx.measureText("not finite").width;
  ctx.fillStyle = palette.card;
  ctx.fillRect(column.x - wide / 2 - 4, y - 9, wide + 8, 18);
  ctx.fillStyle = palette.ink;
  ctx.fillText("not finite", column.x, y);
}

/** @param {number} power */
function powerOfTen(power) {
  if (power === 0) return "1";
  if (power === 1) return "10";
  const digits = Array.from(String(Math.abs(power)), (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]).join("");
  return `10${power < 0 ? "⁻" : ""}${digits}`;
}
