/**
 * Why the error signal shrinks or grows: a frame's stations -> the factors between neighbouring layers. Pure.
 *
 * Row l leads from layer l + 1 back to layer l. Its factors are ratios of neighbouring stations, so that their product is the ratio
 * of the two layers' error signals, and the product of all rows that of the first layer's to the last's.
 *
 * @import {Frame, Layout} from "./types.js"
 *
 * @typedef {"normalization" | "gain" | "skip" | "slope" | "dropout"} FactorName
 *
 * @typedef {object} FactorRow  of one layer that is not the last, in forward order
 * @property {{name: FactorName, value: number}[]} factors  those that are there, in the order in which the signal meets them;
 *   NaN where nothing arrives that could be multiplied
 * @property {number} product   layer l's error signal over layer l + 1's; NaN where that has none
 *
 * @typedef {object} Factors
 * @property {FactorRow[]} rows
 * @property {Float64Array | null} chi  where it was asked for; −1 where the theory does not hold
 */

/** In the order of the stations: in the layer the signal leaves, then in the one it comes to. */
export const FACTORS = /** @type {const} */ (["normalization", "gain", "skip", "slope", "dropout"]);
const STATIONS = FACTORS.length + 1;

/** Pictures whose geometric mean is shown while training: half of what a single batch says is chance. */
const PICTURES = 30;

/**
 * Which factors stand between a layer and the next.
 * @param {Layout} layout
 * @param {number} row
 * @returns {FactorName[]}
 */
export function factorNames({ layers }, row) {
  const [reached, left] = [layers[row], layers[row + 1]];
  const there = { normalization: left.normalization !== "none", gain: true, skip: left.residual, slope: true, dropout: reached.dropout > 0 };
  return FACTORS.filter((name) => there[name]);
}

/**
 * @param {Layout} layout
 * @param {ArrayLike<number>} stations  (layers − 1) × 6 root mean squares
 * @returns {FactorRow[]}
 */
export function factorRows(layout, stations) {
  return layout.layers.slice(1).map((_, row) => {
    /** @param {number} place */
    const at = (place) => stations[row * STATIONS + place];
    const names = factorNames(layout, row);
    return {
      factors: names.map((name) => {
        const place = FACTORS.indexOf(name);
        return { name, value: ratio(at(place + 1), at(place)) };
      }),
      product: ratio(at(STATIONS - 1), at(0)),
    };
  });
}

/** @param {number} after @param {number} before */
function ratio(after, before) {
  return before === 0 ? Number.NaN : after / before;
}

/**
 * The stations over the last pictures of a training run: geometric means, under which products stay products. A picture with an
 * exact zero has no such mean: it is shown as it is, and the mean begins anew.
 */
export class StationMeans {
  #count = 0;
  /** @type {Float64Array | null} of logarithms */
  #logs = null;

  /** What was returned last; null after a restart. @type {Float64Array | null} */
  latest = null;

  restart() {
    this.#count = 0;
    this.#logs = null;
    this.latest = null;
  }

  /**
   * @param {Float64Array} stations  of one more picture
   * @returns {Float64Array}
   */
  add(stations) {
    if (stations.includes(0)) {
      this.restart();
      return (this.latest = stations);
    }
    if (this.#logs?.length !== stations.length) {
      this.#logs = new Float64Array(stations.length);
      this.#count = 0;
    }
    this.#count = Math.min(this.#count + 1, PICTURES);
    for (let i = 0; i < stations.length; i++) this.#logs[i] += (Math.log(stations[i]) - this.#logs[i]) / this.#count;
    return (this.latest = this.#logs.map(Math.exp));
  }
}

/**
 * How far bars reach from 1 on a logarithmic axis, in decades: whole, at least one; it widens at once and narrows late.
 * @param {Factors} factors
 * @param {number} now  NaN at first
 */
export function reachOf({ rows, chi }, now) {
  let most = 0;
  const values = rows.flatMap(({ factors }) => factors.map(({ value }) => value)).concat(Array.from(chi ?? []));
  for (const value of values) if (value > 0 && Number.isFinite(value)) most = Math.max(most, Math.abs(Math.log10(value)));
  if (most < now && most > now - 1.3) return now;
  return Math.max(1, Math.ceil(most + 0.02));
}
