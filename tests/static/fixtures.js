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
