/**
 * When the server is asked where a number came from: once for each thing, sample and step that is shown, never twice at a time, and
 * calmly while numbers run.
 *
 * @import {State, Subject} from "../types.js"
 *
 * @typedef {{type: "inspect", lane: number, kind: string, layer: number | null, unit: number | null, from: number | null, stage: number | null, sample: number, check: boolean}} Question
 */
import { LOSS, WALK, subjectOf } from "./subject.js";

/** While it plays, answers come this far apart, in milliseconds. */
export const CALM = 250;

/**
 * What is to be asked now.
 * @param {State} state
 * @returns {Question | null}
 */
export function questionOf({ ui, lanes }) {
  const layout = lanes[ui.lane]?.layout;
  if (layout && ui.walk !== null) return { ...asked(ui.lane, WALK, ui.sample), stage: ui.walk };
  if (!layout || ui.drawer !== "inspector") return null;
  const subject = ui.inspectsLoss ? LOSS : subjectOf(layout, ui.pinned);
  return subject && asked(ui.lane, subject, ui.sample);
}

/**
 * @param {number} lane
 * @param {Subject} subject
 * @param {number} sample
 * @returns {Question}
 */
export function asked(lane, { kind, layer, unit, from }, sample, check = false) {
  return { type: "inspect", lane, kind, layer, unit, from, stage: null, sample, check };
}

export class Asking {
  #send;
  #later;
  #answered = "";
  #pending = 0;
  #time = -Infinity;

  /**
   * @param {(question: Question) => number} send  returns the command's id, 0 where it was not sent
   * @param {(milliseconds: number) => void} later  asks to be called again then
   */
  constructor(send, later) {
    this.#send = send;
    this.#later = later;
  }

  /**
   * To be called with every state that is painted.
   * @param {State} state
   * @param {number} now  in milliseconds
   */
  follow(state, now) {
    const question = questionOf(state);
    const frame = state.lanes[state.ui.lane]?.frame;
    if (question === null || !frame) {
      this.#answered = "";
      return;
    }
    const key = JSON.stringify([question, frame.revision, frame.timeline, frame.step]);
    if (key === this.#answered || this.#pending !== 0) return;
    const wait = this.#time + CALM - now;
    if (state.status?.state === "playing" && wait > 0) {
      this.#later(wait);
      return;
    }
    this.#pending = this.#send(question);
    if (this.#pending === 0) return;
    this.#answered = key;
    this.#time = now;
  }

  /**
   * An answer, or a refusal, has come.
   * @param {number} command
   * @returns {boolean} whether it is one to a question of this kind
   */
  settle(command) {
    if (command !== this.#pending || command === 0) return false;
    this.#pending = 0;
    return true;
  }

  /** The connection is another one: what was asked is not answered any more. */
  restart() {
    this.#pending = 0;
    this.#answered = "";
  }
}
