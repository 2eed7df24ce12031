/**
 * Layouts for the tests of the page's pure modules.
 *
 * @import {Layout, LayerInfo} from "../../static/types.js"
 */

/**
 * @param {number[]} units      of the hidden layers, then of the output
 * @param {Partial<Layout> & {inputs?: string[]}} [changes]
 * @returns {Layout}
 */
export function layoutOf(units, changes = {}) {
  const inputs = changes.inputs ?? ["x", "y"];
  let parameters = 0;
  let unit = 0;
  /** @type {LayerInfo[]} */
  const layers = units.map((count, i) => {
    const fanIn = i === 0 ? inputs.length : units[i - 1];
    const output = i === units.length - 1;
    /** @type {LayerInfo} */
    const layer = {
      id: output ? 0 : 10 + i,
      kind: "dense",
      role: output ? "output" : "hidden",
      units: count,
      unit_ids: Array.from({ length: count }, (_, place) => 100 + place),
      fan_in: fanIn,
      activation: "tanh",
      activation_options: {},
      normalization: "none",
      dropout: 0,
      residual: false,
      scale: null,
      shift: null,
      weight: parameters,
      bias: parameters + fanIn * count,
      unit,
    };
    parameters += (fanIn + 1) * count;
    unit += count;
    return layer;
  });
  return {
    lane: 0,
    revision: 1,
    timeline: 1,
    from_step: 0,
    inputs,
    layers,
    parameters,
    units: unit,
    data: {
      version: 1,
      name: "circle",
      task: "classification",
      classes: ["-1", "+1"],
      inputs: ["x", "y"],
      samples: 500,
      train: 250,
      test: 250,
      batches: 25,
    },
    maps: { form: "plane", grid: [64, 64], unit: [24, 24], x: [-6, 6], y: [-6, 6] },
    series: { steps: ["loss"], evaluations: ["train_loss", "test_loss"] },
    ...changes,
  };
}
