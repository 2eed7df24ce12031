/**
 * Elements that glide from where they stood to where they stand now, with the columns of the network under them; new ones fade in.
 */
import { GLIDE } from "../glider.js";

/** The same course as the columns': with these inner points it is t² (3 − 2t). */
const TIMING = { duration: GLIDE, easing: `cubic-bezier(${1 / 3}, 0, ${2 / 3}, 1)` };

/**
 * @param {HTMLElement} place  whose children they are
 * @returns {(change: () => void, glides: boolean) => void} makes a change to the children; where it `glides`, they do
 */
export function glidingChildren(place) {
  let left = 0; // where the place itself stood
  return (change, glides) => {
    const moved = place.getBoundingClientRect().left - left;
    left += moved;
    const before = new Map(glides ? Array.from(place.children, (child) => [child, middleOf(child)]) : []);
    change();
    if (!glides) return;
    for (const child of place.children) {
      const stood = before.get(child);
      if (stood === undefined) child.animate({ opacity: [0, 1] }, TIMING);
      else child.animate({ translate: [`${stood - moved - middleOf(child)}px 0`, "0 0"] }, TIMING);
    }
  };
}

/** @param {Element} element */
function middleOf(element) {
  const { left, width } = element.getBoundingClientRect();
  return left + width / 2;
}
