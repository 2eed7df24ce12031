/**
 * Several lanes in the network's place: of two, both networks one above the other; of three or four, a row each under the selected one.
 *
 * The page's own network, headers and strip are the selected lane's, wherever that stands. What belongs to the others is made here.
 *
 * @import {Box, Dispatch, Lane, Palette, State, StripModel} from "../types.js"
 * @import {Canvas, Company} from "../stage.js"
 * @import {Geometry} from "../geometry.js"
 * @import {LanePlaces, LanesPlaces} from "./geometry.js"
 */
import { networkGeometry } from "../geometry.js";
import { LETTERS, MOST_LANES, laneCount, largestWeight, viewOf } from "../lanes.js";
import { sharedScale } from "../marks/decades.js";
import { LanePanels } from "../panels/lanes.js";
import { paintOn, unpainted } from "../stage.js";
import { drawOutput } from "../views/output.js";
import { drawStrip } from "../views/strip.js";
import { lanesGeometry, lanesHeight } from "./geometry.js";
import { OtherLane } from "./other.js";
import { canvas, element, fit, naturalHeight, put, unput } from "./place.js";

/** A network needs so many pixels for each unit of its largest layer, that what it shows can be said under it as well. */
const UNIT = 22;
/** Of a panel: the height of the lane's name, its sides; of its text: height of a line, as in css/lanes.css, and mean width of a letter. */
const NAME = 28;
const SIDES = 20;
const LINE = 1.3;
const LETTER = 0.58;
const LOW = 220; // a network lower than this, its headers included, leaves them a line
const HEADERS = 36;
const SAID = 58; // the legend and the line of scales

/**
 * @typedef {object} Deck  what a lane has besides its network
 * @property {HTMLElement} panel
 * @property {Canvas} output
 * @property {Canvas} strip   in a row; beside a network the strip is the stage's
 * @property {{of: unknown[], geometry: Geometry | null}} columns  of the strip in a row
 */

export class Decks {
  #page = element("page");
  #network = element("network");
  #own = ["network-stage", "strip-canvas"].map(element);
  #bar = element("network-bar");
  #legend = element("strip-legend");
  #tabs = element("drawer-bar");
  #changed;
  #panels;
  /** @type {Deck[]} */
  #decks;
  #other;
  /** @type {LanesPlaces | null} */
  #places = null;
  #placesOf = "";
  #size = { width: 0, height: 0 };
  /** @type {Company["scale"]} */
  #scale = null;
  /** @type {State | null} */
  #state = null;
  #timer = 0;

  /**
   * @param {object} means
   * @param {Dispatch} means.dispatch
   * @param {Record<string, any>} means.catalog
   * @param {() => void} means.changed  called when something has to be painted though the state is the same
   * @param {() => void} means.resized  called when there is another size, before the browser shows it
   */
  constructor({ dispatch, catalog, changed, resized }) {
    this.#changed = changed;
    this.#decks = Array.from({ length: MOST_LANES }, (_, lane) => this.#deck(lane));
    this.#panels = new LanePanels({ dispatch, catalog, places: this.#decks.map(({ panel }) => panel) });
    this.#other = new OtherLane(this.#network, { dispatch, catalog, changed, resized, state: () => this.#state });
    new ResizeObserver(([{ contentRect: { width, height } }]) => {
      this.#size = { width, height };
      if (this.#places !== null) resized();
    }).observe(this.#network);
  }

  /** @param {number} lane @returns {Deck} */
  #deck(lane) {
    const panel = document.createElement("section");
    panel.className = "lane-panel";
    panel.setAttribute("aria-label", `Lane ${LETTERS[lane]}`);
    const output = canvas("lane-output", `What lane ${LETTERS[lane]} answers`);
    const strip = canvas("lane-strip", `Error signal and forward signal of every layer of lane ${LETTERS[lane]}`);
    for (const each of [panel, output, strip]) each.hidden = true;
    this.#network.append(panel, output, strip);
    return { panel, output: unpainted(output), strip: unpainted(strip), columns: { of: [], geometry: null } };
  }

  /**
   * Puts everything in its place, and says what the selected lane has in common with the others.
   * @param {State} state
   * @param {(StripModel | null)[]} strips
   * @param {Palette} palette
   * @returns {Company | null} null while there is one lane
   */
  arrange(state, strips, palette) {
    this.#state = state;
    const count = laneCount(state);
    this.#page.classList.toggle("lanes", count > 1);
    if (count < 2) {
      if (this.#places !== null) this.#leave();
      return null;
    }
    const places = this.#place(state, count, palette);
    const known = strips.filter((strip) => strip !== null);
    this.#scale = known.length > 0 ? sharedScale(known, this.#scale) : null;
    const drawn = count === 2 ? state.lanes : [state.lanes[state.ui.lane]];
    const room = places.lanes[state.ui.lane].stage?.height ?? 0;
    const legend = count > 2 || room - HEADERS - SAID >= UNIT * Math.max(...drawn.map(mostUnits));
    return { scale: this.#scale, weights: largestWeight(drawn), legend };
  }

  /**
   * Paints what the page's own stage does not.
   * @param {State} state
   * @param {(StripModel | null)[]} strips
   * @param {Palette} palette
   * @param {Company | null} company
   */
  paint(state, strips, palette, company) {
    if (company === null || this.#places === null) return;
    const { ui, lanes } = state;
    for (let lane = 0; lane < this.#places.lanes.length; lane++) {
      const { output } = this.#decks[lane];
      const { layout, maps, data, evaluation, spec } = lanes[lane];
      paintOn(output, [layout, maps, data, evaluation, ui.showTest, spec, palette, output.width], (ctx, { width, height }) =>
        drawOutput(ctx, { lane: lanes[lane], ui, palette, box: { x: 0, y: 0, width, height } }),
      );
      if (this.#places.lanes.length > 2) this.#paintStrip(lane, lanes[lane], strips[lane], state, palette);
    }
    if (this.#places.lanes.length === 2) this.#other.paint(state, strips, palette, company);
    clearTimeout(this.#timer);
    const rest = Math.min(...this.#decks.map(({ strip }) => strip.due)) - performance.now();
    if (rest < Number.POSITIVE_INFINITY) this.#timer = window.setTimeout(this.#changed, Math.max(0, rest));
  }

  /**
   * The strip of a row, on columns of its own.
   * @param {number} index
   * @param {Lane} lane
   * @param {StripModel | null} model
   * @param {State} state
   * @param {Palette} palette
   */
  #paintStrip(index, lane, model, { ui }, palette) {
    const { strip, columns } = this.#decks[index];
    const scale = this.#scale;
    if (lane.layout === null || strip.width === 0) return;
    const of = [lane.layout, strip.width, palette.textMin];
    if (columns.geometry === null || of.some((each, place) => each !== columns.of[place])) {
      columns.of = of;
      columns.geometry = networkGeometry(lane.layout, { width: strip.width, height: 200, text: palette.textMin });
    }
    const { geometry } = columns;
    paintOn(strip, [geometry, model, ui, lane.diverged, palette, scale, strip.height], (ctx, { width, height }) =>
      drawStrip(ctx, { lane, ui, palette, geometry, strip: model, scale, width, height }),
    );
  }

  /**
   * What is written; less often than pictures are painted.
   * @param {State} state
   */
  panels(state) {
    this.#panels.render(state, laneCount(state));
    if (laneCount(state) === 2) this.#other.panels(state);
  }

  /** Whether another lane's units are drawn as plain cells, coloured by what they say of the batch. */
  get showsCells() {
    return this.#places?.lanes.length === 2 && this.#other.stage.showsCells;
  }

  /** Whether the selected lane's headers have room for a line at most. */
  get compact() {
    const stage = this.#places?.lanes.find(({ stage }) => stage !== null)?.stage;
    return this.#places?.lanes.length === 2 || (stage !== undefined && stage !== null && stage.height < LOW);
  }

  /** Whether another lane's first picture is still to come. @param {State} state */
  waits(state) {
    return this.#places?.lanes.length === 2 && laneCount(state) === 2 && this.#other.stage.waits(viewOf(state, 1 - state.ui.lane).lanes[0]);
  }

  /** Paints everything again. */
  repaint() {
    for (const { output, strip } of this.#decks) output.of = strip.of = [];
    this.#other.stage.repaint();
  }

  /**
   * @param {State} state
   * @param {number} count
   * @param {Palette} palette
   * @returns {LanesPlaces}
   */
  #place({ ui }, count, { textMin: text }) {
    if (this.#places === null) this.#enter();
    const { width, height } = this.#size;
    const now = [width, height, count, ui.lane, text].join();
    if (this.#places !== null && now === this.#placesOf) return this.#places;
    this.#network.dataset.lanes = count === 2 ? "decks" : "rows";
    const [bar, legend] = [this.#bar, this.#legend].map((each) => naturalHeight(each, width));
    const needed = lanesHeight({ width, lanes: count, bar, legend });
    const tabs = this.#tabs.offsetHeight;
    this.#network.style.height = needed ? `${needed + tabs}px` : "";
    const places = lanesGeometry({ width, height: needed || height - tabs, lanes: count, selected: ui.lane, bar, legend, text });
    this.#placesOf = now;
    this.#places = places;
    this.#move(places, ui.lane, text);
    return places;
  }

  /** @param {LanesPlaces} places @param {number} selected @param {number} text  size of the smallest text */
  #move({ lanes, bar, legend }, selected, text) {
    put(this.#bar, bar);
    put(this.#legend, legend);
    const [stage, strip] = this.#own;
    put(stage, lanes[selected].stage);
    put(strip, lanes.length === 2 ? lanes[selected].strip : null);
    this.#other.move(lanes.length === 2 ? lanes[1 - selected] : null);
    for (const [lane, deck] of this.#decks.entries()) {
      const places = lanes[lane];
      put(deck.panel, places?.panel ?? null);
      deck.panel.classList.toggle("selected", lane === selected);
      deck.panel.dataset.letters = String(places ? lettersOf(places, text) : 0);
      fit(deck.output, places?.output ?? null);
      fit(deck.strip, places && lanes.length > 2 ? places.strip : null);
    }
  }

  #enter() {
    this.#network.classList.add("lanes");
    this.#size = { width: this.#network.clientWidth, height: this.#network.clientHeight };
  }

  #leave() {
    this.#places = this.#scale = null;
    this.#network.classList.remove("lanes");
    this.#network.style.height = "";
    delete this.#network.dataset.lanes;
    for (const each of [this.#bar, this.#legend, ...this.#own]) unput(each);
    this.#other.move(null);
    for (const { panel, output, strip } of this.#decks) {
      panel.hidden = true;
      fit(output, null);
      fit(strip, null);
    }
  }
}

/** @param {Lane} lane */
function mostUnits({ layout }) {
  return Math.max(1, layout?.maps.image ? 1 : (layout?.inputs.length ?? 1), ...(layout?.layers.map(({ units }) => units) ?? []));
}

/**
 * How many letters of a panel may say what differs: in the lines that its name and, of two lanes, its losses leave.
 * @param {LanePlaces} places
 * @param {number} text
 */
function lettersOf({ panel, output }, text) {
  const beside = output.x >= panel.x + panel.width;
  const height = beside ? panel.height : output.y - panel.y;
  const lines = Math.max(1, Math.floor((height - NAME) / (LINE * text)) - (beside ? 0 : 2));
  return lines * Math.floor((panel.width - SIDES) / (LETTER * text));
}
