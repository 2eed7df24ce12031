/**
 * The network as it stands on the page, as a picture to take away: its canvases, and over them the words of the page where they
 * stand. As SVG lines stay lines and words stay words. Loaded when it is first asked for.
 *
 * @typedef {{x: number, y: number, width: number, height: number}} Place  in CSS pixels, from the picture's left upper corner
 * @typedef {{place: Place, canvas: HTMLCanvasElement}} Image
 * @typedef {{x: number, y: number, text: string, size: string, weight: string, family: string, colour: string}} Word
 * @typedef {{width: number, height: number, background: string, images: Image[], words: Word[]}} Picture
 */

import { drawings } from "../marks/canvas.js";
import { Recorder } from "../marks/recorder.js";
import { number, tag } from "../svg.js";

/**
 * @param {"png" | "svg"} format
 * @param {string} name  of the file, without its ending
 */
export async function savePicture(format, name) {
  const element = document.getElementById("network");
  if (element === null) throw new Error("the page has no #network");
  const picture = pictureOf(element);
  const blob = format === "svg" ? new Blob([svgOf(picture)], { type: "image/svg+xml" }) : await pngOf(picture);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${name}.${format}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** @param {HTMLElement} element @returns {Picture} */
function pictureOf(element) {
  const frame = element.getBoundingClientRect();
  const inside = (/** @type {DOMRect} */ { x, y, width, height }) => ({ x: x - frame.x, y: y - frame.y, width, height });
  // The pulse, which passes, is on a canvas that is hidden from readers as well.
  const images = [...element.querySelectorAll("canvas:not([aria-hidden])")]
    .filter((canvas) => canvas instanceof HTMLCanvasElement)
    .filter((canvas) => canvas.checkVisibility() && canvas.width > 0 && canvas.height > 0)
    .map((canvas) => ({ place: inside(canvas.getBoundingClientRect()), canvas }));
  /** @type {Word[]} */
  const words = [];
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const text = node.textContent?.trim();
    const parent = node.parentElement;
    if (!text || !parent?.checkVisibility({ visibilityProperty: true }) || isControl(parent)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    words.push(word(text, inside(range.getBoundingClientRect()), parent));
  }
  for (const menu of element.querySelectorAll("select")) {
    if (menu.checkVisibility({ visibilityProperty: true })) words.push(word(menu.selectedOptions[0]?.text ?? "", inside(menu.getBoundingClientRect()), menu));
  }
  return { width: frame.width, height: frame.height, background: getComputedStyle(element).backgroundColor, images, words };
}

/** What is there to be pressed, or is not chosen, says nothing in a picture; the names of layers do. @param {Element} element */
function isControl(element) {
  const choice = element.closest("label")?.querySelector("input");
  if (element.closest("option, .hidden") !== null || (choice?.type === "radio" && !choice.checked)) return true;
  const button = element.closest("button");
  return button !== null && !(button.closest("#layer-headers") && /[\p{L}\p{N}]/u.test(button.textContent ?? ""));
}

/** @param {string} text @param {Place} place @param {Element} element  whose type it has @returns {Word} */
function word(text, { x, y, height }, element) {
  const { fontSize, fontWeight, fontFamily, color } = getComputedStyle(element);
  return { x, y: y + height / 2, text, size: fontSize, weight: fontWeight, family: fontFamily, colour: color };
}

/** @param {Picture} picture @returns {Promise<Blob>} */
async function pngOf({ width, height, background, images, words }) {
  const ratio = Math.max(2, devicePixelRatio);
  const canvas = new OffscreenCanvas(Math.round(width * ratio), Math.round(height * ratio));
  const context = canvas.getContext("2d");
  if (!context) throw new Error("this browser has no 2D canvas");
  context.scale(ratio, ratio);
  context.fillStyle = opaque(background);
  context.fillRect(0, 0, width, height);
  for (const { place, canvas: drawn } of images) context.drawImage(drawn, place.x, place.y, place.width, place.height);
  context.textBaseline = "middle";
  for (const { x, y, text, size, weight, family, colour } of words) {
    context.font = `${weight} ${size} ${family}`;
    context.fillStyle = colour;
    context.fillText(text, x, y);
  }
  return canvas.convertToBlob({ type: "image/png" });
}

/** @param {Picture} picture */
function svgOf({ width, height, background, images, words }) {
  const parts = [
    tag("rect", { x: 0, y: 0, width, height, fill: opaque(background) }),
    // An svg within the svg ends at its edges, as a canvas does.
    ...images.map(({ place, canvas }) => tag("svg", { x: number(place.x), y: number(place.y), ...sizeOf(place) }, drawn(canvas, place), false)),
    ...words.map(({ x, y, text, size, weight, family, colour }) => {
      const style = { "font-size": size, "font-weight": weight, "font-family": family, fill: colour };
      return tag("text", { x: number(x), y: number(y), "dominant-baseline": "central", ...style }, text);
    }),
  ];
  const attributes = { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}` };
  return tag("svg", attributes, parts.join("\n"), false);
}

/** @param {Place} place */
function sizeOf({ width, height }) {
  return { width: number(width), height: number(height), overflow: "hidden" };
}

/**
 * What is on a canvas, drawn again as lines and words; its pixels where nobody knows how it was drawn.
 * @param {HTMLCanvasElement} canvas
 * @param {Place} place
 */
function drawn(canvas, { width, height }) {
  const draw = drawings.get(canvas);
  if (!draw) return tag("image", { x: 0, y: 0, width, height, href: canvas.toDataURL("image/png") });
  const recorder = new Recorder(canvas, { ratio: devicePixelRatio, measure, encode });
  draw(recorder.context);
  return recorder.elements.join("\n");
}

/** @param {CanvasImageSource} image  a canvas, which all of our images are */
const size = (image) => /** @type {HTMLCanvasElement} */ (image);

const { measure, encode } = (() => {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  if (!context) throw new Error("this browser has no 2D canvas");
  return {
    measure: (/** @type {string} */ font, /** @type {string} */ text) => {
      context.font = font;
      return context.measureText(text).width;
    },
    encode: (/** @type {CanvasImageSource} */ image, /** @type {import("../types.js").Box | null} */ part) => {
      const { x, y, width, height } = part ?? { x: 0, y: 0, width: size(image).width, height: size(image).height };
      [canvas.width, canvas.height] = [width, height];
      context.drawImage(image, x, y, width, height, 0, 0, width, height);
      return canvas.toDataURL("image/png");
    },
  };
})();

/** What stands on a transparent ground shows the page's. @param {string} colour */
function opaque(colour) {
  return /rgba\(.*, 0\)|transparent/.test(colour) ? getComputedStyle(document.body).backgroundColor : colour;
}
