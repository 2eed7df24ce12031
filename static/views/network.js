/**
 * The network: inputs, units and weights, forward and backward pass in one picture.
 *
 * What stands still between two frames (names, scales, the legend) is drawn once, on a surface of its own.
 *
 * @import {Lane, Palette, Selection, Status, Ui} from "../types.js"
 * @import {Geometry} from "../geometry.js"
 * @import {Context} from "../marks/canvas.js"
 * @import {TileModel} from "../marks/tiles.js"
 * @import {Known} from "../walkthrough.js"
 * @import {Annotate} from "../marks/stages.js"
 *
 * @typedef {object} NetworkModel
 * @property {Lane} lane
 * @property {Ui} ui
 * @property {Status | null} status
 * @property {Palette} palette
 * @property {Geometry} geometry
 * @property {Record<string, any>} catalog
 * @property {Known | null} [known]  where a step is walked through: what is known of it
 * @property {Annotate | null} [annotate]  writes its numbers at units and edges
 * @property {LeavingUnits} [leaving]  pictures of the units that leave while the network glides
 * @property {number} [weights]  the largest weight that is drawn to the same scale; else the network's own
 */
import { CONSTANT_SPREAD, signsReadable, weightScale } from "../encoding.js";
import { columnOf } from "../geometry.js";
import { deviceRatio, hatch, isRecorded, keptFor, surface } from "../marks/canvas.js";
import { drawEdges, drawnEdges, strokeEdges } from "../marks/edges.js";
import { drawHalo } from "../marks/halo.js";
import { drawClassNames, drawInputNames, drawRanges } from "../marks/labels.js";
import { drawLegend } from "../marks/legend.js";
import { LeavingUnits, drawLeavingEdges } from "../marks/leaving.js";
import { drawLens } from "../marks/lens.js";
import { EdgeBuffers } from "../marks/looks.js";
import { Motion, drawScaleNote } from "../marks/motion.js";
import { Raster } from "../marks/raster.js";
import { drawSelectedEdges } from "../marks/selected.js";
import { drawBars, drawBiases } from "../marks/signals.js";
import { TilePictures, drawTiles } from "../marks/tiles.js";
import { drawVeil } from "../marks/veil.js";
import { edgeView, knownIn, pictureView } from "../walkthrough.js";

const READ = { willReadFrequently: true };

const memoryOf = keptFor(() => ({
  edges: new EdgeBuffers(),
  full: 10,
  pictures: new TilePictures(),
  scale: new Motion(), // of the weights' scale, as an exponent of ten
  raster: new Raster(),
  backdrop: surface(1, 1, READ),
  backdropKey: "",
  backdropOf: /** @type {unknown[]} */ ([]),
  stood: /** @type {import("../marks/edges.js").EdgeModel | null} */ (null), // what was painted last where nothing moved
}));

/**
 * @param {Context} ctx      whose unit is one CSS pixel; see fitCanvas
 * @param {NetworkModel} model
 * @returns {number} milliseconds after which it wants to be drawn again though nothing else has changed
 */
export function drawNetwork(ctx, { lane, ui, status, palette, geometry, catalog, leaving, weights, known = null, annotate = null }) {
  const { layout, frame, maps } = lane;
  if (!layout || !frame) {
    ctx.fillStyle = palette.card;
    ctx.fillRect(0, 0, geometry.width, geometry.height);
    return Number.POSITIVE_INFINITY;
  }
  const memory = memoryOf(ctx);
  const scale = weightScale(weights ?? largest(frame.parameters), memory.full);
  memory.full = scale;
  memory.scale.aim(Math.round(Math.log10(scale)));
  const [readable, full] = [signsReadable(status), 10 ** memory.scale.value];
  const view = pictureView(known, ui.view);
  const model = { geometry, layout, frame, maps, palette, catalog, readable, full, view, known };
  const constant = maps?.unit_spread?.some((spread) => spread < CONSTANT_SPREAD) ?? false;
  memory.pictures.update(model, deviceRatio(ctx));
  if (isRecorded(ctx)) {
    drawBackdrop(ctx, memory, { ...model, full: scale, constant });
    strokeEdges(ctx, model, memory.edges);
  } else {
    followBackdrop(memory, deviceRatio(ctx), { ...model, full: scale, constant });
    drawEdges(ctx, model, memory.edges, memory.raster);
  }
  if (geometry.leaving) {
    if (memory.stood) drawLeavingEdges(ctx, memory.stood, geometry.leaving, memory.edges);
    leaving?.draw(ctx, geometry.leaving);
  } else if (geometry.presence === undefined) memory.stood = model;
  for (const selection of [ui.hover, ui.pinned]) drawSelectedEdges(ctx, selectedModel(model, selection), memory.edges, selection);
  drawTiles(ctx, model, memory.pictures);
  drawBars(ctx, model);
  drawBiases(ctx, model);
  drawVeil(ctx, geometry, palette);
  drawDiverged(ctx, lane, geometry, palette);
  drawHalo(ctx, geometry, ui.hover, palette, false);
  drawHalo(ctx, geometry, ui.pinned, palette, true);
  if (known && annotate) annotate(ctx, { ...model, known, sample: ui.sample });
  if (!known) drawLens(ctx, model, memory.pictures, ui.hover ?? ui.pinned);
  if (view === "forward") drawScaleNote(ctx, memory.scale, "weight scale", { x: geometry.legend.x, y: geometry.captions }, palette);
  return memory.scale.rest;
}

/**
 * What the edges of a selection show while a step is walked through.
 *
 * @template {{view: Ui["view"], known: Known | null, geometry: Geometry}} M
 * @param {M} model
 * @param {Selection | null} selection
 * @returns {M}
 */
function selectedModel(model, selection) {
  if (!model.known || !selection) return model;
  const place = (columnOf(model.geometry, selection.layer)?.place ?? 0) - 1;
  return { ...model, view: edgeView(model.known, place, model.view) };
}

/**
 * For the hit test: which edges are drawn in the gap before a column, null where all are.
 *
 * @param {Pick<NetworkModel, "lane" | "ui" | "geometry">} model
 * @returns {(place: number) => Int32Array | null}
 */
export function drawnIn({ lane: { layout, frame }, ui, geometry }) {
  return (place) => (layout && frame ? drawnEdges({ layout, frame, geometry, view: edgeView(knownIn(layout, ui), place - 1, ui.view) }, place) : null);
}

/**
 * Paints what stands still into the raster's backdrop, where that has changed.
 *
 * @param {ReturnType<typeof memoryOf>} memory
 * @param {number} ratio  device pixels for one CSS pixel
 * @param {TileModel & {full: number, constant: boolean}} model
 */
function followBackdrop(memory, ratio, model) {
  const { geometry, layout, palette } = model;
  const key = [model.view, model.readable, model.full, model.constant, memory.pictures.ranges, memory.pictures.weightReach, ratio].join();
  const of = [geometry, layout.inputs, palette];
  if (key === memory.backdropKey && of.every((each, i) => each === memory.backdropOf[i])) return;
  [memory.backdropKey, memory.backdropOf] = [key, of];
  const [across, down] = [Math.round(geometry.width * ratio), Math.round(geometry.height * ratio)];
  const { canvas } = memory.backdrop;
  if (canvas.width !== across || canvas.height !== down) memory.backdrop = surface(across, down, READ);
  const { context } = memory.backdrop;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  drawBackdrop(context, memory, model);
  memory.raster.follow(context.getImageData(0, 0, across, down), ratio);
}

/**
 * What stands still.
 *
 * @param {Context} ctx
 * @param {ReturnType<typeof memoryOf>} memory
 * @param {TileModel & {full: number, constant: boolean}} model
 */
function drawBackdrop(ctx, memory, model) {
  const { geometry, layout, palette, catalog } = model;
  ctx.fillStyle = palette.card;
  ctx.fillRect(0, 0, geometry.width, geometry.height);
  const titles = layout.inputs.map((name) => catalog.features?.[name]?.title ?? name);
  drawInputNames(ctx, geometry.columns[0], titles, palette);
  drawClassNames(ctx, geometry.columns[geometry.columns.length - 1], layout.data.classes, palette);
  if (geometry.legend.height > 0) {
    drawRanges(ctx, model, memory.pictures);
    drawLegend(ctx, { ...model, ranges: memory.pictures.ranges });
  }
}

/**
 * The layer whose numbers stopped being finite.
 *
 * @param {Context} ctx
 * @param {Lane} lane
 * @param {Geometry} geometry
 * @param {Palette} palette
 */
function drawDiverged(ctx, { diverged }, geometry, palette) {
  const column = diverged && geometry.columns[diverged.layer + 1];
  if (!column) return;
  const first = column.y[0] - column.tileHeight / 2 - 6;
  const last = column.y[column.y.length - 1] + column.tileHeight / 2 + 6;
  hatch(ctx, palette, { x: column.left - 6, y: first, width: column.right - column.left + 12, height: last - first });
}

/** @param {Float32Array | undefined} values */
function largest(values) {
  let most = 0;
  for (let i = 0; values && i < values.length; i++) if (Math.abs(values[i]) > most) most = Math.abs(values[i]);
  return Number.isFinite(most) ? most : 1e37;
}
