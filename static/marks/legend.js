/**
 * The line under the network that says what is drawn, in place: samples of the marks themselves, with their numbers.
 *
 * @import {MapsInfo, Palette, Ui} from "../types.js"
 * @import {Geometry} from "../geometry.js"
 * @import {Context} from "./canvas.js"
 */
import { EDGE_LEVELS, SIGNAL_DECADES, edgeTint, edgeWidth, forwardPlace, ramps, signalLevel, weightStrength, widestEdge } from "../encoding.js";
import { formatExact } from "../format.js";
import { hatch, setType } from "./canvas.js";

const STROKE = 24; // length of a sample edge
const RAMP = 56;
const SPACE = 20; // between entries
const ABOVE = "above the output’s";

/**
 * @typedef {object} LegendModel
 * @property {Geometry} geometry
 * @property {Ui["view"]} view
 * @property {boolean} readable
 * @property {Palette} palette
 * @property {number} full        the weights' scale
 * @property {MapsInfo["form"]} form
 * @property {boolean} constant   whether any unit is hatched
 */

/**
 * @param {Context} ctx
 * @param {LegendModel} model
 */
export function drawLegend(ctx, model) {
  const { geometry, palette, view } = model;
  const { x, y, width, height } = geometry.legend;
  const pen = new Pen(ctx, palette, x, y + height / 2, x + width);
  const limited = geometry.gaps.find((gap) => gap.shown < gap.edges && gap.form === "edges");
  if (limited) pen.textAtEnd(`${limited.shown} of ${limited.edges} shown`);
  if (view === "forward") weights(pen, model);
  else magnitudes(pen, model);
  if (geometry.columns.some((column) => column.bar > 0)) bars(pen);
  if (model.constant && pen.room("constant", 22)) {
    pen.mark(16, (left, middle) => hatch(ctx, palette, { x: left, y: middle - 6, width: 16, height: 12 }));
    pen.text("constant");
  }
  if (model.form === "samples") pen.text("tile: the batch by class");
}

/** Writes entries from left to right and leaves out what has no room. */
class Pen {
  /**
   * @param {Context} ctx
   * @param {Palette} palette
   * @param {number} left
   * @param {number} middle
   * @param {number} end
   */
  constructor(ctx, palette, left, middle, end) {
    this.ctx = ctx;
    this.palette = palette;
    this.left = left;
    this.middle = middle;
    this.end = end;
  }

  /**
   * @param {number} width
   * @param {(left: number, middle: number) => void} draw
   */
  mark(width, draw) {
    if (this.left + width > this.end) return;
    draw(this.left, this.middle);
    this.left += width + 6;
  }

  /**
   * @param {string} text
   * @param {string} [colour]
   * @param {number} [space] behind it
   */
  text(text, colour = this.palette.muted, space = SPACE) {
    setType(this.ctx, this.palette, colour);
    const { width } = this.ctx.measureText(text);
    if (this.left + width <= this.end) this.ctx.fillText(text, this.left, this.middle + 0.5);
    this.left += width + space;
  }

  /**
   * Whether there is room for a text and a mark.
   *
   * @param {string} text
   * @param {number} mark
   */
  room(text, mark) {
    setType(this.ctx, this.palette, this.palette.muted);
    return this.left + mark + this.ctx.measureText(text).width <= this.end;
  }

  /** @param {string} text  takes its room from the right before the others come from the left */
  textAtEnd(text) {
    setType(this.ctx, this.palette, this.palette.ink, "right");
    this.ctx.fillText(text, this.end, this.middle + 0.5);
    this.end -= this.ctx.measureText(text).width + SPACE;
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
  for (const share of [0.01, 0.1, 1]) {
    pen.mark(16, (left, middle) => {
      const strength = weightStrength(share * full, full);
      line(pen.ctx, ramps(palette).neutral[Math.round((EDGE_LEVELS - 1) * edgeTint(strength))], edgeWidth(strength, widest), false, left, middle, 16);
    });
    pen.text(formatExact(share * full), palette.muted, share === 1 ? SPACE : 8);
  }
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

/** @param {Pen} pen */
function bars(pen) {
  const { ctx, palette } = pen;
  const { signal } = ramps(palette);
  pen.text("|δ|", palette.ink, 8);
  pen.text("10⁻⁶", palette.muted, 4);
  pen.mark(RAMP, (left, middle) => {
    for (let i = 0; i < RAMP; i++) {
      ctx.fillStyle = signal[signalLevel(10 ** ((i / (RAMP - 1) - 1) * SIGNAL_DECADES), 1)];
      ctx.fillRect(left + i, middle - 5, 1, 10);
    }
  });
  pen.text("1", palette.muted, 6);
  if (!pen.room(ABOVE, 14)) return;
  pen.mark(8, (left, middle) => {
    ctx.fillStyle = palette.amplified;
    ctx.fillRect(left, middle - 5, 8, 10);
  });
  pen.text(ABOVE);
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
