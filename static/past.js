/**
 * What the timeline shows: which step is on the screen, how far the run is, what was changed on the way. Pure.
 *
 * @import {State} from "./types.js"
 *
 * @typedef {object} Timeline
 * @property {number} step      that is shown
 * @property {number} present   where the run is
 * @property {number} earliest  the first step that can be shown
 * @property {boolean} past     whether a past step is looked at
 * @property {number} end       where the chart's steps end
 */
import { formatCount } from "./format.js";

/**
 * @param {Pick<State, "status" | "past">} state
 * @param {number} [charted]  where the chart ends
 * @returns {Timeline}
 */
export function timelineOf({ status, past }, charted = 0) {
  const present = status?.step ?? 0;
  const looking = status?.looking ?? null;
  return { step: looking ?? present, present, earliest: past.earliest, past: looking !== null, end: Math.max(1, present, charted) };
}

/** @param {Timeline} timeline  as a screen reader says it */
export function spoken({ step, present, past }) {
  return past ? `step ${formatCount(step)} of ${formatCount(present)}` : `step ${formatCount(step)}, the present`;
}

/**
 * The step to ask for: at most one is under way, and of the others only the last is remembered. So a drag asks for as many steps as
 * can be shown, and ends where it was let go.
 */
export class Looker {
  #send;
  /** What is under way: the present is null. @type {{step: number | null} | null} */
  #sent = null;
  /** @type {{step: number | null} | null} */
  #next = null;

  /** @param {(command: {type: string, step: number | null}) => void} send */
  constructor(send) {
    this.#send = send;
  }

  /** The step that is wished for and not shown yet. */
  get wish() {
    return (this.#next ?? this.#sent)?.step;
  }

  /** @param {number | null} step  null for the present */
  look(step) {
    if (this.#sent !== null) {
      this.#next = { step };
      return;
    }
    this.#sent = { step };
    this.#send({ type: "look", step });
  }

  /** @param {State} state  after each change */
  follow({ status, connection }) {
    if (connection !== "open") this.forget();
    if (this.#sent === null || status === null) return;
    const { step } = this.#sent;
    const next = this.#next;
    const arrived = (status.looking ?? null) === step && status.replay == null;
    // A way that takes long is left for a newer wish.
    if (!arrived && (next === null || status.replay == null)) return;
    this.forget();
    if (next !== null && next.step !== step) this.look(next.step);
  }

  /** What is under way was refused, or given up. */
  forget() {
    this.#sent = this.#next = null;
  }
}
