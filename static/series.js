/**
 * What the page keeps of the series of one lane: every scalar of every step since the run began, in bounded memory, for the
 * charts; the last steps as they came, for the strip; and the cursors from which the server is asked for more. Pure.
 *
 * @import {Layout, Rows, SeriesModel} from "./types.js"
 * @typedef {"steps" | "evaluations"} Kind
 */

import { Recent } from "./series/recent.js";
import { Table } from "./series/table.js";

export const KINDS = /** @type {const} */ (["steps", "evaluations"]);

const CAPACITY = 2048; // rows; more than a chart has pixels, and 30 MB with the 257 columns of 64 layers
const REVISIONS_KEPT = 64;

/** The columns that are known of a revision from before this page was opened. */
const CERTAIN = { steps: ["loss"], evaluations: ["train_loss", "test_loss"] };

/** Entries in one answer: a few hundred kilobytes, whatever the depth. */
const ENTRIES_ASKED = 32_768;
const FEWEST_ROWS_ASKED = 256;
const MOST_ROWS_ASKED = 1024;

export class SeriesStore {
  /** Grows with every change. */
  version = 0;
  /** @type {Layout | null} */
  #layout = null;
  #tables = { steps: new Table(CAPACITY), evaluations: new Table(CAPACITY) };
  #next = { steps: 0, evaluations: 0 };
  #recent = new Recent(0);
  /** Names of the columns in the revisions seen: rows of an earlier revision may still come. @type {Map<number, Layout["series"]>} */
  #columns = new Map();
  /** @type {SeriesModel["ghost"]} */
  #ghost = null;
  #measure = "";
  /** @type {SeriesModel | null} */
  #model = null;

  /**
   * Follows the lane: new columns with a new revision; with a new timeline, what is void goes. Returns at once where nothing changed.
   * @param {Layout} layout
   * @param {string} [measure]  what its loss measures: a ghost of another one would say nothing
   */
  follow(layout, measure = "") {
    const before = this.#layout;
    if (layout === before) return;
    this.#layout = layout;
    this.#remember(layout);
    this.#tables.steps.setColumns(layout.series.steps);
    this.#tables.evaluations.setColumns(layout.series.evaluations);
    if (before !== null && layout.timeline !== before.timeline) this.#dropFrom(layout.from_step);
    if (measure !== this.#measure) this.#ghost = null;
    this.#measure = measure;
    if (before === null || layout.revision !== before.revision) this.#recent = new Recent(layout.series.steps.length);
    this.#changed();
  }

  /** Forgets everything but the ghost of its loss: another session begins. */
  restart() {
    this.#dropFrom(0);
    this.#layout = null;
    this.#columns.clear();
    this.#changed();
  }

  /** Whether there is a lane to ask for. */
  get ready() {
    return this.#layout !== null;
  }

  /**
   * The command that asks for the rows that are missing.
   * @param {Kind} kind
   */
  request(kind) {
    const layout = this.#layout;
    if (layout === null) throw new Error("a series has no cursor before its lane has a layout");
    const rows = Math.floor(ENTRIES_ASKED / layout.series[kind].length);
    return {
      type: "series",
      lane: layout.lane,
      series: kind,
      timeline: layout.timeline,
      from: this.#next[kind],
      limit: Math.min(MOST_ROWS_ASKED, Math.max(FEWEST_ROWS_ASKED, rows)),
    };
  }

  /**
   * The first step of which nothing is known yet.
   * @param {Kind} kind
   */
  next(kind) {
    return this.#next[kind];
  }

  /**
   * Takes an answer; one of another timeline is dropped.
   * @param {Kind} kind
   * @param {Rows} rows
   * @returns {boolean} whether it was taken
   */
  take(kind, rows) {
    const layout = this.#layout;
    if (layout === null || rows.timeline !== layout.timeline) return false;
    this.#next[kind] = rows.next;
    if (rows.from.length === 0) return true;
    const names = (this.#columns.get(rows.revision) ?? CERTAIN)[kind];
    this.#tables[kind].append(rows, names);
    if (kind === "steps" && rows.revision === layout.revision) this.#recent.append(rows);
    this.#changed();
    return true;
  }

  /** @returns {SeriesModel} the same object until something changes */
  get model() {
    this.#model ??= {
      version: this.version,
      steps: this.#tables.steps.view(),
      evaluations: this.#tables.evaluations.view(),
      ghost: this.#ghost,
    };
    return this.#model;
  }

  /**
   * Median, minimum and maximum of a column of "steps" over the last steps.
   * @param {string} name
   * @param {number} steps
   */
  window(name, steps) {
    const column = this.#layout?.series.steps.indexOf(name) ?? -1;
    return column < 0 ? null : this.#recent.window(column, steps);
  }

  /** @param {Layout} layout */
  #remember({ revision, series }) {
    this.#columns.delete(revision); // so that the oldest are first
    this.#columns.set(revision, series);
    for (const oldest of this.#columns.keys()) {
      if (this.#columns.size <= REVISIONS_KEPT) break;
      this.#columns.delete(oldest);
    }
  }

  /** @param {number} step */
  #dropFrom(step) {
    const { steps } = this.#tables;
    const { mean } = steps.columns.get("loss") ?? { mean: new Float64Array(0) };
    if (step === 0 && steps.rows > 1) {
      this.#ghost = { x: steps.from.slice(0, steps.rows), loss: mean.slice(0, steps.rows) };
    }
    for (const kind of KINDS) this.#next[kind] = Math.min(this.#next[kind], this.#tables[kind].dropFrom(step));
    this.#recent.dropFrom(step);
  }

  #changed() {
    this.version++;
    this.#model = null;
  }
}
