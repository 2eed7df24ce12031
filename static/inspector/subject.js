/**
 * What the inspector is about: from what is pinned in the network to what the server is asked, and back. Pure.
 *
 * @import {Layout, Selection, Subject} from "../types.js"
 */

/** @type {Subject} */
export const LOSS = { kind: "loss", layer: null, unit: null, from: null };

/** A stage of a step that is walked through. @type {Subject} */
export const WALK = { kind: "walk", layer: null, unit: null, from: null };

/**
 * @param {Layout} layout
 * @param {Selection | null} selection
 * @returns {Subject | null} null where there is nothing to inspect: an input, a whole layer
 */
export function subjectOf({ layers }, selection) {
  if (selection === null) return null;
  const { kind, layer, unit = null, from = null, index = -1 } = selection;
  if (kind === "unit" || kind === "bias") return { kind, layer, unit, from: null };
  const end = layers.find(({ id }) => id === layer)?.unit_ids[index];
  return kind === "edge" && end !== undefined ? { kind: "weight", layer, unit: end, from } : null;
}

/**
 * @param {Layout} layout
 * @param {Subject} subject
 * @returns {Selection | null} null where the network shows no such thing: the loss, a scale or shift
 */
export function selectionOf({ layers }, { kind, layer, unit, from }) {
  const found = layers.find(({ id }) => id === layer);
  if (!found || layer === null || unit === null) return null;
  if (kind === "unit" || kind === "bias") return { kind, layer, unit };
  if (kind !== "weight" || from === null) return null;
  return { kind: "edge", layer, from, index: found.unit_ids.indexOf(unit) };
}

/** @param {Subject | null} one @param {Subject | null} other */
export function sameSubject(one, other) {
  if (one === null || other === null) return one === other;
  return one.kind === other.kind && one.layer === other.layer && one.unit === other.unit && one.from === other.from;
}
