/**
 * Demos, as the engine's catalog describes them: what a click sends, and whether the run on the page is one of them. Pure.
 *
 * @import {RunSpec} from "./types.js"
 *
 * @typedef {object} Demo
 * @property {string} title
 * @property {RunSpec} spec
 * @property {number} pace      steps a second
 * @property {boolean} playing  whether it opens playing; else it stands at step 0
 * @property {string} watch     two sentences: what to watch
 * @property {Cured[]} cures    the same runs, cured, from the start
 *
 * @typedef {{title: string, short: string, spec: RunSpec, watch: string}} Cured
 */

/**
 * The commands that set a demo up. Only the first changes the run, so that one undo takes all of it back.
 * @param {Demo} demo
 * @returns {Record<string, any>[]}
 */
export function commandsOf({ spec, pace, playing }) {
  const commands = [
    { type: "open", spec },
    { type: "pace", steps_per_second: pace },
  ];
  return playing ? [...commands, { type: "play" }] : commands;
}

/**
 * The commands that open a demo's cured run and play it.
 * @param {Demo} demo
 * @param {Cured} cure
 */
export function cureCommandsOf({ pace }, { spec }) {
  return commandsOf(/** @type {Demo} */ ({ spec, pace, playing: true }));
}

/** A spec is replaced, never changed: what was found for one holds as long as it does. @type {WeakMap<RunSpec, Demo | null>} */
const found = new WeakMap();

/**
 * The demo whose run this is, to the last field.
 * @param {RunSpec | undefined} spec
 * @param {Record<string, any>} catalog
 * @returns {Demo | null}
 */
export function demoOf(spec, catalog) {
  if (spec === undefined) return null;
  let demo = found.get(spec);
  if (demo === undefined) {
    const demos = /** @type {Demo[]} */ (Object.values(catalog.demos ?? {}));
    demo = demos.find((each) => same(each.spec, spec)) ?? null;
    found.set(spec, demo);
  }
  return demo;
}

/** @param {any} one @param {any} other @returns {boolean} whether two JSON values are equal, whatever the order of their fields */
function same(one, other) {
  if (Object.is(one, other)) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => key in other && same(one[key], other[key]));
}
