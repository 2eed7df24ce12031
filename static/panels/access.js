/**
 * What the panels ask of the state before anything else. Pure.
 *
 * @import {State, RunSpec} from "../types.js"
 */

/**
 * The run's spec, or undefined before the server has sent it.
 * @param {State} state
 * @returns {RunSpec | undefined}
 */
export function specOf(state) {
  const spec = state.lanes[0]?.spec;
  return spec?.data && spec;
}

/**
 * A watcher sees everything and changes nothing.
 * @param {State} state
 */
export function isWatching(state) {
  return state.status?.role === "watcher";
}

/** From so many hidden layers on, the network needs the whole width. */
const DEEP = 10;

/**
 * Whether the network has the page to itself, the sides being rails.
 * @param {State} state
 */
export function isFocused({ ui, lanes, status }) {
  const alone = (status?.lanes ?? 1) === 1; // lanes are compared by their losses as well, which stand at the side
  return ui.focus ?? (alone && (lanes[0]?.layout?.layers.length ?? 0) > DEEP);
}
