/**
 * Where a floating box goes so that it never covers what it is about. Pure.
 *
 * @import {Box} from "../types.js"
 */

const GAP = 8;

/**
 * @param {Box} target  what the box is about
 * @param {{width: number, height: number}} size  of the box
 * @param {Box} room    the box stays inside
 * @param {"right" | "below"} [first]  the side to try first
 * @returns {{x: number, y: number}} left upper corner of the box
 */
export function placeBeside(target, size, room, first = "right") {
  const right = target.x + target.width + GAP;
  const left = target.x - GAP - size.width;
  const below = target.y + target.height + GAP;
  const above = target.y - GAP - size.height;
  const x = within(target.x + target.width / 2 - size.width / 2, size.width, room.x, room.width);
  const y = within(target.y + target.height / 2 - size.height / 2, size.height, room.y, room.height);

  const beside = [
    { x: right, y, fits: right + size.width <= room.x + room.width },
    { x: left, y, fits: left >= room.x },
  ];
  const stacked = [
    { x, y: below, fits: below + size.height <= room.y + room.height },
    { x, y: above, fits: above >= room.y },
  ];
  const places = first === "right" ? [...beside, ...stacked] : [...stacked, ...beside];
  // Where it fits nowhere it hangs over the room's edge, on the first side: still not over the target.
  const place = places.find(({ fits }) => fits) ?? places[0];
  return { x: Math.round(place.x), y: Math.round(place.y) };
}

/**
 * @param {number} start
 * @param {number} length
 * @param {number} from
 * @param {number} extent
 */
function within(start, length, from, extent) {
  return Math.max(from, Math.min(start, from + extent - length));
}
