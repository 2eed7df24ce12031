/**
 * The drawer, loaded when it is first opened: the flow of error signals over steps, the distributions of the layers' tensors, and the
 * inspector. What was zoomed to is forgotten when it closes.
 *
 * @import {Dispatch, Lane, Layout, Palette, SeriesTable, State} from "./types.js"
 * @import {Geometry} from "./geometry.js"
 * @import {Quantity, Span} from "./flow.js"
 *
 * @typedef {object} Shown  what the page shows now
 * @property {State} state
 * @property {SeriesTable} steps
 * @property {SeriesTable} evaluations
 * @property {number} version  of the series
 * @property {Palette} palette
 * @property {Geometry["columns"]} columns
 */
import { endOf, flowAt, isShare, panned, spanOf, zoomed } from "./flow.js";
import { formatCount, formatNumber, formatPercent } from "./format.js";
import { fitCanvas } from "./marks/canvas.js";
import { mountInspector } from "./panels/inspector.js";
import { layerName } from "./panels/names.js";
import { sharesOverSteps } from "./series/shares.js";
import { drawDistributions } from "./views/distributions.js";
import { drawFlow, flowPlot } from "./views/flow.js";

const WHEEL = 0.0015; // of a zoom, for one pixel of the wheel
const KEY_PAN = 0.2; // of what is shown
const KEY_ZOOM = 0.6;

/** @template {HTMLElement} T @param {string} id @param {new () => T} kind @returns {T} */
function byId(id, kind) {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`the page has no ${kind.name} #${id}`);
  return element;
}

export class Drawer {
  #flow = new Plate(byId("flow-canvas", HTMLCanvasElement));
  #distributions = new Plate(byId("distributions-canvas", HTMLCanvasElement));
  #cursor = byId("flow-cursor", HTMLElement);
  #reading = byId("flow-reading", HTMLElement);
  #relative = byId("flow-relative", HTMLInputElement);
  #changed;
  #pointed;
  #inspect;
  /** @type {Quantity} */
  #quantity = "delta";
  /** @type {Span | null} */
  #window = null;
  /** Where the cursor stands: a step, and the layer that is pointed at, if one is. @type {{step: number, layer: number | null} | null} */
  #at = null;
  /** @type {Shown | null} */
  #shown = null;

  /**
   * @param {object} page
   * @param {() => void} page.changed  called when something has to be painted though the state is the same
   * @param {(step: number | null) => void} page.pointed  called when a step is pointed at here
   * @param {Dispatch} page.dispatch
   */
  constructor({ changed, pointed, dispatch }) {
    this.#inspect = mountInspector(byId("drawer-inspector", HTMLElement), dispatch);
    this.#changed = changed;
    this.#pointed = pointed;
    const choices = document.querySelectorAll("#flow-quantity input");
    for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (choices)) {
      input.addEventListener("change", () => {
        this.#quantity = /** @type {Quantity} */ (input.value);
        changed();
      });
    }
    this.#relative.addEventListener("change", changed);
    for (const [id, factor] of /** @type {const} */ ([["flow-in", 1 / 2], ["flow-out", 2]])) {
      byId(id, HTMLButtonElement).addEventListener("click", () => this.#zoom(factor));
    }
    byId("flow-all", HTMLButtonElement).addEventListener("click", () => this.#show(null));
    this.#flow.resized = this.#distributions.resized = changed;
    this.#listen(this.#flow.element);
  }

  /** @param {Shown} shown */
  show(shown) {
    const { state, palette, columns } = shown;
    this.#shown = shown;
    const lane = state.lanes[0];
    if (state.ui.drawer !== "flow") this.#window = null;
    if (!lane?.layout || state.ui.drawer === null) return;
    if (state.ui.drawer === "inspector") return this.#inspect(state, palette);
    if (state.ui.drawer === "flow") this.#showFlow(lane, lane.layout, shown);
    else {
      const { layout, frame, evaluation } = lane;
      byId("distributions-empty", HTMLElement).hidden = frame?.histograms !== undefined;
      const of = [layout, frame, evaluation, columns, palette];
      this.#distributions.paint(of, (ctx, size) => drawDistributions(ctx, { layout, frame, evaluation, columns, palette, ...size }));
    }
  }

  /**
   * The loss chart's cursor went to a step, or left.
   * @param {number | null} step
   */
  point(step) {
    this.#at = step === null ? null : { step, layer: null };
    this.#changed();
  }

  /**
   * @param {Lane} lane
   * @param {Layout} layout
   * @param {Shown} shown
   */
  #showFlow(lane, layout, { steps, evaluations, version, palette }) {
    const end = endOf(steps);
    byId("flow-empty", HTMLElement).hidden = end > 0;
    const quantity = this.#quantity;
    const backward = quantity === "delta" || quantity === "gradient";
    this.#relative.disabled = !backward;
    const relative = this.#relative.checked && backward;
    const shown = isShare(quantity) ? sharesOverSteps(evaluations, end) : steps;
    const span = spanOf(this.#window, end);
    const of = [layout, version, lane.diverged, quantity, relative, span.from, span.to, palette];
    this.#flow.paint(of, (ctx, size) => drawFlow(ctx, { lane, steps: shown, quantity, relative, span, palette, ...size }));
    const { left, right } = flowPlot({ ...this.#flow.size, palette });
    const at = this.#at;
    const inside = at !== null && at.step >= span.from && at.step < span.to && end > 0;
    this.#cursor.hidden = !inside;
    if (inside) this.#cursor.style.left = `${left + ((right - left) * (at.step - span.from)) / (span.to - span.from)}px`;
    const text = inside ? reading(layout, shown, quantity, at) : "";
    this.#reading.hidden = text === "";
    if (this.#reading.textContent !== text) this.#reading.textContent = text;
  }

  /** @param {number} factor @param {number} [at] */
  #zoom(factor, at) {
    if (this.#shown) this.#show(zoomed(this.#window, endOf(this.#shown.steps), factor, at));
  }

  /** @param {number} share */
  #pan(share) {
    if (this.#shown) this.#show(panned(this.#window, endOf(this.#shown.steps), share));
  }

  /** @param {Span | null} window */
  #show(window) {
    this.#window = window;
    this.#changed();
  }

  /**
   * The step and the layer at a place of the canvas.
   * @param {{offsetX: number, offsetY: number}} event
   */
  #place({ offsetX, offsetY }) {
    const layers = this.#shown?.state.lanes[0]?.layout?.layers.length ?? 0;
    if (!this.#shown || layers === 0) return null;
    const { left, right, top, bottom } = flowPlot({ ...this.#flow.size, palette: this.#shown.palette });
    const { from, to } = spanOf(this.#window, endOf(this.#shown.steps));
    const row = Math.floor(((offsetY - top) / (bottom - top)) * layers);
    const step = Math.floor(from + ((offsetX - left) / (right - left)) * (to - from));
    return { step, layer: row >= 0 && row < layers ? layers - 1 - row : null };
  }

  /** @param {HTMLCanvasElement} canvas */
  #listen(canvas) {
    let dragged = 0;
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      const { left, right } = flowPlot({ ...this.#flow.size, palette: /** @type {Shown} */ (this.#shown).palette });
      const sideways = event.shiftKey ? event.deltaY : event.deltaX;
      if (sideways !== 0) this.#pan(sideways / (right - left));
      else this.#zoom(Math.exp(WHEEL * event.deltaY), this.#place(event)?.step);
    }, { passive: false });
    canvas.addEventListener("pointerdown", ({ clientX, pointerId }) => {
      dragged = clientX;
      canvas.setPointerCapture(pointerId);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (event.buttons === 1) {
        const { left, right } = flowPlot({ ...this.#flow.size, palette: /** @type {Shown} */ (this.#shown).palette });
        this.#pan((dragged - event.clientX) / (right - left));
        dragged = event.clientX;
      }
      this.#at = this.#place(event);
      this.#pointed(this.#at?.step ?? null);
      this.#changed();
    });
    canvas.addEventListener("pointerleave", () => {
      this.#pointed(null);
      this.point(null);
    });
    /** @type {Record<string, () => void>} */
    const keys = {
      "+": () => this.#zoom(KEY_ZOOM),
      "=": () => this.#zoom(KEY_ZOOM),
      "-": () => this.#zoom(1 / KEY_ZOOM),
      ArrowLeft: () => this.#pan(-KEY_PAN),
      ArrowRight: () => this.#pan(KEY_PAN),
      Home: () => this.#show(null),
    };
    canvas.addEventListener("keydown", (event) => {
      if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      keys[event.key]();
    });
  }
}

/**
 * "Step 1,240, layer 3: 0.00210 (mean of 64 steps)"; of the first layer and the output where none is pointed at.
 * @param {Layout} layout
 * @param {SeriesTable} steps
 * @param {Quantity} quantity
 * @param {{step: number, layer: number | null}} at
 */
function reading(layout, steps, quantity, { step, layer }) {
  const last = layout.layers.length - 1;
  const indices = layer === null ? [...new Set([0, last])] : [layer];
  const parts = indices.map((index) => {
    const found = flowAt(steps, layout.layers[index].id, quantity, step);
    return { name: layerName(layout, index), found };
  });
  const known = parts.find(({ found }) => found)?.found;
  const share = isShare(quantity);
  const written = share ? formatPercent : formatNumber;
  const text = parts.map(({ name, found }) => `${name}: ${found ? written(found.value) : "not known"}`).join(", ");
  const mean = known && known.steps > 1 ? ` (means of ${formatCount(known.steps)} steps)` : "";
  if (share) return `Step ${formatCount(step)}, ${text}${known ? ` (on all training data, after step ${formatCount(known.from)})` : ""}`;
  return `Step ${formatCount(step)}, ${text}${mean}`;
}

/** A canvas that is painted when something that it shows has changed, and only then. */
class Plate {
  /** @type {() => void} */
  resized = () => {};
  #of = /** @type {unknown[]} */ ([]);

  /** @param {HTMLCanvasElement} element */
  constructor(element) {
    this.element = element;
    this.size = { width: element.clientWidth, height: element.clientHeight };
    new ResizeObserver(([{ contentRect: { width, height } }]) => {
      this.size = { width, height };
      this.#of = [];
      this.resized();
    }).observe(element);
  }

  /**
   * @param {unknown[]} of  everything that the picture depends on
   * @param {(ctx: CanvasRenderingContext2D, size: {width: number, height: number}) => void} draw
   */
  paint(of, draw) {
    const { width, height } = this.size;
    if (width === 0 || height === 0 || (of.length === this.#of.length && of.every((each, place) => each === this.#of[place]))) return;
    this.#of = of;
    draw(fitCanvas(this.element, width, height), this.size);
  }
}
