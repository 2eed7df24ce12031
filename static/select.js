/**
 * From the state to the numbers that views and panels show. Pure.
 *
 * Gradients, updates and δ come stored apart from their scales (docs/PROTOCOL.md, section 11 of the frame): here, and wherever
 * else they are shown as numbers, value = stored × scale.
 *
 * @import {Frame, Lane, Layout, StripModel, Ui} from "./types.js"
 * @import {SeriesStore} from "./series.js"
 */

import { StationMeans, factorRows } from "./factors.js";

/** Steps whose median the strip shows while training. */
export const STRIP_STEPS = 200;

/** Rows of the sections `norms` and `scales`. */
const NORMS = /** @type {const} */ ({ delta: 0, gradient: 1, weight: 2, update: 3 });
const SCALES = /** @type {const} */ ({ gradients: 0, updates: 1, deltas: 2 });

/**
 * A root mean square of a layer; NaN where the page has not subscribed to norms.
 * @param {Frame} frame
 * @param {Layout} layout
 * @param {keyof typeof NORMS} name
 * @param {number} index
 */
export function layerNorm(frame, layout, name, index) {
  return frame.norms?.[NORMS[name] * layout.layers.length + index] ?? NaN;
}

/**
 * The factor that turns what a frame stores of a layer into its values.
 * @param {Frame} frame
 * @param {Layout} layout
 * @param {keyof typeof SCALES} name
 * @param {number} index
 */
export function layerScale(frame, layout, name, index) {
  return frame.scales?.[SCALES[name] * layout.layers.length + index] ?? 1;
}

/** The quantities that the strip draws as a line: columns of the series, the first over the second where there are two. */
const LINES = /** @type {const} */ ({
  signals: ["delta"],
  gradient: ["gradient"],
  update: ["update", "weight"],
  factors: ["delta"],
});

/**
 * What the strip shows: the numbers of the frame while paused; while training the medians of the last steps, for half of what a
 * single batch says is chance.
 * @param {Lane} lane
 * @param {SeriesStore} store
 * @param {boolean} playing
 * @param {StripModel["view"]} [view]
 * @param {StripModel["factors"]} [factors]
 * @returns {StripModel | null}
 */
export function stripModel({ layout, frame, maps }, store, playing, view = "signals", factors = null) {
  if (layout === null || frame === null || frame.norms === undefined) return null;
  const windows = playing ? windowsOf(layout, store, "delta") : null;
  const signal = windows ?? frameLine(layout, frame, ["delta"]);
  const line = windows ? seriesLine(layout, store, LINES[view]) : frameLine(layout, frame, LINES[view]);
  const { steps } = signal;
  return { exact: windows === null, steps, view, delta: signal.values, line, forward: forwardSignal(layout, maps?.unit_spread), factors };
}

/**
 * @param {Layout} layout
 * @param {Frame} frame
 * @param {readonly (keyof typeof NORMS)[]} names
 */
function frameLine(layout, frame, [name, over]) {
  const values = Float64Array.from(layout.layers, (_, index) => {
    const value = layerNorm(frame, layout, name, index);
    return over ? share(value, layerNorm(frame, layout, over, index)) : value;
  });
  return { values, low: values.slice(), high: values.slice(), steps: 1 };
}

/**
 * @param {Layout} layout
 * @param {SeriesStore} store
 * @param {readonly (keyof typeof NORMS)[]} names
 * @returns {StripModel["line"]}  NaN where rows are still on their way
 */
function seriesLine(layout, store, [name, over]) {
  const none = { values: new Float64Array(layout.layers.length).fill(NaN) };
  const { values, low, high } = { low: none.values, high: none.values, ...none, ...windowsOf(layout, store, name) };
  const below = over && windowsOf(layout, store, over);
  if (!below) return { values, low, high };
  /** @param {Float64Array} each */
  const divided = (each) => each.map((value, index) => share(value, below.values[index]));
  return { values: divided(values), low: divided(low), high: divided(high) };
}

/**
 * Medians and extremes of the last steps; null where the first rows are still on their way.
 * @param {Layout} layout
 * @param {SeriesStore} store
 * @param {keyof typeof NORMS} name
 */
function windowsOf({ layers }, store, name) {
  const windows = layers.map(({ id }) => store.window(`${name}_rms.${id}`, STRIP_STEPS)).filter((window) => window !== null);
  if (windows.length < layers.length) return null;
  return {
    values: Float64Array.from(windows, ({ median }) => median),
    low: Float64Array.from(windows, ({ low }) => low),
    high: Float64Array.from(windows, ({ high }) => high),
    steps: windows[0].steps,
  };
}

/** @param {number} update @param {number} weight  NaN for a layer without weights that are not zero */
function share(update, weight) {
  return weight === 0 ? Number.NaN : update / weight;
}

/**
 * Standard deviation of each layer's activations over the training data, averaged over its units.
 * @param {Layout} layout
 * @param {Float64Array | undefined} spread
 * @returns {Float64Array | null}
 */
function forwardSignal(layout, spread) {
  if (spread === undefined) return null;
  return Float64Array.from(layout.layers, ({ unit, units }) => {
    let sum = 0;
    for (let place = unit; place < unit + units; place++) sum += spread[place];
    return sum / units;
  });
}

/**
 * How much of the last layer's error signal reaches the first: of the last hidden layer's where there are several hidden
 * layers, else of the output's.
 * @param {Layout} layout
 * @param {ArrayLike<number>} delta  error signal of each layer
 * @returns {{first: number, last: number, ratio: number} | null} layers by index; null where there is no hidden layer
 */
export function errorRatio(layout, delta) {
  const hidden = layout.layers.length - 1;
  if (hidden < 1) return null;
  const last = hidden > 1 ? hidden - 1 : hidden;
  return { first: 0, last, ratio: delta[last] === 0 && delta[0] === 0 ? 0 : delta[0] / delta[last] };
}

/** The strip's model, the same object until something that it shows has changed: while training that is when rows arrive. */
export class StripSource {
  /** @type {StripModel | null} */
  #model = null;
  /** @type {unknown[]} */
  #of = [];
  #means = new StationMeans();
  /** @type {Frame | null} the last whose factors went into the means */
  #averaged = null;
  #store;

  /** @param {SeriesStore} store */
  constructor(store) {
    this.#store = store;
  }

  /**
   * @param {Lane} lane
   * @param {boolean} playing
   * @param {Pick<Ui, "strip" | "chi">} [ui]
   */
  model(lane, playing, { strip: view, chi } = { strip: "signals", chi: false }) {
    const { layout, frame, maps } = lane;
    const shown = view === "factors" ? [frame, chi] : [];
    const medians = playing && this.#model !== null && !this.#model.exact;
    const of = [layout, maps, playing, view, this.#store.version, medians && frame !== null ? null : frame, ...shown];
    if (of.length !== this.#of.length || of.some((each, place) => each !== this.#of[place])) {
      this.#of = of;
      const factors = view === "factors" ? this.#factors(lane, playing, chi) : null;
      this.#model = stripModel(lane, this.#store, playing, view, factors);
    }
    return this.#model;
  }

  /**
   * The factors of the picture; while training, their geometric means over the last ones.
   * @param {Lane} lane
   * @param {boolean} playing
   * @param {boolean} chi
   * @returns {StripModel["factors"]}
   */
  #factors({ layout, frame }, playing, chi) {
    const stations = frame?.stations;
    if (!layout || !stations) return null;
    const last = this.#averaged;
    if (!playing || !last || last.timeline !== frame.timeline || last.revision !== frame.revision) this.#means.restart();
    const shown = playing && last !== frame ? this.#means.add(stations) : (playing && this.#means.latest) || stations;
    this.#averaged = frame;
    return { rows: factorRows(layout, shown), chi: (chi && frame.chi) || null };
  }
}
