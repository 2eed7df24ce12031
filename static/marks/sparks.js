/**
 * Tiles of a network with one input: each unit's output along that input, as a little curve filled towards its neutral value.
 *
 * @import {Box, Layout, Maps, Palette} from "../types.js"
 * @import {Column} from "../geometry/columns.js"
 * @import {Context} from "./canvas.js"
 */
import { neutralValue } from "../encoding.js";
import { surface } from "./canvas.js";

export class Sparks {
  #surface = /** @type {ReturnType<typeof surface> | null} */ (null);
  #places = /** @type {Map<number, {top: number, width: number, height: number}>} */ (new Map());

  /**
   * Draws all curves anew, at the size of their tiles in device pixels.
   *
   * @param {Column[]} columns  the inputs first
   * @param {Layout} layout
   * @param {Maps | null} maps
   * @param {Palette} palette
   * @param {number} ratio      device pixels for one CSS pixel
   */
  paint(columns, layout, maps, palette, ratio) {
    this.#places.clear();
    let [height, widest] = [0, 0];
    for (const column of columns) {
      const place = { top: height, width: Math.round(column.tileWidth * ratio), height: Math.round(column.tileHeight * ratio) };
      this.#places.set(column.layer, place);
      height += place.height * column.units;
      widest = Math.max(widest, place.width);
    }
    this.#surface = surface(widest, height);
    const { context } = this.#surface;
    for (const column of columns) {
      const place = this.#places.get(column.layer);
      const layer = layout.layers[column.place - 1];
      for (let index = 0; place && index < column.units; index++) {
        const box = { x: 0, y: place.top + index * place.height, width: place.width, height: place.height };
        const curve = layer ? unitCurve(maps, layout, column.place - 1, index) : identity(layout);
        if (curve) paintCurve(context, box, curve, layer?.activation ?? "linear", palette, ratio);
      }
    }
  }

  /**
   * @param {Context} ctx
   * @param {Column} column
   * @param {number} index
   * @param {Box} box  where to
   */
  draw(ctx, column, index, { x, y, width, height }) {
    const place = this.#places.get(column.layer);
    if (!place || !this.#surface) return;
    const top = place.top + index * place.height;
    ctx.drawImage(this.#surface.canvas, 0, top, place.width, place.height, x, y, width, height);
  }
}

/** @typedef {{count: number, at: (i: number) => number, low: number, high: number}} Curve */

/**
 * @param {Maps | null} maps
 * @param {Layout} layout
 * @param {number} place
 * @param {number} index
 * @returns {Curve | null}
 */
function unitCurve(maps, layout, place, index) {
  const { unit_maps: bytes, unit_scales: scales } = maps ?? {};
  if (!bytes || !scales) return null;
  const count = layout.maps.unit?.[0] ?? 0;
  const first = (layout.layers[place].unit + index) * count;
  const [low, high] = [scales[2 * place], scales[2 * place + 1]];
  return { count, at: (i) => low + ((high - low) * bytes[first + i]) / 255, low, high };
}

/**
 * @param {Layout} layout
 * @returns {Curve}
 */
function identity({ maps }) {
  const [low, high] = maps.x ?? [-1, 1];
  return { count: 2, at: (i) => (i ? high : low), low, high };
}

/**
 * @param {Context} context
 * @param {{x: number, y: number, width: number, height: number}} box
 * @param {Curve} curve
 * @param {string} activation
 * @param {Palette} palette
 * @param {number} ratio
 */
function paintCurve(context, box, { count, at, low, high }, activation, palette, ratio) {
  const pad = 2 * ratio;
  /** @param {number} value */
  const yOf = (value) => box.y + pad + (box.height - 2 * pad) * (1 - (value - low) / (high - low || 1));
  const base = yOf(Math.min(high, Math.max(low, neutralValue(activation, low, high))));
  const line = new Path2D();
  for (let i = 0; i < count; i++) line.lineTo(box.x + (box.width * i) / (count - 1), yOf(at(i)));
  const area = new Path2D(line);
  area.lineTo(box.x + box.width, base);
  area.lineTo(box.x, base);
  context.fillStyle = palette.card;
  context.fillRect(box.x, box.y, box.width, box.height);
  for (const [colour, top, bottom] of /** @type {const} */ ([
    [palette.positive, box.y, base],
    [palette.negative, base, box.y + box.height],
  ])) {
    context.save();
    context.beginPath();
    context.rect(box.x, top, box.width, bottom - top);
    context.clip();
    context.fillStyle = colour;
    context.globalAlpha = 0.55;
    context.fill(area);
    context.globalAlpha = 1;
    context.strokeStyle = colour;
    context.lineWidth = 1.5 * ratio;
    context.stroke(line);
    context.restore();
  }
  context.strokeStyle = palette.muted;
  context.lineWidth = ratio / 2;
  context.beginPath();
  context.moveTo(box.x, base);
  context.lineTo(box.x + box.width, base);
  context.stroke();
}
