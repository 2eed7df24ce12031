/**
 * The numbers of a step that is walked through: of one sample at the units, and of the weights at their edges, as far as they are
 * known and there is room. What the stage is about is framed.
 *
 * @import {Frame, Layout, Palette} from "../types.js"
 * @import {Gap, Geometry} from "../geometry.js"
 * @import {Column} from "../geometry/columns.js"
 * @import {Known} from "../walkthrough.js"
 * @import {Context} from "./canvas.js"
 *
 * @typedef {object} StageModel
 * @property {Geometry} geometry
 * @property {Layout} layout
 * @property {Frame} frame
 * @property {Palette} palette
 * @property {Known} known
 * @property {number} sample  place in the batch of the one whose numbers are written
 * @typedef {(ctx: Context, model: StageModel) => void} Annotate
 * @typedef {import("../stagenumbers.js").Line} Line
 */
import { translucent } from "../colour.js";
import { tileBox } from "../geometry.js";
import { edgeRise } from "../geometry/edges.js";
import { parameterLines, unitLines } from "../stagenumbers.js";
import { setType } from "./canvas.js";

const LINE = 1.2; // of the text's size
const NARROW = 132; // between columns that have room for a unit's numbers, for text of 12 px
const WIDE = 236; // and for those of edges as well
const FEW = 6; // edges of a gap that are told one by one
const BIASES = 3; // units of a layer whose biases are
const SHARES = [0.26, 0.74, 0.32, 0.68]; // of the way, where an edge's numbers may stand
const PAD = 3;

/** @type {Annotate} */
export function drawStage(ctx, model) {
  const { geometry, palette } = model;
  const zoom = palette.textMin / 12;
  frameStage(ctx, model);
  if (geometry.pitch < NARROW * zoom) return;
  if (geometry.pitch >= WIDE * zoom) {
    for (const [place, gap] of geometry.gaps.entries()) {
      if (gap.form === "edges" && gap.edges <= FEW) drawWeights(ctx, model, place, gap);
    }
  }
  for (const column of geometry.columns) {
    if (column.form === "tiles") drawUnits(ctx, model, column);
  }
}

/**
 * The units that the stage is about stand out, in the colour of its direction.
 *
 * @param {Context} ctx
 * @param {StageModel} model
 */
function frameStage(ctx, { geometry, palette, known }) {
  const place = known.layer !== null ? known.layer + 1 : known.kind === "batch" ? 0 : known.kind === "loss" ? geometry.columns.length - 1 : -1;
  const column = geometry.columns[place];
  if (!column) return;
  const space = column.form === "tiles" || column.form === "image" ? 3.5 : 0.5;
  ctx.strokeStyle = known.kind === "backward" ? palette.signal : palette.ink;
  ctx.lineWidth = palette.stepped ? 4 : 3;
  for (let index = 0; index < column.y.length; index++) {
    const { x, y, width, height } = tileBox(column, index);
    ctx.strokeRect(x - space, y - space, width + 2 * space, height + 2 * space);
  }
}

/**
 * A sample's numbers: under the units where they are far apart, else beside them.
 *
 * @param {Context} ctx
 * @param {StageModel} model
 * @param {Column} column
 */
function drawUnits(ctx, model, column) {
  const { palette, geometry } = model;
  const line = palette.textMin * LINE;
  const below = roomBelow(geometry, column);
  const last = column.place === geometry.columns.length - 1;
  for (let index = 0; index < column.units; index++) {
    const lines = unitLines(model, column.place, index);
    const foot = column.y[index] + column.tileHeight / 2;
    if (below >= lines.length * line) {
      setType(ctx, palette, palette.ink);
      const widest = Math.max(0, ...lines.map(({ text }) => ctx.measureText(text).width));
      const x = Math.min(column.left + column.dot + 4, geometry.width - 4 - widest);
      write(ctx, palette, lines, { x, y: foot + 6 + line / 2, align: "left" });
      if (geometry.pitch >= WIDE * (palette.textMin / 12) && column.units <= BIASES && column.place > 0) {
        const bias = parameterLines(model, column.place - 1, "bias", index).slice(0, Math.floor(below / line));
        write(ctx, palette, bias, { x: x - 2 * column.dot - 8, y: foot + 6 + line / 2, align: "right" });
      }
      continue;
    }
    const short = lines.filter(({ text }) => /^[aδ]/.test(text) || column.place === 0).slice(column.tileHeight >= 1.7 * line ? -2 : -1);
    const y = column.y[index] - ((short.length - 1) * line) / 2;
    if (last || column.place === 0) {
      // Beside the first and the last column stand names.
      const x = last ? column.left - 10 : column.right + 6;
      write(ctx, palette, short, { x, y, align: last ? "right" : "left" });
    } else write(ctx, palette, short, { x: column.right + 6, y, align: "left" });
  }
}

/**
 * Height under each unit, to the next one or to the scales under the columns.
 *
 * @param {Geometry} geometry
 * @param {Column} column
 */
function roomBelow({ captions }, { units, y, tileHeight }) {
  const last = captions - 14 - y[units - 1] - tileHeight / 2;
  return units > 1 ? Math.min(last, y[1] - y[0] - tileHeight - 8) : last;
}

/**
 * Weights along their edges, where no two of them would meet.
 *
 * @param {Context} ctx
 * @param {StageModel} model
 * @param {number} place  of the layer the gap leads to
 * @param {Gap} gap
 */
function drawWeights(ctx, model, place, gap) {
  const { palette } = model;
  const { from, to } = gap;
  const line = palette.textMin * LINE;
  const spots = SHARES.map((share) => {
    const heights = Array.from({ length: gap.edges }, (_, edge) => {
      const [start, end] = [from.y[Math.floor(edge / to.units)], to.y[edge % to.units]];
      return start + (end - start) * edgeRise(share);
    });
    const sorted = [...heights].sort((a, b) => a - b);
    const apart = Math.min(Number.POSITIVE_INFINITY, ...sorted.slice(1).map((y, i) => y - sorted[i]));
    return { share, heights, apart };
  });
  const { share, heights, apart } = spots.reduce((best, spot) => (spot.apart > best.apart + 1 ? spot : best));
  const room = Math.floor((apart - 2) / line);
  if (room < 1) return;
  const x = gap.left + (gap.right - gap.left) * share;
  for (const [edge, y] of heights.entries()) {
    const lines = parameterLines(model, place, "weight", edge).slice(room > 1 ? 0 : -1);
    write(ctx, palette, lines, { x, y: y - ((lines.length - 1) * line) / 2, align: "center" });
  }
}

/**
 * @param {Context} ctx
 * @param {Palette} palette
 * @param {Line[]} lines
 * @param {{x: number, y: number, align: "left" | "right" | "center"}} at  middle of the first line
 */
function write(ctx, palette, lines, { x, y, align }) {
  const height = palette.textMin * LINE;
  for (const [row, { text, tone }] of lines.entries()) {
    setType(ctx, palette, palette[tone], align);
    const { width } = ctx.measureText(text);
    const left = align === "left" ? x : align === "right" ? x - width : x - width / 2;
    const middle = y + row * height;
    ctx.fillStyle = translucent(palette.card, 0.94);
    ctx.fillRect(left - PAD, middle - height / 2, width + 2 * PAD, height);
    ctx.fillStyle = palette[tone];
    ctx.fillText(text, x, middle + 0.5);
  }
}
