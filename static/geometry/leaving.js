/**
 * What of a network is not in the next one: units, layers, and the edges between layers that are no neighbours any more. While the
 * rest glides, it fades out where it stood on the screen. Pure.
 *
 * @import {Geometry} from "../geometry.js"
 * @import {Box} from "../types.js"
 * @import {Column} from "./columns.js"
 */
import { tileBox } from "./columns.js";

/**
 * @param {Geometry} from
 * @param {Geometry} to
 * @param {{x: number, y: number}} shift  from the new canvas's corner to the old one's, in CSS pixels
 * @returns {Geometry | undefined} `from`, with what leaves marked as what comes is: `fresh`; none where nothing leaves
 */
export function leavingOf(from, to, shift) {
  const marks = from.columns.map((column) => marksOf(column, to.columns));
  const pairs = new Set(to.gaps.map(pairOf));
  const gone = from.gaps.map((gap) => !pairs.has(pairOf(gap)));
  const some = gone.includes(true) || marks.some((each) => each.includes(1));
  // A canvas that gets another size after its network has changed: what was leaving goes on leaving.
  if (!some) return from.leaving && shifted(from.leaving, shift);
  const columns = from.columns.map((column, place) => ({ ...column, fresh: marks[place] }));
  return shifted({ ...from, columns, gaps: from.gaps.map((gap, place) => ({ ...gap, fresh: gone[place] })), presence: 1, leaving: undefined }, shift);
}

/**
 * The units that leave, with their boxes and all that sticks out of them.
 *
 * @param {Geometry} geometry  as `leavingOf` gives it
 * @returns {{key: string, box: Box}[]}
 */
export function leavingUnits({ columns }) {
  return columns.flatMap((column) =>
    [...(column.fresh ?? [])].flatMap((leaves, index) => (leaves ? [{ key: `${column.layer} ${column.unitIds[index]}`, box: rimmedBox(column, index) }] : [])),
  );
}

/**
 * The box of a unit's tile, its bar and the dot of its bias included.
 *
 * @param {Column} column
 * @param {number} index
 * @returns {Box}
 */
export function rimmedBox(column, index) {
  const { x, y, width, height } = tileBox(column, index);
  const rim = column.dot + 1;
  return { x: x - rim, y, width: width + rim + 1, height: height + rim };
}

/** @param {import("../geometry.js").Gap} gap */
function pairOf({ from, to }) {
  return `${from.layer} ${to.layer}`;
}

/** @param {Column} column @param {readonly Column[]} next @returns {Uint8Array} 1 for every unit that is not in the next columns */
function marksOf({ layer, form, unitIds }, next) {
  const same = next.find((column) => column.layer === layer && (column.form === "image") === (form === "image"));
  if (form === "image") return Uint8Array.of(same ? 0 : 1);
  const there = new Set(same?.unitIds);
  return Uint8Array.from(unitIds, (id) => (there.has(id) ? 0 : 1));
}

/** @param {Geometry} geometry @param {{x: number, y: number}} shift @returns {Geometry} the same elsewhere on the canvas */
function shifted(geometry, { x, y }) {
  const columns = geometry.columns.map((column) => ({
    ...column,
    x: column.x + x,
    left: column.left + x,
    right: column.right + x,
    y: column.y.map((each) => each + y),
  }));
  const gaps = geometry.gaps.map((gap) => ({ ...gap, from: columns[gap.from.place], to: columns[gap.to.place], left: gap.left + x, right: gap.right + x }));
  return { ...geometry, columns, gaps };
}
