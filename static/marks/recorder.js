/**
 * Stands in for a canvas's context, and keeps what is drawn as elements of SVG: lines stay lines and words stay words. Only pixels
 * (a unit's map, an image of weights) are images. It knows what our marks use of a context, and nothing else.
 *
 * What it needs of a browser is handed in, so that it runs without one.
 *
 * @import {Box} from "../types.js"
 * @import {Context} from "./canvas.js"
 *
 * @typedef {object} Means
 * @property {number} ratio  device pixels for one CSS pixel, of the canvas it stands for
 * @property {(font: string, text: string) => number} measure  width of a text
 * @property {(image: CanvasImageSource, part: Box | null) => string} encode  an image, or a part of it, as an address
 *
 * @typedef {[number, number, number, number, number, number]} Matrix
 */
import { number, tag } from "../svg.js";

const PLAIN = {
  fillStyle: "#000000",
  strokeStyle: "#000000",
  lineWidth: 1,
  lineJoin: "miter",
  globalAlpha: 1,
  font: "10px sans-serif",
  textAlign: "start",
  textBaseline: "alphabetic",
  imageSmoothingEnabled: true,
  imageSmoothingQuality: "low",
};
const ANCHORS = /** @type {Record<string, string | undefined>} */ ({ center: "middle", right: "end", end: "end" });
const BASELINES = /** @type {Record<string, string | undefined>} */ ({ middle: "central", top: "text-before-edge", bottom: "text-after-edge" });
const HATCH = 6; // between two lines of a hatch

let clips = 0;

export class Recorder {
  /** @type {string[]} */
  elements = [];
  #path = "";
  #dash = /** @type {number[]} */ ([]);
  #matrix = /** @type {Matrix} */ ([1, 0, 0, 1, 0, 0]);
  #clip = "";
  /** @type {{style: typeof PLAIN, dash: number[], matrix: Matrix, clip: string}[]} */
  #saved = [];

  /**
   * @param {unknown} canvas  whose drawing it is: what is kept for that canvas serves here as well
   * @param {Means} means
   */
  constructor(canvas, { ratio, measure, encode }) {
    this.canvas = canvas;
    this.style = { ...PLAIN };
    this.ratio = ratio;
    this.measure = measure;
    this.encode = encode;
    for (const name of /** @type {(keyof typeof PLAIN)[]} */ (Object.keys(PLAIN))) {
      Object.defineProperty(this, name, { get: () => this.style[name], set: (value) => Object.assign(this.style, { [name]: value }) });
    }
  }

  /** As what our marks take. @returns {Context} */
  get context() {
    return /** @type {any} */ (this);
  }

  getTransform() {
    return { a: this.ratio };
  }

  // ---- state

  save() {
    this.#saved.push({ style: { ...this.style }, dash: this.#dash, matrix: this.#matrix, clip: this.#clip });
  }

  restore() {
    const saved = this.#saved.pop();
    if (!saved) return;
    this.style = saved.style;
    [this.#dash, this.#matrix, this.#clip] = [saved.dash, saved.matrix, saved.clip];
  }

  /** @param {number} x @param {number} y */
  translate(x, y) {
    const [a, b, c, d, e, f] = this.#matrix;
    this.#matrix = [a, b, c, d, a * x + c * y + e, b * x + d * y + f];
  }

  /** @param {number} angle */
  rotate(angle) {
    const [a, b, c, d, e, f] = this.#matrix;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    this.#matrix = [a * cos + c * sin, b * cos + d * sin, c * cos - a * sin, d * cos - b * sin, e, f];
  }

  /** @param {number[]} lengths */
  setLineDash(lengths) {
    this.#dash = lengths;
  }

  clip() {
    const id = `clip-${++clips}`;
    this.elements.push(tag("clipPath", { id }, tag("path", { d: this.#path, transform: this.#transform() }), false));
    this.#clip = `url(#${id})`;
  }

  // ---- paths

  beginPath() {
    this.#path = "";
  }

  closePath() {
    this.#path += "Z";
  }

  /** @param {number} x @param {number} y */
  moveTo(x, y) {
    this.#path += `M${number(x)} ${number(y)}`;
  }

  /** @param {number} x @param {number} y */
  lineTo(x, y) {
    this.#path += `${this.#path === "" ? "M" : "L"}${number(x)} ${number(y)}`;
  }

  /** @param {number[]} points */
  bezierCurveTo(...points) {
    this.#path += `C${points.map(number).join(" ")}`;
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height */
  rect(x, y, width, height) {
    this.#path += `M${number(x)} ${number(y)}h${number(width)}v${number(height)}h${number(-width)}Z`;
  }

  /** @param {number} x @param {number} y @param {number} radius @param {number} start @param {number} end  angles */
  arc(x, y, radius, start, end) {
    const at = (/** @type {number} */ angle) => `${number(x + radius * Math.cos(angle))} ${number(y + radius * Math.sin(angle))}`;
    const large = end - start > Math.PI ? 1 : 0;
    const round = end - start >= 2 * Math.PI - 1e-9;
    const turn = (/** @type {number} */ angle, flag = large) => `A${number(radius)} ${number(radius)} 0 ${flag} 1 ${at(angle)}`;
    this.#path += `${this.#path === "" || round ? "M" : "L"}${at(start)}`;
    this.#path += round ? `${turn(start + Math.PI, 0)}${turn(start, 0)}Z` : turn(end);
  }

  /** @param {unknown[]} others  a Path2D keeps to itself what it is made of */
  fill(...others) {
    if (others.length > 0) throw new TypeError("what is recorded is drawn with the context's own path");
    if (this.#path !== "") this.#add("path", { d: this.#path, fill: this.style.fillStyle });
  }

  /** @param {unknown[]} others */
  stroke(...others) {
    if (others.length > 0) throw new TypeError("what is recorded is drawn with the context's own path");
    if (this.#path !== "") this.#add("path", { d: this.#path, fill: "none", ...this.#line() });
  }

  // ---- shapes, words, pixels

  /** @param {number} x @param {number} y @param {number} width @param {number} height */
  fillRect(x, y, width, height) {
    this.#add("rect", { ...box(x, y, width, height), fill: this.style.fillStyle });
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height */
  strokeRect(x, y, width, height) {
    this.#add("rect", { ...box(x, y, width, height), fill: "none", ...this.#line() });
  }

  /** Diagonal lines over a box. @param {Box} box @param {string} colour @param {number} thickness */
  hatched({ x, y, width, height }, colour, thickness) {
    this.#path = "";
    const [right, bottom] = [x + width, y + height];
    for (let sum = Math.ceil((x + y) / HATCH) * HATCH; sum < right + bottom; sum += HATCH) {
      const [low, high] = [Math.max(x, sum - bottom), Math.min(right, sum - y)];
      this.moveTo(low, sum - low);
      this.lineTo(high, sum - high);
    }
    this.#add("path", { d: this.#path, fill: "none", stroke: colour, "stroke-width": thickness });
    this.#path = "";
  }

  /** @param {string} text */
  measureText(text) {
    return { width: this.measure(this.style.font, text) };
  }

  /** @param {string} text @param {number} x @param {number} y */
  fillText(text, x, y) {
    this.#add("text", { x: number(x), y: number(y), ...this.#type(), fill: this.style.fillStyle }, text);
  }

  /** @param {string} text @param {number} x @param {number} y */
  strokeText(text, x, y) {
    this.#add("text", { x: number(x), y: number(y), ...this.#type(), fill: "none", ...this.#line() }, text);
  }

  /**
   * @param {CanvasImageSource} image
   * @param {number[]} places  where to, and with eight numbers before that which part of the image
   */
  drawImage(image, ...places) {
    const [x, y, width, height] = places.slice(-4);
    const part = places.length === 8 ? { x: places[0], y: places[1], width: places[2], height: places[3] } : null;
    const style = this.style.imageSmoothingEnabled ? undefined : "image-rendering:pixelated";
    this.#add("image", { ...box(x, y, width, height), preserveAspectRatio: "none", style, href: this.encode(image, part) });
  }

  // ---- elements

  /** @param {string} name @param {Record<string, string | number | undefined>} attributes @param {string} [text] */
  #add(name, attributes, text = "") {
    const { globalAlpha } = this.style;
    const opacity = globalAlpha === 1 ? undefined : number(globalAlpha);
    const element = tag(name, { ...attributes, opacity, transform: this.#transform() }, text);
    // A clip stands in the drawing's own coordinates, whatever the element's are.
    this.elements.push(this.#clip === "" ? element : tag("g", { "clip-path": this.#clip }, element, false));
  }

  #transform() {
    const moved = this.#matrix.some((value, place) => value !== (place === 0 || place === 3 ? 1 : 0));
    return moved ? `matrix(${this.#matrix.map(number).join(" ")})` : undefined;
  }

  #line() {
    const { strokeStyle, lineWidth, lineJoin } = this.style;
    return {
      stroke: strokeStyle,
      "stroke-width": number(lineWidth),
      "stroke-dasharray": this.#dash.length > 0 ? this.#dash.map(number).join(" ") : undefined,
      "stroke-linejoin": lineJoin === "miter" ? undefined : lineJoin,
    };
  }

  #type() {
    const { font, textAlign, textBaseline } = this.style;
    const [, weight, size, family] = /^(.*?)\s*([\d.]+px)\s+(.*)$/.exec(font) ?? ["", "", "10px", "sans-serif"];
    return {
      "font-family": family,
      "font-size": size,
      "font-weight": weight === "" ? undefined : weight,
      "text-anchor": ANCHORS[textAlign],
      "dominant-baseline": BASELINES[textBaseline],
    };
  }
}

/** @param {number} x @param {number} y @param {number} width @param {number} height  which may be negative, as a canvas has it */
function box(x, y, width, height) {
  return {
    x: number(Math.min(x, x + width)),
    y: number(Math.min(y, y + height)),
    width: number(Math.abs(width)),
    height: number(Math.abs(height)),
  };
}
