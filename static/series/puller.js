/**
 * Asks the server for the rows of the series that are missing: on every call of `pull` while steps are made, once more after the
 * last, and at once where an answer says that there is more. One request of a kind is under way at a time. Pure.
 *
 * @import {Rows} from "../types.js"
 * @import {Kind, SeriesStore} from "../series.js"
 */

import { KINDS } from "../series.js";

export class Puller {
  #store;
  #send;
  /** Ids of the requests under way; 0 is none. */
  #pending = { steps: 0, evaluations: 0 };
  /** Where the run was when the request under way was sent, and when the last one was answered in full. */
  #asked = { steps: "", evaluations: "" };
  #settled = { steps: "", evaluations: "" };

  /**
   * @param {SeriesStore} store
   * @param {(command: {type: string}) => number} send  the id of the command, or 0 where it could not be sent
   */
  constructor(store, send) {
    this.#store = store;
    this.#send = send;
  }

  /**
   * @param {string} point  where the run is, in any notation that changes with it
   */
  pull(point) {
    if (!this.#store.ready) return;
    for (const kind of KINDS) {
      if (this.#pending[kind] === 0 && this.#settled[kind] !== point) this.#request(kind, point);
    }
  }

  /**
   * @param {Rows} rows
   * @returns {boolean} whether the store changed
   */
  answer(rows) {
    const kind = this.#kindOf(rows.command);
    if (kind === undefined) return false;
    this.#pending[kind] = 0;
    const { version } = this.#store;
    if (this.#store.take(kind, rows)) {
      if (rows.more) this.#request(kind, this.#asked[kind]);
      else this.#settled[kind] = this.#asked[kind];
    }
    return this.#store.version !== version;
  }

  /**
   * The server refused this command; if it was ours, the kind is asked for again where the run moves on.
   * @param {number} command
   */
  refused(command) {
    const kind = this.#kindOf(command);
    if (kind === undefined) return;
    this.#pending[kind] = 0;
    this.#settled[kind] = this.#asked[kind];
  }

  /** The connection is another one: what was under way will not be answered. */
  restart() {
    this.#pending = { steps: 0, evaluations: 0 };
    this.#settled = { steps: "", evaluations: "" };
  }

  /** @param {number} command @returns {Kind | undefined} */
  #kindOf(command) {
    return KINDS.find((kind) => this.#pending[kind] === command && command !== 0);
  }

  /** @param {Kind} kind @param {string} point */
  #request(kind, point) {
    this.#asked[kind] = point;
    this.#pending[kind] = this.#send(this.#store.request(kind));
  }
}
