/**
 * The last steps of every column, for the strip's medians and bands: a ring of rows as they came. Pure.
 *
 * @import {Rows} from "../types.js"
 */

const ROWS = 256;

export class Recent {
  /** @param {number} width  columns */
  constructor(width) {
    this.width = width;
    this.next = 0; // place of the next row in the ring
    this.rows = 0;
    this.from = new Float64Array(ROWS);
    this.spans = new Float64Array(ROWS);
    this.mean = new Float64Array(ROWS * width);
    this.min = new Float64Array(ROWS * width);
    this.max = new Float64Array(ROWS * width);
    this.scratch = new Float64Array(ROWS);
  }

  /** @param {Rows} rows */
  append({ from, spans, mean, min, max }) {
    const { width } = this;
    for (let row = Math.max(0, from.length - ROWS); row < from.length; row++) {
      const start = this.next * width;
      const entries = row * width;
      this.from[this.next] = from[row];
      this.spans[this.next] = spans[row];
      for (let column = 0; column < width; column++) {
        const value = mean[entries + column];
        this.mean[start + column] = value;
        this.min[start + column] = min === null ? value : min[entries + column];
        this.max[start + column] = max === null ? value : max[entries + column];
      }
      this.next = (this.next + 1) % ROWS;
      this.rows = Math.min(this.rows + 1, ROWS);
    }
  }

  /**
   * Forgets every row that reaches to `step` or beyond it.
   * @param {number} step
   */
  dropFrom(step) {
    while (this.rows > 0) {
      const last = (this.next + ROWS - 1) % ROWS;
      if (this.from[last] + this.spans[last] <= step) return;
      this.next = last;
      this.rows--;
    }
  }

  /**
   * Median, minimum and maximum of one column over the last `steps` steps, or over as many as there are.
   * @param {number} column
   * @param {number} steps
   * @returns {{steps: number, median: number, low: number, high: number} | null} null where there are none
   */
  window(column, steps) {
    let covered = 0;
    let taken = 0;
    let low = Infinity;
    let high = -Infinity;
    while (taken < this.rows && covered < steps) {
      const row = (this.next + 2 * ROWS - 1 - taken) % ROWS;
      const entry = row * this.width + column;
      covered += this.spans[row];
      this.scratch[taken] = this.mean[entry];
      low = Math.min(low, this.min[entry]);
      high = Math.max(high, this.max[entry]);
      taken++;
    }
    if (taken === 0) return null;
    const sorted = this.scratch.subarray(0, taken).sort();
    const half = taken >> 1;
    const median = taken % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    return { steps: covered, median, low, high };
  }
}
