/**
 * The address bar: the run that it describes, and the run that it follows.
 *
 * @import {RunSpec} from "./types.js"
 */

import { AddressError, decodeAddress, encodeAddress } from "./address.js";
import { showAddress } from "./memory.js";

/** A drag changes the run many times a second; browsers refuse an address that changes as often. */
const WRITE_MS = 300;

export class Link {
  #defaults;
  #refuse;
  /** @type {RunSpec | null} */
  #run = null;
  #timer = 0;

  /**
   * @param {RunSpec} defaults  the default run
   * @param {(sentence: string) => void} refuse  told why a link cannot be opened
   */
  constructor(defaults, refuse) {
    this.#defaults = defaults;
    this.#refuse = refuse;
  }

  /**
   * The run of the address; null where there is none, and where it is damaged, which is told.
   * @param {string} instead  what happens then
   * @param {string} [hash]   of the address that was asked for, which may have been written over since
   */
  read(instead, hash = location.hash) {
    try {
      return decodeAddress(hash, this.#defaults);
    } catch (error) {
      if (!(error instanceof AddressError)) throw error;
      this.#refuse(`${error.message} ${instead}`);
      return null;
    }
  }

  /** @param {RunSpec} run  to be shown in the address, soon */
  follow(run) {
    this.#run = run;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.flush(), WRITE_MS);
  }

  /** Writes the address now. */
  flush() {
    clearTimeout(this.#timer);
    if (this.#run !== null) showAddress(encodeAddress(this.#run, this.#defaults));
  }
}
