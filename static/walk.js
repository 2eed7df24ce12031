/**
 * Walking the network with the arrow keys: from what is selected to what lies beside it. Pure.
 *
 * @import {Layout, Selection} from "./types.js"
 */

import { INPUTS, layerIndex } from "./selection.js";

const DIRECTIONS = /** @type {Readonly<Record<string, readonly [number, number]>>} */ ({
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
});

/**
 * @param {Layout} layout
 * @param {Selection | null} selection
 * @param {string} key  as the browser names it
 * @returns {Selection | null} null where the key does not walk
 */
export function walk(layout, selection, key) {
  const direction = DIRECTIONS[key];
  if (direction === undefined) return null;
  if (selection === null) return unitAt(layout, 0, 0);
  const [column, place] = placeOf(layout, selection);
  const [across, down] = direction;
  const target = clamp(column + across, layout.layers.length + 1);
  const units = unitCount(layout, target);
  if (target === column) return unitAt(layout, column, clamp(place + down, units));
  // At the same height of its column, as the eye would go.
  const share = (place + 0.5) / unitCount(layout, column);
  return unitAt(layout, target, Math.min(units - 1, Math.floor(share * units)));
}

/**
 * Column (0 is the inputs) and place of what is selected; an edge stands for the unit it leads to.
 * @param {Layout} layout
 * @param {Selection} selection
 * @returns {[number, number]}
 */
function placeOf(layout, { kind, layer, unit = 0, index = 0 }) {
  if (kind === "input") return [0, unit];
  const column = layerIndex(layout, layer);
  if (column < 0) return [0, 0];
  if (kind === "edge") return [column + 1, index];
  return [column + 1, kind === "layer" ? 0 : Math.max(0, layout.layers[column].unit_ids.indexOf(unit))];
}

/** @param {Layout} layout @param {number} column */
function unitCount(layout, column) {
  return column === 0 ? layout.inputs.length : layout.layers[column - 1].units;
}

/**
 * @param {Layout} layout
 * @param {number} column
 * @param {number} place
 * @returns {Selection}
 */
function unitAt(layout, column, place) {
  if (column === 0) return { kind: "input", layer: INPUTS, unit: place };
  const { id, unit_ids } = layout.layers[column - 1];
  return { kind: "unit", layer: id, unit: unit_ids[place] };
}

/** @param {number} value @param {number} count */
function clamp(value, count) {
  return Math.min(count - 1, Math.max(0, value));
}
