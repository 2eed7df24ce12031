/**
 * The pulse on its way through the network: points that run along the edges, forward in the colour of each weight's sign, and back
 * in the backward colour, carrying the error signal of the layer they come from.
 *
 * @import {Frame, Layout, Palette} from "../types.js"
 * @import {Gap, Geometry} from "../geometry.js"
 * @import {PulsePlace} from "../pulse.js"
 * @import {Context} from "../marks/canvas.js"
 *
 * @typedef {object} PulseModel
 * @property {Geometry} geometry
 * @property {Layout} layout
 * @property {Frame} frame
 * @property {Palette} palette
 */
import { EDGE_LIMIT, bundleStart, tileBox } from "../geometry.js";
import { edgeRise } from "../geometry/edges.js";
import { ramps, signalLevel } from "../encoding.js";
import { setType } from "../marks/canvas.js";
import { strongest } from "../marks/strongest.js";
import { outputDelta } from "../marks/tensors.js";
import { litness, pulseFigures } from "../pulse.js";
import { layerNorm } from "../select.js";

const POINT = 2.5; // radius
const TURN = 2 * Math.PI;
const WIDEST_FIGURE = "× 8.8×10⁻⁸⁸";

const entries = new Int32Array(EDGE_LIMIT);

/**
 * @param {Context} ctx  of a canvas that lies over the network and shows nothing else
 * @param {PulseModel} model
 * @param {PulsePlace} pulse
 */
export function drawPulse(ctx, model, pulse) {
  const { geometry } = model;
  for (const { place } of geometry.columns) {
    const light = litness(pulse, place);
    if (light > 0) lightColumn(ctx, model, pulse, place, light);
  }
  const place = Math.min(geometry.gaps.length - 1, Math.floor(pulse.at));
  const share = pulse.at - place;
  if (share > 0 && share < 1) drawFront(ctx, model, pulse, place, share);
  if (pulse.way === "back") writeSignal(ctx, model, pulse);
}

/**
 * Colour of a unit as the pulse passes: of its error signal on the way back.
 *
 * @param {PulseModel} model
 * @param {PulsePlace} pulse
 * @param {number} place  of its column
 * @param {number} index
 */
function unitColour({ layout, frame, palette }, { way }, place, index) {
  const layer = layout.layers[place - 1];
  if (way === "forward" || !layer) return palette.ink;
  return ramps(palette).signal[signalLevel(frame.unit_deltas?.[layer.unit + index] ?? 0, outputDelta(layout, frame))];
}

/**
 * @param {Context} ctx
 * @param {PulseModel} model
 * @param {PulsePlace} pulse
 * @param {number} place
 * @param {number} light
 */
function lightColumn(ctx, model, pulse, place, light) {
  const column = model.geometry.columns[place];
  if (pulse.way === "back" && place === 0) return; // the inputs have no error signal
  const space = column.form === "tiles" || column.form === "image" ? 2.5 : 0;
  ctx.globalAlpha = light;
  ctx.lineWidth = model.palette.stepped ? 4 : 3;
  for (let index = 0; index < column.y.length; index++) {
    const { x, y, width, height } = tileBox(column, index);
    ctx.strokeStyle = ctx.fillStyle = unitColour(model, pulse, place, index);
    if (height < 6) ctx.fillRect(x, y, width, height);
    else ctx.strokeRect(x - space, y - space, width + 2 * space, height + 2 * space);
  }
  ctx.globalAlpha = 1;
}

/**
 * @param {Context} ctx
 * @param {PulseModel} model
 * @param {PulsePlace} pulse
 * @param {number} place  of the layer the gap leads to
 * @param {number} share  of the gap, from its left
 */
function drawFront(ctx, model, pulse, place, share) {
  const { geometry, layout, frame, palette } = model;
  const gap = geometry.gaps[place];
  const x = gap.left + (gap.right - gap.left) * share;
  const rise = edgeRise(share);
  if (gap.form === "band") return drawLine(ctx, model, pulse, place, x, share);
  const layer = layout.layers[place];
  const weights = frame.parameters;
  const bundles = gap.form === "bundles";
  const count = bundles || !weights ? gap.to.units : strongest(weights, layer.weight, gap.edges, EDGE_LIMIT, entries);
  const radius = count > 64 ? POINT * 0.7 : POINT;
  for (let i = 0; i < count; i++) {
    const [from, index] = bundles || !weights ? [0, i] : [Math.floor(entries[i] / layer.units), entries[i] % layer.units];
    const start = bundles ? bundleStart(gap, index) : gap.from.y[from];
    const negative = !bundles && weights !== undefined && weights[layer.weight + entries[i]] < 0;
    ctx.fillStyle =
      pulse.way === "back" ? unitColour(model, pulse, place + 1, index) : bundles ? palette.ink : negative ? palette.negative : palette.positive;
    ctx.beginPath();
    ctx.arc(x, start + (gap.to.y[index] - start) * rise, palette.stepped ? radius * 1.5 : radius, 0, TURN);
    ctx.fill();
  }
}

/**
 * Where a band stands for the edges, a line that runs along it.
 *
 * @param {Context} ctx
 * @param {PulseModel} model
 * @param {PulsePlace} pulse
 * @param {number} place
 * @param {number} x
 * @param {number} share
 */
function drawLine(ctx, { geometry, layout, frame, palette }, { way }, place, x, share) {
  const { from, to } = geometry.gaps[place];
  /** @param {number} start @param {number} end */
  const between = (start, end) => start + (end - start) * share;
  const norm = layerNorm(frame, layout, "delta", place);
  ctx.strokeStyle = way === "back" ? ramps(palette).signal[signalLevel(norm, outputDelta(layout, frame))] : palette.ink;
  ctx.lineWidth = palette.stepped ? 4 : 3;
  ctx.beginPath();
  ctx.moveTo(x, between(from.y[0] - from.tileHeight / 2, to.y[0] - to.tileHeight / 2));
  ctx.lineTo(x, between(from.y[from.y.length - 1] + from.tileHeight / 2, to.y[to.y.length - 1] + to.tileHeight / 2));
  ctx.stroke();
}

/**
 * How much of the output's error signal is left, written under each column that the pulse has come back to, where scales stand else.
 *
 * @param {Context} ctx
 * @param {PulseModel} model
 * @param {PulsePlace} pulse
 */
function writeSignal(ctx, { geometry, layout, frame, palette }, { at }) {
  if (frame.norms === undefined) return;
  setType(ctx, palette, palette.signal, "center", "600");
  const half = ctx.measureText(WIDEST_FIGURE).width / 2 + 4;
  const figures = pulseFigures(frame.norms.subarray(0, layout.layers.length), at, Math.max(1, Math.ceil((2 * half) / geometry.pitch)));
  for (const { place, text } of figures) {
    const x = Math.min(geometry.width - half, Math.max(half, geometry.columns[place].x));
    ctx.fillStyle = palette.card;
    ctx.fillRect(x - half, geometry.captions - palette.textMin * 0.75, 2 * half, palette.textMin * 1.5);
    ctx.fillStyle = palette.signal;
    ctx.fillText(text, x, geometry.captions + 0.5);
  }
}
