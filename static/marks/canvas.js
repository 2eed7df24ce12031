/**
 * What every mark needs of a canvas: its size in device pixels, type, the hatch, and surfaces out of sight.
 *
 * @import {Palette, Box} from "../types.js"
 * @typedef {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} Context
 */
import { translucent } from "../colour.js";

/**
 * Sizes a canvas and returns its context, in which one unit is one CSS pixel. Does nothing where the size is right already.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {number} width   in CSS pixels
 * @param {number} height
 * @param {object} [options]
 * @param {boolean} [options.alpha]  whether what lies under the canvas shines through
 * @returns {CanvasRenderingContext2D}
 */
export function fitCanvas(canvas, width, height, { alpha = false } = {}) {
  const ratio = globalThis.devicePixelRatio ?? 1;
  const [across, down] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  if (canvas.width !== across) canvas.width = across;
  if (canvas.height !== down) canvas.height = down;
  const context = canvas.getContext("2d", { alpha });
  if (!context) throw new Error("this browser has no 2D canvas");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

/** @param {Context} ctx  device pixels for one CSS pixel */
export function deviceRatio(ctx) {
  return ctx.getTransform().a;
}

/**
 * A surface out of sight.
 *
 * @param {number} width   in its own pixels
 * @param {number} height
 * @param {object} [options]
 * @param {boolean} [options.willReadFrequently]  whether its pixels are read again and again
 */
export function surface(width, height, { willReadFrequently = false } = {}) {
  const canvas = new OffscreenCanvas(Math.max(1, width), Math.max(1, height));
  const context = canvas.getContext("2d", { willReadFrequently });
  if (!context) throw new Error("this browser has no 2D canvas");
  return { canvas, context };
}

/**
 * @param {Context} ctx
 * @param {Palette} palette
 * @param {string} colour
 * @param {CanvasTextAlign} [align]
 * @param {string} [weight]
 */
export function setType(ctx, palette, colour, align = "left", weight = "") {
  ctx.font = `${weight} ${palette.textMin}px ${palette.font}`.trim();
  ctx.fillStyle = colour;
  ctx.textAlign = align;
  ctx.textBaseline = "middle";
}

/**
 * Of texts that say the same, the first that has room; the last where none has.
 *
 * @param {Context} ctx  its type set
 * @param {readonly string[]} texts  longest first
 * @param {number} width
 */
export function fittingText(ctx, texts, width) {
  return texts.find((text) => ctx.measureText(text).width <= width) ?? texts[texts.length - 1];
}

/**
 * Whether it is a drawing for SVG: what is made of pixels for speed's sake is made of lines there.
 *
 * @param {Context} ctx
 * @returns {ctx is Context & {hatched: (box: Box, colour: string, thickness: number) => void}}
 */
export function isRecorded(ctx) {
  return "hatched" in ctx;
}

/**
 * How each canvas was painted last, so that it can be drawn again elsewhere.
 *
 * @type {WeakMap<HTMLCanvasElement, (ctx: Context) => void>}
 */
export const drawings = new WeakMap();

/** @type {WeakMap<Palette, CanvasPattern>} */
const hatches = new WeakMap();

/**
 * Diagonal lines over what is constant or not finite.
 *
 * @param {Context} ctx
 * @param {Palette} palette
 * @param {Box} box
 */
export function hatch(ctx, palette, box) {
  const { x, y, width, height } = box;
  const [colour, thickness] = [translucent(palette.muted, 0.6), palette.stepped ? 2 : 1];
  if (isRecorded(ctx)) return ctx.hatched(box, colour, thickness);
  let pattern = hatches.get(palette);
  if (!pattern) {
    const { canvas, context } = surface(6, 6);
    context.strokeStyle = colour;
    context.lineWidth = thickness;
    context.beginPath();
    for (const shift of [-6, 0, 6]) {
      context.moveTo(shift - 1, 7);
      context.lineTo(shift + 7, -1);
    }
    context.stroke();
    pattern = /** @type {CanvasPattern} */ (ctx.createPattern(canvas, "repeat"));
    hatches.set(palette, pattern);
  }
  ctx.fillStyle = pattern;
  ctx.fillRect(x, y, width, height);
}

/**
 * @param {Context} ctx
 * @param {number} x      of its tip
 * @param {number} y
 * @param {number} size
 * @param {1 | -1} down   1 points down, -1 up
 */
export function arrowhead(ctx, x, y, size, down) {
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(x - size, y - down * size * 1.4);
  ctx.lineTo(x + size, y - down * size * 1.4);
  ctx.closePath();
  ctx.fill();
}

/**
 * What a view keeps for one canvas between two paintings: surfaces and buffers, never anything the picture depends on.
 *
 * @template T
 * @param {() => T} make
 * @returns {(ctx: Context) => T}
 */
export function keptFor(make) {
  /** @type {WeakMap<object, T>} */
  const kept = new WeakMap();
  return (ctx) => {
    let memory = kept.get(ctx.canvas);
    if (memory === undefined) {
      memory = make();
      kept.set(ctx.canvas, memory);
    }
    return memory;
  };
}
