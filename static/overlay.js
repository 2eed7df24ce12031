/**
 * The pulse's own canvas, over the network's: it costs nothing while no pulse runs.
 *
 * @import {State, Palette} from "./types.js"
 * @import {Geometry} from "./geometry.js"
 */
import { fitCanvas } from "./marks/canvas.js";
import { prefersStillness } from "./marks/motion.js";
import { pulseAt, pulseDuration, wantsPulse } from "./pulse.js";
import { drawPulse } from "./views/pulse.js";

export class Overlay {
  #canvas = document.createElement("canvas");
  #under;
  #scheduled = 0;
  #begun = 0;
  #duration = 0;
  /** @type {import("./views/pulse.js").PulseModel | null} */
  #model = null;
  /** @type {import("./types.js").Frame | null} */
  #shown = null;

  /** @param {HTMLCanvasElement} under  beside which it is put, in a box that is positioned */
  constructor(under) {
    this.#under = under;
    this.#canvas.hidden = true;
    this.#canvas.setAttribute("aria-hidden", "true");
    Object.assign(this.#canvas.style, { position: "absolute", pointerEvents: "none" });
    under.after(this.#canvas);
  }

  /**
   * A picture was painted: shows it with a pulse where it is the first, or a step that can be followed.
   *
   * @param {State} state
   * @param {Geometry} geometry
   * @param {Palette} palette
   */
  follow({ lanes, status }, geometry, palette) {
    const { layout, frame } = lanes[0];
    const before = this.#shown;
    if (!frame || !layout || !status || frame === before) return;
    this.#shown = frame;
    if (this.#model && this.#model.layout !== layout) this.skip();
    if (prefersStillness() || frame.norms === undefined || !wantsPulse(before, frame, status)) return;
    this.#model = { geometry, layout, frame, palette };
    this.#duration = pulseDuration(geometry.gaps.length, status.state === "playing" ? status.pace : null);
    this.#begun = performance.now();
    const { style } = this.#canvas;
    style.left = `${this.#under.offsetLeft}px`;
    style.top = `${this.#under.offsetTop}px`;
    style.width = `${geometry.width}px`;
    style.height = `${geometry.height}px`;
    this.#canvas.hidden = false;
    if (this.#scheduled === 0) this.#paint();
  }

  /** Ends the pulse at once, if one runs. */
  skip() {
    cancelAnimationFrame(this.#scheduled);
    this.#scheduled = 0;
    this.#model = null;
    this.#canvas.hidden = true;
  }

  #paint() {
    this.#scheduled = 0;
    const model = this.#model;
    const pulse = model && pulseAt(performance.now() - this.#begun, model.geometry.gaps.length, this.#duration);
    if (!model || !pulse) return this.skip();
    const { width, height } = model.geometry;
    const context = fitCanvas(this.#canvas, width, height, { alpha: true });
    context.clearRect(0, 0, width, height);
    drawPulse(context, model, pulse);
    this.#scheduled = requestAnimationFrame(() => this.#paint());
  }
}
