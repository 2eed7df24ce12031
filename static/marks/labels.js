/**
 * The words beside the columns: names of the inputs, of the classes, and the scale of each column's pictures below it.
 *
 * @import {Palette} from "../types.js"
 * @import {TileModel, TilePictures} from "./tiles.js"
 * @import {Column} from "../geometry/columns.js"
 * @import {Context} from "./canvas.js"
 */
import { forwardPlace, neutralValue, ramps } from "../encoding.js";
import { formatExact, formatNumber } from "../format.js";
import { setType } from "./canvas.js";

const LINE = 1.1; // of the text's size
const RAMP = 28;
const APART = 4; // between one column's scale and the next one's
export const CAPTION_PITCH = 72; // columns closer than this have no room for their scale

/**
 * Names of the inputs, left of their tiles; two words take two lines.
 *
 * @param {Context} ctx
 * @param {Column} column
 * @param {string[]} names
 * @param {Palette} palette
 */
export function drawInputNames(ctx, column, names, palette) {
  if (column.form === "image" || column.form === "matrix" || column.tileHeight < palette.textMin) return;
  setType(ctx, palette, palette.ink, "right");
  const pitch = column.y.length > 1 ? column.y[1] - column.y[0] : Number.POSITIVE_INFINITY;
  for (const [index, name] of names.entries()) {
    const words = name.length > 6 ? name.split(" ") : [name];
    const lines = pitch >= words.length * palette.textMin * LINE ? words : [name];
    for (const [row, word] of lines.entries()) {
      ctx.fillText(fitting(ctx, word, column.left - 12), column.left - 8, column.y[index] + (row - (lines.length - 1) / 2) * palette.textMin * LINE + 0.5);
    }
  }
}

/**
 * A name in the room it has: its first words by their letters, or cut off with a sign that it is.
 *
 * @param {Context} ctx
 * @param {string} name
 * @param {number} room  in CSS pixels
 */
function fitting(ctx, name, room) {
  if (ctx.measureText(name).width <= room) return name;
  const words = name.split(" ");
  let short = words.map((word, place) => (place < words.length - 1 ? `${word[0]}.` : word)).join(" ");
  if (ctx.measureText(short).width <= room) return short;
  while (short.length > 1 && ctx.measureText(`${short}…`).width > room) short = short.slice(0, -1);
  return `${short}…`;
}

/**
 * Names of the classes, right of the outputs.
 *
 * @param {Context} ctx
 * @param {Column} column
 * @param {string[]} classes
 * @param {Palette} palette
 */
export function drawClassNames(ctx, column, classes, palette) {
  if (column.units !== classes.length || column.form === "matrix" || column.y[1] - column.y[0] < palette.textMin) return;
  setType(ctx, palette, palette.ink);
  for (const [index, name] of classes.entries()) ctx.fillText(name, column.right + 8, column.y[index] + 0.5);
}

/**
 * The scale of every column's pictures: a ramp between its two ends. Under an image of the inputs, what it is.
 *
 * @param {Context} ctx
 * @param {TileModel} model
 * @param {TilePictures} pictures
 */
export function drawRanges(ctx, { geometry, layout, palette, readable, view }, { ranges, weightReach }) {
  if (geometry.pitch < CAPTION_PITCH) return;
  const [input, first] = geometry.columns;
  setType(ctx, palette, palette.muted, "center");
  if (input.form === "image") {
    const text = readable ? "first of the batch" : "mean of the batch";
    const x = Math.max(input.x, ctx.measureText(text).width / 2 + 4);
    ctx.fillText(text, x, input.y[0] + input.tileHeight / 2 + palette.textMin);
  }
  for (const [place, range] of ranges.entries()) {
    const column = geometry.columns[place + 1];
    const weights = column === first && input.form === "image" && column.form === "tiles";
    if (weights && view !== "forward") continue;
    const [low, high] = weights ? [-weightReach, weightReach] : range;
    const ends = [rangeEnd, shortEnd, roughEnd].map((write) => /** @type {const} */ ([write(low), write(high)]));
    const fitting = ends.find(([from, to]) => RAMP + 14 + APART + ctx.measureText(from).width + ctx.measureText(to).width <= column.width);
    if (!fitting) continue;
    // The ramp stands under the middle of its column, as far as its two ends stay inside the column's share.
    const [before, behind] = fitting.map((text) => 7 + ctx.measureText(text).width);
    const most = Math.min(column.x + column.width / 2, geometry.width - 2) - behind - RAMP;
    const x = Math.min(most, Math.max(column.x - column.width / 2 + APART + before, column.x - RAMP / 2));
    const at = { x, y: geometry.captions, width: RAMP };
    drawRamp(ctx, at, weights ? "linear" : layout.layers[place].activation, low, high, palette, fitting);
  }
}

/**
 * @param {Context} ctx
 * @param {{x: number, y: number, width: number}} at  left end, middle
 * @param {string} activation
 * @param {number} low
 * @param {number} high
 * @param {Palette} palette
 * @param {readonly [string, string]} [ends]  as they are written
 */
export function drawRamp(ctx, { x, y, width }, activation, low, high, palette, ends = [rangeEnd(low), rangeEnd(high)]) {
  const { forwardCss } = ramps(palette);
  const neutral = neutralValue(activation, low, high);
  const left = Math.round(x);
  for (let i = 0; i < width; i += 2) {
    ctx.fillStyle = forwardCss[forwardPlace(low + ((high - low) * (i + 1)) / width, low, neutral, high)];
    ctx.fillRect(left + i, Math.round(y) - 4, Math.min(2, width - i), 8);
  }
  setType(ctx, palette, palette.muted, "right");
  ctx.fillText(ends[0], left - 5, y + 0.5);
  ctx.textAlign = "left";
  ctx.fillText(ends[1], left + width + 5, y + 0.5);
}

/**
 * How an end of a scale is written.
 *
 * @param {number} value
 */
export function rangeEnd(value) {
  return Number.isInteger(value) ? formatExact(value) : formatNumber(value);
}

/**
 * The same in two digits, where three have no room.
 *
 * @param {number} value
 */
export function shortEnd(value) {
  return rangeEnd(Number(value.toPrecision(2))).replace(/(\.\d*?)0+(?=×|$)/, "$1").replace(/\.(?=×|$)/, "");
}

/**
 * Of what is so large or small that it has an exponent, one digit.
 *
 * @param {number} value
 */
function roughEnd(value) {
  const short = shortEnd(value);
  return short.includes("×") ? shortEnd(Number(value.toPrecision(1))) : short;
}
