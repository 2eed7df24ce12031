/**
 * The weights between the columns: an edge each, a bundle a unit, or one band where there is no room.
 *
 * What is drawn is one of three tensors. The weights themselves have a sign (orange and dashed, or blue and solid) and a size
 * (width). Gradients and updates are magnitudes on the backward ramp, relative to the output layer's own; their signs are
 * drawn, dashed or solid, only where they stand long enough to be seen.
 *
 * All edges of one look are one stroke: a hundred strokes cost more than ten thousand curves.
 *
 * @import {Layout, Frame, Palette, Ui} from "../types.js"
 * @import {Geometry, Gap} from "../geometry.js"
 * @import {Context} from "./canvas.js"
 * @import {Tensor} from "./tensors.js"
 *
 * @typedef {object} EdgeModel
 * @property {Geometry} geometry
 * @property {Layout} layout
 * @property {Frame} frame
 * @property {Ui["view"]} view
 * @property {boolean} readable  whether signs of gradients may be drawn
 * @property {Palette} palette
 * @property {number} full       the weights' scale
 */
import {
  EDGE_LEVELS,
  SIGNAL_LEVELS,
  edgeTint,
  edgeWidth,
  forwardPlace,
  ramps,
  signalLevel,
  weightStrength,
  widestEdge,
} from "../encoding.js";
import { EDGE_LIMIT } from "../geometry.js";
import { traceEdge } from "../geometry/edges.js";
import { drawBand, drawBundles } from "./bundles.js";
import { strongest } from "./strongest.js";
import { tensorOf } from "./tensors.js";

const ZERO_LOOK = 0; // exactly zero: dotted
const LOOKS = 64; // looks 1 to 31 are solid, 33 to 63 the same dashed
const DASHED = 32;
const DOTS = [1, 4];
const SOLID = /** @type {number[]} */ ([]);

/** @param {number} width  of the line: a thick one needs longer dashes to be a line */
const dashes = (width) => [Math.max(5, 1.6 * width), Math.max(4, width)];

/** Buffers that live as long as a canvas, so that painting allocates nothing. */
export class EdgeBuffers {
  capacity = 0;
  look = new Uint8Array(0);
  gap = new Uint8Array(0);
  ends = new Float32Array(0);
  order = new Int32Array(0);
  starts = new Int32Array(LOOKS + 1);
  entries = new Int32Array(EDGE_LIMIT);

  /** @param {number} edges */
  reserve(edges) {
    if (edges <= this.capacity) return;
    this.capacity = edges;
    this.look = new Uint8Array(edges);
    this.gap = new Uint8Array(edges);
    this.ends = new Float32Array(2 * edges);
    this.order = new Int32Array(edges);
  }
}

/**
 * @param {Context} ctx
 * @param {EdgeModel} model
 * @param {EdgeBuffers} buffers
 */
export function drawEdges(ctx, model, buffers) {
  const { gaps } = model.geometry;
  buffers.reserve(gaps.reduce((sum, gap) => sum + gap.shown, 0));
  let count = 0;
  for (const [place, gap] of gaps.entries()) {
    if (gap.form === "edges") count = gather(model, place, gap, buffers, count);
    else if (gap.form === "bundles") drawBundles(ctx, model, place, gap);
    else drawBand(ctx, model, place, gap);
  }
  strokeGathered(ctx, model, buffers, count);
}

/**
 * Strokes the edges gathered so far, weak ones first, so that strong ones lie on top.
 *
 * @param {Context} ctx
 * @param {EdgeModel} model
 * @param {EdgeBuffers} buffers
 * @param {number} count
 */
export function strokeGathered(ctx, model, buffers, count) {
  sortByLook(buffers, count);
  for (let level = 0; level < DASHED; level++) {
    for (const look of [level, level + DASHED]) {
      if (buffers.starts[look] < buffers.starts[look + 1]) strokeLook(ctx, model, buffers, look);
    }
  }
  ctx.setLineDash(SOLID);
}

/**
 * The edges drawn in a gap, as entries of its weight tensor (from * units + index): what can be hit. Null where all are.
 *
 * @param {Pick<EdgeModel, "geometry" | "layout" | "frame" | "view">} model
 * @param {number} place  of the column the gap leads to
 * @returns {Int32Array | null}
 */
export function drawnEdges(model, place) {
  const gap = model.geometry.gaps[place - 1];
  if (gap.form !== "edges" || gap.edges <= gap.shown) return null;
  const entries = new Int32Array(EDGE_LIMIT);
  strongest(tensorOf(model, place - 1).values, model.layout.layers[place - 1].weight, gap.edges, EDGE_LIMIT, entries);
  return entries;
}

/**
 * @param {EdgeModel} model
 * @param {number} place  of the layer the gap leads to
 * @param {Gap} gap
 * @param {EdgeBuffers} buffers
 * @param {number} count  edges gathered so far
 */
function gather(model, place, gap, buffers, count) {
  const tensor = tensorOf(model, place);
  const shown = strongest(tensor.values, model.layout.layers[place].weight, gap.edges, EDGE_LIMIT, buffers.entries);
  for (let i = 0; i < shown; i++) count = gatherEdge(model, tensor, place, buffers.entries[i], buffers, count);
  return count;
}

/**
 * Puts one edge into the buffers, to be stroked.
 *
 * @param {EdgeModel} model
 * @param {Tensor} tensor
 * @param {number} place
 * @param {number} entry  of the layer's weights: from * units + index
 * @param {EdgeBuffers} buffers
 * @param {number} count  edges gathered so far
 * @returns {number} edges gathered with it
 */
export function gatherEdge({ geometry, layout, view, readable, full }, { values, scale, reference }, place, entry, buffers, count) {
  const { from, to } = geometry.gaps[place];
  const forward = view === "forward";
  const value = values[layout.layers[place].weight + entry] * scale;
  let look = ZERO_LOOK;
  if (value !== 0) {
    look = 1 + (forward ? weightLevel(value, full) : signalLevel(Math.abs(value), reference));
    if (value < 0 && (forward || readable)) look += DASHED;
  }
  buffers.look[count] = look;
  buffers.gap[count] = place;
  buffers.ends[2 * count] = from.y[Math.floor(entry / to.units)];
  buffers.ends[2 * count + 1] = to.y[entry % to.units];
  return count + 1;
}

/**
 * @param {number} value
 * @param {number} full
 */
function weightLevel(value, full) {
  return Math.round((EDGE_LEVELS - 1) * weightStrength(value, full));
}

/**
 * Counting sort of the edges by look.
 *
 * @param {EdgeBuffers} buffers
 * @param {number} count
 */
function sortByLook({ look, order, starts }, count) {
  starts.fill(0);
  for (let i = 0; i < count; i++) starts[look[i] + 1]++;
  for (let i = 0; i < LOOKS; i++) starts[i + 1] += starts[i];
  for (let i = count - 1; i >= 0; i--) order[--starts[look[i] + 1]] = i;
  // Each start now stands where its look begins, shifted by one.
  for (let i = 0; i < LOOKS; i++) starts[i] = starts[i + 1];
  starts[LOOKS] = count;
}

/**
 * @param {Context} ctx
 * @param {EdgeModel} model
 * @param {EdgeBuffers} buffers
 * @param {number} look
 */
function strokeLook(ctx, { geometry, view, palette }, { gap, ends, order, starts }, look) {
  const dashed = look > DASHED;
  const level = (look % DASHED) - 1;
  const strength = view === "forward" ? level / (EDGE_LEVELS - 1) : Math.min(1, level / (SIGNAL_LEVELS - 1));
  const width = edgeWidth(Math.max(0, strength), widestEdge(geometry.mostEdges, palette.stepped));
  ctx.lineWidth = width;
  ctx.setLineDash(look === ZERO_LOOK ? DOTS : dashed ? dashes(width) : SOLID);
  ctx.strokeStyle = look === ZERO_LOOK ? palette.rule : lookColour(palette, view, level, strength, dashed);
  ctx.beginPath();
  for (let i = starts[look]; i < starts[look + 1]; i++) {
    const edge = order[i];
    traceEdge(ctx, geometry.gaps[gap[edge]], ends[2 * edge], ends[2 * edge + 1]);
  }
  ctx.stroke();
}

/**
 * @param {Palette} palette
 * @param {Ui["view"]} view
 * @param {number} level
 * @param {number} strength
 * @param {boolean} negative
 */
function lookColour(palette, view, level, strength, negative) {
  const { forwardCss, signal } = ramps(palette);
  if (view !== "forward") return signal[level];
  const tint = edgeTint(strength);
  return forwardCss[forwardPlace(negative ? -tint : tint, -1, 0, 1)];
}
