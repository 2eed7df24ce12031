/**
 * The lens: some units of a crowded column, magnified in place around the one that is pointed at. Pure.
 *
 * @import {Box} from "../types.js"
 * @import {Geometry} from "../geometry.js"
 * @import {Column} from "./columns.js"
 *
 * @typedef {object} Lens
 * @property {Box} box
 * @property {number} first   the first of the units it shows
 * @property {number} count
 * @property {number} pitch   height of a row
 * @property {number} tile    side of a unit's picture
 */
import { CROWDED } from "./columns.js";

const ROWS = 7;
const TILE = 24;
const SPACE = 3;
const SIGNAL = 36; // length of the longest bar of δ
const PAD = 6;

/**
 * @param {Geometry} geometry
 * @param {Column} column
 * @param {number} index  of the unit
 * @returns {Lens | null} null where the column needs none
 */
export function lensOf({ width, captions }, column, index) {
  if (column.units <= CROWDED || column.form === "image" || index < 0 || index >= column.units) return null;
  const pitch = TILE + SPACE;
  const box = { x: 0, y: 0, width: 2 * PAD + TILE + (column.layer === -1 ? 0 : SPACE + SIGNAL), height: 2 * PAD + ROWS * pitch - SPACE };
  const first = Math.max(0, Math.min(column.units - ROWS, index - Math.floor(ROWS / 2)));
  const middle = column.y[index] + (first + (ROWS - 1) / 2 - index) * pitch; // the unit itself stays where it is
  box.x = Math.round(Math.max(0, Math.min(width - box.width, column.left - PAD)));
  box.y = Math.floor(Math.max(0, Math.min(captions - box.height, middle - box.height / 2)));
  return { box, first, count: ROWS, pitch, tile: TILE };
}

/**
 * Places of one row of a lens.
 *
 * @param {Lens} lens
 * @param {number} row
 * @returns {{tile: Box, signal: Box}}  the unit's picture, and the room of its bar
 */
export function lensRow({ box, pitch, tile }, row) {
  const y = box.y + PAD + row * pitch;
  return {
    tile: { x: box.x + PAD, y, width: tile, height: tile },
    signal: { x: box.x + PAD + tile + SPACE, y, width: Math.max(0, box.width - 2 * PAD - tile - SPACE), height: tile },
  };
}
