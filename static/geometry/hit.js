/**
 * What lies under the pointer. Pure.
 *
 * @import {Selection} from "../types.js"
 * @import {Geometry} from "../geometry.js"
 * @import {Column} from "./columns.js"
 */
import { biasPoint, tileBox } from "./columns.js";
import { bundleStart, edgeRise } from "./edges.js";

const REACH = 8; // from an edge, in pixels
const TOUCH_REACH = 16;

/**
 * @param {Geometry} geometry
 * @param {number} x  in CSS pixels from the canvas's left upper corner
 * @param {number} y
 * @param {object} [options]
 * @param {boolean} [options.touch]  a finger: everything may be missed by more
 * @param {(place: number) => ArrayLike<number> | null} [options.drawn]  the edges drawn in the gap before a column, as
 *   entries of its weight (from * units + index); null where all of them are
 * @returns {Selection | null}
 */
export function hitTest(geometry, x, y, { touch = false, drawn = () => null } = {}) {
  const reach = touch ? TOUCH_REACH : REACH;
  return hitBias(geometry, x, y, reach) ?? hitTile(geometry, x, y, touch ? 4 : 1) ?? hitEdge(geometry, x, y, reach, drawn);
}

/**
 * The column at x, or null left of the first and right of the last: what the strip shows the numbers of.
 *
 * @param {Geometry} geometry
 * @param {number} x
 * @returns {Selection | null}
 */
export function hitColumn(geometry, x) {
  const column = geometry.columns.find((each) => Math.abs(x - each.x) <= each.width / 2);
  return column ? { kind: "layer", layer: column.layer } : null;
}

/**
 * @param {Geometry} geometry
 * @param {number} x
 * @param {number} y
 * @param {number} reach
 * @returns {Selection | null}
 */
function hitBias(geometry, x, y, reach) {
  for (const column of geometry.columns) {
    if (column.dot === 0 || Math.abs(x - column.left) > reach) continue;
    for (let index = 0; index < column.units; index++) {
      const dot = biasPoint(column, index);
      if (Math.hypot(x - dot.x, y - dot.y) <= Math.min(reach, column.dot + 3)) {
        return { kind: "bias", layer: column.layer, unit: column.unitIds[index] };
      }
    }
  }
  return null;
}

/**
 * @param {Geometry} geometry
 * @param {number} x
 * @param {number} y
 * @param {number} slack
 * @returns {Selection | null}
 */
function hitTile(geometry, x, y, slack) {
  const column = geometry.columns.find((each) => x >= each.left - slack && x <= each.right + slack);
  if (!column) return null;
  if (column.form === "image") return hitImage(column, x, y);
  for (let index = 0; index < column.units; index++) {
    const box = tileBox(column, index);
    if (y >= box.y - slack && y <= box.y + box.height + slack) {
      return { kind: column.layer === -1 ? "input" : "unit", layer: column.layer, unit: column.unitIds[index] };
    }
  }
  return null;
}

/**
 * @param {Column} column
 * @param {number} x
 * @param {number} y
 * @returns {Selection | null}
 */
function hitImage(column, x, y) {
  const across = Math.round(Math.sqrt(column.units));
  const box = tileBox(column, 0);
  const i = Math.floor(((x - box.x) / box.width) * across);
  const j = Math.floor(((y - box.y) / box.height) * across);
  return i >= 0 && i < across && j >= 0 && j < across ? { kind: "input", layer: -1, unit: j * across + i } : null;
}

/**
 * The nearest edge within reach. All edges of a gap have one curve, so that at the pointer's x each is one height away.
 *
 * @param {Geometry} geometry
 * @param {number} x
 * @param {number} y
 * @param {number} reach
 * @param {(place: number) => ArrayLike<number> | null} drawn
 * @returns {Selection | null}
 */
function hitEdge(geometry, x, y, reach, drawn) {
  const gap = geometry.gaps.find((each) => x >= each.left && x <= each.right);
  if (!gap || gap.form === "band") return null;
  const share = (x - gap.left) / (gap.right - gap.left);
  const rise = edgeRise(share);
  const steepness = (edgeRise(Math.min(1, share + 0.02)) - edgeRise(Math.max(0, share - 0.02))) / (0.04 * (gap.right - gap.left));
  const entries = gap.form === "edges" ? drawn(gap.to.place) : null;
  const candidates = gap.form === "bundles" ? gap.to.units : (entries?.length ?? gap.edges);
  let nearest = reach;
  /** @type {Selection | null} */
  let hit = null;
  for (let i = 0; i < candidates; i++) {
    const entry = entries ? entries[i] : i;
    const [from, index] = gap.form === "bundles" ? [0, i] : [Math.floor(entry / gap.to.units), entry % gap.to.units];
    const start = gap.form === "bundles" ? bundleStart(gap, index) : gap.from.y[from];
    const end = gap.to.y[index];
    const distance = Math.abs(y - (start + (end - start) * rise)) / Math.hypot(1, (end - start) * steepness);
    if (distance < nearest) {
      nearest = distance;
      hit =
        gap.form === "bundles"
          ? { kind: "unit", layer: gap.to.layer, unit: gap.to.unitIds[index] }
          : { kind: "edge", layer: gap.to.layer, from, index };
    }
  }
  return hit;
}
