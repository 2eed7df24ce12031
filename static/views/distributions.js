/**
 * How the entries of every layer's tensors are spread: a row a tensor, in the layers' own columns. All layers share a tensor's axis,
 * which runs upward; a bar is as wide as its share of the layer's fullest bin.
 *
 * @import {Evaluation, Frame, Layout, Palette} from "../types.js"
 * @import {Geometry} from "../geometry.js"
 * @import {Context} from "../marks/canvas.js"
 *
 * @typedef {object} DistributionsModel
 * @property {Layout} layout
 * @property {Frame | null} frame
 * @property {Evaluation | null} evaluation
 * @property {Geometry["columns"]} columns  the inputs, then every layer
 * @property {Palette} palette
 * @property {number} width
 * @property {number} height
 */
import { forwardPlace, ramps } from "../encoding.js";
import { formatExact, formatPercent } from "../format.js";
import { arrowhead, hatch, setType } from "../marks/canvas.js";
import { powerOfTen } from "../marks/decades.js";
import { spectra, spectrumScale } from "../spectrum.js";

/** In the order of the section `histograms`; the backward pass's in its own colour, the others by sign. */
const ROWS = /** @type {const} */ ([
  { name: "z", words: "pre-activation z", backward: false },
  { name: "a", words: "activation a", backward: false },
  { name: "δ", words: "error signal |δ|", backward: true },
  { name: "W", words: "weights W", backward: false },
  { name: "∂L/∂W", words: "gradient |∂L/∂W|", backward: true },
]);
const ACTIVATIONS = 1;
const PLACES = ROWS.length + 1; // the last is that of the singular values
const GAP = 14; // between rows
const WIDEST = 88; // of a histogram
const TURN = 2 * Math.PI;

/**
 * @param {Context} ctx
 * @param {DistributionsModel} model
 */
export function drawDistributions(ctx, model) {
  const { layout, frame, columns, palette, width, height } = model;
  ctx.fillStyle = palette.card;
  ctx.fillRect(0, 0, width, height);
  const { histograms, histogram_axes: axes } = frame ?? {};
  if (!histograms || !axes || columns.length !== layout.layers.length + 1) return;
  const bins = histograms.length / (ROWS.length * layout.layers.length) - 1;
  const foot = Math.round(1.6 * palette.textMin);
  const pitch = (height - foot) / PLACES;
  /** @param {number} row */
  const boxOf = (row) => ({ top: Math.round(row * pitch + GAP / 2), bottom: Math.round((row + 1) * pitch - GAP / 2) });
  for (const [row, { words, name, backward }] of ROWS.entries()) {
    const [low, high, logarithmic] = axes.subarray(3 * row, 3 * row + 3);
    const box = boxOf(row);
    drawAxis(ctx, model, box, { words, name, low, high, logarithmic: logarithmic === 1 });
    for (let layer = 0; layer < layout.layers.length; layer++) {
      const start = (row * layout.layers.length + layer) * (bins + 1);
      const counts = histograms.subarray(start, start + bins);
      const zeros = logarithmic === 1 ? histograms[start + bins] : 0;
      drawHistogram(ctx, columns[layer + 1], box, counts, { low, high, zeros, backward }, palette);
    }
    if (row === ACTIVATIONS) drawShares(ctx, model, box);
  }
  drawSpectra(ctx, model, boxOf(ROWS.length));
  drawNames(ctx, model, height - foot / 2);
}

/**
 * A line for each singular value of a layer's weights; across all of them that of 1, which neither stretches nor shrinks.
 *
 * @param {Context} ctx
 * @param {DistributionsModel} model
 * @param {{top: number, bottom: number}} box
 */
function drawSpectra(ctx, model, box) {
  const { layout, frame, columns, palette, width } = model;
  const layers = frame?.singular_values && spectra(frame.singular_values, layout);
  if (!frame?.singular_values || !layers) return;
  const { top, bottom } = box;
  const { low, high } = spectrumScale(frame.singular_values);
  drawAxis(ctx, model, box, { words: "singular values of W", name: "σ of W", low, high, logarithmic: true });
  /** @param {number} value */
  const heightOf = (value) => bottom - ((bottom - top) * (Math.log10(value) - low)) / (high - low);
  ctx.fillStyle = palette.rule;
  const left = columns[1].x - Math.min(WIDEST, columns[1].width * 0.8) / 2 - 8;
  ctx.fillRect(left, Math.round(heightOf(1)), width - 12 - left, 1);
  for (const [index, values] of layers.entries()) {
    const { x, width: pitch } = columns[index + 1];
    const half = Math.max(1, Math.min(WIDEST, pitch * 0.8) / 4);
    ctx.fillStyle = palette.ink;
    for (const value of values) {
      if (value >= 10 ** low) ctx.fillRect(x - half, Math.round(heightOf(value)), 2 * half, palette.stepped ? 2 : 1);
    }
    if (values[values.length - 1] < 10 ** low) arrowhead(ctx, x, bottom - 1, Math.min(4, half), 1);
  }
}

/**
 * @param {Context} ctx
 * @param {DistributionsModel} model
 * @param {{top: number, bottom: number}} box
 * @param {{words: string, name: string, low: number, high: number, logarithmic: boolean}} axis
 */
function drawAxis(ctx, { columns, palette, width }, { top, bottom }, { words, name, low, high, logarithmic }) {
  const left = columns[1].x - Math.min(WIDEST, columns[1].width * 0.8) / 2 - 8;
  const line = palette.textMin * 1.15;
  ctx.fillStyle = palette.rule;
  ctx.fillRect(left, bottom, width - 12 - left, 1);
  if (!logarithmic && low < 0) ctx.fillRect(left, Math.round((top + bottom) / 2), width - 12 - left, 1);
  /** @param {number} end */
  const text = (end) => (logarithmic ? powerOfTen(end) : formatExact(end));
  setType(ctx, palette, palette.muted, "right");
  if (bottom - top >= line) ctx.fillText(text(high), left - 4, top + line / 2 - 2);
  if (bottom - top >= 2 * line) ctx.fillText(text(low), left - 4, bottom - line / 2 + 2);
  setType(ctx, palette, palette.ink);
  // Between the numbers of the axis, or beside them where the row is too low for three lines.
  const beside = bottom - top < 3 * line ? Math.max(ctx.measureText(text(high)).width, ctx.measureText(text(low)).width) : 0;
  for (const start of [12, 4]) {
    const shown = [words, name].find((each) => ctx.measureText(each).width <= left - 4 - start - beside);
    if (shown) return ctx.fillText(shown, start, (top + bottom) / 2);
  }
}

/**
 * @param {Context} ctx
 * @param {{x: number, width: number}} column
 * @param {{top: number, bottom: number}} box
 * @param {Uint32Array} counts
 * @param {{low: number, high: number, zeros: number, backward: boolean}} axis
 * @param {Palette} palette
 */
function drawHistogram(ctx, { x, width: pitch }, { top, bottom }, counts, { low, high, zeros, backward }, palette) {
  const most = counts.reduce((greatest, count) => Math.max(greatest, count), 0);
  const widest = Math.max(2, Math.min(WIDEST, pitch * 0.8));
  const step = (bottom - top) / counts.length;
  const { forwardCss } = ramps(palette);
  for (const [bin, count] of counts.entries()) {
    if (count === 0) continue;
    const middle = low + ((high - low) * (bin + 0.5)) / counts.length;
    // Of a sign the colour is enough: pale in the middle would hide the fullest bars.
    ctx.fillStyle = backward ? palette.signal : forwardCss[forwardPlace(Math.sign(middle) * 0.75, -1, 0, 1)];
    const across = Math.max(1, (widest * count) / most);
    const [from, to] = [Math.round(bottom - (bin + 1) * step), Math.round(bottom - bin * step)];
    ctx.fillRect(x - across / 2, from, across, Math.max(1, to - from - (step >= 3 ? 0.5 : 0)));
  }
  if (zeros > 0) {
    ctx.strokeStyle = palette.signal;
    ctx.lineWidth = 1.5;
    ctx.beginPath();
    ctx.arc(x, bottom + 4, Math.min(3, pitch / 4), 0, TURN);
    ctx.stroke();
  }
  if (most === 0 && zeros === 0) hatch(ctx, palette, { x: x - widest / 2, y: top, width: widest, height: bottom - top });
}

/**
 * Beside the activations: how many of them are saturated in the batch, or how many units are dead, and how many silent in it.
 *
 * @param {Context} ctx
 * @param {DistributionsModel} model
 * @param {{top: number, bottom: number}} box
 */
function drawShares(ctx, { layout, frame, evaluation, columns, palette }, { bottom }) {
  const { shares } = frame ?? {};
  if (!shares) return;
  setType(ctx, palette, palette.muted, "center");
  for (const [index, { units }] of layout.layers.entries()) {
    const [saturated, silent] = [shares[index], shares[layout.layers.length + index]];
    const texts = [];
    if (saturated >= 0) texts.push(`${formatPercent(saturated)} saturated`, `${formatPercent(saturated)} sat.`);
    const dead = evaluation?.dead.length === layout.layers.length ? evaluation.dead[index] : null;
    if (silent >= 0) {
      const quiet = `${Math.round(silent * units)} of ${units} silent`;
      if (dead !== null) texts.push(`${quiet}, ${Math.round(dead * units)} dead`, `${Math.round(dead * units)} of ${units} dead`);
      texts.push(quiet, `${formatPercent(silent)} silent`);
    }
    const column = columns[index + 1];
    const room = Math.min(WIDEST, column.width * 0.8) + 8; // beside the axis, whose numbers end there
    const fitting = texts.find((text) => ctx.measureText(text).width <= room);
    if (fitting) ctx.fillText(fitting, column.x, bottom + palette.textMin * 0.6);
  }
}

/**
 * @param {Context} ctx
 * @param {DistributionsModel} model
 * @param {number} y
 */
function drawNames(ctx, { layout, columns, palette }, y) {
  const every = [1, 2, 4, 8, 16, 32].find((each) => each * columns[1].width >= 2.2 * palette.textMin) ?? 64;
  const last = layout.layers.length - 1;
  setType(ctx, palette, palette.muted);
  const zeros = "some are 0";
  if (16 + ctx.measureText(zeros).width < columns[1].x - 16) {
    ctx.fillText(zeros, 24, y);
    ctx.strokeStyle = palette.signal;
    ctx.lineWidth = 1.5;
    ctx.beginPath();
    ctx.arc(15, y, 3, 0, TURN);
    ctx.stroke();
  }
  setType(ctx, palette, palette.ink, "center", "600");
  for (let index = 0; index <= last; index++) {
    const number = index + 1;
    if (index === last) ctx.fillText("out", columns[index + 1].x, y);
    else if (number === 1 || (number % every === 0 && last - index >= every)) ctx.fillText(`${number}`, columns[index + 1].x, y);
  }
}
