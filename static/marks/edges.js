/**
 * The weights between the columns: an edge each, a bundle a unit, or one band where there is no room.
 *
 * What is drawn is one of three tensors. The weights themselves have a sign (orange and dashed, or blue and solid) and a size
 * (width). Gradients and updates are magnitudes on the backward ramp, relative to the output layer's own; their signs are
 * drawn, dashed or solid, only where they stand long enough to be seen.
 *
 * @import {Layout, Frame, Palette, Ui} from "../types.js"
 * @import {Geometry, Gap} from "../geometry.js"
 * @import {Context} from "./canvas.js"
 * @import {Raster} from "./raster.js"
 * @import {Known} from "../walkthrough.js"
 *
 * @typedef {object} EdgeModel
 * @property {Geometry} geometry
 * @property {Layout} layout
 * @property {Frame} frame
 * @property {Ui["view"]} view
 * @property {boolean} readable  whether signs of gradients may be drawn
 * @property {Palette} palette
 * @property {number} full       the weights' scale
 * @property {Known | null} [known]  where a step is walked through
 */
import { EDGE_LIMIT } from "../geometry.js";
import { traceEdge } from "../geometry/edges.js";
import { edgeView } from "../walkthrough.js";
import { drawBand, drawBundles } from "./bundles.js";
import { EdgeBuffers, ORDER, gatherEdge, sortByLook, styleOf } from "./looks.js";
import { strongest } from "./strongest.js";
import { tensorOf } from "./tensors.js";

/**
 * Draws all edges, on the backdrop that the raster holds.
 *
 * @param {Context} ctx
 * @param {EdgeModel} model
 * @param {EdgeBuffers} buffers
 * @param {Raster} raster
 */
export function drawEdges(ctx, model, buffers, raster) {
  const { gaps } = model.geometry;
  raster.clear();
  for (const shown of passesOf(model)) {
    forEachLook(buffers, gatherAll(shown, buffers), (look, start, end) => {
      const style = styleOf(shown, look);
      for (let i = start; i < end; i++) {
        const edge = buffers.order[i];
        raster.edge(gaps[buffers.gap[edge]], buffers.ends[2 * edge], buffers.ends[2 * edge + 1], style, buffers.presence[edge]);
      }
    });
  }
  raster.put(ctx);
  drawBundlesAndBands(ctx, model);
}

/**
 * The same as lines, each edge a path of its own, over what is there already.
 *
 * @param {Context} ctx
 * @param {EdgeModel} model
 * @param {EdgeBuffers} buffers
 */
export function strokeEdges(ctx, model, buffers) {
  for (const shown of passesOf(model)) strokeGathered(ctx, shown, buffers, gatherAll(shown, buffers), true);
  drawBundlesAndBands(ctx, model);
}

const VIEWS = /** @type {const} */ (["forward", "gradients", "updates"]);

/**
 * One after the other what the edges show: of a step that is walked through, not all show the same.
 *
 * @param {EdgeModel} model
 * @returns {EdgeModel[]}
 */
function passesOf(model) {
  return model.known ? VIEWS.map((view) => ({ ...model, view })) : [model];
}

/**
 * @param {EdgeModel} model
 * @param {EdgeBuffers} buffers
 * @returns {number} edges gathered
 */
function gatherAll(model, buffers) {
  const { gaps } = model.geometry;
  buffers.reserve(gaps.reduce((sum, gap) => sum + gap.shown, 0));
  let count = 0;
  for (const [place, gap] of gaps.entries()) {
    const shown = edgeView(model.known, place, model.view) === model.view;
    if (gap.form === "edges" && shown) count = gather(model, place, gap, buffers, count);
  }
  return count;
}

/**
 * @param {Context} ctx
 * @param {EdgeModel} model
 */
function drawBundlesAndBands(ctx, model) {
  for (const [place, gap] of model.geometry.gaps.entries()) {
    const shown = model.known ? { ...model, view: edgeView(model.known, place, model.view) } : model;
    if (gap.form === "bundles") drawBundles(ctx, shown, place, gap);
    else if (gap.form === "band") drawBand(ctx, shown, place, gap);
  }
}

/**
 * Strokes those edges alone that are marked: whose gap, or one of whose units, is `fresh`.
 *
 * @param {Context} ctx
 * @param {EdgeModel} model
 * @param {EdgeBuffers} buffers
 */
export function strokeLeaving(ctx, model, buffers) {
  const { gaps } = model.geometry;
  buffers.reserve(gaps.reduce((sum, gap) => sum + gap.shown, 0));
  let kept = 0;
  for (const [place, gap] of gaps.entries()) {
    if (gap.form !== "edges") continue;
    const tensor = tensorOf(model, place);
    const shown = strongest(tensor.values, model.layout.layers[place].weight, gap.edges, EDGE_LIMIT, buffers.entries);
    for (let i = 0; i < shown; i++) {
      const [from, to] = [Math.floor(buffers.entries[i] / gap.to.units), buffers.entries[i] % gap.to.units];
      if (gap.fresh || gap.from.fresh?.[from] || gap.to.fresh?.[to]) kept = gatherEdge(model, tensor, place, buffers.entries[i], buffers, kept);
    }
  }
  strokeGathered(ctx, model, buffers, kept);
}

/**
 * Strokes the edges gathered so far over what is there already.
 *
 * @param {Context} ctx
 * @param {EdgeModel} model
 * @param {EdgeBuffers} buffers
 * @param {number} count
 * @param {boolean} [apart]  whether each is stroked by itself; else all of one look at once
 */
export function strokeGathered(ctx, model, buffers, count, apart = false) {
  const { gaps } = model.geometry;
  forEachLook(buffers, count, (look, start, end) => {
    const { width, dash, colour } = styleOf(model, look);
    ctx.lineWidth = width;
    ctx.setLineDash(dash);
    ctx.strokeStyle = colour;
    ctx.beginPath();
    for (let i = start; i < end; i++) {
      const edge = buffers.order[i];
      traceEdge(ctx, gaps[buffers.gap[edge]], buffers.ends[2 * edge], buffers.ends[2 * edge + 1]);
      if (!apart) continue;
      ctx.stroke();
      ctx.beginPath();
    }
    if (!apart) ctx.stroke();
  });
  ctx.setLineDash([]);
}

/**
 * @param {EdgeBuffers} buffers
 * @param {number} count  edges gathered
 * @param {(look: number, start: number, end: number) => void} draw  a look's places in `buffers.order`
 */
function forEachLook(buffers, count, draw) {
  sortByLook(buffers, count);
  for (const look of ORDER) {
    const [start, end] = [buffers.starts[look], buffers.starts[look + 1]];
    if (start < end) draw(look, start, end);
  }
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
