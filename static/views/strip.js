/**
 * The strip under the network, on its columns: every layer's error signal and forward signal; or the size of its gradient, or of its
 * updates beside its weights; or the factors by which the error signal shrinks and grows.
 *
 * Error signal and forward signal are root mean squares or standard deviations without a unit, so that they share one logarithmic
 * axis. On the true, linear scale each has its own, from zero to its largest: the line then shows how much of a signal reaches a layer.
 *
 * @import {Lane, Palette, StripLine, StripModel, Ui} from "../types.js"
 * @import {Geometry} from "../geometry.js"
 * @import {Context} from "../marks/canvas.js"
 * @import {Axis} from "../marks/decades.js"
 */
import { ramps, signalLevel } from "../encoding.js";
import { translucent } from "../colour.js";
import { formatNumber } from "../format.js";
import { FLOOR, curvesOf, decades, drawAxis, hasZero, heightOf, heights, mostOf, powerOfTen, slants, zeroHeight } from "../marks/decades.js";
import { arrowhead, hatch, keptFor, setType } from "../marks/canvas.js";
import { drawFactors } from "../marks/factors.js";
import { Motion, drawScaleNote } from "../marks/motion.js";

const TOP = 10;
const LOW = 90; // a strip lower than this has no place for zeros where there are none
const NO_FLOOR = 8;
const MARGIN = 12; // before what stands at the left
const EDGE = 3; // where there is hardly room
const VALUES = 16; // the line at the lower edge with every layer's number
const NUMBER = 72; // between columns that have room for three digits and a power of ten
const POWER = 30; // for a power of ten
const EVERY = 8; // layers that have their number where not all have room for it
const TURN = 2 * Math.PI;
/** What stands before the values where there is room. */
const NAMES = { signals: "error signal", gradient: "gradient", update: "Δw : w", factors: "" };

/** About this ratio of update and weight is healthy (Karpathy, CS231n). */
const HEALTHY_UPDATE = 1e-3;

const memoryOf = keptFor(() => ({
  view: "signals",
  low: new Motion(),
  high: new Motion(),
  linear: new Motion(),
  reach: new Motion(), // of the factors' axis, in decades
}));

/**
 * @param {Context} ctx
 * @param {object} model
 * @param {Lane} model.lane
 * @param {Ui} model.ui
 * @param {Palette} model.palette
 * @param {Geometry} model.geometry
 * @param {StripModel | null} model.strip
 * @param {import("../marks/decades.js").SharedScale | null} [model.scale]  where other lanes' strips have the same axis
 * @param {number} model.width
 * @param {number} model.height
 * @returns {number} milliseconds after which it wants to be drawn again though nothing else has changed
 */
export function drawStrip(ctx, { lane, ui, palette, geometry, strip, scale, width, height }) {
  ctx.fillStyle = palette.card;
  ctx.fillRect(0, 0, width, height);
  if (!strip || strip.delta.length !== geometry.columns.length - 1) return Number.POSITIVE_INFINITY;
  const memory = memoryOf(ctx);
  if (memory.view !== strip.view) Object.assign(memory, { view: strip.view, low: new Motion(), high: new Motion() });
  if (strip.view === "factors") {
    if (strip.factors) drawFactors(ctx, { factors: strip.factors, reach: scale?.reach, geometry, palette, width, height }, memory.reach);
    if (lane.diverged) drawNotFinite(ctx, { top: TOP, bottom: height - FLOOR }, geometry, lane.diverged.layer, palette);
    return memory.reach.rest;
  }
  const { line, view } = strip;
  const curves = curvesOf(strip);
  const [low, high] = scale?.decades ?? decades(curves, memory.low.target, memory.high.target);
  memory.low.aim(low);
  memory.high.aim(high);
  memory.linear.aim(ui.scale === "true" ? 1 : 0);
  const first = geometry.columns[1];
  const axis = {
    left: Math.max((52 * palette.textMin) / 12, Math.min(geometry.columns[0].x, first.left - 32)),
    right: width - MARGIN,
    top: TOP,
    bottom: height - VALUES - (height < LOW && !(scale?.zeros ?? hasZero(curves)) ? NO_FLOOR : FLOOR),
    low: memory.low.value,
    high: memory.high.value,
    linear: memory.linear.value,
  };
  const xs = geometry.columns.slice(1).map((column) => column.x);
  const most = scale?.most ?? mostOf(curves);

  drawAxis(ctx, axis, curves, most, palette);
  if (view === "update") drawHealthy(ctx, axis, most.line, palette);
  if (lane.diverged) drawNotFinite(ctx, axis, geometry, lane.diverged.layer, palette);
  const forward = curves.forward && heights(curves.forward, axis, most.forward);
  if (forward) drawLine(ctx, xs, forward, palette.muted, 1.5);
  // Updates belong to neither pass: they are drawn in ink.
  const colour = view === "update" ? palette.ink : palette.signal;
  if (!strip.exact) drawBand(ctx, xs, line, axis, most.line, colour);
  const ys = heights(line.values, axis, most.line);
  drawLine(ctx, xs, ys, colour, palette.stepped ? 3 : 2);
  if (curves.forward && forward) drawForwardDots(ctx, xs, forward, curves.forward, axis, palette);
  drawDots(ctx, xs, ys, line.values, axis, palette, colour);
  const changed = memory.high.noted ? memory.high : memory.low;
  const noted = axis.linear === 0 && changed.noted;
  const valuesY = height - VALUES / 2 - 2;
  drawValues(ctx, geometry, line.values, valuesY, palette, { name: noted ? "" : NAMES[view], colour });
  // Under the axis, left of the first number: nothing else stands there but what these numbers are. In a low strip its labels reach down to it.
  const [x, least] = valuesY - axis.bottom < palette.textMin + 1 ? [axis.left, axis.left] : [MARGIN, EDGE];
  if (noted) drawScaleNote(ctx, changed, "axis", { x, y: valuesY, least, end: first.x - numberWidth(geometry, palette) / 2 }, palette);
  return Math.min(memory.low.rest, memory.high.rest, memory.linear.moving ? 0 : Number.POSITIVE_INFINITY);
}

/**
 * The band from the smallest to the largest value of the last steps.
 *
 * @param {Context} ctx
 * @param {number[]} xs
 * @param {StripLine} line
 * @param {Axis} axis
 * @param {number} most
 * @param {string} colour
 */
function drawBand(ctx, xs, { low, high }, axis, most, colour) {
  const floor = axis.bottom + 4;
  /** @param {number} value */
  const y = (value) => Math.min(floor, heightOf(value, axis, most) || floor);
  ctx.fillStyle = translucent(colour, 0.16);
  ctx.beginPath();
  xs.forEach((x, i) => ctx.lineTo(x, y(high[i])));
  for (let i = xs.length - 1; i >= 0; i--) ctx.lineTo(xs[i], y(low[i]));
  ctx.fill();
  ctx.fillStyle = colour;
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
 * @param {string} colour  the backward one paints its strength
 */
function drawDots(ctx, xs, ys, values, axis, palette, colour) {
  const { signal } = ramps(palette);
  const reference = values[values.length - 1];
  const radius = dotRadius(xs);
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.5;
  xs.forEach((x, i) => {
    const zero = values[i] === 0 && Number.isNaN(ys[i]);
    if (Number.isNaN(ys[i]) && !zero) return;
    ctx.fillStyle = zero ? palette.card : colour !== palette.signal ? colour : signal[signalLevel(values[i], reference)];
    ctx.beginPath();
    ctx.arc(x, zero ? zeroHeight(axis) : ys[i], radius, 0, TURN);
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
    ctx.arc(x, zero ? zeroHeight(axis) : ys[i], dotRadius(xs) - 1, 0, TURN);
    ctx.fill();
    ctx.stroke();
  });
}

/** @param {number[]} xs */
function dotRadius(xs) {
  const pitch = xs.length > 1 ? xs[1] - xs[0] : 100;
  return Math.max(2, Math.min(4.5, pitch / 6));
}

/** How wide a layer's number is at most. @param {Geometry} geometry @param {Palette} palette */
function numberWidth({ pitch }, { textMin }) {
  const zoom = textMin / 12;
  return (pitch < NUMBER * zoom ? POWER : NUMBER) * zoom;
}

/**
 * Every layer's value in numbers, under its column: three digits where there is room, else the power of ten; where not even
 * that has room, every eighth (or sixteenth) and the ends.
 *
 * @param {Context} ctx
 * @param {Geometry} geometry
 * @param {Float64Array} values
 * @param {number} y
 * @param {Palette} palette
 * @param {{name: string, colour: string}} of
 */
function drawValues(ctx, { columns, pitch }, values, y, palette, { name, colour }) {
  const zoom = palette.textMin / 12;
  setType(ctx, palette, colour, "center");
  const last = values.length - 1;
  const every = pitch >= POWER * zoom ? 1 : EVERY * Math.ceil((POWER * zoom) / (EVERY * pitch));
  for (const [place, value] of values.entries()) {
    if (Number.isNaN(value)) continue;
    if (every > 1 && place !== last && (place % every !== 0 || (last - place) * pitch < POWER * zoom)) continue;
    const short = pitch < NUMBER * zoom && value > 0 && Number.isFinite(value);
    ctx.fillText(short ? powerOfTen(Math.round(Math.log10(value))) : formatNumber(value), columns[place + 1].x, y);
  }
  if (columns[1].left < 112 * zoom) return;
  setType(ctx, palette, palette.muted);
  ctx.fillText(name, MARGIN, y);
}

/**
 * A dotted line at the ratio of update and weight that is healthy.
 *
 * @param {Context} ctx
 * @param {Axis} axis
 * @param {number} most
 * @param {Palette} palette
 */
function drawHealthy(ctx, axis, most, palette) {
  const y = heightOf(HEALTHY_UPDATE, axis, most);
  if (!(y >= axis.top && y <= axis.bottom)) return;
  ctx.strokeStyle = palette.muted;
  ctx.lineWidth = palette.stepped ? 2 : 1.5;
  ctx.setLineDash([2, 4]);
  ctx.beginPath();
  ctx.moveTo(axis.left, y);
  ctx.lineTo(axis.right, y);
  ctx.stroke();
  ctx.setLineDash([]);
}

/**
 * The layer whose numbers are not finite: hatched, with a mark above the axis's top.
 *
 * @param {Context} ctx
 * @param {{top: number, bottom: number}} axis
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
  arrowhead(ctx, column.x, 0, 4, -1);
  slants(ctx, column.x, top - 5, palette);
  setType(ctx, palette, palette.ink, "center", "600");
  const y = (top + bottom) / 2;
  const wide = ctx.measureText("not finite").width;
  ctx.fillStyle = palette.card;
  ctx.fillRect(column.x - wide / 2 - 4, y - 9, wide + 8, 18);
  ctx.fillStyle = palette.ink;
  ctx.fillText("not finite", column.x, y);
}
