/**
 * What pictures must contain for what the page shows now. Pure.
 *
 * @import {State} from "./types.js"
 */

import { signsReadable } from "./encoding.js";

/** What the network, the strip and every read-out need. */
const ALWAYS = ["parameters", "norms", "unit_deltas", "scales"];

/** What a card says of a unit. */
const UNIT = ["activations", "deltas", "pre_activations"];

/** What units without maps of their own are coloured by. */
const BATCH = ["activations", "inputs", "targets"];

/** What the distributions draw. */
const DISTRIBUTIONS = ["histograms", "histogram_axes", "shares", "singular_values"];

/** The whole of gradients and updates comes with every picture up to so many parameters; beyond, only while they are shown. */
const SMALL_NETWORK = 20_000;

/**
 * @param {State} state
 * @param {boolean} cells  whether units are drawn as plain cells, there being no room for maps
 * @returns {{type: "subscribe", sections: string[], maps: boolean, unit_maps: boolean}}
 */
export function subscriptionOf({ ui, lanes, status }, cells) {
  const layout = lanes[0]?.layout ?? null;
  const selected = [ui.hover, ui.pinned].filter((selection) => selection !== null);
  const small = layout === null || layout.parameters <= SMALL_NETWORK;
  const sections = new Set(ALWAYS);
  if (small || ui.view === "gradients" || selected.length > 0) sections.add("gradients");
  if (small || ui.view === "updates" || selected.length > 0) sections.add("updates");
  if (cells || layout?.maps.form === "samples") addAll(sections, BATCH);
  for (const { kind } of selected) {
    if (kind === "input") sections.add("inputs");
    if (kind === "unit") addAll(sections, UNIT);
  }
  if (ui.walk !== null) addAll(sections, [...UNIT, ...BATCH]); // a sample's numbers stand at the units
  if (ui.drawer === "distributions") addAll(sections, DISTRIBUTIONS);
  if (ui.drawer === "inspector") sections.add("samples"); // they are ringed in the output
  if (ui.strip === "factors") sections.add("stations");
  if (ui.strip === "factors" && ui.chi) sections.add("chi");
  // Which samples the batch holds can be followed where its gradients' signs can.
  if (signsReadable(status)) sections.add("samples");
  return { type: "subscribe", sections: [...sections].sort(), maps: true, unit_maps: true };
}

/** @param {Set<string>} sections @param {string[]} names */
function addAll(sections, names) {
  for (const name of names) sections.add(name);
}
