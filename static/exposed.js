/**
 * `window.backflow`: a read-only view of what the page holds, for tests, benches and the curious (README).
 *
 * @import {Lane, Layout, State, StripModel} from "./types.js"
 *
 * @typedef {object} Painted  what is on the screen
 * @property {State} state
 * @property {number} frames  distinct steps painted
 * @property {StripModel | null} strip  what the strip shows
 */

import { layerNorm, layerScale } from "./select.js";

/**
 * @param {() => Painted} painted
 * @returns {Readonly<Record<string, any>>}
 */
export function exposed(painted) {
  const view = {
    get status() {
      const { connection, status } = painted().state;
      return connection === "open" && status !== null ? status.state : "connecting";
    },
    get framesDrawn() {
      return painted().frames;
    },
    get stepsPerSecond() {
      return painted().state.status?.steps_per_second ?? 0;
    },
    get strip() {
      const { view, line, factors } = painted().strip ?? {};
      return view ? { view, values: Array.from(line?.values ?? []), factors: structuredClone(factors?.rows ?? null), chi: structuredClone(factors?.chi ?? null) } : null;
    },
    get inspection() {
      return structuredClone(painted().state.inspection);
    },
    get lanes() {
      return painted().state.lanes.map((_, index) => exposedLane(() => painted().state.lanes[index]));
    },
  };
  const selected = exposedLane(() => painted().state.lanes[painted().state.ui.lane]);
  return Object.freeze(Object.defineProperties(view, Object.getOwnPropertyDescriptors(selected)));
}

/**
 * @param {() => Lane | undefined} lane
 */
function exposedLane(lane) {
  return Object.freeze({
    get step() {
      return lane()?.frame?.step ?? 0;
    },
    get epoch() {
      return lane()?.frame?.epoch ?? 0;
    },
    get loss() {
      return lane()?.frame?.loss ?? null;
    },
    get evaluation() {
      return structuredClone(lane()?.evaluation ?? null);
    },
    get spec() {
      return structuredClone(lane()?.spec ?? null);
    },
    get verdicts() {
      return structuredClone(lane()?.verdicts ?? []);
    },
    get layers() {
      const { layout, frame } = lane() ?? {};
      return layout && frame ? layout.layers.map((_, index) => layerOf(layout, frame, index)) : [];
    },
  });
}

/**
 * A layer as last drawn: weights, gradients and updates by rows, `weights[from][to]`; null where the page has not subscribed to them.
 * @param {Layout} layout
 * @param {NonNullable<Lane["frame"]>} frame
 * @param {number} index
 */
function layerOf(layout, frame, index) {
  const layer = layout.layers[index];
  const { id, role, activation, units, fan_in: fanIn } = layer;
  /** @param {Float32Array | undefined} section @param {number} scale */
  const rows = (section, scale) =>
    section === undefined ? null : Array.from({ length: fanIn }, (_, from) => slice(section, layer.weight + from * units, units, scale));
  /** @param {Float32Array | undefined} section @param {number} scale */
  const biases = (section, scale) => (section === undefined ? null : slice(section, layer.bias, units, scale));
  const gradientScale = layerScale(frame, layout, "gradients", index);
  const updateScale = layerScale(frame, layout, "updates", index);
  return {
    id, role, activation, units, fanIn,
    weights: rows(frame.parameters, 1),
    biases: biases(frame.parameters, 1),
    gradients: rows(frame.gradients, gradientScale),
    biasGradients: biases(frame.gradients, gradientScale),
    updates: rows(frame.updates, updateScale),
    biasUpdates: biases(frame.updates, updateScale),
    deltaRms: layerNorm(frame, layout, "delta", index),
    gradientRms: layerNorm(frame, layout, "gradient", index),
    weightRms: layerNorm(frame, layout, "weight", index),
    updateRms: layerNorm(frame, layout, "update", index),
  };
}

/**
 * @param {Float32Array} section
 * @param {number} start
 * @param {number} count
 * @param {number} scale
 */
function slice(section, start, count, scale) {
  return Array.from(section.subarray(start, start + count), (stored) => stored * scale);
}
