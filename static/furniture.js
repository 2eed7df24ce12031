/**
 * What the page has beside its three pictures: panels, the loss chart, points drawn by hand, and the drawer, which is loaded when it
 * is first opened. Loaded when the first picture is painted.
 *
 * @import {Action, Branch, Dispatch, Lane, Mark, Palette, SeriesModel, State} from "./types.js"
 * @import {Geometry} from "./geometry.js"
 * @import {Drawer} from "./drawer.js"
 *
 * @typedef {object} Means
 * @property {() => State} state  as it is now, painted or not
 * @property {Dispatch} dispatch
 * @property {(command: {type: string, [field: string]: unknown}) => number} send
 * @property {() => void} changed  called when something has to be painted though the state is the same
 * @property {() => void} resized  called when there is another size, before the browser shows it
 * @property {Record<string, any>} catalog
 * @property {Palette} palette
 */
import { Decks } from "./lanes/decks.js";
import { Sketch } from "./owndata/sketch.js";
import { download } from "./panels/files.js";
import { mountPanels } from "./panels/index.js";
import { createLossChart } from "./views/loss.js";
import { createLossesChart } from "./views/losses.js";

export class Furniture {
  /** @param {Means} means */
  constructor({ state, dispatch, send, changed, resized, catalog, palette }) {
    this.sketch = new Sketch(catalog.own_data.limits, { send, changed });
    this.panels = mountPanels({ state, dispatch, catalog, sketch: this.sketch, charted: () => this.chart.end });
    this.decks = new Decks({ dispatch, catalog, changed, resized });
    this.chart = new Charts(palette, (step) => this.#drawer?.point(step));
    this.#changed = changed;
    this.#dispatch = dispatch;
  }

  #changed;
  #dispatch;
  /** @type {Drawer | null} */
  #drawer = null;
  #fetching = false;

  /**
   * What is in the drawer, where it is open.
   * @param {State} state
   * @param {SeriesModel} series
   * @param {Palette} palette
   * @param {Geometry["columns"]} columns
   */
  showDrawer(state, { steps, evaluations, version }, palette, columns) {
    if (this.#drawer) this.#drawer.show({ state, steps, evaluations, version, palette, columns });
    else if (state.ui.drawer !== null && !this.#fetching) void this.#fetchDrawer();
  }

  async #fetchDrawer() {
    this.#fetching = true;
    try {
      const { Drawer } = await import("./drawer.js");
      this.#drawer = new Drawer({ changed: this.#changed, pointed: (step) => this.chart.point(step), dispatch: this.#dispatch });
      this.#changed();
    } finally {
      this.#fetching = false;
    }
  }

  /**
   * What points drawn by hand have to know of a message; and files, which go to the person.
   * @param {Action} action
   * @param {Lane} lane  after it
   */
  receive(action, lane) {
    if (action.type === "file") download(action.file);
    else if (action.type === "applied" || action.type === "rejected") this.sketch.answered(action.command, action.type === "rejected", lane);
    else if (action.type === "data" || action.type === "layout") this.sketch.follow(lane);
  }
}

/**
 * The chart of the loss in its place, or that of several lanes' losses: as large as that, in the theme's colours, drawn again only when
 * something has changed.
 */
class Charts {
  #place = /** @type {HTMLElement} */ (document.getElementById("loss-chart"));
  #lanesPlace = /** @type {HTMLElement} */ (document.getElementById("losses-chart"));
  #chart;
  #lanes;
  /** @type {unknown[]} */
  #shown = [];

  #pointed;

  /**
   * @param {Palette} palette
   * @param {(step: number | null) => void} pointed  called when the pointer goes to a step
   */
  constructor(palette, pointed) {
    this.#pointed = pointed;
    this.#chart = createLossChart(this.#place, palette, pointed);
    this.#lanes = createLossesChart(this.#lanesPlace, palette);
    new ResizeObserver(([{ contentRect: { width, height } }]) => this.#chart.resize(width, height)).observe(this.#place);
    new ResizeObserver(([{ contentRect: { width, height } }]) => this.#lanes.resize(width, height)).observe(this.#lanesPlace);
  }

  /**
   * @param {SeriesModel[]} models  of all lanes
   * @param {boolean} log
   * @param {Branch[]} branches
   * @param {number | null} at  the past step that is looked at
   * @param {Mark[]} marks  what was changed, and when
   */
  show(models, log, branches, at, marks) {
    const now = [...models, log, branches, at, marks];
    if (now.length === this.#shown.length && now.every((each, place) => each === this.#shown[place])) return;
    this.#shown = now;
    const several = models.length > 1;
    [this.#place.hidden, this.#lanesPlace.hidden] = [several, !several];
    if (several) this.#lanes.update(models, log, at);
    else if (models.length === 1) this.#chart.update(models[0], { log, branches, at, marks });
  }

  /** The last step that is drawn. */
  get end() {
    return this.#place.hidden ? this.#lanes.end() : this.#chart.end();
  }

  /** @param {number | null} step  that is pointed at elsewhere */
  point(step) {
    this.#chart.point(step);
  }

  /** @param {Palette} palette */
  dress(palette) {
    this.#chart.destroy();
    this.#chart = createLossChart(this.#place, palette, this.#pointed);
    this.#chart.resize(this.#place.clientWidth, this.#place.clientHeight);
    this.#lanes.destroy();
    this.#lanes = createLossesChart(this.#lanesPlace, palette);
    this.#lanes.resize(this.#lanesPlace.clientWidth, this.#lanesPlace.clientHeight);
    this.#shown = [];
  }
}
