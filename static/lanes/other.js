/**
 * The network, headers and strip of the lane that is not selected, of two. Whoever touches it selects its lane.
 *
 * @import {Box, Dispatch, Palette, State, StripModel} from "../types.js"
 * @import {Company} from "../stage.js"
 */
import { laneCount, viewOf } from "../lanes.js";
import { mountHeaders } from "../panels/headers.js";
import { followPointer } from "../pointer.js";
import { Stage } from "../stage.js";
import { canvas, put } from "./place.js";

export class OtherLane {
  #stageElement = document.createElement("div");
  #strip = canvas("lane-strip", "Error signal and forward signal of every layer of the other lane");
  #headers;
  stage;

  /**
   * @param {HTMLElement} network
   * @param {{dispatch: Dispatch, catalog: Record<string, any>, changed: () => void, resized: () => void, state: () => State | null}} means
   */
  constructor(network, { dispatch, catalog, changed, resized, state }) {
    const headers = document.createElement("div");
    headers.className = "layer-headers";
    const picture = canvas("lane-network", "The network of the other lane");
    this.#stageElement.className = "lane-stage";
    this.#stageElement.dataset.headers = "number"; // from the start, so that nothing moves when they come
    this.#stageElement.append(headers, picture);
    this.#stageElement.hidden = this.#strip.hidden = true;
    network.append(this.#stageElement, this.#strip);
    // Its output is painted with those of all lanes: the stage's own has no size and costs nothing.
    this.stage = new Stage({ network: picture, strip: this.#strip, output: document.createElement("canvas") }, catalog, changed, resized);
    const view = () => {
      const now = state();
      return now && laneCount(now) === 2 ? { now, other: 1 - now.ui.lane } : null;
    };
    /** @type {Dispatch} */
    const touch = (action) => {
      const found = view();
      if (!found || action.type === "ui/hover") return;
      dispatch({ type: "ui/lane", lane: found.other });
      dispatch(action);
    };
    this.#headers = mountHeaders(headers, { dispatch: touch, catalog });
    followPointer(picture, {
      state: () => /** @type {State} */ (state()),
      hit: (x, y, isTouch) => {
        const found = view();
        return found && this.stage.hit(viewOf(found.now, found.other), x, y, isTouch);
      },
      dispatch: touch,
    });
  }

  /** @param {{stage: Box | null, strip: Box} | null} places */
  move(places) {
    put(this.#stageElement, places?.stage ?? null);
    put(this.#strip, places?.strip ?? null);
  }

  /** @param {State} state @param {(StripModel | null)[]} strips @param {Palette} palette @param {Company} company */
  paint(state, strips, palette, company) {
    const other = 1 - state.ui.lane;
    this.stage.paint(this.#quiet(viewOf(state, other)), strips[other], palette, undefined, company);
  }

  /** @param {State} state */
  panels(state) {
    const quiet = this.#quiet(viewOf(state, 1 - state.ui.lane));
    this.#headers(quiet, { ...this.stage.places(quiet, null), compact: true });
  }

  /** @type {{of: State["ui"], ui: State["ui"]} | null} */
  #ui = null;

  /** What is pointed at and pinned is the selected lane's. @param {State} state @returns {State} */
  #quiet(state) {
    if (this.#ui?.of !== state.ui) this.#ui = { of: state.ui, ui: { ...state.ui, hover: null, pinned: null } };
    return { ...state, ui: this.#ui.ui };
  }
}
