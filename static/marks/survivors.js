/**
 * Which unit is which after a network has changed. Pure.
 *
 * @import {Layout} from "../types.js"
 */

/**
 * @param {Layout} before
 * @param {Layout} now
 * @returns {Int32Array} for each unit of `now`, in the order of the layout, its place in `before`; -1 for a new one
 */
export function placesBefore(before, now) {
  const known = new Map(before.layers.flatMap(({ id, unit, unit_ids }) => unit_ids.map((each, place) => [`${id} ${each}`, unit + place])));
  return Int32Array.from(now.layers.flatMap(({ id, unit_ids }) => unit_ids.map((each) => known.get(`${id} ${each}`) ?? -1)));
}
