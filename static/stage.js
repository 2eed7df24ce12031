/**
 * The page's three canvases: their sizes, what is painted on them, and when it has to be painted again.
 *
 * Each view is painted when something that it shows has changed, or while it still moves; never otherwise.
 *
 * @import {Lane, Palette, Selection, State, StripModel} from "./types.js"
 * @import {Geometry} from "./geometry.js"
 * @import {Sketch} from "./owndata/sketch.js"
 * @import {Places} from "./panels/index.js"
 * @import {SharedScale} from "./marks/decades.js"
 * @import {Annotate} from "./marks/stages.js"
 * @import {Known} from "./walkthrough.js"
 *
 * @typedef {object} Canvas
 * @property {HTMLCanvasElement} element
 * @property {number} width   in CSS pixels, as the page lays it out
 * @property {number} height
 * @property {unknown[]} of   what was painted last
 * @property {number} due     when it has to be painted again though nothing has changed: in the middle of a motion, at once
 * @property {number} took    milliseconds that the last painting took
 */

import { hitTest, networkGeometry, selectionBox } from "./geometry.js";
import { Glider, SMOOTH } from "./glider.js";
import { drawings, fitCanvas } from "./marks/canvas.js";
import { sharedScale } from "./marks/decades.js";
import { LeavingUnits } from "./marks/leaving.js";
import { prefersStillness } from "./marks/motion.js";
import { Overlay } from "./overlay.js";
import { drawNetwork, drawnIn } from "./views/network.js";
import { drawOutput } from "./views/output.js";
import { drawStrip } from "./views/strip.js";
import { knownIn, knownLane, knownStrip } from "./walkthrough.js";

/**
 * @typedef {object} Company  what a lane has in common with others that are drawn beside it
 * @property {SharedScale | null} scale  of their strips
 * @property {number} weights  the largest weight, for one scale
 * @property {boolean} legend  whether there is room to say under the network what it shows
 */

/** How long the old picture stands while the first frame of a new layout is under way. */
const PATIENCE_MS = 250;

export class Stage {
  #network;
  #overlay;
  #strip;
  #output;
  #catalog;
  #changed;
  #glider = new Glider();
  #leaving = new LeavingUnits();
  /** @type {Geometry | null} */
  #geometry = null;
  /** @type {unknown[]} */
  #geometryOf = [];
  /** @type {Lane["layout"]} */
  #painted = null;
  /** @type {Lane["layout"]} */
  #awaited = null;
  #awaitedSince = 0;
  /** Writes a walk's numbers; loaded for the first of them. @type {Annotate | null} */
  #annotate = null;
  #fetching = false;
  /** The strip of the last stage, and of what it was made. @type {{of: StripModel, known: Known, strip: StripModel, scale: SharedScale} | null} */
  #walked = null;
  #timer = /** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined);

  /**
   * @param {{network: HTMLCanvasElement, strip: HTMLCanvasElement, output: HTMLCanvasElement}} canvases
   * @param {Record<string, any>} catalog
   * @param {() => void} changed  called when something has to be painted though the state is the same
   * @param {() => void} resized  called when a canvas has another size, before the browser shows it
   */
  constructor({ network, strip, output }, catalog, changed, resized) {
    this.#catalog = catalog;
    this.#changed = changed;
    this.#network = unpainted(network);
    this.#overlay = new Overlay(network);
    this.#strip = unpainted(strip);
    this.#output = unpainted(output);
    this.#watch([this.#network, this.#strip, this.#output], resized);
  }

  /**
   * Whether the lane's new layout still lacks its first frame. Until that comes, for a moment at most, the page stands as it is:
   * one change instead of a flash between two pictures.
   * @param {Lane} lane
   */
  waits({ layout, frame }) {
    if (layout === null || frame !== null || this.#painted === null || layout === this.#painted) return false;
    const now = performance.now();
    if (this.#awaited !== layout) {
      this.#awaited = layout;
      this.#awaitedSince = now;
      setTimeout(this.#changed, PATIENCE_MS);
    }
    return now - this.#awaitedSince < PATIENCE_MS - 1;
  }

  /**
   * @param {State} state
   * @param {StripModel | null} strip
   * @param {Palette} palette
   * @param {Sketch} [sketch]  points that are drawn over the output
   * @param {Company | null} [company]
   */
  paint(state, strip, palette, sketch, company = null) {
    const lane = state.lanes[0];
    const known = knownIn(lane?.layout, state.ui);
    const target = this.#follow(lane, palette, company, known !== null);
    const geometry = this.#glider.at(performance.now());
    if (target === null || geometry === null) return;
    const { ui, status } = state;
    const { layout, frame, maps, diverged } = lane;
    const catalog = this.#catalog;
    this.#painted = layout;
    const { weights } = company ?? {};
    const { strip: shownStrip, scale } = this.#stripAt(strip, known, company?.scale ?? null);
    if (known) this.#fetchAnnotate();
    const annotate = this.#annotate;
    paintOn(this.#network, [geometry, frame, maps, diverged, ui, status?.state, status?.pace, palette, weights, annotate], (ctx) =>
      drawNetwork(ctx, { lane, ui, status, palette, geometry, catalog, leaving: this.#leaving, weights, known, annotate }),
    );
    paintOn(this.#strip, [geometry, shownStrip, ui.scale, diverged, palette, scale], (ctx, { width, height }) =>
      drawStrip(ctx, { lane, ui, palette, geometry, strip: shownStrip, scale, width, height }),
    );
    const output = known ? { lane: knownLane(lane, known), ui } : (sketch?.over(lane, ui) ?? { lane, ui });
    const { data, evaluation, spec } = output.lane;
    const shown = [output.lane.layout, output.lane.maps, data, evaluation, output.lane.frame?.samples, output.ui.showTest, ui.drawer, ui.walk, ui.sample, spec, palette];
    paintOn(this.#output, shown, (ctx, { width, height }) => drawOutput(ctx, { ...output, palette, box: { x: 0, y: 0, width, height } }));
    this.#overlay.follow(state, target, palette);
    if (this.#network.took > 2 * SMOOTH) this.#glider.arrive();
    this.#wake(this.#glider.moving ? 0 : Math.min(this.#network.due, this.#strip.due) - performance.now());
  }

  /**
   * The strip as far as it is known, on the axis of the whole, so that nothing jumps.
   * @param {StripModel | null} of
   * @param {Known | null} known
   * @param {SharedScale | null} scale  that it shares with others
   */
  #stripAt(of, known, scale) {
    if (!of || !known) return { strip: of, scale };
    if (this.#walked?.of !== of || this.#walked.known !== known) {
      this.#walked = { of, known, strip: knownStrip(of, known), scale: sharedScale([of], this.#walked?.scale ?? null) };
    }
    return { strip: this.#walked.strip, scale: scale ?? this.#walked.scale };
  }

  async #fetchAnnotate() {
    if (this.#fetching) return;
    this.#fetching = true;
    this.#annotate = (await import("./marks/stages.js")).drawStage;
    this.#changed();
  }

  /** @param {number} delay  ms after which something wants to be painted again */
  #wake(delay) {
    clearTimeout(this.#timer);
    if (delay <= 0) this.#changed();
    else if (delay < Number.POSITIVE_INFINITY) this.#timer = setTimeout(this.#changed, delay);
  }

  /**
   * Where things were painted, for the panels that stand beside them.
   * @param {State} state
   * @param {StripModel | null} strip
   * @returns {Places}
   */
  places({ ui }, strip) {
    const geometry = this.#geometry;
    if (geometry === null) return { columns: [], target: null, strip, gliding: false };
    const target = selectionBox(geometry, ui.pinned ?? ui.hover);
    return { columns: geometry.columns, target, strip, gliding: this.#glider.moving };
  }

  /**
   * @param {State} state
   * @param {number} x  in CSS pixels of the network's canvas
   * @param {number} y
   * @param {boolean} touch
   * @returns {Selection | null}
   */
  hit({ lanes, ui }, x, y, touch) {
    const geometry = this.#geometry;
    return geometry && lanes[0] ? hitTest(geometry, x, y, { touch, drawn: drawnIn({ lane: lanes[0], ui, geometry }) }) : null;
  }

  /** The columns that things stand on; none before anything is drawn. */
  get columns() {
    return this.#geometry?.columns ?? [];
  }

  /** Whether some units are drawn as plain cells, coloured by what they say of the batch. */
  get showsCells() {
    return this.#geometry?.columns.some(({ form }) => form === "cells" || form === "matrix") ?? false;
  }

  /** Ends what moves for show: something else was asked for. */
  skip() {
    this.#overlay.skip();
  }

  /** Paints everything again. */
  repaint() {
    this.skip();
    for (const canvas of [this.#network, this.#strip, this.#output]) canvas.of = [];
    this.#changed();
  }

  /**
   * The geometry of what is painted now, or on its way there: the same object until the layout or the size changes.
   * @param {Lane | undefined} lane
   * @param {Palette} palette
   * @param {Company | null} company
   * @param {boolean} roomy
   */
  #follow(lane, { textMin }, company, roomy) {
    const { width, height } = this.#network;
    if (!lane?.layout || width === 0 || height === 0) return null;
    const legend = company?.legend ?? true;
    const of = [lane.layout, width, height, textMin, legend, roomy];
    if (this.#geometry === null || differ(of, this.#geometryOf)) {
      const changed = lane.layout !== this.#geometryOf[0];
      this.#geometryOf = of;
      this.#geometry = networkGeometry(lane.layout, { width, height, text: textMin, legend, roomy });
      const { x, y } = this.#network.element.getBoundingClientRect();
      const stand = { x: x + scrollX, y: y + scrollY, window: [innerWidth, innerHeight, textMin, lane.layout.lane, company === null].join() };
      const [now, smooth] = [performance.now(), company === null && this.#network.took < SMOOTH && !prefersStillness()];
      const before = this.#glider.at(now);
      if (changed && smooth && before) this.#leaving.cut(this.#network.element, before, this.#geometry);
      this.#glider.follow(this.#geometry, stand, now, smooth);
    }
    return this.#geometry;
  }

  /** @param {Canvas[]} canvases @param {() => void} resized */
  #watch(canvases, resized) {
    const observer = new ResizeObserver((entries) => {
      for (const { target, contentRect } of entries) {
        for (const canvas of canvases) {
          if (canvas.element === target) Object.assign(canvas, { width: contentRect.width, height: contentRect.height, of: [] });
        }
      }
      this.skip();
      resized();
    });
    for (const { element } of canvases) observer.observe(element);
  }
}

/** @param {HTMLCanvasElement} element @returns {Canvas} */
export function unpainted(element) {
  return { element, width: 0, height: 0, of: [], due: Number.POSITIVE_INFINITY, took: 0 };
}

/**
 * @param {Canvas} canvas
 * @param {unknown[]} of  everything that the picture depends on
 * @param {(context: CanvasRenderingContext2D, canvas: Canvas) => number | void} draw  ms after which it wants to be drawn again
 */
export function paintOn(canvas, of, draw) {
  if (canvas.width === 0 || canvas.height === 0) return;
  const begun = performance.now();
  if (begun < canvas.due && !differ(of, canvas.of)) return;
  canvas.of = of;
  drawings.set(canvas.element, (context) => draw(/** @type {CanvasRenderingContext2D} */ (context), canvas));
  const rest = draw(fitCanvas(canvas.element, canvas.width, canvas.height), canvas) ?? Number.POSITIVE_INFINITY;
  canvas.due = performance.now() + rest;
  canvas.took = performance.now() - begun;
}

/** @param {unknown[]} one @param {unknown[]} other */
function differ(one, other) {
  return one.length !== other.length || one.some((each, place) => each !== other[place]);
}
