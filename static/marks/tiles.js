/**
 * The units: a picture in each tile, or one colour in each cell; hatched where a unit's output is constant.
 *
 * Pictures are made only when what they show has changed: maps come fifteen times a second, frames twice as often.
 *
 * @import {Box, Layout, Frame, Maps, Palette, Ui} from "../types.js"
 * @import {Geometry} from "../geometry.js"
 * @import {Column} from "../geometry/columns.js"
 * @import {Context} from "./canvas.js"
 * @import {Known} from "../walkthrough.js"
 *
 * @typedef {object} TileModel
 * @property {Geometry} geometry
 * @property {Layout} layout
 * @property {Frame} frame
 * @property {Maps | null} maps
 * @property {Ui["view"]} view
 * @property {boolean} readable   whether one sample can be followed: the image of the inputs is a sample then, else the mean
 * @property {Palette} palette
 * @property {Record<string, any>} catalog
 * @property {Known | null} [known]  where a step is walked through
 */
import { CONSTANT_SPREAD, displayRange, forwardPlace, neutralValue, ramps, signalLevel } from "../encoding.js";
import { tileBox } from "../geometry.js";
import { Atlas } from "./atlas.js";
import { hatch } from "./canvas.js";
import { fillFeatures, fillInputImage, fillMaps, fillMosaic, fillWeightImages, mosaicShape, rowsByTarget } from "./pictures.js";
import { Sparks } from "./sparks.js";
import { placesBefore } from "./survivors.js";
import { outputDelta } from "./tensors.js";

/** The pictures of one canvas. */
export class TilePictures {
  units = new Atlas();
  inputs = new Atlas();
  weights = new Atlas();
  sparks = new Sparks();
  /** What the full colour of the weight images stands for; 0 where there are none. */
  weightReach = 0;
  /** The scale of each layer's pictures, lowest and highest value. @type {[number, number][]} */
  ranges = [];
  /** Where each unit's picture is; null where all stand in the layout's order. @type {Int32Array | null} */
  places = null;
  /** What the maps were of that are in the pictures. @type {Layout | null} */
  #mapped = null;
  #drawn = /** @type {unknown[]} */ ([]);
  #backdrop = /** @type {unknown[]} */ ([]);

  /**
   * @param {TileModel} model
   * @param {number} ratio
   */
  update(model, ratio) {
    const { layout, frame, maps, geometry, palette, view, readable, catalog } = model;
    const { form } = layout.maps;
    const drawn = form === "samples" ? [frame, view, readable, palette, geometry] : [maps ?? frame, palette, geometry, ratio];
    if (same(drawn, this.#drawn)) return;
    this.#drawn = drawn;
    this.ranges = layout.layers.map((_, place) => rangeOf(model, place));
    this.#follow(layout, maps);
    if (form === "samples") return this.#fromSamples(layout, frame, model);
    if (form === "curve") return maps || this.#mapped === null ? this.sparks.paint(geometry.columns, layout, maps, palette, ratio) : undefined;
    if (maps) fillMaps(this.units, layout, maps, palette);
    const backdrop = [layout.inputs, layout.maps, palette];
    if (!same(backdrop, this.#backdrop)) fillFeatures(this.inputs, layout, palette);
    this.#backdrop = backdrop;
  }

  /**
   * A changed network's first frames come before its maps: until then every unit that is still there keeps its own picture.
   *
   * @param {Layout} layout
   * @param {Maps | null} maps
   */
  #follow(layout, maps) {
    const { form } = layout.maps;
    if (maps || form === "samples" || form !== this.#mapped?.maps.form) {
      this.#mapped = maps ? layout : null;
      this.places = null;
    } else if (layout !== this.#mapped) this.places = placesBefore(this.#mapped, layout);
  }

  /**
   * @param {Layout} layout
   * @param {Frame} frame
   * @param {TileModel} model
   */
  #fromSamples(layout, frame, model) {
    const { palette } = model;
    const [width, height] = mosaicShape(frame.rows);
    const order = rowsByTarget(frame, layout.layers[layout.layers.length - 1].units);
    this.units.resize(width, height, layout.units);
    if (frame.activations) {
      for (const [place, { unit, units, activation }] of layout.layers.entries()) {
        fillMosaic(this.units, unit, frame.activations, unit, units, order, { palette, activation, range: this.ranges[place] });
      }
      this.units.upload();
    }
    if (layout.maps.image) {
      this.weightReach = fillWeightImages(this.weights, model, palette);
      fillInputImage(this.inputs, layout, frame, model.readable ? 0 : null, palette);
    } else if (frame.inputs) {
      this.inputs.resize(width, height, layout.inputs.length);
      const range = displayRange([-3, 3], 0, 0); // measurements are standardised
      fillMosaic(this.inputs, 0, frame.inputs, 0, layout.inputs.length, order, { palette, activation: "linear", range });
      this.inputs.upload();
    }
  }
}

/**
 * Lowest and highest value of a layer's scale.
 *
 * @param {TileModel} model
 * @param {number} place
 * @returns {[number, number]}
 */
function rangeOf({ layout, frame, maps, catalog }, place) {
  const scales = maps?.unit_scales;
  if (scales) return [scales[2 * place], scales[2 * place + 1]];
  const { activation, unit, units } = layout.layers[place];
  let [lowest, highest] = [0, 0];
  const values = frame.activations ?? [];
  for (let i = unit * frame.rows; i < (unit + units) * frame.rows && i < values.length; i++) {
    lowest = Math.min(lowest, values[i]);
    highest = Math.max(highest, values[i]);
  }
  return displayRange(catalog.activations?.[activation]?.display_range, lowest, highest);
}

/**
 * @param {unknown[]} a
 * @param {unknown[]} b
 */
function same(a, b) {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

/**
 * @param {Context} ctx
 * @param {TileModel} model
 * @param {TilePictures} pictures  up to date
 */
export function drawTiles(ctx, model, pictures) {
  const { geometry, layout, maps, palette } = model;
  ctx.imageSmoothingEnabled = layout.maps.form === "plane";
  const end = model.known?.activations ?? layout.layers.length;
  for (const column of geometry.columns) {
    if (column.place > end) drawEmpty(ctx, column, palette);
    else if (column.form === "image") drawImage(ctx, column, pictures);
    else if (column.form === "tiles") drawPictures(ctx, model, column, pictures);
    else drawCells(ctx, model, column, pictures);
  }
  const spread = maps?.unit_spread;
  for (const [place, { unit, units }] of layout.layers.entries()) {
    const column = geometry.columns[place + 1];
    for (let index = 0; spread && place < end && index < units; index++) {
      if (spread[unit + index] >= CONSTANT_SPREAD) continue;
      hatch(ctx, palette, { ...tileBox(column, index), width: column.tileWidth });
    }
  }
  strokeFrames(ctx, model);
}

/**
 * Units of which nothing is known yet.
 *
 * @param {Context} ctx
 * @param {Column} column
 * @param {Palette} palette
 */
function drawEmpty(ctx, column, palette) {
  [ctx.fillStyle, ctx.strokeStyle, ctx.lineWidth] = [palette.card, palette.rule, 1];
  for (let index = 0; index < column.units; index++) {
    const { x, y, height } = tileBox(column, index);
    ctx.fillRect(x, y, column.tileWidth, height);
    if (column.form !== "tiles" && height > 3) ctx.strokeRect(x + 0.5, y + 0.5, column.tileWidth - 1, height - 1);
  }
}

/**
 * @param {Context} ctx
 * @param {TileModel} model
 * @param {Column} column
 * @param {TilePictures} pictures
 */
function drawPictures(ctx, model, column, pictures) {
  for (let index = 0; index < column.units; index++) {
    drawUnit(ctx, model, column, pictures, index, { ...tileBox(column, index), width: column.tileWidth });
  }
}

/**
 * The picture of one unit, wherever it is wanted.
 *
 * @param {Context} ctx
 * @param {TileModel} model
 * @param {Column} column
 * @param {TilePictures} pictures
 * @param {number} index
 * @param {Box} box
 */
export function drawUnit(ctx, { layout }, column, pictures, index, box) {
  const layer = layout.layers[column.place - 1];
  if (layout.maps.form === "curve") return pictures.sparks.draw(ctx, column, index, box);
  const byWeights = layout.maps.image !== undefined && column.place === 1;
  const atlas = byWeights ? pictures.weights : layer ? pictures.units : pictures.inputs;
  const unit = (layer && !byWeights ? layer.unit : 0) + index;
  const place = atlas === pictures.units && pictures.places ? pictures.places[unit] : unit;
  if (place >= 0) atlas.draw(ctx, place, box.x, box.y, box.width, box.height);
}

/**
 * @param {Context} ctx
 * @param {Column} column
 * @param {TilePictures} pictures
 */
function drawImage(ctx, column, pictures) {
  const { x, y, width, height } = tileBox(column, 0);
  pictures.inputs.draw(ctx, 0, x, y, width, height);
}

/**
 * One colour a unit: its mean activation over the rows of the batch, or its error signal where there is no bar beside it.
 *
 * @param {Context} ctx
 * @param {TileModel} model
 * @param {Column} column
 * @param {TilePictures} pictures
 */
function drawCells(ctx, { layout, frame, view, palette, known }, column, { ranges }) {
  const layer = layout.layers[column.place - 1];
  const { forwardCss, signal } = ramps(palette);
  const backward = layer !== undefined && column.place > (known?.deltas ?? 0) && view !== "forward" && column.bar === 0;
  const reference = outputDelta(layout, frame);
  const [low, high] = layer ? ranges[column.place - 1] : [-3, 3];
  const neutral = neutralValue(layer?.activation ?? "linear", low, high);
  const values = layer ? frame.activations : frame.inputs;
  for (let index = 0; index < column.units; index++) {
    const unit = (layer?.unit ?? 0) + index;
    ctx.fillStyle = backward
      ? signal[signalLevel(frame.unit_deltas?.[unit] ?? 0, reference)]
      : forwardCss[forwardPlace(meanOf(values, unit, frame.rows), low, neutral, high)];
    ctx.fillRect(column.left, column.y[index] - column.tileHeight / 2, column.tileWidth, column.tileHeight);
  }
}

/**
 * @param {Float32Array | undefined} values  units × rows
 * @param {number} unit
 * @param {number} rows
 */
function meanOf(values, unit, rows) {
  if (!values || rows === 0) return 0;
  let sum = 0;
  for (let row = 0; row < rows; row++) sum += values[unit * rows + row];
  return sum / rows;
}

/**
 * A thin line around every tile, all in one stroke.
 *
 * @param {Context} ctx
 * @param {TileModel} model
 */
function strokeFrames(ctx, { geometry, palette }) {
  ctx.beginPath();
  for (const column of geometry.columns) {
    if (column.form !== "tiles" && column.form !== "image") continue;
    for (let index = 0; index < column.y.length; index++) {
      ctx.rect(column.left + 0.5, column.y[index] - column.tileHeight / 2 + 0.5, column.tileWidth - 1, column.tileHeight - 1);
    }
  }
  ctx.strokeStyle = palette.muted;
  ctx.lineWidth = 1;
  ctx.stroke();
}
