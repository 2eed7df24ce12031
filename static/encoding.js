/**
 * What a number looks like: value -> colour and width. Pure; VISUAL.md's encodings, each stated once.
 *
 * Forward values diverge from orange (negative) through the colour of the surface to blue (positive). The backward pass is
 * magenta, by its strength relative to the output layer, on one scale for all layers: a scale of each layer's own would
 * hide that a signal vanishes.
 *
 * @import {Palette, Status} from "./types.js"
 */
import { css, mix, pixel } from "./colour.js";

/** Decades below the output layer at which the backward colour has faded to nothing. */
export const SIGNAL_DECADES = 6;
/** A unit whose output varies by less than this (standard deviation over the data) is called constant. */
export const CONSTANT_SPREAD = 1e-3;
/** Steps a second up to which the signs of gradients can be followed; above it they flicker and would read as noise. */
export const READABLE_PACE = 5;
/** Steps of size in which edges are drawn: all edges of one level share one stroke. */
export const EDGE_LEVELS = 16;
/** Levels of the backward ramp, then those of a signal stronger than the output's. */
export const SIGNAL_LEVELS = 25;
const AMPLIFIED_LEVELS = 3;
const AMPLIFIED_DECADES = Math.log10(2); // fully amplified from twice the output's signal on, so that a tie does not flicker
const TIE = 1e-6; // an only output is the output layer, but for rounding
const STEPS = 7; // of colour, on a projector

const EDGE_MIN = 0.5;
const EDGE_MAX = 6;
const EDGE_MAX_CROWDED = 2.5;
const CROWDED = 32;

/** @param {number} value */
const clamp01 = (value) => Math.min(1, Math.max(0, value));

/**
 * Strength of the backward colour: `clamp(1 + log10(rms / reference) / 6, 0, 1)`.
 *
 * @param {number} rms        of the layer, unit or edge; exactly 0 gives 0
 * @param {number} reference  the same quantity of the output layer
 * @returns {number} 0 to 1
 */
export function signalStrength(rms, reference) {
  if (!(rms > 0)) return 0;
  if (!(reference > 0)) return 1;
  return clamp01(1 + Math.log10(rms / reference) / SIGNAL_DECADES);
}

/**
 * Where on the backward ramp a signal lies, amplified levels included: an index into `ramps(palette).signal`.
 *
 * @param {number} rms
 * @param {number} reference
 */
export function signalLevel(rms, reference) {
  if (rms > reference * (1 + TIE)) {
    const above = reference > 0 ? Math.log10(rms / reference) / AMPLIFIED_DECADES : 1;
    return SIGNAL_LEVELS - 1 + Math.ceil(AMPLIFIED_LEVELS * Math.min(1, above));
  }
  return Math.round((SIGNAL_LEVELS - 1) * signalStrength(rms, reference));
}

/**
 * Relative size of a weight, 0 to 1. The root leaves room for small weights without ever changing the scale in usual runs.
 *
 * @param {number} weight
 * @param {number} full   the size at which an edge has its full width; see `weightScale`
 */
export function weightStrength(weight, full) {
  return Math.sqrt(Math.min(1, Math.abs(weight) / full));
}

/**
 * The scale of the weights: a power of ten, at least 10. It shrinks later than it grows, so that it does not swing.
 *
 * @param {number} largest   largest |w| of the network
 * @param {number} current   scale in use
 */
export function weightScale(largest, current = 10) {
  let full = Math.max(10, current);
  while (largest > full) full *= 10;
  while (full > 10 && largest < full / 20) full /= 10;
  return full;
}

/**
 * Widest edge of a network, in pixels: one width for all its gaps, for else equal weights would look unequal.
 *
 * @param {number} mostEdges  of its fullest gap
 * @param {boolean} [stepped] the projector's thicker lines
 */
export function widestEdge(mostEdges, stepped = false) {
  return (mostEdges > CROWDED ? EDGE_MAX_CROWDED : EDGE_MAX) * (stepped ? 1.5 : 1);
}

/**
 * @param {number} strength 0 to 1
 * @param {number} widest
 */
export function edgeWidth(strength, widest) {
  return EDGE_MIN + (widest - EDGE_MIN) * strength;
}

/** @param {number} strength 0 to 1; the colour comes sooner than the width, or thin edges would be invisible as well */
export function edgeTint(strength) {
  return strength ** 0.4;
}

/** Activations at rest in the middle of their own range, which is 0 to 1; a relu's may be that by chance. */
const CENTRED = new Set(["sigmoid", "hard_sigmoid", "gaussian", "step"]);

/**
 * The value that the forward ramp shows as nothing: 0, but one half for a sigmoid and its kind. A softmax's output is a
 * probability, and none of it is nothing.
 *
 * @param {string} activation
 * @param {number} low
 * @param {number} high
 */
export function neutralValue(activation, low, high) {
  return low === 0 && high === 1 && CENTRED.has(activation) ? 0.5 : 0;
}

/**
 * Range in which the activations of a layer are drawn: the activation's own, or else to the largest value seen, rounded up
 * to 1, 2, 3 or 5 times a power of ten so that it stands still.
 *
 * @param {readonly [number, number] | null | undefined} own  the catalog's display_range
 * @param {number} lowest  seen
 * @param {number} highest
 * @returns {[number, number]}
 */
export function displayRange(own, lowest, highest) {
  if (own) return [own[0], own[1]];
  const reach = niceCeiling(Math.max(Math.abs(lowest), Math.abs(highest)));
  return [lowest < -0.2 * reach ? -reach : 0, reach];
}

/**
 * The least of 1, 2, 3 or 5 times a power of ten that is not below the value; 1 for 0.
 *
 * @param {number} value
 */
export function niceCeiling(value) {
  if (!(value > 0) || !Number.isFinite(value)) return 1;
  const decade = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 3, 5, 10].find((step) => value <= step * decade * (1 + 1e-9)) ?? 10;
  return factor * decade;
}

/**
 * Whether signs of gradients may be drawn: only where the eye can follow them.
 *
 * @param {Status | null} status
 */
export function signsReadable(status) {
  return status === null || status.state !== "playing" || (status.pace !== null && status.pace <= READABLE_PACE);
}

/**
 * @typedef {object} Ramps
 * @property {Uint32Array} forward   257 pixels: -1 at 0, nothing at 128, +1 at 256
 * @property {string[]} forwardCss   the same
 * @property {string[]} signal       the backward ramp, amplified levels last
 * @property {Uint32Array} signalPixels  the same
 * @property {string[]} neutral      sizes without a sign, from the surface's colour to grey, one for each level of edges
 * @property {string[]} classes      one a class, for surfaces; the first two are the ends of the forward ramp
 * @property {string[]} classInk     the same, darker, for points on such a surface
 */

/** @type {WeakMap<Palette, Ramps>} */
const ramped = new WeakMap();

/**
 * The ramps of a theme, made once.
 *
 * @param {Palette} palette
 * @returns {Ramps}
 */
export function ramps(palette) {
  const known = ramped.get(palette);
  if (known) return known;
  /** @param {number} share @param {number} half  how many of the seven steps lie on this side of nothing */
  const step = (share, half) => (palette.stepped ? Math.round(share * half) / half : share);
  const forward = Array.from({ length: 257 }, (_, i) => {
    const value = (i - 128) / 128;
    return mix(palette.zero, value < 0 ? palette.negative : palette.positive, step(Math.abs(value), (STEPS - 1) / 2));
  });
  const signal = Array.from({ length: SIGNAL_LEVELS }, (_, i) =>
    mix(palette.signalZero, palette.signal, step(i / (SIGNAL_LEVELS - 1), STEPS - 1)),
  );
  const above = Array.from({ length: AMPLIFIED_LEVELS }, (_, i) =>
    mix(palette.signal, palette.amplified, step((i + 1) / AMPLIFIED_LEVELS, 1)),
  );
  const made = {
    forward: Uint32Array.from(forward, pixel),
    forwardCss: forward.map(css),
    signal: [...signal, ...above].map(css),
    signalPixels: Uint32Array.from([...signal, ...above], pixel),
    neutral: Array.from({ length: EDGE_LEVELS }, (_, i) => css(mix(palette.zero, palette.muted, i / (EDGE_LEVELS - 1)))),
    classes: [palette.negative, palette.positive, palette.muted, palette.textNegative, palette.textPositive, palette.ink],
    classInk: [palette.textNegative, palette.textPositive, palette.ink].map((colour) => css(mix(colour, palette.ink, 0.4))),
  };
  ramped.set(palette, made);
  return made;
}

/**
 * Place of a value on the forward ramp, 0 to 256.
 *
 * @param {number} value
 * @param {number} low      of the scale
 * @param {number} neutral  what is drawn as nothing
 * @param {number} high
 */
export function forwardPlace(value, low, neutral, high) {
  const reach = Math.max(high - neutral, neutral - low);
  const share = reach > 0 ? (value - neutral) / reach : 0;
  return Math.round(128 + 128 * Math.min(1, Math.max(-1, share)));
}

/**
 * A table from a map's byte to a pixel: `value = low + (high - low) * byte / 255`.
 *
 * @param {Palette} palette
 * @param {string} activation
 * @param {number} low
 * @param {number} high
 * @param {Uint32Array} table  256 entries, filled
 */
export function fillMapTable(palette, activation, low, high, table) {
  const { forward } = ramps(palette);
  const neutral = neutralValue(activation, low, high);
  for (let byte = 0; byte < 256; byte++) {
    table[byte] = forward[forwardPlace(low + ((high - low) * byte) / 255, low, neutral, high)];
  }
}
