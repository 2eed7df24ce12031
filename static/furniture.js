/**
 * What the page has beside its three pictures: panels, the loss chart, and points drawn by hand. Loaded when the first picture is painted.
 *
 * @import {Action, Branch, Dispatch, Lane, Palette, SeriesModel} from "./types.js"
 *
 * @typedef {object} Means
 * @property {Dispatch} dispatch
 * @property {(command: {type: string, [field: string]: unknown}) => number} send
 * @property {() => void} changed  called when something has to be painted though the state is the same
 * @property {Record<string, any>} catalog
 * @property {Palette} palette
 */
import { Sketch } from "./owndata/sketch.js";
import { mountPanels } from "./panels/index.js";
import { createLossChart } from "./views/loss.js";

export class Furniture {
  /** @param {Means} means */
  constructor({ dispatch, send, changed, catalog, palette }) {
    this.sketch = new Sketch(catalog.own_data.limits, { send, changed });
    this.panels = mountPanels({ dispatch, catalog, sketch: this.sketch, charted: () => this.chart.end });
    this.chart = new Chart(palette);
  }

  /**
   * What points drawn by hand have to know of a message.
   * @param {Action} action
   * @param {Lane} lane  after it
   */
  receive(action, lane) {
    if (action.type === "applied" || action.type === "rejected") this.sketch.answered(action.command, action.type === "rejected", lane);
    else if (action.type === "data" || action.type === "layout") this.sketch.follow(lane);
  }
}

/** The loss chart in its place: as large as that, in the theme's colours, drawn again only when something has changed. */
class Chart {
  #place = /** @type {HTMLElement} */ (document.getElementById("loss-chart"));
  #chart;
  /** @type {unknown[]} */
  #shown = [];

  /** @param {Palette} palette */
  constructor(palette) {
    this.#chart = createLossChart(this.#place, palette);
    new ResizeObserver(([{ contentRect: { width, height } }]) => this.#chart.resize(width, height)).observe(this.#place);
  }

  /**
   * @param {SeriesModel} model
   * @param {boolean} log
   * @param {Branch[]} branches
   * @param {number | null} at  the past step that is looked at
   */
  show(model, log, branches, at) {
    const now = [model, log, branches, at];
    if (now.every((each, place) => each === this.#shown[place])) return;
    this.#shown = now;
    this.#chart.update(model, { log, branches, at });
  }

  /** The last step that is drawn. */
  get end() {
    return this.#chart.end();
  }

  /** @param {Palette} palette */
  dress(palette) {
    this.#chart.destroy();
    this.#chart = createLossChart(this.#place, palette);
    this.#chart.resize(this.#place.clientWidth, this.#place.clientHeight);
    this.#shown = [];
  }
}
