/**
 * The flow of error signals over steps: which steps are shown, and what the series says of each layer there. Pure.
 *
 * What is shown is a range of steps, or `null`: the whole run, which grows. Cells are logarithms: NaN where nothing is known
 * (the layer did not exist yet), minus infinity where a value is exactly zero.
 *
 * @import {Layout, SeriesTable} from "./types.js"
 *
 * @typedef {"delta" | "gradient" | "update" | "saturated" | "dead"} Quantity
 * @typedef {{from: number, to: number}} Span  steps, the second one not included
 * @typedef {{low: number, high: number}} Decades  exponents of ten at the ends of the colours; of shares, these themselves
 *
 * @typedef {object} Cells
 * @property {number} across           columns of pixels
 * @property {Float64Array} exponents  log₁₀ of each layer's value (a share itself), layer after layer, `across` of each
 */

/** Fewest steps that are shown. */
const CLOSEST = 16;
/** Exponents of a relative scale: from a millionth of the output's to the output's. */
export const RELATIVE = { low: -6, high: 0 };
/** Of update : weight, from where nothing is learned to where the learning rate is too high (CS231n: about 10⁻³ is healthy). */
export const UPDATE = { low: -6, high: -1 };
/** Of shares: none to all. */
export const SHARE = { low: 0, high: 1 };

/** Whether it is a share, of all training data, and so known at the ends of epochs. @param {Quantity} quantity */
export function isShare(quantity) {
  return quantity === "saturated" || quantity === "dead";
}

/** @param {SeriesTable} steps @returns {number} one more than the last step that is known */
export function endOf({ rows, from, spans }) {
  return rows === 0 ? 0 : from[rows - 1] + spans[rows - 1];
}

/**
 * @param {Span | null} shown
 * @param {number} end
 * @returns {Span}
 */
export function spanOf(shown, end) {
  return shown ?? { from: 0, to: Math.max(end, CLOSEST) };
}

/**
 * Closer to, or farther from, one step, which stays where it is. Farther than all of the run is all of it.
 *
 * @param {Span | null} shown
 * @param {number} end
 * @param {number} factor  on the number of steps shown
 * @param {number} [at]    the step; else the middle
 * @returns {Span | null}
 */
export function zoomed(shown, end, factor, at) {
  const { from, to } = spanOf(shown, end);
  const whole = Math.max(end, CLOSEST);
  const width = Math.max(CLOSEST, (to - from) * factor);
  if (width >= whole) return null;
  const still = Math.min(to, Math.max(from, at ?? (from + to) / 2));
  return placed(still - ((still - from) / (to - from)) * width, width, whole);
}

/**
 * @param {Span | null} shown
 * @param {number} end
 * @param {number} share  of what is shown, to the right where positive
 * @returns {Span | null}
 */
export function panned(shown, end, share) {
  if (shown === null) return null;
  const width = shown.to - shown.from;
  return placed(shown.from + share * width, width, Math.max(end, CLOSEST));
}

/** @param {number} from @param {number} width @param {number} whole @returns {Span} */
function placed(from, width, whole) {
  const start = Math.min(Math.max(0, from), Math.max(0, whole - width));
  return { from: start, to: start + width };
}

/**
 * Of each column of pixels and each layer the mean logarithm over the rows that lie there: a row counts where it reaches over a pixel.
 *
 * @param {SeriesTable} steps
 * @param {Layout} layout
 * @param {Quantity} quantity
 * @param {boolean} relative  to the output layer's at the same step
 * @param {Span} span
 * @param {number} across     columns of pixels
 * @returns {Cells}
 */
export function flowCells(steps, layout, quantity, relative, span, across) {
  const { layers } = layout;
  const exponents = new Float64Array(layers.length * across).fill(Number.NaN);
  const first = firstRow(steps, span.from);
  const reference = relative ? exponentsOf(steps, layers[layers.length - 1].id, quantity, first, span.to) : null;
  const width = (span.to - span.from) / across;
  for (const [index, { id }] of layers.entries()) {
    const values = exponentsOf(steps, id, quantity, first, span.to);
    if (reference) for (let i = 0; i < values.length; i++) values[i] -= reference[i];
    fillCells(exponents.subarray(index * across, (index + 1) * across), values, steps, first, span.from, width);
  }
  return { across, exponents };
}

/**
 * @param {Float64Array} cells
 * @param {Float64Array} values  of the rows from `first` on
 * @param {SeriesTable} steps
 * @param {number} first
 * @param {number} start  step at the left edge
 * @param {number} width  steps a pixel
 */
function fillCells(cells, values, { from, spans }, first, start, width) {
  let row = 0;
  for (let pixel = 0; pixel < cells.length; pixel++) {
    const left = start + pixel * width;
    const right = left + width;
    while (row < values.length && from[first + row] + spans[first + row] <= left) row++;
    let [sum, count, zero] = [0, 0, false];
    for (let each = row; each < values.length && from[first + each] < right; each++) {
      const value = values[each];
      if (Number.isFinite(value)) {
        sum += value;
        count++;
      } else if (value === Number.NEGATIVE_INFINITY) zero = true;
    }
    cells[pixel] = count > 0 ? sum / count : zero ? Number.NEGATIVE_INFINITY : Number.NaN;
  }
}

/** The first row that reaches beyond a step. @param {SeriesTable} steps @param {number} step */
function firstRow({ rows, from, spans }, step) {
  let [low, high] = [0, rows];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (from[middle] + spans[middle] <= step) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * @param {SeriesTable} steps
 * @param {number} id  of the layer
 * @param {Quantity} quantity
 * @param {number} first  row
 * @param {number} end    step
 * @returns {Float64Array} log₁₀ of the rows' means
 */
function exponentsOf({ rows, from, columns }, id, quantity, first, end) {
  let last = first;
  while (last < rows && from[last] < end) last++;
  const values = columns[columnName(id, quantity)]?.mean.subarray(first, last);
  if (!values) return new Float64Array(last - first).fill(Number.NaN);
  if (isShare(quantity)) return values.slice();
  const exponents = values.map(Math.log10);
  if (quantity === "update") {
    const weights = columns[`weight_rms.${id}`].mean;
    for (let i = 0; i < exponents.length; i++) exponents[i] -= Math.log10(weights[first + i]);
  }
  return exponents;
}

/** @param {number} id  of the layer @param {Quantity} quantity */
export function columnName(id, quantity) {
  return isShare(quantity) ? `${quantity}.${id}` : `${quantity}_rms.${id}`;
}

/**
 * What one layer's value is at a step: the mean over the row that holds it.
 *
 * @param {SeriesTable} steps
 * @param {number} id
 * @param {Quantity} quantity
 * @param {number} step
 * @returns {{value: number, from: number, steps: number} | null} null where nothing is known
 */
export function flowAt(steps, id, quantity, step) {
  const row = firstRow(steps, step);
  const column = steps.columns[columnName(id, quantity)];
  if (row >= steps.rows || steps.from[row] > step || !column) return null;
  const weight = quantity === "update" ? steps.columns[`weight_rms.${id}`].mean[row] : 1;
  const value = weight === 0 ? Number.NaN : column.mean[row] / weight;
  return Number.isNaN(value) ? null : { value, from: steps.from[row], steps: steps.spans[row] };
}

/**
 * The scale of the colours: fixed where it says something of itself, else whole decades around all that the run has had, so that
 * zooming does not change it.
 *
 * @param {SeriesTable} steps
 * @param {Layout} layout
 * @param {Quantity} quantity
 * @param {boolean} relative
 * @returns {Decades}
 */
export function flowScale(steps, layout, quantity, relative) {
  if (quantity === "update") return UPDATE;
  if (isShare(quantity)) return SHARE;
  if (relative) return RELATIVE;
  let [least, most] = [Number.POSITIVE_INFINITY, 0];
  for (const { id } of layout.layers) {
    const column = steps.columns[`${quantity}_rms.${id}`];
    for (let row = 0; column && row < steps.rows; row++) {
      if (column.mean[row] > 0) {
        least = Math.min(least, column.mean[row]);
        most = Math.max(most, column.mean[row]);
      }
    }
  }
  if (most === 0) return RELATIVE;
  const high = Math.ceil(Math.log10(most) - 1e-9) + 0; // never −0
  return { low: Math.min(Math.floor(Math.log10(least) + 1e-9), high - 1), high };
}

/**
 * Steps at which an axis has a mark: multiples of 1, 2 or 5 times a power of ten, as many as have room.
 *
 * @param {Span} span
 * @param {number} most
 */
export function stepMarks({ from, to }, most) {
  const least = Math.max(1, (to - from) / Math.max(1, most));
  const power = 10 ** Math.floor(Math.log10(least));
  const every = Math.max(1, ([1, 2, 5, 10].find((mantissa) => mantissa * power >= least) ?? 10) * power);
  const marks = [];
  for (let step = Math.ceil(from / every) * every; step < to; step += every) marks.push(step);
  return marks;
}
