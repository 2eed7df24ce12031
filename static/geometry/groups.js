/**
 * Runs of alike layers, for headers that stand over several columns. Pure.
 *
 * @import {Layout} from "../types.js"
 *
 * @typedef {object} Group
 * @property {number} first       the first of its layers, counted from 1
 * @property {number} last
 * @property {string} activation  what its layers have in common
 * @property {number} units
 * @property {number} left        in CSS pixels, from the left edge of its first column's share to the right edge of its last one's
 * @property {number} right
 */

/**
 * @param {Layout} layout
 * @param {readonly {x: number, width: number}[]} columns  the inputs first
 * @returns {Group[]} of the hidden layers, in forward order
 */
export function groupLayers(layout, columns) {
  /** @type {Group[]} */
  const groups = [];
  for (const [index, { role, activation, units }] of layout.layers.entries()) {
    if (role === "output") continue;
    const { x, width } = columns[index + 1];
    const before = groups.at(-1);
    if (before && before.activation === activation && before.units === units) {
      before.last = index + 1;
      before.right = x + width / 2;
    } else {
      groups.push({ first: index + 1, last: index + 1, activation, units, left: x - width / 2, right: x + width / 2 });
    }
  }
  return groups;
}
