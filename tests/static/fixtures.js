/**
 * What the page's tests share: a default run, a layout, and messages written byte by byte as docs/PROTOCOL.md says.
 *
 * @import {Layout, RunSpec} from "../../static/types.js"
 */

/** @param {number} units @param {string} activation */
export function dense(units, activation) {
  return { kind: "dense", units, activation, activation_options: {}, init: "xavier_uniform", init_gain: 1, bias_init: 0 };
}

/** @type {RunSpec} */
export const DEFAULT_SPEC = {
  version: 1,
  data: { name: "circle", samples: 500, noise: 0, train_fraction: 0.5, features: ["x", "y"] },
  network: {
    hidden: [dense(4, "tanh"), dense(2, "tanh")],
    output_activation: "tanh",
    loss: "half_squared_error",
    output_activation_options: {},
    output_init: "xavier_uniform",
    output_init_gain: 1,
    output_bias_init: 0,
  },
  training: {
    optimizer: "sgd", learning_rate: 0.03, batch_size: 10, shuffle: "epoch", optimizer_options: {},
    l1: 0, l2: 0, clip_value: null, clip_norm: null, method: "gradient",
  },
  seed: 0,
  dtype: "float64",
};

/**
 * The default run with some fields changed, by dotted paths.
 * @param {Record<string, any>} changes
 * @returns {RunSpec}
 */
export function changed(changes) {
  const spec = structuredClone(DEFAULT_SPEC);
  for (const [path, value] of Object.entries(changes)) {
    const parts = path.split(".");
    const last = /** @type {string} */ (parts.pop());
    parts.reduce((object, part) => object[part], spec)[last] = value;
  }
  return spec;
}

/**
 * The layout of the default run.
 * @param {Partial<Layout>} [changes]
 * @returns {Layout}
 */
export function layoutOf(changes = {}) {
  /** @type {[number, "hidden" | "output", number, number, number, number][]} id, role, units, fan-in, offset, first unit */
  const shapes = [[1, "hidden", 4, 2, 0, 0], [2, "hidden", 2, 4, 12, 4], [0, "output", 1, 2, 22, 6]];
  return {
    lane: 0,
    revision: 1,
    timeline: 1,
    from_step: 0,
    inputs: ["x", "y"],
    layers: shapes.map(([id, role, units, fan_in, weight, unit]) => ({
      id, role, units, fan_in, weight, unit,
      kind: "dense",
      unit_ids: Array.from({ length: units }, (_, index) => index + 1),
      activation: "tanh",
      activation_options: {},
      normalization: "none",
      dropout: 0,
      residual: false,
      scale: null,
      shift: null,
      bias: weight + fan_in * units,
    })),
    parameters: 25,
    units: 7,
    data: { version: 1, name: "circle", task: "classification", classes: ["-1", "+1"], inputs: ["x", "y"], samples: 500, train: 250, test: 250, batches: 25 },
    maps: { form: "plane", grid: [64, 64], unit: [24, 24], x: [-6, 6], y: [-6, 6] },
    series: {
      steps: ["loss", "delta_rms.1", "delta_rms.2", "delta_rms.0"],
      evaluations: ["train_loss", "test_loss", "train_accuracy", "test_accuracy"],
    },
    ...changes,
  };
}

/**
 * Rows of a series as decoded; `values` row by row.
 * @param {number} from
 * @param {number[][]} values
 * @param {Partial<import("../../static/types.js").Rows>} [changes]
 * @returns {import("../../static/types.js").Rows}
 */
export function rowsOf(from, values, changes = {}) {
  return {
    lane: 0, revision: 1, timeline: 1, command: 1, more: false, min: null, max: null,
    next: from + values.length,
    from: Float64Array.from(values, (_, row) => from + row),
    spans: new Uint32Array(values.length).fill(1),
    mean: Float64Array.from(values.flat()),
    ...changes,
  };
}
