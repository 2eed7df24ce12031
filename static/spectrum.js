/**
 * The singular values of the layers' weights: which belong to which layer, and the logarithmic axis that all of them share. Pure.
 *
 * @import {Layout} from "./types.js"
 */

/** An axis of more decades than these would press those that count together: what is smaller lies below it. */
const MOST_DECADES = 6;

/**
 * @param {Float64Array} values  of all layers, one after the other
 * @param {Layout} layout
 * @returns {Float64Array[] | null}  of each layer, the largest first; null where they are of another network
 */
export function spectra(values, { layers }) {
  const counts = layers.map(({ fan_in, units }) => Math.min(fan_in, units));
  if (counts.reduce((sum, count) => sum + count, 0) !== values.length) return null;
  let start = 0;
  return counts.map((count) => values.subarray(start, (start += count)));
}

/**
 * Whole decades around all values, and around 1, which neither stretches nor shrinks.
 *
 * @param {Float64Array} values
 * @returns {{low: number, high: number}} exponents of ten
 */
export function spectrumScale(values) {
  let [least, most] = [1, 1];
  for (const value of values) {
    if (value > 0) least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const high = Math.max(1, Math.ceil(Math.log10(most) - 1e-9));
  return { low: Math.max(Math.min(-1, Math.floor(Math.log10(least) + 1e-9)), high - MOST_DECADES), high };
}
