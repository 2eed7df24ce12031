/**
 * Shares of saturated activations over steps, as pictures bring them: a step does not measure them, for that would cost a sixth of it.
 * Each picture's stands for the steps since the one before. Pure.
 *
 * @import {Frame, Layout, SeriesTable} from "../types.js"
 */
import { Table } from "./table.js";

const CAPACITY = 2048;

export class SharesLog {
  /** Grows with every change. */
  version = 0;
  #table = new Table(CAPACITY);
  /** @type {Layout | null} */
  #layout = null;
  /** @type {Frame | null} */
  #frame = null;

  /** Forgets everything. */
  restart() {
    if (this.#layout === null) return;
    this.#table = new Table(CAPACITY);
    this.#layout = this.#frame = null;
    this.version++;
  }

  /**
   * Takes a picture's, if it has any and was not taken before. Where the past has changed, all begins anew.
   * @param {Layout} layout
   * @param {Frame | null} frame
   */
  add(layout, frame) {
    if (!frame?.shares || frame === this.#frame) return;
    if (this.#layout !== null && (layout.timeline !== this.#layout.timeline || (this.#frame?.step ?? 0) > frame.step)) this.restart();
    const names = layout.layers.map(({ id }) => `saturated.${id}`);
    if (layout !== this.#layout) this.#table.setColumns(names);
    const before = this.#frame?.step ?? frame.step - 1;
    [this.#layout, this.#frame] = [layout, frame];
    if (frame.step === before) return;
    const { shares } = frame;
    this.#table.append({
      lane: layout.lane, revision: layout.revision, timeline: layout.timeline, command: 0, more: false, min: null, max: null,
      next: frame.step + 1,
      from: Float64Array.of(before + 1),
      spans: Uint32Array.of(frame.step - before),
      mean: Float64Array.from(names, (_, index) => (shares[index] < 0 ? NaN : shares[index])), // −1: there is no such thing
    }, names);
    this.version++;
  }

  /** @returns {SeriesTable} */
  get steps() {
    return this.#table.view();
  }
}
