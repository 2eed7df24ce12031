/**
 * A data set as a small picture, drawn from the catalog. Plain functions of (context, model).
 *
 * @import {Palette} from "../types.js"
 *
 * @typedef {object} DataRecord  an entry of the catalog's data sets
 * @property {string} title
 * @property {string} help
 * @property {string} task
 * @property {string[]} classes
 * @property {string} form
 * @property {[number, number] | null} image
 * @property {number[][]} thumbnail  points [x, y, label]; where the inputs are an image, rows of brightness from 0 to 1
 */
import { css, mix } from "../colour.js";
import { ramps } from "../encoding.js";

const DOMAIN = 6; // generated inputs lie in -6..6

/**
 * @param {CanvasRenderingContext2D} context
 * @param {DataRecord} record
 * @param {number} size  of the square picture, in CSS pixels
 * @param {Palette} palette
 */
export function drawThumbnail(context, record, size, palette) {
  context.clearRect(0, 0, size, size);
  if (record.image) return drawImage(context, record.thumbnail, size, palette);
  const place = placement(record, size);
  const colour = colouring(record, palette);
  const radius = Math.max(0.9, size / 26);
  for (const point of record.thumbnail) {
    const [x, y] = place(point);
    context.fillStyle = colour(point[2]);
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fill();
  }
}

/**
 * The plane keeps its own domain, so that the sets can be compared; anything else fills the picture.
 * @param {DataRecord} record
 * @param {number} size
 * @returns {(point: number[]) => [number, number]}
 */
function placement(record, size) {
  const inner = size * 0.86;
  const margin = (size - inner) / 2;
  const plane = record.form === "plane";
  const [x0, x1] = plane ? [-DOMAIN, DOMAIN] : range(record.thumbnail.map((point) => point[0]));
  const [y0, y1] = plane ? [-DOMAIN, DOMAIN] : range(record.thumbnail.map((point) => point[1]));
  return ([x, y]) => [margin + (inner * (x - x0)) / (x1 - x0), size - margin - (inner * (y - y0)) / (y1 - y0)];
}

/** @param {number[]} values */
function range(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return high > low ? [low, high] : [low - 1, low + 1];
}

/**
 * @param {DataRecord} record
 * @param {Palette} palette
 * @returns {(label: number) => string}
 */
function colouring(record, palette) {
  if (record.form === "curve") return () => palette.ink;
  const { classes, forwardCss } = ramps(palette);
  if (record.task === "classification") return (label) => classes[label % classes.length];
  const reach = Math.max(...record.thumbnail.map((point) => Math.abs(point[2]))) || 1;
  return (label) => forwardCss[Math.round(128 + (128 * label) / reach)];
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number[][]} rows
 * @param {number} size
 * @param {Palette} palette
 */
function drawImage(context, rows, size, palette) {
  const brightest = Math.max(...rows.flat()) || 1;
  rows.forEach((row, i) => {
    const [top, bottom] = [i, i + 1].map((edge) => Math.round((edge * size) / rows.length));
    row.forEach((value, j) => {
      const [left, right] = [j, j + 1].map((edge) => Math.round((edge * size) / row.length));
      context.fillStyle = css(mix(palette.card, palette.ink, value / brightest));
      context.fillRect(left, top, right - left, bottom - top);
    });
  });
}
