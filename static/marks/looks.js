/**
 * Edges gathered to be drawn, by look: one of some levels of strength, solid or dashed. Edges of one look share one style, and weak
 * looks are drawn first, so that strong edges lie on top.
 *
 * @import {Palette, Ui} from "../types.js"
 * @import {EdgeModel} from "./edges.js"
 * @import {Tensor} from "./tensors.js"
 */
import { pixel, rgb } from "../colour.js";
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
import { edgePresence } from "../geometry/glide.js";

const ZERO_LOOK = 0; // exactly zero: dotted
const LOOKS = 64; // looks 1 to 31 are solid, 33 to 63 the same dashed
const DASHED = 32;
const DOTS = [1, 4];
const SOLID = /** @type {number[]} */ ([]);

/** The looks, weak ones first, each before the same dashed. */
export const ORDER = Array.from({ length: LOOKS }, (_, i) => (i >> 1) + (i & 1) * DASHED);

/** @param {number} width  of the line: a thick one needs longer dashes to be a line */
const dashes = (width) => [Math.max(5, 1.6 * width), Math.max(4, width)];

/** Buffers that live as long as a canvas, so that painting allocates nothing. */
export class EdgeBuffers {
  capacity = 0;
  look = new Uint8Array(0);
  gap = new Uint8Array(0);
  ends = new Float32Array(0);
  presence = new Float32Array(0);
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
    this.presence = new Float32Array(edges);
    this.order = new Int32Array(edges);
  }
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
  const gap = geometry.gaps[place];
  const { from, to } = gap;
  const [first, last] = [Math.floor(entry / to.units), entry % to.units];
  const forward = view === "forward";
  const value = values[layout.layers[place].weight + entry] * scale;
  let look = ZERO_LOOK;
  if (value !== 0) {
    look = 1 + (forward ? weightLevel(value, full) : signalLevel(Math.abs(value), reference));
    if (value < 0 && (forward || readable)) look += DASHED;
  }
  buffers.look[count] = look;
  buffers.gap[count] = place;
  buffers.ends[2 * count] = from.y[first];
  buffers.ends[2 * count + 1] = to.y[last];
  buffers.presence[count] = edgePresence(geometry, gap, first, last);
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
export function sortByLook({ look, order, starts }, count) {
  starts.fill(0);
  for (let i = 0; i < count; i++) starts[look[i] + 1]++;
  for (let i = 0; i < LOOKS; i++) starts[i + 1] += starts[i];
  for (let i = count - 1; i >= 0; i--) order[--starts[look[i] + 1]] = i;
  // Each start now stands where its look begins, shifted by one.
  for (let i = 0; i < LOOKS; i++) starts[i] = starts[i + 1];
  starts[LOOKS] = count;
}

/**
 * How the edges of a look are drawn.
 *
 * @param {EdgeModel} model
 * @param {number} look
 * @returns {{width: number, dash: number[], colour: string, pixel: number}} the colour as CSS and as a pixel
 */
export function styleOf({ geometry, view, palette }, look) {
  const widest = widestEdge(geometry.mostEdges, palette.stepped);
  if (look === ZERO_LOOK) return { width: edgeWidth(0, widest), dash: DOTS, colour: palette.rule, pixel: pixel(rgb(palette.rule)) };
  const dashed = look > DASHED;
  const level = (look % DASHED) - 1;
  const strength = view === "forward" ? level / (EDGE_LEVELS - 1) : Math.min(1, level / (SIGNAL_LEVELS - 1));
  const width = edgeWidth(strength, widest);
  return { width, dash: dashed ? dashes(width) : SOLID, ...lookColour(palette, view, level, strength, dashed) };
}

/**
 * @param {Palette} palette
 * @param {Ui["view"]} view
 * @param {number} level
 * @param {number} strength
 * @param {boolean} negative
 */
function lookColour(palette, view, level, strength, negative) {
  const { forward, forwardCss, signal, signalPixels } = ramps(palette);
  if (view !== "forward") return { colour: signal[level], pixel: signalPixels[level] };
  const tint = edgeTint(strength);
  const place = forwardPlace(negative ? -tint : tint, -1, 0, 1);
  return { colour: forwardCss[place], pixel: forward[place] };
}
