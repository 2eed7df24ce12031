/**
 * Which columns have their number written over them, where there is not room for all of them. Pure.
 */

/** Narrower columns than this are numbered at the ends and at every eighth layer only. */
const ALL = 24;
const EVERY = 8;
const LETTER = 0.62; // widest digit of the header's type, of its size
const PAD = 4;

/**
 * The inputs and the output always; then the first layer, every eighth and the last, as long as none touches another.
 *
 * @param {readonly {x: number, width: number}[]} columns  the inputs first
 * @param {number} text   size of the numbers, in CSS pixels
 * @param {number} least  width that a number takes at least: a finger's
 * @returns {Set<number>} places of the columns
 */
export function numberedColumns(columns, text, least) {
  const output = columns.length - 1;
  const hidden = columns.map((_, place) => place).slice(1, -1);
  const eighths = hidden.filter((place) => place % EVERY === 0);
  const half = (/** @type {number} */ place) => {
    const letters = place === output ? 3 : place === 0 ? 2 : String(place).length;
    return Math.max(least, letters * LETTER * text + PAD) / 2;
  };
  /** @type {Set<number>} */
  const chosen = new Set();
  for (const place of [0, output, 1, ...eighths, output - 1, ...(columns[0].width < ALL ? [] : hidden)]) {
    const apart = [...chosen].every((other) => Math.abs(columns[other].x - columns[place].x) >= half(other) + half(place));
    if (apart) chosen.add(place);
  }
  return chosen;
}
