/**
 * What pictures must contain for what the page shows now. Pure.
 *
 * @import {State} from "./types.js"
 */

/** What the network, the strip and every read-out need. */
const ALWAYS = ["parameters", "norms", "unit_deltas", "scales"];

/** The whole of these is sent with every picture up to so many parameters; beyond, only while they are shown. */
const SMALL_NETWORK = 20_000;

/**
 * @param {State} state
 * @returns {{type: "subscribe", sections: string[], maps: boolean, unit_maps: boolean}}
 */
export function subscriptionOf({ ui, lanes }) {
  const layout = lanes[0]?.layout ?? null;
  const selected = [ui.hover, ui.pinned].filter((selection) => selection !== null);
  const small = layout === null || layout.parameters <= SMALL_NETWORK;
  const sections = new Set(ALWAYS);
  if (small || ui.view === "gradients" || selected.length > 0) sections.add("gradients");
  if (small || ui.view === "updates" || selected.length > 0) sections.add("updates");
  for (const { kind } of selected) {
    if (kind === "input") sections.add("inputs");
    if (kind === "unit") for (const section of ["activations", "deltas", "pre_activations"]) sections.add(section);
  }
  return { type: "subscribe", sections: [...sections].sort(), maps: true, unit_maps: layout === null || layout.maps.form !== "samples" };
}
