/**
 * The network's output along its one input, with the samples.
 *
 * @import {Lane, Layout, Palette} from "../types.js"
 * @import {Context} from "./canvas.js"
 * @import {OutputModel} from "../views/output.js"
 */
import { niceCeiling } from "../encoding.js";
import { arrowhead, setType } from "./canvas.js";
import { drawAxes, plotX, plotY } from "./axes.js";

const AXIS = 24;
const LEFT = 40;
const LEGEND = 20;

/**
 * @param {Context} ctx
 * @param {OutputModel & {layout: Layout}} model
 */
export function drawCurve(ctx, { lane, ui, palette, box, layout }) {
  const { maps, data } = lane;
  const plot = {
    box: { x: box.x + LEFT, y: box.y + 8, width: box.width - LEFT - 1, height: box.height - AXIS - LEGEND - 8 },
    x: layout.maps.x ?? [-1, 1],
    y: roomy(layout.maps.y ?? [-1, 1]),
  };
  ctx.fillStyle = palette.paper;
  ctx.fillRect(box.x, box.y, box.width, box.height);
  ctx.fillStyle = palette.card;
  ctx.fillRect(plot.box.x, plot.box.y, plot.box.width, plot.box.height);
  const zero = Math.round(plotY(plot, 0)) + 0.5;
  if (zero > plot.box.y && zero < plot.box.y + plot.box.height) {
    ctx.strokeStyle = palette.rule;
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.moveTo(plot.box.x, zero);
    ctx.lineTo(plot.box.x + plot.box.width, zero);
    ctx.stroke();
  }
  if (data) drawSamples(ctx, data, plot, ui.showTest, palette);
  if (maps?.grid) drawLine(ctx, maps.grid, plot, zero, palette);
  drawAxes(ctx, plot, { x: layout.data.inputs[0], y: "" }, palette);
  drawKey(ctx, plot, ui.showTest, palette);
}

/**
 * A range widened to round numbers, so that nothing lies on the frame.
 *
 * @param {[number, number]} range
 * @returns {[number, number]}
 */
function roomy([low, high]) {
  const step = niceCeiling((high - low) / 10);
  return [Math.floor(low / step - 0.2) * step, Math.ceil(high / step + 0.2) * step];
}

/**
 * @param {Context} ctx
 * @param {NonNullable<Lane["data"]>} data
 * @param {import("./axes.js").Plot} plot
 * @param {boolean} showTest
 * @param {Palette} palette
 */
function drawSamples(ctx, { points, labels, split }, plot, showTest, palette) {
  for (const test of showTest ? [1, 0] : [0]) {
    ctx.beginPath();
    for (let sample = 0; sample < labels.length; sample++) {
      if (split[sample] === test) dot(ctx, plotX(plot, points[sample]), plotY(plot, labels[sample]));
    }
    ctx.fillStyle = test ? palette.card : palette.muted;
    ctx.globalAlpha = test ? 1 : 0.55;
    ctx.fill();
    ctx.globalAlpha = 1;
    if (test === 0) continue;
    ctx.strokeStyle = palette.muted;
    ctx.lineWidth = 1;
    ctx.stroke();
  }
}

/** @param {Context} ctx @param {number} x @param {number} y */
function dot(ctx, x, y) {
  ctx.moveTo(x + 2.5, y);
  ctx.arc(x, y, 2.5, 0, 2 * Math.PI);
}

/**
 * The curve, blue above zero and orange below; where it leaves the plot, an arrow.
 *
 * @param {Context} ctx
 * @param {ArrayLike<number>} values
 * @param {import("./axes.js").Plot} plot
 * @param {number} zero  height of the value 0
 * @param {Palette} palette
 */
function drawLine(ctx, values, plot, zero, palette) {
  const { x, y, width, height } = plot.box;
  const bottom = y + height;
  const reach = 10 * height; // a path may not run to infinity
  for (const [colour, from, to] of /** @type {const} */ ([
    [palette.positive, y, Math.min(bottom, Math.max(y, zero))],
    [palette.negative, Math.min(bottom, Math.max(y, zero)), bottom],
  ])) {
    ctx.save();
    ctx.beginPath();
    ctx.rect(x, from, width, to - from);
    ctx.clip();
    ctx.strokeStyle = colour;
    ctx.lineWidth = palette.stepped ? 4 : 3;
    ctx.lineJoin = "round";
    ctx.beginPath();
    for (let i = 0; i < values.length; i++) {
      const at = plotY(plot, values[i]);
      if (!Number.isNaN(at)) ctx.lineTo(x + (width * i) / (values.length - 1), Math.max(y - reach, Math.min(bottom + reach, at)));
    }
    ctx.stroke();
    ctx.restore();
  }
  ctx.fillStyle = palette.ink;
  for (const [beyond, at, down] of /** @type {const} */ ([
    [(/** @type {number} */ value) => value > plot.y[1], y + 2, -1],
    [(/** @type {number} */ value) => value < plot.y[0], bottom - 2, 1],
  ])) {
    for (const middle of runs(values, beyond)) arrowhead(ctx, x + (width * middle) / (values.length - 1), at, 4, down);
  }
}

/**
 * Middles of the runs of entries for which something holds.
 *
 * @param {ArrayLike<number>} values
 * @param {(value: number) => boolean} holds
 */
function runs(values, holds) {
  const middles = [];
  let start = -1;
  for (let i = 0; i <= values.length; i++) {
    const inside = i < values.length && holds(values[i]);
    if (inside && start < 0) start = i;
    if (!inside && start >= 0) {
      middles.push((start + i - 1) / 2);
      start = -1;
    }
  }
  return middles;
}

/**
 * @param {Context} ctx
 * @param {import("./axes.js").Plot} plot
 * @param {boolean} showTest
 * @param {Palette} palette
 */
function drawKey(ctx, { box }, showTest, palette) {
  const y = box.y + box.height + AXIS + LEGEND / 2 - 2;
  let x = box.x;
  for (const [colour, name] of [
    [palette.muted, "train"],
    ["", showTest ? "test" : ""],
    ["line", "network"],
  ]) {
    if (name === "") continue;
    ctx.beginPath();
    if (colour === "line") {
      ctx.fillStyle = palette.negative;
      ctx.fillRect(x, y - 1.5, 8, 3);
      ctx.fillStyle = palette.positive;
      ctx.fillRect(x + 8, y - 1.5, 8, 3);
      x += 10;
    } else {
      dot(ctx, x + 4, y);
      ctx.strokeStyle = ctx.fillStyle = palette.muted;
      if (colour) ctx.fill();
      else ctx.stroke();
    }
    setType(ctx, palette, palette.ink);
    ctx.fillText(name, x + 12, y + 0.5);
    x += 12 + ctx.measureText(name).width + 16;
  }
}
