/** Rows of a series -> one number for each pixel across a chart. Pure. */

/**
 * The steps that a chart's pixels stand for, from 0 to the last.
 *
 * @param {number} last
 * @param {number} pixels
 * @returns {Float64Array}
 */
export function atPixels(last, pixels) {
  const count = Math.max(2, Math.min(pixels, last + 1));
  return Float64Array.from({ length: count }, (_, i) => (last * i) / (count - 1));
}

/**
 * One value for each pixel: of the rows that begin nearest to it the mean, the smallest or the largest; null where there are none
 * (the chart joins what is beside). Rows that are not numbers count for nothing.
 *
 * @param {Float64Array} xs      evenly spaced
 * @param {ArrayLike<number>} from  first step of each row, rising
 * @param {ArrayLike<number> | null | undefined} values
 * @param {number} rows
 * @param {"mean" | "min" | "max"} how
 * @returns {(number | null)[]}
 */
export function besidePixels(xs, from, values, rows, how) {
  const out = /** @type {(number | null)[]} */ (new Array(xs.length).fill(null));
  if (!values) return out;
  const counts = how === "mean" ? new Float64Array(xs.length) : null;
  const step = xs[1] - xs[0];
  for (let row = 0; row < rows; row++) {
    const value = values[row];
    if (!Number.isFinite(value)) continue;
    const pixel = Math.min(xs.length - 1, Math.round(from[row] / step));
    const before = out[pixel];
    if (counts) counts[pixel]++;
    if (before === null) out[pixel] = value;
    else if (how === "mean") out[pixel] = before + value;
    else out[pixel] = how === "min" ? Math.min(before, value) : Math.max(before, value);
  }
  if (counts) out.forEach((sum, i) => sum !== null && (out[i] = sum / counts[i]));
  return out;
}
