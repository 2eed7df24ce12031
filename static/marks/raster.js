/**
 * Edges as pixels. A browser that draws in software takes 40 µs for a stroked curve; as all edges of a gap share one curve, stretched
 * between two heights, a pixel's coverage follows from its distance to it, and an edge costs a few microseconds.
 *
 * @import {Gap} from "../geometry.js"
 * @import {Context} from "./canvas.js"
 *
 * @typedef {object} Curve  the course of a gap's edges, one entry a column of device pixels
 * @property {number} left        first column
 * @property {Float32Array} rise  share of the way from the first height to the second, at the column's middle
 * @property {Float32Array} slope its change from column to column
 */
import { edgeRise } from "../geometry/edges.js";

const OPAQUE = 0xff000000 | 0;

/**
 * @param {number} left   in device pixels
 * @param {number} right
 * @returns {Curve}
 */
export function curveBetween(left, right) {
  const columns = Math.max(1, Math.round(right) - Math.round(left));
  const rise = Float32Array.from({ length: columns }, (_, i) => edgeRise((i + 0.5) / columns));
  const slope = Float32Array.from({ length: columns }, (_, i) => edgeRise((i + 1) / columns) - edgeRise(i / columns));
  return { left: Math.round(left), rise, slope };
}

/**
 * Blends one edge into an image, whose pixels are seen as signed numbers: those are quickest.
 *
 * @param {{pixels: Int32Array, width: number, height: number}} image
 * @param {Curve} curve
 * @param {number} start   height of its ends, in device pixels
 * @param {number} end
 * @param {number} thickness  in device pixels
 * @param {number} colour  a pixel
 * @param {readonly number[]} dash  lengths of dash and gap in device pixels; empty where solid
 */
export function blendEdge({ pixels, width, height }, { left, rise, slope }, start, end, thickness, colour, dash) {
  const [redBlue, green] = [colour & 0xff00ff, colour & 0x00ff00];
  const reach = thickness / 2 + 0.5;
  const densest = Math.min(1, thickness); // a line thinner than a pixel never covers one
  const [on, period] = dash.length ? [dash[0], dash[0] + dash[1]] : [1, 0];
  const frequency = period > 0 ? 1 / period : 0;
  let passed = 0; // length of the curve up to the column
  for (let i = 0; i < rise.length; i++) {
    const y = start + (end - start) * rise[i] - 0.5; // pixels are counted by their middles
    const steepness = (end - start) * slope[i];
    const length = Math.sqrt(1 + steepness * steepness);
    const nearness = 1 / length; // of the curve to a pixel, by their difference in height
    const far = reach * length;
    const middle = passed + length / 2;
    const along = steepness * nearness; // how much farther along the curve a pixel lies, for each one lower
    const last = Math.min(height - 1, Math.floor(y + far));
    let row = Math.max(0, Math.ceil(y - far));
    for (let at = row * width + left + i; row <= last; row++, at += width) {
      const above = row - y;
      if (period > 0) {
        const walked = middle + above * along;
        if (walked - period * Math.floor(walked * frequency) > on) continue;
      }
      const cover = reach - (above < 0 ? -above : above) * nearness;
      const share = ((cover < densest ? cover : densest) * 256) | 0;
      const under = pixels[at];
      const rest = 256 - share;
      pixels[at] =
        (((Math.imul(under & 0xff00ff, rest) + Math.imul(redBlue, share)) >>> 8) & 0xff00ff) |
        (((Math.imul(under & 0x00ff00, rest) + Math.imul(green, share)) >>> 8) & 0x00ff00) |
        OPAQUE;
    }
    passed += length;
  }
}

/** An image of a canvas's size: a backdrop, and the edges on it. */
export class Raster {
  width = 0;
  height = 0;
  #image = /** @type {ImageData | null} */ (null);
  #backdrop = new Int32Array(0);
  pixels = new Int32Array(0);
  #ratio = 1;
  /** @type {WeakMap<Gap, Curve>} */
  #curves = new WeakMap();

  /**
   * @param {ImageData} backdrop  opaque
   * @param {number} ratio        device pixels for one CSS pixel
   */
  follow(backdrop, ratio) {
    if (ratio !== this.#ratio) this.#curves = new WeakMap();
    this.#ratio = ratio;
    [this.width, this.height] = [backdrop.width, backdrop.height];
    this.#backdrop = new Int32Array(backdrop.data.buffer);
    this.#image = new ImageData(this.width, this.height);
    this.pixels = new Int32Array(this.#image.data.buffer);
  }

  /** Nothing but the backdrop. */
  clear() {
    this.pixels.set(this.#backdrop);
  }

  /**
   * @param {Gap} gap
   * @param {number} start  heights of its ends, in CSS pixels
   * @param {number} end
   * @param {{width: number, dash: readonly number[], pixel: number}} style
   * @param {number} presence  how much of it is there, 0 to 1: an edge that fades in grows
   */
  edge(gap, start, end, { width, dash, pixel }, presence) {
    const ratio = this.#ratio;
    let curve = this.#curves.get(gap);
    if (!curve) this.#curves.set(gap, (curve = curveBetween(gap.left * ratio, gap.right * ratio)));
    const lengths = ratio === 1 ? dash : dash.map((each) => each * ratio);
    blendEdge(this, curve, start * ratio, end * ratio, width * ratio * presence, pixel, lengths);
  }

  /** @param {Context} ctx */
  put(ctx) {
    if (this.#image) ctx.putImageData(this.#image, 0, 0);
  }
}
