/**
 * The line under the network that says what is drawn, in place: samples of the marks themselves, with their numbers.
 *
 * @import {Layout, Palette, Ui} from "../types.js"
 * @import {Geometry} from "../geometry.js"
 * @import {Context} from "./canvas.js"
 */
import { EDGE_LEVELS, SIGNAL_DECADES, edgeTint, edgeWidth, forwardPlace, ramps, signalLevel, weightStrength, widestEdge } from "../encoding.js";
import { formatExact } from "../format.js";
import { bandColour, hasBand } from "./bundles.js";
import { hatch, setType } from "./canvas.js";
import { powerOfTen } from "./decades.js";
import { CAPTION_PITCH, drawRamp, rangeEnd } from "./labels.js";

const STROKE = 24; // length of a sample edge
const RAMP = 56;
const CELL_RAMP = 28;
const SPACE = 20; // between entries
const BRIEFEST = 2;
/** The weights that are shown as shares of their scale, the less the briefer. */
const SAMPLES = [[0.01, 0.1, 1], [0.1, 1], []];
/** What tiles show where the inputs are an image, and the same in fewer words. */
const IMAGE_TILES = {
  forward: ["tile: in layer 1 its weights, else the batch by class", "tile: weights; then the batch"],
  gradients: ["tile: in layer 1 its gradients, else the batch by class", "tile: gradients; then the batch"],
  updates: ["tile: in layer 1 its updates, else the batch by class", "tile: updates; then the batch"],
};
/** Beside the colour of what is over the ramp, whose end is the output's: in full, and in few words. */
const ABOVE = ["above the output’s", "over 1"];

/**
 * @typedef {object} LegendModel
 * @property {Geometry} geometry
 * @property {Ui["view"]} view
 * @property {boolean} readable
 * @property {Palette} palette
 * @property {number} full        the weights' scale
 * @property {Layout} layout
 * @property {[number, number][]} ranges  of each layer's pictures
 * @property {boolean} constant   whether any unit is hatched
 */

/**
 * In full where there is room for it, else in brief, so that all kinds of marks that are drawn are named.
 *
 * @param {Context} ctx
 * @param {LegendModel} model
 */
export function drawLegend(ctx, model) {
  let pen = written(ctx, model, 0);
  for (let brevity = 1; pen.lacking && brevity <= BRIEFEST; brevity++) pen = written(ctx, model, brevity);
  pen.draw();
}

/**
 * @param {Context} ctx
 * @param {LegendModel} model
 * @param {number} brevity
 */
function written(ctx, model, brevity) {
  const { geometry, palette, view } = model;
  const { x, y, width, height } = geometry.legend;
  const pen = new Pen(ctx, palette, { left: x, middle: y + height / 2, end: x + width }, brevity);
  const limit = limitText(geometry);
  if (limit) pen.textAtEnd(limit);
  if (geometry.gaps.some(({ form }) => form !== "band")) {
    if (view === "forward") weights(pen, model);
    else magnitudes(pen, model);
  } else if (geometry.gaps.some(hasBand)) bands(pen, model);
  if (geometry.columns.some((column) => column.bar > 0)) bars(pen);
  if (model.constant && pen.room("constant", 22)) {
    pen.mark(16, (left, middle) => hatch(ctx, palette, { x: left, y: middle - 6, width: 16, height: 12 }));
    pen.text("constant");
  }
  if (geometry.columns.some(({ form, layer }) => layer !== -1 && (form === "cells" || form === "matrix"))) cells(pen, model);
  else if (geometry.pitch < CAPTION_PITCH && model.layout.maps.form !== "samples" && haveOneScale(model.layout, model.ranges)) scaled(pen, "tile: activation", model);
  else if (model.layout.maps.form === "samples") pen.firstOf(model.layout.maps.image ? IMAGE_TILES[view] : ["tile: the batch by class"]);
  return pen;
}

/**
 * What is said where not every edge is drawn.
 *
 * @param {Geometry} geometry
 */
function limitText({ gaps }) {
  const limited = gaps.filter(({ form, shown, edges }) => form === "edges" && shown < edges);
  if (limited.length === 0) return "";
  const most = Math.max(...limited.map(({ edges }) => edges));
  const alike = limited.every(({ edges }) => edges === most);
  return `${limited[0].shown} of ${alike ? "" : "up to "}${formatExact(most)} shown`;
}

/** Lays entries out from left to right, knows whether one had no room, and draws the others. */
class Pen {
  /** @type {(() => void)[]} */
  #marks = [];
  /** Whether something has been left out. */
  lacking = false;

  /**
   * @param {Context} ctx
   * @param {Palette} palette
   * @param {{left: number, middle: number, end: number}} line
   * @param {number} brevity
   */
  constructor(ctx, palette, { left, middle, end }, brevity) {
    this.ctx = ctx;
    this.palette = palette;
    this.left = left;
    this.middle = middle;
    this.end = end;
    this.brevity = brevity;
    this.space = brevity ? SPACE / 2 : SPACE;
  }

  draw() {
    for (const mark of this.#marks) mark();
  }

  /**
   * @param {number} width
   * @param {(left: number, middle: number) => void} draw
   */
  mark(width, draw) {
    const { left, middle } = this;
    if (this.#fits(width)) this.#marks.push(() => draw(left, middle));
    this.left += width + 6;
  }

  /**
   * @param {string} text
   * @param {string} [colour]
   * @param {number} [space] behind it
   */
  text(text, colour = this.palette.muted, space = this.space) {
    const { ctx, palette, left, middle } = this;
    const width = this.width(text);
    if (this.#fits(width)) {
      this.#marks.push(() => {
        setType(ctx, palette, colour);
        ctx.fillText(text, left, middle + 0.5);
      });
    }
    this.left += width + space;
  }

  /**
   * Whether there is room for a text and a mark.
   *
   * @param {string} text
   * @param {number} mark
   */
  room(text, mark) {
    return this.#fits(mark + this.width(text));
  }

  /** @param {string[]} texts  the longest that has room is written */
  firstOf(texts) {
    const fitting = texts.find((text) => this.left + this.width(text) <= this.end);
    this.text(fitting ?? texts[0]);
  }

  /** @param {string} text  takes its room from the right before the others come from the left */
  textAtEnd(text) {
    const { ctx, palette, end, middle } = this;
    this.#marks.push(() => {
      setType(ctx, palette, palette.ink, "right");
      ctx.fillText(text, end, middle + 0.5);
    });
    this.end -= this.width(text) + this.space;
  }

  /** @param {string} text */
  width(text) {
    setType(this.ctx, this.palette, this.palette.muted);
    return this.ctx.measureText(text).width;
  }

  /** @param {number} width */
  #fits(width) {
    const fits = this.left + width <= this.end;
    this.lacking ||= !fits;
    return fits;
  }
}

/**
 * @param {Pen} pen
 * @param {LegendModel} model
 */
function weights(pen, { geometry, palette, full }) {
  const widest = widestEdge(geometry.mostEdges, palette.stepped);
  const { forwardCss } = ramps(palette);
  /** @param {number} weight @param {number} left @param {number} middle @param {number} length */
  const stroke = (weight, left, middle, length) => {
    const strength = weightStrength(weight, full);
    const tint = edgeTint(strength) * Math.sign(weight);
    line(pen.ctx, forwardCss[forwardPlace(tint, -1, 0, 1)], edgeWidth(strength, widest), weight < 0, left, middle, length);
  };
  pen.text("weight", palette.ink, 8);
  pen.mark(STROKE, (left, middle) => stroke(-full / 4, left, middle, STROKE));
  pen.text("−", palette.textNegative, 12);
  pen.mark(STROKE, (left, middle) => stroke(full / 4, left, middle, STROKE));
  pen.text("+", palette.textPositive, 16);
  for (const share of SAMPLES[pen.brevity]) {
    pen.mark(16, (left, middle) => {
      const strength = weightStrength(share * full, full);
      line(pen.ctx, ramps(palette).neutral[Math.round((EDGE_LEVELS - 1) * edgeTint(strength))], edgeWidth(strength, widest), false, left, middle, 16);
    });
    pen.text(sizeText(share * full), palette.muted, share === 1 ? pen.space : 8);
  }
}

/** @param {number} size  a power of ten, but for what was lost in computing it */
function sizeText(size) {
  const power = Math.round(Math.log10(size));
  return Math.abs(power) > 3 ? powerOfTen(power) : formatExact(Number(size.toPrecision(3)));
}

/**
 * @param {Pen} pen
 * @param {LegendModel} model
 */
function magnitudes(pen, { geometry, view, readable, palette }) {
  const widest = widestEdge(geometry.mostEdges, palette.stepped);
  const { signal } = ramps(palette);
  pen.text(view === "gradients" ? "gradient |∂L/∂w|" : "update |Δw|", palette.ink, 8);
  for (const [exponent, label] of /** @type {const} */ ([
    [-4, "10⁻⁴"],
    [-2, "10⁻²"],
    [0, "1"],
  ])) {
    const strength = 1 + exponent / SIGNAL_DECADES;
    pen.mark(20, (left, middle) => line(pen.ctx, signal[signalLevel(10 ** exponent, 1)], edgeWidth(strength, widest), false, left, middle, 20));
    pen.text(label, palette.muted, 8);
  }
  pen.text("of the output’s rms", palette.muted);
  if (!readable) return;
  pen.mark(20, (left, middle) => line(pen.ctx, palette.muted, 1.5, true, left, middle, 20));
  pen.text("negative");
}

/**
 * @param {Pen} pen
 * @param {LegendModel} model
 */
function bands(pen, { view, palette, full }) {
  const forward = view === "forward";
  pen.text(`band: rms ${forward ? "weight" : view === "gradients" ? "gradient" : "update"}`, palette.ink, 8);
  for (const [size, label] of forward
    ? /** @type {const} */ ([0.01, 0.1, 1]).map((share) => /** @type {const} */ ([share * full, sizeText(share * full)]))
    : /** @type {const} */ ([[1e-4, "10⁻⁴"], [1e-2, "10⁻²"], [1, "1"]])) {
    pen.mark(12, (left, middle) => {
      pen.ctx.fillStyle = bandColour(palette, view, size, full, 1);
      pen.ctx.fillRect(left, middle - 6, 12, 12);
    });
    pen.text(label, palette.muted, 8);
  }
  pen.text(forward ? "" : "of the output’s rms", palette.muted, forward ? pen.space - 8 : pen.space);
}

/**
 * What the colour of a cell says.
 *
 * @param {Pen} pen
 * @param {LegendModel} model
 */
function cells(pen, model) {
  if (model.view !== "forward" && model.geometry.columns.every(({ bar }) => bar === 0)) return pen.text("cell: |δ|");
  scaled(pen, pen.brevity < BRIEFEST ? "cell: mean activation" : "cell: mean a", model);
}

/**
 * What a forward colour says, with its scale where all layers have one.
 *
 * @param {Pen} pen
 * @param {string} words
 * @param {LegendModel} model
 */
function scaled(pen, words, { layout, palette, ranges }) {
  pen.text(words, palette.ink, 8);
  if (!haveOneScale(layout, ranges)) return;
  const [low, high] = ranges[0];
  const { activation } = layout.layers[0];
  const [start, end] = [low, high].map((value) => pen.width(rangeEnd(value)) + 5);
  pen.mark(start + CELL_RAMP + end, (left, middle) => {
    drawRamp(pen.ctx, { x: left + start, y: middle, width: CELL_RAMP }, activation, low, high, palette);
  });
}

/**
 * Whether all hidden layers are drawn on one scale.
 *
 * @param {Layout} layout
 * @param {LegendModel["ranges"]} ranges
 */
function haveOneScale({ layers }, ranges) {
  const hidden = layers.slice(0, -1);
  const [first, [low, high]] = [hidden[0], ranges[0] ?? []];
  return hidden.length > 0 && hidden.every(({ activation }, i) => activation === first.activation && ranges[i]?.[0] === low && ranges[i]?.[1] === high);
}

/** @param {Pen} pen */
function bars(pen) {
  const { ctx, palette } = pen;
  const { signal } = ramps(palette);
  const ramp = pen.brevity ? RAMP / 2 : RAMP;
  if (!pen.room("|δ| 10⁻⁶ 1", ramp + 16)) return;
  pen.text("|δ|", palette.ink, 8);
  pen.text("10⁻⁶", palette.muted, 4);
  pen.mark(ramp, (left, middle) => {
    for (let i = 0; i < ramp; i++) {
      ctx.fillStyle = signal[signalLevel(10 ** ((i / (ramp - 1) - 1) * SIGNAL_DECADES), 1)];
      ctx.fillRect(left + i, middle - 5, 1, 10);
    }
  });
  pen.text("1", palette.muted, 6);
  const above = ABOVE[Math.min(pen.brevity, 1)];
  if (!pen.room(above, 14)) return;
  pen.mark(8, (left, middle) => {
    ctx.fillStyle = palette.amplified;
    ctx.fillRect(left, middle - 5, 8, 10);
  });
  pen.text(above);
}

/**
 * @param {Context} ctx
 * @param {string} colour
 * @param {number} width
 * @param {boolean} dashed
 * @param {number} left
 * @param {number} middle
 * @param {number} length
 */
function line(ctx, colour, width, dashed, left, middle, length) {
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.setLineDash(dashed ? [5, 4] : []);
  ctx.beginPath();
  ctx.moveTo(left, middle);
  ctx.lineTo(left + length, middle);
  ctx.stroke();
  ctx.setLineDash([]);
}
