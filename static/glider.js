/**
 * When the network glides from its old places to its new ones, and where it is meanwhile. Nobody waits for it: what is pointed
 * at and told to the panels stands at its new place from the start.
 *
 * @import {Geometry} from "./geometry.js"
 */
import { glideBetween } from "./geometry/glide.js";

/** How long it takes, in milliseconds; as --layout in static/css/tokens.css, which the headers take. */
export const GLIDE = 240;

/** A network that takes longer to paint, in milliseconds, would stutter: it changes at once. */
export const SMOOTH = 20;

/**
 * @typedef {object} Stand  where a network's canvas stands, and in what window
 * @property {number} x       of the canvas's left upper corner, in the window
 * @property {number} y
 * @property {string} window  its size: what changes with that, or with the size of the text, does not glide
 */

export class Glider {
  /** @type {Geometry | null} */
  #target = null;
  /** @type {Stand | null} */
  #stand = null;
  /** @type {((share: number) => Geometry) | null} */
  #way = null;
  #since = 0;

  /**
   * @param {Geometry} target  of what is shown
   * @param {Stand} stand
   * @param {number} now       in milliseconds
   * @param {boolean} smooth   whether motion is wanted, and painting is quick enough for it
   */
  follow(target, stand, now, smooth) {
    if (target === this.#target) return;
    const from = this.at(now);
    const before = this.#stand;
    const glides = smooth && from !== null && before !== null && before.window === stand.window;
    this.#way = glides ? glideBetween(from, target, { x: before.x - stand.x, y: before.y - stand.y }) : null;
    [this.#target, this.#stand, this.#since] = [target, stand, now];
  }

  /**
   * @param {number} now
   * @returns {Geometry | null} what to draw: the target itself once it is reached
   */
  at(now) {
    if (this.#way === null) return this.#target;
    const share = Math.min(1, (now - this.#since) / GLIDE);
    if (share === 1) this.#way = null;
    return this.#way === null ? this.#target : this.#way(share * share * (3 - 2 * share));
  }

  /** Whether it is under way, as `at` was asked last. */
  get moving() {
    return this.#way !== null;
  }

  /** Ends the way: everything stands where it belongs. */
  arrive() {
    this.#way = null;
  }
}
