/**
 * The way from one geometry to the next: what is in both moves from its old place to its new one, what is new fades in where it
 * stands, and what is gone fades out where it stood (geometry/leaving.js). Layers and units are known by their ids, for their
 * places change. Pure.
 *
 * @import {Gap, Geometry} from "../geometry.js"
 * @import {Column} from "./columns.js"
 */

import { leavingOf } from "./leaving.js";

/** What of a column moves, beside its units' heights. */
const MOVING = /** @type {const} */ (["x", "width", "tileWidth", "tileHeight", "left", "bar", "right", "dot"]);

/**
 * @param {Geometry} from
 * @param {Geometry} to
 * @param {{x: number, y: number}} [shift]  from the new canvas's corner to the old one's, in CSS pixels
 * @returns {(share: number) => Geometry} at a share of the way, 0 to 1; `to` itself at its end
 */
export function glideBetween(from, to, shift = { x: 0, y: 0 }) {
  const pairs = to.columns.map((column) => pairOf(from.columns, column));
  const known = new Set(from.gaps.map((gap) => `${gap.from.layer} ${gap.to.layer}`));
  const gaps = to.gaps.map((gap) => ({ gap, fresh: !known.has(`${gap.from.layer} ${gap.to.layer}`) }));
  const leaving = leavingOf(from, to, shift);
  return (share) => {
    if (share >= 1) return to;
    const columns = pairs.map((pair) => columnBetween(pair, share, shift));
    return {
      ...to,
      columns,
      gaps: gaps.map(({ gap, fresh }) => gapBetween(gap, columns, fresh)),
      captions: mix(from.captions + shift.y, to.captions, share),
      presence: share,
      leaving: leaving && { ...leaving, presence: (1 - share) * (leaving.presence ?? 1) },
    };
  };
}

/**
 * @typedef {object} Pair
 * @property {Column} to
 * @property {Column | null} from      the same layer before; null where it is new, or was drawn as something else
 * @property {Int32Array} places       of each unit in the column before, -1 for a new one
 *
 * @param {readonly Column[]} columns  before
 * @param {Column} to
 * @returns {Pair}
 */
function pairOf(columns, to) {
  const from = columns.find(({ layer, form }) => layer === to.layer && (form === "image") === (to.form === "image")) ?? null;
  if (to.form === "image") return { to, from, places: Int32Array.of(from ? 0 : -1) };
  const before = new Map(from?.unitIds.map((id, place) => [id, place]));
  return { to, from, places: Int32Array.from(to.unitIds, (id) => before.get(id) ?? -1) };
}

/**
 * @param {Pair} pair
 * @param {number} share
 * @param {{x: number, y: number}} shift
 * @returns {Column}
 */
function columnBetween({ to, from, places }, share, shift) {
  const fresh = Uint8Array.from(places, (place) => (place < 0 ? 1 : 0));
  if (!from) return { ...to, fresh };
  const column = { ...to, fresh, y: to.y.map((y, unit) => (places[unit] < 0 ? y : mix(from.y[places[unit]] + shift.y, y, share))) };
  for (const field of MOVING) column[field] = mix(from[field], to[field], share);
  for (const field of /** @type {const} */ (["x", "left", "right"])) column[field] += shift.x * (1 - share);
  return column;
}

/**
 * @param {Gap} gap
 * @param {Column[]} columns
 * @param {boolean} fresh
 * @returns {Gap}
 */
function gapBetween(gap, columns, fresh) {
  const [from, to] = [columns[gap.from.place], columns[gap.to.place]];
  return { ...gap, from, to, left: from.right, right: Math.max(from.right, to.left), fresh };
}

/**
 * How much of an edge is there.
 *
 * @param {Geometry} geometry
 * @param {Gap} gap
 * @param {number} from   places of its ends in their columns
 * @param {number} to
 * @returns {number} 0 to 1
 */
export function edgePresence({ presence = 1 }, gap, from, to) {
  return gap.fresh || gap.from.fresh?.[from] || gap.to.fresh?.[to] ? presence : 1;
}

/** @param {number} from @param {number} to @param {number} share */
function mix(from, to, share) {
  return from + (to - from) * share;
}
