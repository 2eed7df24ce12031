/**
 * Test samples without a plane of their own: classes over the two inputs that tell them apart best, the wrong ones crossed
 * out; or, for a regression, predictions over targets.
 *
 * @import {Layout, Data, Maps, Palette, Box} from "../types.js"
 * @import {Context} from "./canvas.js"
 * @import {Plot} from "./axes.js"
 * @import {OutputModel} from "../views/output.js"
 */
import { ramps } from "../encoding.js";
import { formatCount } from "../format.js";
import { answersOf, clearestInputs, drawnEvery } from "./answers.js";
import { drawAxes, plotX, plotY } from "./axes.js";
import { fittingText, setType } from "./canvas.js";
import { tracePoint } from "./points.js";

const AXIS = 24;
const LEFT = 32;
const LINE = 20;
const RADIUS = 4;
const SMALL = 2; // radius of many points
const FEW = 200; // points that have room each

/**
 * @param {Context} ctx
 * @param {OutputModel & {layout: Layout}} model
 */
export function drawScatter(ctx, { lane: { data, maps }, palette, box, layout }) {
  ctx.fillStyle = palette.paper;
  ctx.fillRect(box.x, box.y, box.width, box.height);
  if (!data) return;
  if (layout.data.task === "classification") drawClasses(ctx, layout, data, maps, box, palette);
  else drawRegression(ctx, data, maps, box, palette);
}

/**
 * @param {Context} ctx
 * @param {Layout} layout
 * @param {Data} data
 * @param {Maps | null} maps
 * @param {Box} box
 * @param {Palette} palette
 */
function drawClasses(ctx, layout, data, maps, box, palette) {
  const names = layout.data.inputs;
  const [across, up] = clearestInputs(data, names.length, layout.data.classes.length);
  /** @param {number} sample @param {number} input */
  const value = (sample, input) => data.points[sample * names.length + input];
  const { samples, predicted, wrong } = answersOf(layout, data, maps);
  const every = drawnEvery(samples.length);
  const many = samples.length / every > FEW;
  const lines = every > 1 ? 3 : 2;
  const plot = plotOf(box, lines * LINE, rangeOf(data, (sample) => value(sample, across)), rangeOf(data, (sample) => value(sample, up)));
  fillPlot(ctx, plot, palette);
  const known = Boolean(maps?.predictions);
  const { classInk } = ramps(palette);
  for (let row = 0; row < samples.length; row += every) {
    const sample = samples[row];
    const label = data.labels[sample];
    const [x, y] = [plotX(plot, value(sample, across)), plotY(plot, value(sample, up))];
    const right = !known || predicted[row] === label;
    if (many && !right) {
      blot(ctx, x, y, label, palette);
      continue;
    }
    ctx.fillStyle = classInk[label % classInk.length];
    ctx.globalAlpha = right ? 0.7 : 1;
    ctx.beginPath();
    tracePoint(ctx, x, y, many ? SMALL : RADIUS, label);
    ctx.fill();
    ctx.globalAlpha = 1;
    if (!right) cross(ctx, x, y, palette);
  }
  drawAxes(ctx, plot, { x: names[across], y: names[up] }, palette);
  drawKey(ctx, layout.data.classes, { wrong, all: samples.length, known, many, every }, plot, palette);
}

/**
 * @param {Context} ctx
 * @param {Data} data
 * @param {Maps | null} maps
 * @param {Box} box
 * @param {Palette} palette
 */
function drawRegression(ctx, data, maps, box, palette) {
  const range = rangeOf(data, (sample) => data.labels[sample]);
  const plot = plotOf(box, 0, range, range);
  fillPlot(ctx, plot, palette);
  ctx.strokeStyle = palette.rule;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(plot.box.x, plot.box.y + plot.box.height);
  ctx.lineTo(plot.box.x + plot.box.width, plot.box.y);
  ctx.stroke();
  const tests = [...data.split.keys()].filter((sample) => data.split[sample] === 1);
  ctx.fillStyle = palette.muted;
  const every = drawnEvery(tests.length);
  const radius = tests.length / every > FEW ? SMALL : RADIUS - 1;
  for (let row = 0; row < tests.length; row += every) {
    const sample = tests[row];
    const prediction = maps?.predictions?.[row];
    if (prediction === undefined || Number.isNaN(prediction)) continue;
    const y = Math.max(plot.box.y, Math.min(plot.box.y + plot.box.height, plotY(plot, prediction)));
    ctx.beginPath();
    tracePoint(ctx, plotX(plot, data.labels[sample]), y, radius, 1);
    ctx.fill();
  }
  drawAxes(ctx, plot, { x: "target", y: "prediction" }, palette);
}

/**
 * @param {Box} box
 * @param {number} below  room for words under the axis
 * @param {[number, number]} x
 * @param {[number, number]} y
 * @returns {Plot}
 */
function plotOf(box, below, x, y) {
  return { box: { x: box.x + LEFT, y: box.y + 1, width: box.width - LEFT - 1, height: box.height - AXIS - below - 1 }, x, y };
}

/** @param {Context} ctx @param {Plot} plot @param {Palette} palette */
function fillPlot(ctx, { box }, palette) {
  ctx.fillStyle = palette.card;
  ctx.fillRect(box.x, box.y, box.width, box.height);
}

/**
 * Whole numbers that enclose all values, with a little room.
 *
 * @param {Data} data
 * @param {(sample: number) => number} value
 * @returns {[number, number]}
 */
function rangeOf({ labels }, value) {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let sample = 0; sample < labels.length; sample++) {
    low = Math.min(low, value(sample));
    high = Math.max(high, value(sample));
  }
  return high > low ? [Math.floor(low - 0.05), Math.ceil(high + 0.05)] : [low - 1, low + 1];
}

/** @param {Context} ctx @param {number} x @param {number} y @param {Palette} palette */
function cross(ctx, x, y, palette) {
  const arm = RADIUS + 3;
  for (const [width, colour] of /** @type {const} */ ([
    [4.5, palette.card],
    [2, palette.ink],
  ])) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.beginPath();
    ctx.moveTo(x - arm, y - arm);
    ctx.lineTo(x + arm, y + arm);
    ctx.moveTo(x + arm, y - arm);
    ctx.lineTo(x - arm, y + arm);
    ctx.stroke();
  }
}

/**
 * A wrong one among many, where crosses would bury everything: in ink, in its class's shape.
 *
 * @param {Context} ctx
 * @param {number} x
 * @param {number} y
 * @param {number} label
 * @param {Palette} palette
 */
function blot(ctx, x, y, label, palette) {
  ctx.fillStyle = palette.ink;
  ctx.beginPath();
  tracePoint(ctx, x, y, SMALL + 0.5, label);
  ctx.fill();
}

/**
 * @param {Context} ctx
 * @param {string[]} classes
 * @param {{wrong: number, all: number, known: boolean, many: boolean, every: number}} answers
 * @param {Plot} plot
 * @param {Palette} palette
 */
function drawKey(ctx, classes, { wrong, all, known, many, every }, { box }, palette) {
  const { classInk } = ramps(palette);
  const y = box.y + box.height + AXIS + LINE / 2;
  let x = box.x - LEFT + 6;
  setType(ctx, palette, palette.ink);
  const fair = (box.x + box.width - x) / classes.length - 15; // of a name, at least, where not all have room
  const fits = classes.reduce((sum, name) => sum + 15 + ctx.measureText(name).width, 0) <= box.x + box.width - x;
  const names = fits ? classes : classes.map((name) => cutOff(ctx, name, fair));
  const wide = names.reduce((sum, name) => sum + 9 + ctx.measureText(name).width, 0);
  const space = Math.max(6, Math.min(14, (box.x + box.width - x - wide) / classes.length));
  for (const [label, name] of names.entries()) {
    ctx.fillStyle = classInk[label % classInk.length];
    ctx.beginPath();
    tracePoint(ctx, x, y, RADIUS, label);
    ctx.fill();
    setType(ctx, palette, palette.ink);
    ctx.fillText(name, x + 9, y + 0.5);
    x += 9 + ctx.measureText(name).width + space;
  }
  if (every > 1) {
    setType(ctx, palette, palette.muted);
    ctx.fillText(`1 in ${formatCount(every)} is drawn`, box.x - LEFT + 2, y + 2 * LINE + 0.5);
  }
  if (!known) return;
  if (many) blot(ctx, box.x - LEFT + 8, y + LINE, 1, palette);
  else cross(ctx, box.x - LEFT + 8, y + LINE, palette);
  setType(ctx, palette, palette.ink);
  const text = `wrong: ${formatCount(wrong)} of ${formatCount(all)}`;
  const room = box.width + LEFT - 21;
  ctx.fillText(fittingText(ctx, [`${text} test samples`, `${text} tested`, text], room), box.x - LEFT + 21, y + LINE + 0.5);
}

/** @param {Context} ctx @param {string} name @param {number} room @returns {string} with a sign where letters are left out */
function cutOff(ctx, name, room) {
  let short = name;
  while (short.length > 1 && ctx.measureText(short === name ? name : `${short}…`).width > room) short = short.slice(0, -1);
  return short === name ? name : `${short}…`;
}
