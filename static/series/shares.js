/**
 * Shares of saturated activations and of dead units over steps, from the evaluations: what was found at the end of an epoch stands for
 * the steps up to the next. Pure.
 *
 * @import {SeriesTable} from "../types.js"
 */

/**
 * @param {SeriesTable} evaluations
 * @param {number} end  one more than the last step that is known
 * @returns {SeriesTable}
 */
export function sharesOverSteps({ rows, from, columns }, end) {
  const spans = from.map((step, row) => Math.max(1, (row + 1 < rows ? from[row + 1] : end) - step));
  return { rows, from, spans, columns };
}
