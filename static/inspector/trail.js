/**
 * The way that was walked in the inspector, to go back on: from one subject to the next by its links. Pure.
 *
 * @import {Subject} from "../types.js"
 *
 * @typedef {{subject: Subject, title: string}} Stop
 */
import { sameSubject } from "./subject.js";

/** Stops that are named; older ones can still be gone back to. */
export const NAMED = 3;

export class Trail {
  /** @type {Stop[]} */
  #stops = [];
  /** Where the last link led. @type {Subject | null} */
  #heading = null;

  get stops() {
    return this.#stops;
  }

  /** @param {Stop} from @param {Subject} to */
  leave(from, to) {
    this.#stops = [...this.#stops, from];
    this.#heading = to;
  }

  /**
   * @param {number} [place]  of the stop; the last one
   * @returns {Subject | null} what to go back to; the stops behind it are forgotten
   */
  back(place = this.#stops.length - 1) {
    const stop = this.#stops[place];
    if (stop === undefined) return null;
    this.#stops = this.#stops.slice(0, place);
    this.#heading = stop.subject;
    return stop.subject;
  }

  /**
   * Something else was chosen in the network: the way there did not lead along here.
   * @param {Subject | null} wanted
   */
  follow(wanted) {
    if (this.#stops.length > 0 && !sameSubject(wanted, this.#heading)) this.#stops = [];
  }
}
