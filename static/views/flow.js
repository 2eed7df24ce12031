/**
 * The flow of error signals over steps as a heat map: a row a layer, the output above all, for it begins there; a column of pixels a
 * stretch of steps. Colours are the backward pass's own; their scale is printed over the map.
 *
 * @import {Lane, Palette, SeriesTable} from "../types.js"
 * @import {Context} from "../marks/canvas.js"
 * @import {Cells, Decades, Quantity, Span} from "../flow.js"
 *
 * @typedef {object} FlowModel
 * @property {Lane} lane
 * @property {SeriesTable} steps
 * @property {Quantity} quantity
 * @property {boolean} relative
 * @property {Span} span
 * @property {Palette} palette
 * @property {number} width
 * @property {number} height
 *
 * @typedef {{left: number, right: number, top: number, bottom: number}} Plot
 */
import { css, mix, pixel, rgb } from "../colour.js";
import { SIGNAL_LEVELS, ramps } from "../encoding.js";
import { columnName, flowCells, flowScale, isShare, stepMarks } from "../flow.js";
import { formatCount } from "../format.js";
import { arrowhead, fittingText, hatch, keptFor, setType, surface } from "../marks/canvas.js";
import { powerOfTen } from "../marks/decades.js";

const TITLES = {
  delta: "rms of ∂L/∂z",
  gradient: "rms of ∂L/∂W",
  update: "rms of Δw over rms of w",
  saturated: "saturated activations",
  dead: "dead units",
};
const RAMP = 120; // of colours, at most
const MARK_SPACE = 72; // between marks of the axis
const AMPLIFIED = Math.log10(2); // fully amplified from twice the scale's end on

const memoryOf = keptFor(() => ({ rows: /** @type {ReturnType<typeof surface> | null} */ (null) }));

/**
 * Where the map lies on its canvas.
 * @param {{width: number, height: number, palette: Palette}} model
 * @returns {Plot}
 */
export function flowPlot({ width, height, palette: { textMin } }) {
  return { left: 5 * textMin, right: width - 12, top: Math.round(1.9 * textMin), bottom: height - Math.round(1.7 * textMin) };
}

/**
 * @param {Context} ctx
 * @param {FlowModel} model
 */
export function drawFlow(ctx, model) {
  const { lane, steps, quantity, relative, span, palette, width, height } = model;
  ctx.fillStyle = palette.card;
  ctx.fillRect(0, 0, width, height);
  const { layout } = lane;
  const plot = flowPlot(model);
  if (!layout || plot.bottom - plot.top < 8) return;
  const scale = flowScale(steps, layout, quantity, relative);
  const colours = coloursOf(palette, quantity);
  const across = Math.max(1, Math.round(plot.right - plot.left));
  const cells = flowCells(steps, layout, quantity, relative, span, across);
  const count = layout.layers.length;
  const heights = Array.from({ length: count + 1 }, (_, row) => Math.round(plot.top + ((plot.bottom - plot.top) * row) / count));
  paintCells(ctx, cells, { count, heights, left: plot.left, scale, colours });
  for (let row = 0; row < count; row++) markRow(ctx, cells, count - 1 - row, { x: plot.left, y: heights[row], height: heights[row + 1] - heights[row] }, palette);
  if (isShare(quantity)) nameSpared(ctx, model, heights, plot.left);
  if (lane.diverged) markDiverged(ctx, model, plot, heights, count);
  drawNames(ctx, count, heights, plot, palette);
  drawSteps(ctx, span, plot, palette);
  drawScale(ctx, model, plot, scale, colours);
}

/** @param {Palette} palette @param {Quantity} quantity @returns {{pixels: Uint32Array, css: string[]}} of the scale's levels, then those beyond it */
function coloursOf(palette, quantity) {
  const { signal, signalPixels } = ramps(palette);
  if (quantity === "delta" || quantity === "gradient") return { pixels: signalPixels, css: signal };
  // Updates and activations do not belong to the backward pass: from the surface's colour to ink, and beyond its end the colour of what grows.
  const steps = Array.from({ length: SIGNAL_LEVELS }, (_, i) => {
    const share = i / (SIGNAL_LEVELS - 1);
    return mix(palette.zero, palette.ink, palette.stepped ? Math.round(6 * share) / 6 : share);
  });
  const beyond = signal.slice(SIGNAL_LEVELS).map(() => rgb(palette.signal));
  const all = [...steps, ...beyond];
  return { pixels: Uint32Array.from(all, pixel), css: all.map(css) };
}

/**
 * Which of the colours stands for a value.
 *
 * @param {number} exponent
 * @param {Decades} scale
 * @param {number} levels  how many colours there are, those beyond the scale included
 */
export function levelOf(exponent, { low, high }, levels) {
  if (exponent > high + 1e-6) {
    const beyond = levels - SIGNAL_LEVELS;
    return SIGNAL_LEVELS - 1 + Math.ceil(beyond * Math.min(1, (exponent - high) / AMPLIFIED));
  }
  return Math.round((SIGNAL_LEVELS - 1) * Math.max(0, (exponent - low) / (high - low)));
}

/**
 * @param {Context} ctx
 * @param {Cells} cells
 * @param {{count: number, heights: number[], left: number, scale: Decades, colours: {pixels: Uint32Array}}} how
 */
function paintCells(ctx, { across, exponents }, { count, heights, left, scale, colours: { pixels } }) {
  const memory = memoryOf(ctx);
  if (memory.rows?.canvas.width !== across || memory.rows.canvas.height !== count) memory.rows = surface(across, count);
  const image = new ImageData(across, count);
  const colours = new Uint32Array(image.data.buffer);
  for (let place = 0; place < exponents.length; place++) {
    const row = count - 1 - Math.floor(place / across);
    const exponent = exponents[place];
    if (Number.isFinite(exponent)) colours[row * across + (place % across)] = pixels[levelOf(exponent, scale, pixels.length)];
  }
  memory.rows.context.putImageData(image, 0, 0);
  ctx.imageSmoothingEnabled = false;
  for (let row = 0; row < count; row++) {
    ctx.drawImage(memory.rows.canvas, 0, row, across, 1, left, heights[row], across, heights[row + 1] - heights[row]);
  }
}

/**
 * What has no colour: hatched where the layer was not there yet, a line through the row where the value is exactly zero.
 *
 * @param {Context} ctx
 * @param {Cells} cells
 * @param {number} layer
 * @param {{x: number, y: number, height: number}} row
 * @param {Palette} palette
 */
function markRow(ctx, { across, exponents }, layer, { x, y, height }, palette) {
  const start = layer * across;
  // What is not known at the end is not a layer that was not there, but steps that have not come.
  let known = across;
  while (known > 0 && Number.isNaN(exponents[start + known - 1])) known--;
  let begun = 0;
  for (let at = 1; at <= known; at++) {
    const value = exponents[start + begun];
    if (at < known && kindOf(exponents[start + at]) === kindOf(value)) continue;
    if (Number.isNaN(value)) hatch(ctx, palette, { x: x + begun, y, width: at - begun, height });
    else if (value === Number.NEGATIVE_INFINITY) {
      ctx.fillStyle = palette.muted;
      ctx.fillRect(x + begun, Math.round(y + height / 2), at - begun, 1);
    }
    begun = at;
  }
}

/**
 * Layers that know no such share: their rows are empty for good.
 *
 * @param {Context} ctx
 * @param {FlowModel} model
 * @param {number[]} heights
 * @param {number} left
 */
function nameSpared(ctx, { lane: { layout }, steps, quantity, palette }, heights, left) {
  const layers = layout?.layers ?? [];
  setType(ctx, palette, palette.muted);
  for (const [index, { id, activation }] of layers.entries()) {
    const row = layers.length - 1 - index;
    if (steps.columns[columnName(id, quantity)] || heights[row + 1] - heights[row] < palette.textMin * 1.15) continue;
    const word = `${activation.replaceAll("_", " ")}: ${quantity === "dead" ? "units do not die" : "does not saturate"}`;
    ctx.fillText(word, left + 8, (heights[row] + heights[row + 1]) / 2 + 0.5);
  }
}

/** @param {number} exponent */
function kindOf(exponent) {
  return Number.isFinite(exponent) ? 0 : exponent;
}

/**
 * @param {Context} ctx
 * @param {FlowModel} model
 * @param {Plot} plot
 * @param {number[]} heights
 * @param {number} count
 */
function markDiverged(ctx, { lane, span, palette }, { left, right }, heights, count) {
  const { diverged } = lane;
  if (!diverged || diverged.step < span.from || diverged.step > span.to) return;
  const x = left + ((right - left) * (diverged.step - span.from)) / (span.to - span.from);
  const row = count - 1 - diverged.layer;
  ctx.fillStyle = palette.ink;
  ctx.fillRect(x, heights[0], 1, heights[count] - heights[0]);
  arrowhead(ctx, x, (heights[row] + heights[row + 1]) / 2 - 4, 6, -1);
  setType(ctx, palette, palette.ink, "right", "600");
  const y = (heights[row] + heights[row + 1]) / 2 + 1;
  const { width } = ctx.measureText("not finite");
  ctx.fillStyle = palette.card;
  ctx.fillRect(x - width - 14, y - palette.textMin * 0.75, width + 6, palette.textMin * 1.5);
  ctx.fillStyle = palette.ink;
  ctx.fillText("not finite", x - 10, y);
}

/**
 * Names of the rows: all of them where there is room, else every so manieth and the ends.
 *
 * @param {Context} ctx
 * @param {number} count
 * @param {number[]} heights
 * @param {Plot} plot
 * @param {Palette} palette
 */
function drawNames(ctx, count, heights, { left }, palette) {
  const pitch = (heights[count] - heights[0]) / count;
  const every = [1, 2, 4, 8, 16, 32, 64].find((each) => each * pitch >= palette.textMin * 1.15) ?? 64;
  setType(ctx, palette, palette.ink, "right");
  for (let layer = 0; layer < count; layer++) {
    const output = layer === count - 1;
    const number = layer + 1;
    if (!output && every > 1 && number !== 1 && (number % every !== 0 || count - number < every)) continue;
    if (number === 1 && every > 1 && count > 1 && every * pitch > heights[count] - heights[0]) continue;
    const row = count - 1 - layer;
    const word = output ? "output" : every === 1 && count < 20 ? `layer ${number}` : `${number}`;
    ctx.fillText(word, left - 6, (heights[row] + heights[row + 1]) / 2 + 0.5);
  }
}

/**
 * @param {Context} ctx
 * @param {Span} span
 * @param {Plot} plot
 * @param {Palette} palette
 */
function drawSteps(ctx, span, { left, right, bottom }, palette) {
  setType(ctx, palette, palette.muted, "center");
  const space = MARK_SPACE * (palette.textMin / 12);
  for (const step of stepMarks(span, (right - left) / space)) {
    const x = left + ((right - left) * (step - span.from)) / (span.to - span.from);
    ctx.fillStyle = palette.rule;
    ctx.fillRect(Math.round(x), bottom, 1, 4);
    ctx.fillStyle = palette.muted;
    const half = ctx.measureText(formatCount(step)).width / 2;
    if (x + half < right) ctx.fillText(formatCount(step), Math.max(x, left + half), bottom + palette.textMin * 0.95);
  }
  setType(ctx, palette, palette.muted, "right");
  ctx.fillText("step", left - 6, bottom + palette.textMin * 0.95);
}

/**
 * The scale of the colours, over the map.
 *
 * @param {Context} ctx
 * @param {FlowModel} model
 * @param {Plot} plot
 * @param {Decades} scale
 * @param {{css: string[]}} colours
 */
function drawScale(ctx, { quantity, relative, palette }, { left, right, top }, { low, high }, { css: colours }) {
  const y = top - palette.textMin * 0.95;
  const ramp = Math.round(Math.min((RAMP * palette.textMin) / 12, (right - left) / 5));
  let x = left;
  /** @param {string} text @param {string} colour @param {number} space */
  const write = (text, colour, space) => {
    setType(ctx, palette, colour);
    const { width } = ctx.measureText(text);
    if (x + width <= right) ctx.fillText(text, x, y);
    x += width + space;
  };
  const share = isShare(quantity);
  write(TITLES[quantity], palette.ink, 8);
  write(share ? "0" : `≤ ${powerOfTen(low)}`, palette.muted, 5);
  for (let i = 0; i < ramp; i++) {
    ctx.fillStyle = colours[Math.round(((SIGNAL_LEVELS - 1) * i) / (ramp - 1))];
    ctx.fillRect(x + i, y - 5, 1, 10);
  }
  x += ramp + 5;
  setType(ctx, palette, palette.muted);
  const end = share ? "100 %" : powerOfTen(high);
  write(relative ? fittingText(ctx, [`${end} of the output’s`, end], right - x) : end, palette.muted, 14);
  if (share) return write("on all training data, at the ends of epochs", palette.muted, 0);
  /** @param {string} text @param {string} colour @param {number} height */
  const key = (text, colour, height) => {
    setType(ctx, palette, palette.muted);
    if (x + 15 + ctx.measureText(text).width > right) return;
    ctx.fillStyle = colour;
    ctx.fillRect(x, Math.round(y - height / 2), 10, height);
    x += 15;
    write(text, palette.muted, 14);
  };
  if (relative || quantity === "update") key("above", colours[colours.length - 1], 10);
  key("exactly zero", palette.muted, 1);
}
