/**
 * The one weight or bias that a selection stands for. Pure.
 *
 * @import {Lane, Selection} from "./types.js"
 */

import { layerIndex } from "./selection.js";

/**
 * @param {Lane | undefined} lane
 * @param {Selection | null} selection
 * @returns {{tensor: "weight" | "bias", value: number} | null} as last drawn; null where it stands for none, or for several
 */
export function selectedParameter(lane, selection) {
  const { layout, frame } = lane ?? {};
  if (!layout || !frame?.parameters || !selection) return null;
  const layer = layout.layers[layerIndex(layout, selection.layer)];
  if (layer === undefined) return null;
  const { from = -1, index = -1, unit = -1 } = selection;
  if (selection.kind === "edge") return { tensor: "weight", value: frame.parameters[layer.weight + from * layer.units + index] };
  const place = layer.unit_ids.indexOf(unit);
  return place < 0 ? null : { tensor: "bias", value: frame.parameters[layer.bias + place] };
}
