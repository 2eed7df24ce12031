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
