/**
 * What the pointer rests on or a click has pinned: comparing selections, finding what they name in a layout, and following it
 * through surgery. Pure.
 *
 * @import {LayerInfo, Layout, Selection} from "./types.js"
 */

/** The layer of a selected input. */
export const INPUTS = -1;

/**
 * @param {Selection | null} one
 * @param {Selection | null} other
 */
export function sameSelection(one, other) {
  if (one === null || other === null) return one === other;
  return (
    one.kind === other.kind &&
    one.layer === other.layer &&
    one.unit === other.unit &&
    one.from === other.from &&
    one.index === other.index
  );
}

/**
 * @param {Layout} layout
 * @param {number} id
 * @returns {number} the layer's place in forward order, -1 where there is none
 */
export function layerIndex(layout, id) {
  return layout.layers.findIndex((layer) => layer.id === id);
}

/**
 * The same thing in another layout of the same lane, or null where surgery took it away. Layers and units are known by their ids,
 * inputs by their names; an edge is known by both of its ends.
 * @param {Selection | null} selection
 * @param {Layout | null} before
 * @param {Layout} after
 * @returns {Selection | null}
 */
export function followSelection(selection, before, after) {
  if (selection === null || before === null) return null;
  if (selection.kind === "input") {
    const unit = after.inputs.indexOf(before.inputs[selection.unit ?? -1]);
    return unit < 0 ? null : unchangedOr(selection, { ...selection, unit });
  }
  const old = layerIndex(before, selection.layer);
  const now = layerIndex(after, selection.layer);
  if (old < 0 || now < 0) return null;
  const layer = after.layers[now];
  switch (selection.kind) {
    case "layer":
      return selection;
    case "unit":
    case "bias":
      return layer.unit_ids.includes(selection.unit ?? -1) ? selection : null;
    case "edge": {
      const index = layer.unit_ids.indexOf(before.layers[old].unit_ids[selection.index ?? -1]);
      const from = sourcePlace(before, old, after, now, selection.from ?? -1);
      return index < 0 || from < 0 ? null : unchangedOr(selection, { ...selection, index, from });
    }
  }
}

/**
 * Where the source of an edge is now.
 * @param {Layout} before
 * @param {number} old  index of the layer that the edge leads to
 * @param {Layout} after
 * @param {number} now
 * @param {number} from  its place before
 */
function sourcePlace(before, old, after, now, from) {
  /** @type {LayerInfo | undefined} */
  const source = before.layers[old - 1];
  /** @type {LayerInfo | undefined} */
  const target = after.layers[now - 1];
  if (source?.id !== target?.id) return -1;
  if (source === undefined || target === undefined) return after.inputs.indexOf(before.inputs[from]);
  return target.unit_ids.indexOf(source.unit_ids[from]);
}

/** @param {Selection} selection @param {Selection} moved */
function unchangedOr(selection, moved) {
  return sameSelection(selection, moved) ? selection : moved;
}
