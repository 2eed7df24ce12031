/**
 * Lanes: up to four networks trained in lockstep. Most of the page shows one run, the selected lane's, and need not know that
 * there are others: it is handed a view of the state whose only lane that is, and its commands are aimed here. Pure.
 *
 * @import {Lane, State} from "./types.js"
 */

export const LETTERS = "ABCD";
export const MOST_LANES = LETTERS.length;

/** Dashes of the lanes' lines, in CSS pixels: with the letter they tell lanes apart, and no colour does. */
export const DASHES = /** @type {readonly (readonly number[])[]} */ ([[], [7, 4], [2, 3], [9, 3, 2, 3]]);

/** Commands that change what the selected lane is set to; with "all" those that fit every lane. */
const OF_ONE = ["set_parameter", "own_data", "compare"];
const OF_ANY = ["patch", "add_layer", "remove_layer", "add_unit", "remove_unit"];

/**
 * How many lanes there are to be shown; one until all of them are known.
 * @param {Pick<State, "lanes" | "status">} state
 */
export function laneCount({ lanes, status }) {
  const count = Math.min(status?.lanes ?? 1, MOST_LANES);
  return lanes.length >= count && lanes.slice(0, count).every(({ layout }) => layout !== null) ? count : 1;
}

/** @type {WeakMap<State, State[]>} */
const views = new WeakMap();

/**
 * The state as if this lane were the only one; the same object for the same state.
 * @param {State} state
 * @param {number} [index]
 * @returns {State}
 */
export function viewOf(state, index = state.ui.lane) {
  if (index === 0 && state.lanes.length < 2) return state;
  let found = views.get(state);
  if (found === undefined) views.set(state, (found = []));
  found[index] ??= { ...state, lanes: state.lanes.slice(index, index + 1) };
  return found[index];
}

/**
 * A panel's command for "the" lane, as it goes to the server: to the selected lane, or to all.
 * @param {{type: string, [field: string]: any}} command
 * @param {State} state
 * @returns {{type: string, [field: string]: any}}
 */
export function aimed(command, { ui, lanes }) {
  if (lanes.length < 2 || command.lane !== 0) return command;
  if (OF_ANY.includes(command.type)) return { ...command, lane: ui.everyLane ? "all" : ui.lane };
  return OF_ONE.includes(command.type) ? { ...command, lane: ui.lane } : command;
}

/**
 * What lanes are drawn to one scale by: the largest weight of any of them.
 * @param {readonly Lane[]} lanes
 */
export function largestWeight(lanes) {
  let most = 0;
  for (const { frame } of lanes) {
    for (const value of frame?.parameters ?? []) most = Math.max(most, Math.abs(value));
  }
  return most;
}
