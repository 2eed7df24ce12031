/**
 * The pulse: when it runs, and where it is. Forward through the network, then back. Pure.
 *
 * @import {Lane, Status} from "./types.js"
 *
 * @typedef {object} PulsePlace
 * @property {"forward" | "back"} way
 * @property {number} at  columns passed, counted from the inputs: 1.5 is in the middle between the first layer and the second
 */
import { READABLE_PACE } from "./encoding.js";
import { formatFactor, formatNumber } from "./format.js";

/** A pulse takes this long at most, whatever the depth, in milliseconds. */
export const LONGEST = 2400;

const FORWARD = 220; // a gap
const BACK = 320; // a gap: this is the way to be watched
const TURN = 160; // rest at the output
const AFTERGLOW = 0.9; // of a gap: for so long a column stays lit once the pulse has passed
const SHARE = 0.9; // of a step's time, so that a pulse ends before the next begins

/**
 * How long a pulse takes.
 *
 * @param {number} gaps
 * @param {number | null} [pace]  steps a second while playing; null where there is no hurry
 */
export function pulseDuration(gaps, pace = null) {
  const wanted = gaps * (FORWARD + BACK) + TURN;
  return Math.min(LONGEST, wanted, pace === null ? Number.POSITIVE_INFINITY : (SHARE * 1000) / pace);
}

/**
 * @param {number} elapsed   since its beginning, in milliseconds
 * @param {number} gaps      between columns
 * @param {number} duration  of the whole
 * @returns {PulsePlace | null} null before it begins and once it is over
 */
export function pulseAt(elapsed, gaps, duration) {
  if (elapsed < 0 || elapsed >= duration || gaps < 1) return null;
  const time = (elapsed / duration) * (gaps * (FORWARD + BACK) + TURN); // as if there were no hurry
  const forward = gaps * FORWARD;
  if (time < forward) return { way: "forward", at: time / FORWARD };
  return { way: "back", at: Math.min(gaps, gaps - (time - forward - TURN) / BACK) };
}

/**
 * How brightly a column is lit: at once when the pulse comes to it, and then fading.
 *
 * @param {PulsePlace} pulse
 * @param {number} place  of the column, 0 for the inputs
 * @returns {number} 0 to 1
 */
export function litness({ way, at }, place) {
  const passed = way === "forward" ? at - place : place - at;
  return passed < 0 ? 0 : Math.max(0, 1 - passed / AFTERGLOW);
}

/**
 * What the pulse writes on its way back: how much of the output's error signal is left, at the layer it has reached and at those
 * behind it. Where columns are too close for a figure each, some are skipped, never the one that it has reached.
 *
 * @param {ArrayLike<number>} norms  error signal of each layer, in forward order
 * @param {number} at      columns passed, as in PulsePlace
 * @param {number} every   figures stand at every so manieth column, counted from the output
 * @returns {{place: number, text: string}[]}  places of columns, the one reached last; "× 0.04", or the error signal itself where
 *   the output has none
 */
export function pulseFigures(norms, at, every) {
  const output = norms.length; // the place of its column
  const whole = norms[output - 1];
  const reached = Math.min(output, Math.max(1, Math.ceil(at)));
  const figures = [];
  for (let place = output; place >= reached; place--) {
    const near = place - reached < every && place !== reached;
    if (near || ((output - place) % every !== 0 && place !== reached)) continue;
    const norm = norms[place - 1];
    figures.push({ place, text: whole > 0 ? `× ${place === output ? "1" : formatFactor(norm / whole)}` : formatNumber(norm) });
  }
  return figures;
}

/**
 * Whether a new picture is shown with a pulse: the first one of a paused page, and one that is a single step on, where a step can
 * be followed.
 *
 * @param {Lane["frame"]} before  what was shown
 * @param {Lane["frame"]} now
 * @param {Status | null} status
 */
export function wantsPulse(before, now, status) {
  if (!now || !status || status.state === "diverged") return false;
  const playing = status.state === "playing";
  if (before === null) return !playing && now.step === 0;
  if (now.timeline !== before.timeline || now.step !== before.step + 1) return false;
  return !playing || (status.pace !== null && status.pace <= READABLE_PACE);
}
