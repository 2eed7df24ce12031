/**
 * Scalars over steps in bounded memory: a table of columns that halves its resolution whenever it is full.
 *
 * A row covers `span` steps from `from` on and holds, for each column, mean, minimum and maximum over them; what is not known is
 * NaN. However long a run, the table keeps between half and all of its capacity of rows, evenly spread, and nothing that
 * happened between two rows is lost to their minimum and maximum. Pure.
 *
 * @import {Rows, SeriesColumn, SeriesTable} from "../types.js"
 */

export class Table {
  /** @param {number} capacity  rows, at most */
  constructor(capacity) {
    this.capacity = capacity;
    this.rows = 0;
    /** Step of the last row that was appended: rows come in order, and none twice. */
    this.latest = -Infinity;
    /** How many steps a row covers before the next one begins. */
    this.stride = 1;
    this.from = new Float64Array(capacity);
    this.spans = new Float64Array(capacity);
    /** @type {Map<string, SeriesColumn>} */
    this.columns = new Map();
  }

  /**
   * From now on the table has these columns: known ones keep what they hold, new ones have NaN behind them, others go.
   * @param {readonly string[]} names
   */
  setColumns(names) {
    const kept = this.columns;
    this.columns = new Map(names.map((name) => [name, kept.get(name) ?? emptyColumn(this.capacity)]));
  }

  /**
   * @param {Rows} rows
   * @param {readonly string[]} names  of the message's columns, the first ones if it has more; those that the table does not have are left out
   */
  append(rows, names) {
    const { from, spans, mean } = rows;
    if (from.length === 0) return;
    const min = rows.min ?? mean;
    const max = rows.max ?? mean;
    const width = mean.length / from.length;
    const sources = new Map(names.slice(0, width).map((name, place) => [name, place]));
    const targets = Array.from(this.columns, ([name, column]) => ({ column, place: sources.get(name) ?? -1 }));
    for (let row = 0; row < from.length; row++) {
      if (from[row] <= this.latest) continue;
      this.latest = from[row];
      const fresh = this.#place(from[row], spans[row]);
      const target = this.rows - 1;
      const share = spans[row] / this.spans[target];
      for (const { column, place } of targets) {
        if (place < 0) {
          if (fresh) clearEntry(column, target);
          continue;
        }
        const entry = row * width + place;
        if (fresh) setEntry(column, target, mean[entry], min[entry], max[entry]);
        else mergeEntry(column, target, mean[entry], min[entry], max[entry], share);
      }
    }
  }

  /**
   * Forgets the rows at or after `step`, and the last one before it where it covers several (it may reach beyond).
   * @param {number} step
   * @returns {number} the step from which rows are missing now: `step`, or the beginning of the row that went with it
   */
  dropFrom(step) {
    while (this.rows > 0 && this.from[this.rows - 1] >= step) this.rows--;
    let missing = step;
    if (this.rows > 0 && this.spans[this.rows - 1] > 1) missing = this.from[--this.rows];
    if (this.rows === 0) this.stride = 1;
    this.latest = this.rows === 0 ? -Infinity : this.from[this.rows - 1];
    return missing;
  }

  /** @returns {SeriesTable} views, valid until the next change */
  view() {
    const { rows } = this;
    /** @type {Record<string, SeriesColumn>} */
    const columns = {};
    for (const [name, { mean, min, max }] of this.columns) {
      columns[name] = { mean: mean.subarray(0, rows), min: min.subarray(0, rows), max: max.subarray(0, rows) };
    }
    return { rows, from: this.from.subarray(0, rows), spans: this.spans.subarray(0, rows), columns };
  }

  /**
   * Makes the last row the one that takes these steps.
   * @param {number} from
   * @param {number} span
   * @returns {boolean} whether that is a new row
   */
  #place(from, span) {
    const last = this.rows - 1;
    if (last >= 0 && this.spans[last] + span <= this.stride) {
      this.spans[last] += span;
      return false;
    }
    if (this.rows === this.capacity) this.#halve();
    this.from[this.rows] = from;
    this.spans[this.rows] = span;
    this.rows++;
    return true;
  }

  /** Merges neighbours until at most three quarters of the capacity are taken. */
  #halve() {
    while (this.rows > 0.75 * this.capacity) {
      this.stride *= 2;
      let target = 0;
      for (let row = 1; row < this.rows; row++) {
        const together = this.spans[target] + this.spans[row];
        const fits = together <= this.stride;
        if (fits) this.spans[target] = together;
        else {
          target++;
          this.from[target] = this.from[row];
          this.spans[target] = this.spans[row];
        }
        const share = this.spans[row] / together;
        for (const column of this.columns.values()) {
          const { mean, min, max } = column;
          if (fits) mergeEntry(column, target, mean[row], min[row], max[row], share);
          else setEntry(column, target, mean[row], min[row], max[row]);
        }
      }
      this.rows = target + 1;
    }
  }
}

/** @param {number} capacity @returns {SeriesColumn} */
function emptyColumn(capacity) {
  return {
    mean: new Float64Array(capacity).fill(NaN),
    min: new Float64Array(capacity).fill(NaN),
    max: new Float64Array(capacity).fill(NaN),
  };
}

/** @param {SeriesColumn} column @param {number} row */
function clearEntry(column, row) {
  setEntry(column, row, NaN, NaN, NaN);
}

/** @param {SeriesColumn} column @param {number} row @param {number} mean @param {number} min @param {number} max */
function setEntry(column, row, mean, min, max) {
  column.mean[row] = mean;
  column.min[row] = min;
  column.max[row] = max;
}

/**
 * @param {SeriesColumn} column
 * @param {number} row
 * @param {number} mean
 * @param {number} min
 * @param {number} max
 * @param {number} share  of the merged row's steps that are the added ones
 */
function mergeEntry(column, row, mean, min, max, share) {
  if (Number.isNaN(mean)) return;
  if (Number.isNaN(column.mean[row])) {
    setEntry(column, row, mean, min, max);
    return;
  }
  column.mean[row] += (mean - column.mean[row]) * share; // a sum of the two would overflow where they are near 1e308
  column.min[row] = Math.min(column.min[row], min);
  column.max[row] = Math.max(column.max[row], max);
}
