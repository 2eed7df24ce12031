/**
 * What layers, units and networks are called on the page. Pure.
 *
 * @import {Layout} from "../types.js"
 */

/** A longer row of numbers is not read but counted. */
const LONGEST_SHAPE = 9;

/**
 * @param {Layout} layout
 * @returns {string} "a 2-4-2-1 network", "a network of 20 hidden layers"
 */
export function networkName(layout) {
  const widths = [layout.inputs.length, ...layout.layers.map((layer) => layer.units)];
  return widths.length <= LONGEST_SHAPE ? `a ${widths.join("-")} network` : `a network of ${widths.length - 2} hidden layers`;
}

/**
 * In a sentence: "layer 1", "the output layer".
 * @param {Layout} layout
 * @param {number} index  in forward order
 */
export function layerName(layout, index) {
  return layout.layers[index]?.role === "output" ? "the output layer" : `layer ${index + 1}`;
}

/**
 * @param {Layout} layout
 * @param {number} index  of the layer
 * @param {number} place  of the unit in its layer
 * @returns {string} "unit 1.3", the third of layer 1; "output", "output “setosa”"
 */
export function unitName(layout, index, place) {
  const { role, units } = layout.layers[index];
  if (role === "hidden") return `unit ${index + 1}.${place + 1}`;
  const { classes } = layout.data;
  return units === 1 ? "output" : `output ${units === classes.length ? `“${classes[place]}”` : place + 1}`;
}
