/**
 * From the state to the numbers that views and panels show. Pure.
 *
 * Gradients, updates and δ come stored apart from their scales (docs/PROTOCOL.md, section 11 of the frame): here, and wherever
 * else they are shown as numbers, value = stored × scale.
 *
 * @import {Frame, Lane, Layout, StripModel} from "./types.js"
 * @import {SeriesStore} from "./series.js"
 */

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

/**
 * What the strip shows: the numbers of the frame while paused; while training the medians of the last steps, for half of what a
 * single batch says is chance.
 * @param {Lane} lane
 * @param {SeriesStore} store
 * @param {boolean} playing
 * @returns {StripModel | null}
 */
export function stripModel({ layout, frame, maps }, store, playing) {
  if (layout === null || frame === null || frame.norms === undefined) return null;
  const count = layout.layers.length;
  const delta = frame.norms.slice(0, count);
  const low = delta.slice();
  const high = delta.slice();
  let steps = 1;
  let exact = !playing;
  if (playing) {
    const windows = layout.layers.map(({ id }) => store.window(`delta_rms.${id}`, STRIP_STEPS));
    exact = windows.includes(null); // the first rows are still on their way
    for (const [index, window] of windows.entries()) {
      if (exact || window === null) break;
      ({ median: delta[index], low: low[index], high: high[index], steps } = window);
    }
  }
  return { exact, steps, delta, low, high, forward: forwardSignal(layout, maps?.unit_spread) };
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
  #store;

  /** @param {SeriesStore} store */
  constructor(store) {
    this.#store = store;
  }

  /**
   * @param {Lane} lane
   * @param {boolean} playing
   */
  model(lane, playing) {
    const medians = playing && this.#model !== null && !this.#model.exact;
    const of = [lane.layout, lane.maps, playing, this.#store.version, medians && lane.frame !== null ? null : lane.frame];
    if (this.#of.length === 0 || of.some((each, place) => each !== this.#of[place])) {
      this.#of = of;
      this.#model = stripModel(lane, this.#store, playing);
    }
    return this.#model;
  }
}
