/**
 * The curve that all edges of a gap share; only their ends differ. Pure.
 *
 * @import {Gap} from "../geometry.js"
 */

/** Where the inner points of an edge's Bézier curve stand, as a share of the gap's width. */
export const BEND = 0.35;

/**
 * How far an edge has risen from its first unit to its second, at a share of the way: both ends leave level, so that they
 * can be told apart at the tiles.
 *
 * @param {number} share 0 to 1, of the gap's width
 */
export function edgeRise(share) {
  // x(t) of a cubic whose inner points stand at BEND and 1 - BEND is odd about 1/2 and monotonic: Newton settles in a few turns
  let t = share;
  for (let turn = 0; turn < 4; turn++) {
    const x = 3 * BEND * t * (1 - t) * (1 - t) + 3 * (1 - BEND) * t * t * (1 - t) + t * t * t;
    const slope = 3 * BEND * (1 - t) * (1 - t) + 6 * (1 - 2 * BEND) * t * (1 - t) + 3 * BEND * t * t;
    t -= (x - share) / slope;
  }
  return t * t * (3 - 2 * t);
}

/**
 * Height at which the bundle of a unit leaves the image of the inputs: spread over its edge in the order of the units.
 *
 * @param {Gap} gap
 * @param {number} index  of the unit
 */
export function bundleStart({ from, to }, index) {
  const spread = from.tileHeight * 0.8;
  return from.y[0] + (spread * (index - (to.units - 1) / 2)) / to.units;
}

/**
 * Traces one edge.
 *
 * @param {Pick<CanvasPath, "moveTo" | "bezierCurveTo">} path
 * @param {Pick<Gap, "left" | "right">} gap
 * @param {number} start  heights of its ends
 * @param {number} end
 */
export function traceEdge(path, { left, right }, start, end) {
  const bend = (right - left) * BEND;
  path.moveTo(left, start);
  path.bezierCurveTo(left + bend, start, right - bend, end, right, end);
}
