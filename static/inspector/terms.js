/**
 * What of a long table of addends is put into the page. Pure.
 *
 * @import {Terms} from "../types.js"
 */

/** Rows that are shown at once. */
export const SHOWN_ROWS = 40;

/**
 * The first rows; the highlighted one always.
 * @param {Terms} terms
 * @returns {number[]} places of rows
 */
export function shownRows({ rows, highlighted }) {
  const places = rows.slice(0, SHOWN_ROWS).map((_, place) => place);
  if (highlighted !== null && highlighted >= places.length) places[places.length - 1] = highlighted;
  return places;
}

/**
 * Whether a column is of the backward pass, by its heading.
 * @param {string} heading  TeX
 */
export function isBackward(heading) {
  return /\\delta|\\partial/.test(heading);
}

/**
 * What an entry's colour says: backward is magenta, forward goes by sign.
 * @param {string} heading  of its column
 * @param {number | null} value  null where not finite
 * @returns {"signal" | "negative" | "positive" | ""}
 */
export function kindOf(heading, value) {
  if (isBackward(heading)) return "signal";
  if (value === null || value === 0) return "";
  return value < 0 ? "negative" : "positive";
}
