/**
 * Which sample of the coming batch a click in the output means: the nearest one, where one is near. Pure.
 *
 * @import {Data, Frame} from "../types.js"
 */
import { trainingSamples } from "../marks/points.js";

/** A click within this many pixels of a point means it. */
export const REACH = 16;

/**
 * @param {Frame} frame
 * @param {Data} data
 * @param {(x: number, y: number) => [number, number]} place  of a point of the plane, in pixels
 * @param {[number, number]} at  of the click
 * @returns {number | null} its place in the batch
 */
export function sampleAt({ samples }, data, place, [x, y]) {
  if (!samples) return null;
  const training = trainingSamples(data);
  let best = REACH;
  let found = null;
  for (let row = 0; row < samples.length; row++) {
    const sample = training[samples[row]];
    const [left, top] = place(data.points[2 * sample], data.points[2 * sample + 1]);
    const distance = Math.hypot(left - x, top - y);
    if (distance < best) [best, found] = [distance, row];
  }
  return found;
}
