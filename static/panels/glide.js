/**
 * Elements that glide from where they stood to where they stand now, with the columns of the network under them; new ones fade in,
 * and those that are gone fade out.
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
    const box = place.getBoundingClientRect();
    const before = new Map(glides ? Array.from(place.children, (child) => [child, middleOf(child)]) : []);
    // Copies: of what it takes away, a renderer leaves nothing but the outermost element.
    const copies = new Map(glides ? Array.from(place.children, (child) => [child, copyOf(child)]) : []);
    change();
    if (!glides) return;
    fadeOut([...copies].flatMap(([child, copy]) => (child.isConnected ? [] : [copy])), place, box.left - moved);
    for (const child of place.children) {
      const stood = before.get(child);
      if (stood === undefined) child.animate({ opacity: [0, 1] }, TIMING);
      else child.animate({ translate: [`${stood - moved - middleOf(child)}px 0`, "0 0"] }, TIMING);
    }
  };
}

/**
 * @param {Element[]} gone
 * @param {HTMLElement} place  where they were
 * @param {number} left        where it stood
 */
function fadeOut(gone, place, left) {
  if (gone.length === 0 || !place.parentElement) return;
  // Beside the place, which its renderer has to itself; nobody presses or reads them any more.
  const ghosts = document.createElement("div");
  ghosts.className = "leaving";
  ghosts.inert = true;
  ghosts.ariaHidden = "true";
  ghosts.append(...gone);
  place.parentElement.append(ghosts);
  ghosts.style.translate = `${left - ghosts.getBoundingClientRect().left}px 0`;
  ghosts.animate({ opacity: [1, 0] }, TIMING).finished.then(() => ghosts.remove(), () => ghosts.remove());
}

/** @param {Element} element @returns {Element} that looks the same, what is chosen in it included */
function copyOf(element) {
  const copy = /** @type {Element} */ (element.cloneNode(true));
  const chosen = element.querySelectorAll("select");
  for (const [place, menu] of copy.querySelectorAll("select").entries()) menu.selectedIndex = chosen[place].selectedIndex;
  return copy;
}

/** @param {Element} element */
function middleOf(element) {
  const { left, width } = element.getBoundingClientRect();
  return left + width / 2;
}
