/**
 * A scale that changes by going there, and says so.
 *
 * @import {Palette} from "../types.js"
 * @import {Context} from "./canvas.js"
 */
import { setType } from "./canvas.js";
import { powerOfTen } from "./decades.js";

const DURATION = 400; // ms, of a change of scale
const NOTE = 1600; // ms, for which a change is written

/** Asked for once: every painting wants to know, and asking anew takes as long as drawing a column. */
const stillness = globalThis.matchMedia?.("(prefers-reduced-motion: reduce)");

export function prefersStillness() {
  return stillness?.matches ?? false;
}

/** A number that moves to its new value; its first value is there at once. Scales move as powers of ten. */
export class Motion {
  target = Number.NaN;
  /** What the last change added to the target. */
  change = 0;
  #from = Number.NaN;
  #since = Number.NEGATIVE_INFINITY;

  /** @param {number} target */
  aim(target) {
    if (target === this.target) return;
    if (!Number.isNaN(this.target)) {
      this.change = target - this.target;
      this.#from = this.value;
      this.#since = performance.now();
    }
    this.target = target;
  }

  get value() {
    const t = prefersStillness() ? 1 : Math.min(1, (performance.now() - this.#since) / DURATION);
    return t === 1 ? this.target : this.#from + (this.target - this.#from) * t * t * (3 - 2 * t);
  }

  get moving() {
    return performance.now() - this.#since < (prefersStillness() ? 0 : DURATION);
  }

  /** Whether a change is recent enough to be written. */
  get noted() {
    return performance.now() - this.#since < NOTE;
  }

  /** Milliseconds after which it wants to be drawn again: 0 while it moves, and Infinity where all is said. */
  get rest() {
    if (this.moving) return 0;
    return this.noted ? Math.max(0, this.#since + NOTE - performance.now()) : Number.POSITIVE_INFINITY;
  }
}

/**
 * "×10", "÷1,000", and from there on in powers.
 *
 * @param {number} change  of the exponent of ten
 */
export function scaleFactor(change) {
  const power = Math.round(Math.abs(change));
  return `${change > 0 ? "×" : "÷"}${power > 3 ? powerOfTen(power) : (10 ** power).toLocaleString("en")}`;
}

/**
 * Writes "weight scale ×10" for a moment after a change; where that has no room, "×10", or nothing.
 *
 * @param {Context} ctx
 * @param {Motion} scale   of exponents of ten
 * @param {string} name
 * @param {{x: number, y: number, least?: number, end?: number}} at  where it begins, or has to, and where it has to end
 * @param {Palette} palette
 */
export function drawScaleNote(ctx, scale, name, { x: begin, y, least = begin, end = Number.POSITIVE_INFINITY }, palette) {
  if (!scale.noted) return;
  setType(ctx, palette, palette.ink, "left", "600");
  const factor = scaleFactor(scale.change);
  const fits = /** @type {[string, number][]} */ ([[`${name} ${factor}`, begin], [factor, begin], [factor, least]]).find(([text, x]) => x + ctx.measureText(text).width <= end);
  if (!fits) return; // as with 64 layers on a telephone: the axis's own numbers say it
  const [text, x] = fits;
  const { width } = ctx.measureText(text);
  const height = palette.textMin + 2;
  ctx.fillStyle = palette.card; // for a moment it stands in the place of what lies under it
  ctx.fillRect(x - 2, y - height / 2, width + 4, height);
  ctx.fillStyle = palette.ink;
  ctx.fillText(text, x, y);
}
