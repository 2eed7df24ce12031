/** Picks the strongest edges of a gap. Pure. */

const BINS = 1024;
const counts = new Uint32Array(BINS);

/**
 * Entries of the `limit` largest magnitudes among `values[offset .. offset + length)`, in order of their places. Where many
 * are equal, the first of them. Linear in the length: a histogram finds the threshold.
 *
 * @param {Float32Array} values
 * @param {number} offset
 * @param {number} length
 * @param {number} limit
 * @param {Int32Array} out  at least `limit` long; filled with entries counted from the offset
 * @returns {number} how many were filled: the smaller of length and limit
 */
export function strongest(values, offset, length, limit, out) {
  if (length <= limit) {
    for (let i = 0; i < length; i++) out[i] = i;
    return length;
  }
  let largest = 0;
  for (let i = 0; i < length; i++) largest = Math.max(largest, Math.abs(values[offset + i]));
  const factor = largest > 0 ? (BINS - 1) / largest : 0;
  counts.fill(0);
  for (let i = 0; i < length; i++) counts[bin(values[offset + i], factor)]++;
  let threshold = BINS - 1;
  let above = 0;
  while (above + counts[threshold] < limit) above += counts[threshold--];
  let ties = limit - above;
  let filled = 0;
  for (let i = 0; i < length; i++) {
    const place = bin(values[offset + i], factor);
    if (place > threshold || (place === threshold && ties-- > 0)) out[filled++] = i;
  }
  return filled;
}

/**
 * @param {number} value
 * @param {number} factor
 */
function bin(value, factor) {
  const place = Math.abs(value) * factor;
  return place <= BINS - 1 ? Math.floor(place) : BINS - 1; // what is not finite is strong
}
