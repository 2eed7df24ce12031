/**
 * The verdicts in the columns: under its header, each layer that one names says so in a word.
 *
 * @import {State, Layout, Verdict} from "../types.js"
 * @import {Places} from "./index.js"
 *
 * @typedef {{name: string, first: number, last: number}} Run  of neighbouring layers with the same verdict, by index
 */
import { layerIndex } from "../selection.js";
import { html, render } from "./preact.js";

/** A column this wide has room for the longest word. */
const ROOMY = 160;
const GAP = 4;

/**
 * @param {HTMLElement} element
 * @param {{catalog: Record<string, any>}} context
 * @returns {(state: State, places: Places) => void} render
 */
export function mountMarks(element, { catalog }) {
  /** @type {any[]} */
  let shown = [];
  return (state, { columns }) => {
    const lane = state.lanes[0];
    if (!lane?.layout || columns.length === 0) return;
    const { clientWidth: room } = element;
    const now = [lane.layout, lane.verdicts, room, columns.map(({ x, width }) => `${x} ${width}`).join()];
    if (now.every((value, i) => value === shown[i])) return;
    shown = now;
    render(html`<${Marks} ...${{ layout: lane.layout, verdicts: lane.verdicts, columns, room, catalog }} />`, element);
  };
}

/**
 * The weightiest verdict of each layer, neighbours joined. Pure.
 * @param {Layout} layout
 * @param {Verdict[]} verdicts
 * @returns {Run[]}
 */
export function runsOf(layout, verdicts) {
  /** @type {(string | undefined)[]} */
  const names = Array(layout.layers.length);
  for (const { name, layers } of [...verdicts].reverse()) {
    for (const id of layers) {
      const index = layerIndex(layout, id);
      if (index >= 0) names[index] = name;
    }
  }
  /** @type {Run[]} */
  const runs = [];
  names.forEach((name, index) => {
    const run = runs[runs.length - 1];
    if (name === undefined) return;
    if (run && run.name === name && run.last === index - 1) run.last = index;
    else runs.push({ name, first: index, last: index });
  });
  return runs;
}

/** One for each column. @param {Run} run @returns {Run[]} */
function apart({ name, first, last }) {
  return Array.from({ length: last - first + 1 }, (_, place) => ({ name, first: first + place, last: first + place }));
}

/**
 * From where to where a mark of several columns reaches, `GAP` short of the next columns' and of the ends of the room.
 *
 * @param {Places["columns"][number]} from
 * @param {Places["columns"][number]} to
 * @param {number} room
 */
export function spanOf(from, to, room) {
  return { left: Math.max(0, from.x - from.width / 2) + GAP, right: Math.min(room, to.x + to.width / 2) - GAP };
}

/** @param {{layout: Layout, verdicts: Verdict[], columns: Places["columns"], room: number, catalog: Record<string, any>}} props */
function Marks({ layout, verdicts, columns, room, catalog }) {
  const runs = runsOf(layout, verdicts);
  return (columns[0].width < ROOMY ? runs : runs.flatMap(apart)).map(({ name, first, last }) => {
    const rule = catalog.verdicts[name];
    const from = columns[first + 1];
    const to = columns[last + 1];
    if (!from || !to || !rule.mark) return null;
    const { left, right } = spanOf(from, to, room);
    const place = last > first ? { left: `${(left + right) / 2}px`, minWidth: `${right - left}px` } : { left: `${from.x}px` };
    const where = first === last ? `layer ${first + 1}` : `layers ${first + 1} to ${last + 1}`;
    return html`
      <button type="button" class="verdict-mark" key=${`${name} ${first}`} popovertarget="verdict-panel" style=${place}
        aria-label=${`${rule.mark}: ${where}`} data-help=${`${rule.title}. ${rule.when} (${rule.source})`}>${rule.mark}</button>
    `;
  });
}
