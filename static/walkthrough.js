/**
 * A step taken apart into its stages: the batch, forward layer by layer, the loss, backward layer by layer, the update. And what is
 * known at each of them, so that nothing is shown before its time. Pure.
 *
 * @import {Lane, Layout, StripModel, Ui} from "./types.js"
 *
 * @typedef {"batch" | "forward" | "loss" | "backward" | "update"} StageKind
 *
 * @typedef {object} Known  what is known at a stage; layers are indices in forward order
 * @property {number} stage
 * @property {StageKind} kind
 * @property {number | null} layer  that the stage is about
 * @property {number} activations   layers whose activations are known: those before this index
 * @property {boolean} loss
 * @property {number} deltas        layers whose error signals and gradients are known: from this index on
 * @property {boolean} updates
 */

/**
 * The last stage, the update.
 * @param {Layout} layout
 */
export function lastStage({ layers }) {
  return 2 * layers.length + 2;
}

/**
 * @param {Layout} layout
 * @param {number} stage  0 to the last
 * @returns {Known}
 */
export function knownAt(layout, stage) {
  const count = layout.layers.length;
  const backward = stage - count - 1; // 1 at the output
  const updates = stage >= lastStage(layout);
  const kind = stage === 0 ? "batch" : stage <= count ? "forward" : backward === 0 ? "loss" : updates ? "update" : "backward";
  return {
    stage,
    kind,
    layer: kind === "forward" ? stage - 1 : kind === "backward" ? count - backward : null,
    activations: Math.min(count, stage),
    loss: stage > count,
    deltas: Math.max(0, count - Math.max(0, backward)),
    updates,
  };
}

/**
 * The same object while layout and stage are the same; null where nobody walks.
 * @param {Layout | null | undefined} layout
 * @param {Pick<Ui, "walk">} ui
 * @returns {Known | null}
 */
export function knownIn(layout, { walk }) {
  if (!layout || walk === null) return null;
  const made = kept.get(layout);
  if (made?.stage === walk) return made;
  const known = knownAt(layout, Math.min(walk, lastStage(layout)));
  kept.set(layout, known);
  return known;
}

/** @type {WeakMap<Layout, Known>} */
const kept = new WeakMap();

/**
 * A stage's name; layers are numbered from 1, the output included.
 * @param {Known} known
 */
export function labelOf({ kind, layer }) {
  const word = `${kind[0].toUpperCase()}${kind.slice(1)}`;
  return layer === null ? word : `${word} ${layer + 1}`;
}

/**
 * All stages in order.
 * @param {Layout} layout
 * @returns {Known[]}
 */
export function stagesOf(layout) {
  return Array.from({ length: lastStage(layout) + 1 }, (_, stage) => knownAt(layout, stage));
}

/**
 * The stage after or before; null behind the update, where the step is taken and the next one begins.
 * @param {Layout} layout
 * @param {number} stage
 * @param {1 | -1} way
 */
export function nextStage(layout, stage, way) {
  if (stage + way > lastStage(layout)) return null;
  return Math.max(0, stage + way);
}

/**
 * What the edges to a layer show: weights, but the gradient where it has just come to be, and at the end all updates.
 * @param {Known | null | undefined} known
 * @param {number} place  of the layer
 * @param {Ui["view"]} view  where nobody walks
 * @returns {Ui["view"]}
 */
export function edgeView(known, place, view) {
  if (!known) return view;
  if (known.updates) return "updates";
  return known.kind === "backward" && known.layer === place ? "gradients" : "forward";
}

/**
 * What the picture as a whole shows, for its legend.
 * @param {Known | null | undefined} known
 * @param {Ui["view"]} view  where nobody walks
 * @returns {Ui["view"]}
 */
export function pictureView(known, view) {
  return known ? edgeView(known, known.layer ?? -1, view) : view;
}

/**
 * What is said of a stage until the engine's own sentence comes, or where that has no room.
 * @param {Layout} layout
 * @param {Known} known
 */
export function plainSentence(layout, { kind, layer }) {
  const last = layout.layers.length - 1;
  const name = layer === last ? "the output layer" : `layer ${(layer ?? 0) + 1}`;
  const before = layer === 0 ? "the inputs" : `layer ${layer}`;
  const behind = layer === last - 1 ? "the output layer" : `layer ${(layer ?? 0) + 2}`;
  switch (kind) {
    case "batch":
      return "A batch of samples is drawn; nothing is computed yet.";
    case "forward":
      return `Forward: ${name} weighs what ${before} say${layer === 0 ? "" : "s"}, adds biases, applies its activation.`;
    case "loss":
      return "The output is compared with the targets: that is the loss.";
    case "backward":
      return layer === last
        ? "Backward: the output layer’s error signal, and from it the gradients of its weights."
        : `Backward: ${name}’s error signal, from that of ${behind}; then its gradients.`;
    case "update":
      return "Every gradient becomes an update; with the next key the step is taken.";
  }
}

/**
 * What is said of a stage, and apart from it how many of the weights its formulas name: the network's picture draws all of them.
 * @param {string} sentence  the engine's
 * @returns {{said: string, limit: string}}
 */
export function withoutLimit(sentence) {
  const [limit = ""] = /\d+ of [\d,]+ weights shown\.$/.exec(sentence) ?? [];
  return { said: sentence.slice(0, sentence.length - limit.length).trimEnd(), limit };
}

/**
 * The strip's model with gaps where layers are not reached yet.
 * @param {StripModel} strip
 * @param {Known} known
 * @returns {StripModel}
 */
export function knownStrip(strip, known) {
  const from = strip.view === "update" && !known.updates ? Number.POSITIVE_INFINITY : known.deltas;
  /** @param {Float64Array} values @param {number} first @param {number} end */
  const only = (values, first, end) => values.map((value, layer) => (layer >= first && layer < end ? value : Number.NaN));
  /** @param {Float64Array} values */
  const back = (values) => only(values, from, values.length);
  return {
    ...strip,
    delta: only(strip.delta, known.deltas, strip.delta.length),
    line: { values: back(strip.line.values), low: back(strip.line.low), high: back(strip.line.high) },
    forward: strip.forward && only(strip.forward, 0, known.activations),
    factors: known.deltas === 0 ? strip.factors : null,
  };
}

/**
 * The same object while lane and stage are the same: the lane with nothing in its frame that is not known yet: for read-outs, which leave out what is missing.
 * @param {Lane} lane
 * @param {Known} known
 * @returns {Lane}
 */
export function knownLane(lane, known) {
  const { frame, layout } = lane;
  if (!frame || !layout) return lane;
  const made = lanes.get(lane);
  if (made?.known === known) return made.lane;
  const { deltas, activations, loss, updates } = known;
  const output = activations === layout.layers.length;
  const shown = {
    ...lane,
    frame: without(frame, [
      ...(output ? [] : /** @type {const} */ (["activations", "pre_activations", "stations"])),
      ...(deltas === 0 ? [] : /** @type {const} */ (["gradients", "deltas", "unit_deltas", "norms", "chi", "shares", "histograms"])),
      ...(updates ? [] : /** @type {const} */ (["updates"])),
    ]),
    maps: output || !lane.maps ? lane.maps : without(lane.maps, ["grid", "predictions"]),
    evaluation: loss ? lane.evaluation : null,
  };
  lanes.set(lane, { known, lane: shown });
  return shown;
}

/** @type {WeakMap<Lane, {known: Known, lane: Lane}>} */
const lanes = new WeakMap();

/**
 * @template {object} T
 * @param {T} whole
 * @param {readonly (keyof T)[]} names
 * @returns {T}
 */
function without(whole, names) {
  const rest = { ...whole };
  for (const name of names) delete rest[name];
  return rest;
}
