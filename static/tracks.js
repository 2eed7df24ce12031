/**
 * The series of every lane, what asks the server for them, and what the strips show of them. Pure.
 *
 * @import {Layout, Rows, SeriesModel, State, StripModel} from "./types.js"
 */
import { StripSource } from "./select.js";
import { SeriesStore } from "./series.js";
import { Puller } from "./series/puller.js";

export class Tracks {
  #send;
  /** @type {{store: SeriesStore, puller: Puller, strip: StripSource}[]} by lane; there is always the first */
  #tracks = [];

  /** @param {(command: {type: string}) => number} send  the id of the command, or 0 where it could not be sent */
  constructor(send) {
    this.#send = send;
    this.#at(0);
  }

  /** @param {number} lane */
  #at(lane) {
    while (this.#tracks.length <= lane) {
      const store = new SeriesStore();
      this.#tracks.push({ store, puller: new Puller(store, this.#send), strip: new StripSource(store) });
    }
    return this.#tracks[lane];
  }

  /**
   * @param {Layout} layout  of its lane
   * @param {string} measure  what the lane's loss measures
   */
  follow(layout, measure) {
    this.#at(layout.lane).store.follow(layout, measure);
  }

  /** Lanes beyond these are gone. @param {number} count */
  keep(count) {
    this.#tracks.length = Math.min(this.#tracks.length, Math.max(1, count));
  }

  /** Another connection; `anew` where it is to another session. @param {boolean} anew */
  restart(anew) {
    for (const { store, puller } of this.#tracks) {
      if (anew) store.restart();
      puller.restart();
    }
  }

  /** Asks for what is missing. @param {State} state */
  pull({ status, lanes }) {
    for (const [index, { puller }] of this.#tracks.entries()) {
      const { frame, layout, evaluation } = lanes[index] ?? {};
      puller.pull([status?.state, status?.step, frame?.step, layout?.timeline, evaluation?.step].join());
    }
  }

  /** @param {Rows} rows @returns {boolean} whether anything is new */
  answer(rows) {
    return this.#tracks.map(({ puller }) => puller.answer(rows)).includes(true);
  }

  /** @param {number} command  that the server refused */
  refused(command) {
    for (const { puller } of this.#tracks) puller.refused(command);
  }

  /**
   * What each lane's strip shows.
   * @param {State} state
   * @returns {(StripModel | null)[]}
   */
  strips({ lanes, status, ui }) {
    return lanes.map((lane, index) => this.#at(index).strip.model(lane, status?.state === "playing", ui));
  }

  /** @param {number} lane @returns {SeriesModel} */
  series(lane) {
    return this.#at(lane).store.model;
  }

  /** The series of so many lanes. @param {number} lanes @returns {SeriesModel[]} */
  all(lanes) {
    return Array.from({ length: lanes }, (_, lane) => this.series(lane));
  }
}
