/**
 * Putting elements where lanes/geometry.js says.
 *
 * @import {Box} from "../types.js"
 * @import {Canvas} from "../stage.js"
 */

/** @param {string} id @returns {HTMLElement} */
export function element(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/** @param {string} name @param {string} label */
export function canvas(name, label) {
  const made = document.createElement("canvas");
  made.className = name;
  made.setAttribute("role", "img");
  made.setAttribute("aria-label", label);
  return made;
}

/** @param {HTMLElement} each @param {number} width */
export function naturalHeight(each, width) {
  each.style.height = "";
  each.style.width = `${width}px`;
  return each.offsetHeight;
}

/** @param {HTMLElement} each @param {Box | null} box */
export function put(each, box) {
  each.hidden = box === null;
  if (box === null) return;
  Object.assign(each.style, { left: `${box.x}px`, top: `${box.y}px`, width: `${box.width}px`, height: `${box.height}px` });
}

/** @param {HTMLElement} each */
export function unput(each) {
  each.hidden = false;
  Object.assign(each.style, { left: "", top: "", width: "", height: "" });
}

/** @param {Canvas} of @param {Box | null} box */
export function fit(of, box) {
  put(/** @type {HTMLCanvasElement} */ (of.element), box);
  [of.width, of.height] = [box?.width ?? 0, box?.height ?? 0];
  of.of = [];
  if (box === null) of.due = Number.POSITIVE_INFINITY;
}
