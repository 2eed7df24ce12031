/**
 * Columns: where the inputs and the layers stand, and how a layer's units fill its column. Pure.
 *
 * @import {Layout, Box} from "../types.js"
 *
 * @typedef {"tiles" | "cells" | "matrix" | "image"} ColumnForm
 *   tiles hold a picture each; cells one colour each; a matrix's cells touch the next column's; an image is all inputs at once
 *
 * @typedef {object} Column
 * @property {number} layer       id of the layer, -1 for the inputs
 * @property {number} place       0 for the inputs, then the layers in forward order
 * @property {number} x           centre of the column, in CSS pixels
 * @property {number} width       from the middle of the gap before it to that of the gap behind: what a header may take
 * @property {number} units
 * @property {readonly number[]} unitIds  for the inputs: their places
 * @property {ColumnForm} form
 * @property {Float64Array} y     centre of every unit
 * @property {number} tileWidth
 * @property {number} tileHeight
 * @property {number} left        left edge of the tiles
 * @property {number} bar         width of the bar of |δ| at the tiles' right edge; 0 where there is none
 * @property {number} right       right edge of tile and bar
 * @property {number} dot         radius of the bias's dot at the tile's lower left corner; 0 where there is none
 * @property {Uint8Array} [fresh] 1 for every unit that was not there before; while a network glides
 */

const TILE = 40;
const MAP = 18; // smallest tile whose map can be read
const WEIGHTS = 16; // smallest tile whose image of 8 × 8 weights can
const BAR = 6;
const DOT = 5;
const IMAGE = 96;
const FULL_PITCH = 72; // between the units of a column that has room; more where the canvas is tall
const WIDEST_PITCH = 112;
const ROOMY_PITCH = 240; // where numbers are written under units
const ROOMY_UNITS = 2.2; // so many of them fill the height
const EDGE_GAP = 32; // narrower gaps hold a band instead of edges
const BAND = 8; // room for one
const MATRIX_PITCH = 30;
const CELL_WIDTH = 24;
const MATRIX_CELL = 40; // height of a matrix's cells, at most; more where the canvas is tall
const SMALL_CELL = 3;
const LARGEST_SMALL = 6;
/** A column of more units has cells too small to point at: it has a lens. */
export const CROWDED = 32;

/**
 * @param {Layout} layout
 * @param {{left: number, right: number, top: number, bottom: number}} area  of the units, in CSS pixels
 * @param {boolean} [roomy]  whether few units use all of the height, for what is written under them
 * @returns {Column[]}
 */
export function placeColumns(layout, area, roomy = false) {
  const image = isImage(layout);
  const gaps = layout.layers.length;
  const height = area.bottom - area.top;
  const inputWidth = image ? Math.min(IMAGE, height) : Math.min(TILE, unitPitch(layout.inputs.length, height));
  const first = area.left + inputWidth / 2;
  // The pitch decides the width of the last tile and the last tile the pitch; a full tile is near enough for both.
  const last = area.right - (TILE + BAR) / 2;
  const pitch = (last - first) / gaps;
  const side = tileSide(pitch);
  const middle = (area.top + area.bottom) / 2;

  const inputs = layout.inputs.map((_, place) => place);
  const input = { layer: -1, place: 0, x: first, pitch, roomy, units: inputs.length, unitIds: inputs };
  const columns = [
    image ? imageColumn(input, inputWidth, middle) : unitColumn(input, side, middle, height, false),
    ...layout.layers.map((layer, i) => {
      const x = i === gaps - 1 ? last : first + pitch * (i + 1);
      const column = { layer: layer.id, place: i + 1, x, pitch, roomy, units: layer.units, unitIds: layer.unit_ids };
      return unitColumn(column, side, middle, height, true, image && i === 0 ? WEIGHTS : MAP);
    }),
  ];
  return columns;
}

/** @param {Layout} layout */
export function isImage({ maps, inputs }) {
  return maps.image !== undefined && maps.image[0] * maps.image[1] === inputs.length;
}

/**
 * The box of a unit's tile, its bar included.
 *
 * @param {Column} column
 * @param {number} index
 * @returns {Box}
 */
export function tileBox(column, index) {
  const y = column.form === "image" ? column.y[0] : column.y[index];
  return { x: column.left, y: y - column.tileHeight / 2, width: column.right - column.left, height: column.tileHeight };
}

/**
 * Centre of a unit's bias dot.
 *
 * @param {Column} column
 * @param {number} index
 */
export function biasPoint(column, index) {
  return { x: column.left, y: column.y[index] + column.tileHeight / 2 };
}

/**
 * Side of a layer's tiles, for the distance between columns: as large as leaves room for edges; where edges have no room
 * anyway, as large as leaves the columns apart.
 *
 * @param {number} pitch
 */
function tileSide(pitch) {
  const beside = Math.floor(pitch - BAR - EDGE_GAP);
  if (beside >= MAP) return Math.min(TILE, beside);
  return Math.max(6, Math.min(MAP + 4, Math.floor(pitch - BAR - BAND)));
}

/**
 * @param {number} units
 * @param {number} height
 * @param {boolean} [roomy]
 */
function unitPitch(units, height, roomy = false) {
  return Math.min(fullPitch(height, roomy), height / units);
}

/**
 * Between two tiles; less where that leaves room for their pictures.
 *
 * @param {number} pitch
 * @param {number} smallest  side of a tile that can hold a picture
 */
function spaceBetween(pitch, smallest) {
  const space = Math.max(1.5, Math.min(8, pitch * 0.13));
  return pitch - smallest >= 1 ? Math.min(space, pitch - smallest) : space;
}

/** @param {number} height @param {boolean} roomy */
function fullPitch(height, roomy) {
  if (roomy) return Math.max(FULL_PITCH, Math.min(ROOMY_PITCH, height / ROOMY_UNITS));
  return Math.min(WIDEST_PITCH, Math.max(FULL_PITCH, height / 7));
}

/**
 * @typedef {{layer: number, place: number, x: number, pitch: number, roomy?: boolean, units: number, unitIds: readonly number[]}} Placed
 *
 * @param {Placed} column
 * @param {number} side    of a tile, at most
 * @param {number} middle  height of the column's centre
 * @param {number} height  of the area
 * @param {boolean} hasBar
 * @param {number} smallest  side of a tile that can hold a picture
 * @returns {Column}
 */
function unitColumn(column, side, middle, height, hasBar, smallest = MAP) {
  const matrix = column.pitch < MATRIX_PITCH;
  const crowded = column.units > CROWDED;
  const small = Math.max(SMALL_CELL, Math.min(LARGEST_SMALL, height / column.units));
  const most = crowded ? small : matrix ? Math.max(MATRIX_CELL, height / 12) : column.roomy ? ROOMY_PITCH : WIDEST_PITCH;
  const pitch = Math.min(unitPitch(column.units, height, column.roomy), most);
  const room = pitch - (crowded ? 0 : matrix ? 1 : spaceBetween(pitch, smallest));
  const tiles = !matrix && Math.min(side, room) >= smallest;
  let tileHeight = Math.min(side, room);
  let tileWidth = tiles ? tileHeight : Math.min(side, CELL_WIDTH);
  let bar = hasBar ? BAR : 0;
  if (matrix) {
    tileHeight = room;
    bar = hasBar && column.pitch >= 8 ? Math.floor(Math.min(BAR, column.pitch / 3.5)) : 0;
    tileWidth = column.pitch - bar - (column.pitch >= 14 ? 2 : bar > 0 ? 1 : 0);
  } else if (tiles) {
    tileHeight = tileWidth = Math.floor(tileHeight);
  }
  const exact = column.x - (tileWidth + bar) / 2;
  const left = matrix ? exact : snap(exact);
  return {
    layer: column.layer,
    place: column.place,
    x: left + (tileWidth + bar) / 2,
    width: column.pitch,
    units: column.units,
    unitIds: column.unitIds,
    form: matrix ? "matrix" : tiles ? "tiles" : "cells",
    y: Float64Array.from({ length: column.units }, (_, i) => centred(middle, pitch, i, column.units, tiles ? tileHeight : 0)),
    tileWidth,
    tileHeight,
    left,
    bar,
    right: left + tileWidth + bar,
    dot: hasBar && tiles ? (tileHeight >= 32 ? DOT : DOT - 1) : 0,
  };
}

/**
 * Centre of unit i; tiles are moved to whole pixels, for their edges would blur.
 *
 * @param {number} middle
 * @param {number} pitch
 * @param {number} i
 * @param {number} units
 * @param {number} tile  height of a tile, 0 where units are not snapped
 */
function centred(middle, pitch, i, units, tile) {
  const y = middle + pitch * (i - (units - 1) / 2);
  return tile ? snap(y - tile / 2) + tile / 2 : y;
}

/**
 * @param {Placed} column
 * @param {number} side
 * @param {number} middle
 * @returns {Column}
 */
function imageColumn(column, side, middle) {
  const left = snap(column.x - side / 2);
  return {
    layer: column.layer,
    place: column.place,
    x: left + side / 2,
    width: column.pitch,
    units: column.units,
    unitIds: column.unitIds,
    form: "image",
    y: Float64Array.of(snap(middle - side / 2) + side / 2),
    tileWidth: side,
    tileHeight: side,
    left,
    bar: 0,
    right: left + side,
    dot: 0,
  };
}

/** @param {number} value */
function snap(value) {
  return Math.round(value);
}
