/**
 * Points that are drawn into the plane: a draft here, which goes to the server as own data as soon as a network can learn from
 * it, and from then on follows what the server has (undo and redo are the server's). Imports no DOM.
 *
 * Until there are two classes nothing is sent: these strokes are taken back here.
 *
 * @import {Data, Lane, Layout, Ui} from "../types.js"
 * @import {Draft} from "./draft.js"
 * @import {Limits} from "./prepare.js"
 *
 * @typedef {object} Means
 * @property {(command: {type: string, [field: string]: unknown}) => number} send  the command's id; 0 where nothing was sent
 * @property {() => void} changed  called when something has to be painted again
 */

import { asData, draftOf, offeredClasses, usedClasses, withPoint, without } from "./draft.js";

export const ERASE = -1;
export const OWN = "own";
const DOMAIN = /** @type {[number, number]} */ ([-6, 6]);
/** Shares of the plane's width: between two points of a drag, and around the pointer that erases. */
const SPACING = 0.04;
export const REACH = 0.035;

export class Sketch {
  #means;
  #limits;
  #draft = draftOf();
  /** @type {Draft[]} drafts before each stroke that was not sent */
  #history = [];
  /** @type {Draft[]} these when the first stroke was sent: what undo comes back to */
  #unsent = [];
  /** @type {Data | null} the draft as the views take it */
  #data = null;
  /** @type {Data | null} the server's data that were looked at last */
  #seen = null;
  #origin = "";
  #fresh = true;
  #inputs = ["x", "y"];
  #gestures = 0;
  #pressed = false;
  #dirty = false;
  #awaited = 0;
  /** @type {[number, number]} where the last point of the stroke was set */
  #last = [0, 0];

  /** @type {[Layout | null, Lane | null]} */
  #blankOf = [null, null];

  active = false;
  /** The class that is drawn, or ERASE. */
  brush = 0;
  /** @type {string[]} */
  classes = [];
  x = DOMAIN;
  y = DOMAIN;

  /** @param {Limits} limits  of own data @param {Means} means */
  constructor(limits, means) {
    this.#limits = limits;
    this.#means = means;
  }

  /**
   * @param {Lane} lane
   * @param {boolean} fresh  an empty plane, instead of the points that are shown
   */
  start(lane, fresh) {
    if (!lane.layout) return;
    this.active = true;
    this.brush = 0;
    this.#fresh = fresh || !canContinue(lane.layout);
    this.#origin = lane.layout.data.name;
    this.#seen = lane.data;
    this.#unsent = [];
    this.#blankOf = [null, null];
    this.#pressed = this.#dirty = false;
    this.#awaited = 0;
    if (this.#fresh) this.#clean();
    else this.#adopt(lane.layout, lane.data);
    this.#means.changed();
  }

  end() {
    if (!this.active) return;
    this.release();
    if (this.#dirty) this.#send();
    this.active = false;
    this.#means.changed();
  }

  /** @param {number} brush  place of a class, or ERASE; one that is not offered changes nothing */
  choose(brush) {
    if (brush < ERASE || brush >= this.classes.length) return;
    this.brush = brush;
    this.#means.changed();
  }

  get count() {
    return this.#draft.labels.length;
  }

  /** Whether a network can learn from what is drawn. */
  get ready() {
    const { labels } = this.#draft;
    return labels.length >= this.#limits.samples[0] && labels.some((label) => label !== labels[0]);
  }

  /** Whether strokes can be taken back here, because the server has not seen them. */
  get canUndo() {
    return !this.ready && this.#history.length > 0;
  }

  undo() {
    const before = this.canUndo ? this.#history.pop() : undefined;
    if (before === undefined) return false;
    this.#change(before);
    return true;
  }

  clear() {
    if (this.count === 0) return;
    this.#begin();
    this.#change(draftOf());
  }

  /** A stroke begins. @param {number} x @param {number} y  in the plane's own numbers */
  press(x, y) {
    this.#begin();
    this.#pressed = true;
    this.#mark(x, y);
  }

  /** Marks the way from the last mark, however fast the pointer went. @param {number} x @param {number} y */
  drag(x, y) {
    if (!this.#pressed) return;
    const [fromX, fromY] = this.#last;
    const marks = Math.floor(this.#distance(x, y, fromX, fromY) / SPACING + 1e-9);
    for (let mark = 1; mark <= marks; mark++) {
      this.#mark(fromX + ((x - fromX) * mark) / marks, fromY + ((y - fromY) * mark) / marks);
    }
  }

  release() {
    this.#pressed = false;
  }

  /** Sends what has changed: at most one message is under way. */
  flush() {
    if (this.#dirty && this.#awaited === 0) this.#send();
  }

  /** The server has answered a command. @param {number} command @param {boolean} refused @param {Lane} lane */
  answered(command, refused, lane) {
    if (command !== this.#awaited || command === 0) return;
    this.#awaited = 0;
    if (refused) this.#seen = null;
    else if (lane.data?.labels.length === this.count) this.#seen = null; // the same points, with their split
    this.follow(lane);
    this.#means.changed();
  }

  /** Takes over what the server has, where that has changed by more than what was drawn here. @param {Lane} lane */
  follow({ layout, data }) {
    if (!this.active || !layout || !data || data.version !== layout.data.version || data === this.#seen) return;
    if (this.#awaited !== 0 || this.#dirty || this.#pressed) return;
    this.#seen = data;
    if (layout.data.name === OWN && canContinue(layout)) this.#adopt(layout, data);
    else if (layout.data.name !== this.#origin) this.end();
    else {
      this.#history = this.#unsent.slice();
      this.#show(this.#history.pop() ?? draftOf());
    }
  }

  /**
   * What the output shows while points are drawn: all of them, over what the network says, if it is asked about this plane.
   * @param {Lane} lane
   * @param {Ui} ui
   * @returns {{lane: Lane, ui: Ui}}
   */
  over(lane, ui) {
    const { layout } = lane;
    if (!this.active || !layout) return { lane, ui };
    this.#data ??= asData(this.#draft);
    const data = this.#data;
    const asked = !this.#fresh || (layout.data.name === OWN && samePlane(layout.maps, this));
    const shown = asked ? lane : this.#blank(lane, layout);
    return { lane: { ...shown, data, frame: data === lane.data ? lane.frame : null }, ui: { ...ui, showTest: true } };
  }

  /** @param {Lane} lane @param {Layout} layout @returns {Lane}  the same until the layout changes, so that it is painted once */
  #blank(lane, layout) {
    if (this.#blankOf[0] === layout && this.#blankOf[1]) return this.#blankOf[1];
    const output = layout.layers[layout.layers.length - 1];
    /** @type {Layout} */
    const plane = {
      ...layout,
      layers: [{ ...output, units: 2 }],
      data: { ...layout.data, task: "classification", inputs: this.#inputs, classes: this.classes.slice(0, 2) },
      maps: { form: "plane", x: this.x, y: this.y },
    };
    const blank = { ...lane, layout: plane, maps: null };
    this.#blankOf = [layout, blank];
    return blank;
  }

  #begin() {
    if (this.#dirty && this.ready) this.#send(); // or two strokes would be one step of undo
    this.#gestures++;
    this.#history.push(this.#draft);
  }

  /** As a share of the plane. @param {number} x @param {number} y @param {number} otherX @param {number} otherY */
  #distance(x, y, otherX, otherY) {
    return Math.hypot((x - otherX) / (this.x[1] - this.x[0]), (y - otherY) / (this.y[1] - this.y[0]));
  }

  /** @param {number} x @param {number} y */
  #mark(x, y) {
    this.#last = [x, y];
    if (this.brush === ERASE) {
      const rest = without(this.#draft, (pointX, pointY) => this.#distance(pointX, pointY, x, y) <= REACH);
      if (rest !== this.#draft) this.#change(rest);
    } else if (this.count < this.#limits.samples[1]) {
      this.#change(withPoint(this.#draft, x, y, this.brush));
    }
  }

  /** @param {Draft} draft */
  #change(draft) {
    this.#show(draft);
    this.#dirty = this.ready;
  }

  /** @param {Draft} draft */
  #show(draft) {
    this.#draft = draft;
    this.#data = null;
    this.#means.changed();
  }

  #send() {
    const { points, labels } = this.#draft;
    this.#dirty = false;
    if (this.#unsent.length === 0) this.#unsent = this.#history.slice();
    this.#awaited = this.#means.send({
      type: "own_data",
      lane: 0,
      inputs: this.#inputs,
      classes: usedClasses(this.#draft, this.classes),
      ranges: [this.x, this.y],
      points: Float32Array.from(points),
      labels: Float32Array.from(labels),
      gesture: `draw-${this.#gestures}`,
    });
  }

  #clean() {
    [this.#inputs, this.classes, this.x, this.y] = [["x", "y"], offeredClasses([]), DOMAIN, DOMAIN];
    this.#history = [];
    this.#show(draftOf());
  }

  /** @param {Layout} layout @param {Data | null} data */
  #adopt({ data: { classes, inputs }, maps }, data) {
    [this.#inputs, this.classes, this.x, this.y] = [inputs, offeredClasses(classes), maps.x ?? DOMAIN, maps.y ?? DOMAIN];
    this.#history = [];
    this.#show(draftOf(data));
    this.#data = data;
  }
}

/** Whether points of classes can be added to these data. @param {Layout} layout */
export function canContinue({ data: { task }, maps: { form } }) {
  return task === "classification" && form === "plane";
}

/** @param {Layout["maps"]} maps @param {{x: [number, number], y: [number, number]}} plane */
function samePlane(maps, { x, y }) {
  return maps.form === "plane" && String([maps.x, maps.y]) === String([x, y]);
}
