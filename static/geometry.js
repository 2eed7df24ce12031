/**
 * Layout -> positions of everything on the network's canvas, in CSS pixels from its left upper corner. Pure.
 *
 * The strip draws on the same columns, and the headers stand over them: all three take `columns[i].x` and `.width`.
 *
 * @import {Layout, Selection, Box} from "./types.js"
 * @import {Column} from "./geometry/columns.js"
 *
 * @typedef {object} Gap  what lies between two columns
 * @property {Column} from
 * @property {Column} to
 * @property {number} left     where edges begin
 * @property {number} right    where they end
 * @property {"edges" | "bundles" | "band"} form  an edge a weight; one bundle a unit (images); one band for all weights
 * @property {number} edges    how many weights there are
 * @property {number} shown    how many are drawn, the strongest; 0 for bundles and bands
 * @property {boolean} [fresh] whether the two columns were not neighbours before; while a network glides
 *
 * @typedef {object} Geometry
 * @property {number} width
 * @property {number} height
 * @property {Column[]} columns  the inputs, then every layer in forward order
 * @property {Gap[]} gaps
 * @property {number} pitch      distance between columns
 * @property {"full" | "number" | "grouped"} header  how much a header over a column may say
 * @property {number} captions   y of the line below the columns where scales are printed
 * @property {Box} legend        the line at the lower edge that says what is drawn
 * @property {number} mostEdges  of the fullest gap that shows edges
 * @property {number} [presence] how much of what is new is there, 0 to 1; while a network glides (geometry/glide.js)
 * @property {Geometry} [leaving] where it stood before, with what is not there any more marked; while a network glides
 */
import { biasPoint, isImage, placeColumns, tileBox } from "./geometry/columns.js";
import { lensOf } from "./geometry/lens.js";
import { wordWidth } from "./geometry/words.js";

export { biasPoint, tileBox } from "./geometry/columns.js";
export { bundleStart } from "./geometry/edges.js";
export { hitColumn, hitTest } from "./geometry/hit.js";

/** Edges drawn in one gap at most, the strongest. */
export const EDGE_LIMIT = 200;

const LEGEND = 18;
const CAPTION = 14;
const PAD = 5;
/** Above the columns, for text of 12 px: a verdict's mark reaches down so far (static/css/verdict.css). */
const CLEAR = 12;
const EDGE = 5; // below them, where nothing is said there
const BAND_GAP = 32;
const TEXT = 12; // size of the smallest text, in pixels

/**
 * @param {Layout} layout
 * @param {object} size
 * @param {number} size.width   of the canvas
 * @param {number} size.height
 * @param {number} [size.top]   room above the columns that headers cover
 * @param {number} [size.text]  size of the smallest text, in pixels
 * @param {boolean} [size.legend]  whether it is said under the columns what is drawn, and to which scale
 * @param {boolean} [size.roomy]  whether numbers are written under the units
 * @returns {Geometry}
 */
export function networkGeometry(layout, { width, height, top = 0, text = 12, legend: said = true, roomy = false }) {
  const zoom = text / TEXT;
  const [legend, caption] = said ? [Math.round(LEGEND * zoom), Math.round(CAPTION * zoom)] : [0, 0];
  const bottom = said ? height - PAD - legend - PAD - caption : height - EDGE;
  const margins = sideMargins(layout, zoom);
  const clear = Math.round(CLEAR * zoom);
  const area = { left: margins.left, right: width - margins.right, top: top + clear, bottom: Math.max(top + clear + 24, bottom) };
  const columns = placeColumns(layout, area, roomy);
  const gaps = columns.slice(1).map((to, i) => gapBetween(columns[i], to));
  const hidden = layout.layers.length - 1;
  return {
    width,
    height,
    columns,
    gaps,
    pitch: columns[0].width,
    header: hidden <= 6 ? "full" : hidden <= 16 ? "number" : "grouped",
    captions: said ? area.bottom + PAD + caption / 2 : height - EDGE,
    legend: { x: 12, y: height - PAD - legend, width: width - 24, height: legend },
    mostEdges: Math.max(0, ...gaps.map((gap) => (gap.form === "edges" ? gap.edges : 0))),
  };
}

/**
 * Room for the names of the inputs, left of them, and of the classes, right of the outputs.
 *
 * @param {Layout} layout
 * @param {number} zoom  of the text
 */
function sideMargins(layout, zoom) {
  /** @param {string[]} words */
  const longest = (words) => Math.max(0, ...words.map((word) => wordWidth(word) * TEXT * zoom));
  const inputs = isImage(layout) ? [] : layout.inputs.flatMap((name) => name.split(/[\s_]+/));
  const outputs = layout.layers[layout.layers.length - 1].units;
  const classes = outputs > 1 ? layout.data.classes : [];
  return {
    left: 12 + Math.min(88, Math.max(isImage(layout) ? 8 : 28, longest(inputs) + 8)),
    right: 12 + Math.min(88, Math.max(28, longest(classes) + 8)),
  };
}

/**
 * @param {Column} from
 * @param {Column} to
 * @returns {Gap}
 */
function gapBetween(from, to) {
  const edges = from.units * to.units;
  const bundles = from.form === "image";
  const band = to.left - from.right < BAND_GAP;
  const form = bundles ? "bundles" : band ? "band" : "edges";
  return { from, to, left: from.right, right: to.left, form, edges, shown: form === "edges" ? Math.min(EDGE_LIMIT, edges) : 0 };
}

/**
 * @param {Geometry} geometry
 * @param {number} layer  id, -1 for the inputs
 * @returns {Column | undefined}
 */
export function columnOf(geometry, layer) {
  return geometry.columns.find((column) => column.layer === layer);
}

/**
 * The box around what is selected, for a card beside it or a mark on it; null where it is not drawn any more.
 *
 * @param {Geometry} geometry
 * @param {Selection | null} selection
 * @returns {Box | null}
 */
export function selectionBox(geometry, selection) {
  const column = selection && columnOf(geometry, selection.layer);
  if (!column) return null;
  if (selection.kind === "layer") {
    const [first, last] = [tileBox(column, 0), tileBox(column, column.y.length - 1)];
    return { x: first.x, y: first.y, width: first.width, height: last.y + last.height - first.y };
  }
  if (selection.kind === "edge") return edgeBox(geometry, column, selection);
  const index = column.unitIds.indexOf(selection.unit ?? -1);
  if (index < 0) return null;
  if (selection.kind === "bias") {
    const { x, y } = biasPoint(column, index);
    return { x: x - column.dot, y: y - column.dot, width: 2 * column.dot, height: 2 * column.dot };
  }
  return lensOf(geometry, column, index)?.box ?? tileBox(column, index);
}

/**
 * @param {Geometry} geometry
 * @param {Column} column
 * @param {Selection} selection
 * @returns {Box | null}
 */
function edgeBox(geometry, column, { from = -1, index = -1 }) {
  const gap = geometry.gaps[column.place - 1];
  if (!gap || !(from < gap.from.units && index < gap.to.units) || from < 0 || index < 0) return null;
  const start = gap.from.form === "image" ? gap.from.y[0] : gap.from.y[from];
  const end = gap.to.y[index];
  return { x: gap.left, y: Math.min(start, end) - 8, width: gap.right - gap.left, height: Math.abs(end - start) + 16 };
}
