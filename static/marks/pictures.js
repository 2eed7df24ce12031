/**
 * What a unit's tile shows, as pixels: its map over the plane, its activations on the rows of the batch, or its incoming
 * weights as an image. Forward values on the forward ramp; magnitudes of gradients and updates on the backward one.
 *
 * @import {Layout, Frame, Maps, Palette, Ui} from "../types.js"
 * @import {Atlas} from "./atlas.js"
 */
import { fillMapTable, forwardPlace, neutralValue, niceCeiling, ramps, signalLevel } from "../encoding.js";
import { FEATURES } from "../features.js";
import { tensorOf } from "./tensors.js";

const table = new Uint32Array(256);

/**
 * Every unit's map over the plane.
 *
 * @param {Atlas} atlas
 * @param {Layout} layout
 * @param {Maps} maps
 * @param {Palette} palette
 */
export function fillMaps(atlas, layout, maps, palette) {
  const [width, height] = layout.maps.unit ?? [0, 0];
  atlas.resize(width, height, layout.units);
  const { unit_maps: bytes, unit_scales: scales } = maps;
  if (!bytes || !scales) return;
  for (const [place, layer] of layout.layers.entries()) {
    fillMapTable(palette, layer.activation, scales[2 * place], scales[2 * place + 1], table);
    const end = (layer.unit + layer.units) * width * height;
    for (let i = layer.unit * width * height; i < end; i++) atlas.pixels[i] = table[bytes[i]];
  }
  atlas.upload();
}

/**
 * Every input feature over the plane, each on the scale of its largest value there (they are fixed functions of the inputs).
 *
 * @param {Atlas} atlas
 * @param {Layout} layout
 * @param {Palette} palette
 * @returns {number[]} the scales: what the full colour stands for
 */
export function fillFeatures(atlas, layout, palette) {
  const [width, height] = layout.maps.unit ?? [0, 0];
  const [x0, x1] = layout.maps.x ?? [0, 1];
  const [y0, y1] = layout.maps.y ?? [0, 1];
  const { forward } = ramps(palette);
  const values = new Float64Array(width * height);
  atlas.resize(width, height, layout.inputs.length);
  const scales = layout.inputs.map((name, index) => {
    const feature = FEATURES[name];
    let largest = 0;
    for (let i = 0; i < values.length; i++) {
      const x = x0 + ((x1 - x0) * ((i % width) + 0.5)) / width;
      const y = y1 - ((y1 - y0) * (Math.floor(i / width) + 0.5)) / height;
      values[i] = feature ? feature(x, y) : 0;
      largest = Math.max(largest, Math.abs(values[i]));
    }
    const reach = Math.max(largest, 1e-9);
    for (let i = 0; i < values.length; i++) {
      atlas.pixels[index * values.length + i] = forward[forwardPlace(values[i], -reach, 0, reach)];
    }
    return reach;
  });
  atlas.upload();
  return scales;
}

/**
 * Shape of a mosaic that shows one value for each row of the batch.
 *
 * @param {number} rows
 * @returns {[number, number]} columns, rows of the mosaic
 */
export function mosaicShape(rows) {
  const across = Math.max(1, Math.ceil(Math.sqrt(rows)));
  return [across, Math.max(1, Math.ceil(rows / across))];
}

/**
 * The batch's rows in the order of their targets, so that rows of one class lie side by side and a unit that tells classes
 * apart shows stripes; the order that came where the targets are not known.
 *
 * @param {Frame} frame
 * @param {number} outputs
 * @returns {Int32Array}
 */
export function rowsByTarget({ rows, targets }, outputs) {
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  if (!targets) return order;
  const key = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    if (outputs === 1) key[row] = targets[row];
    else for (let j = 1; j < outputs; j++) if (targets[j * rows + row] > targets[key[row] * rows + row]) key[row] = j;
  }
  return order.sort((a, b) => key[a] - key[b] || a - b);
}

/**
 * Values of some units on the rows of the batch, column after column of the mosaic.
 *
 * @param {Atlas} atlas      its shape is `mosaicShape(rows)`
 * @param {number} first     first picture to fill
 * @param {Float32Array} values  units × rows
 * @param {number} unit      first unit in the values
 * @param {number} units
 * @param {Int32Array} order
 * @param {{palette: Palette, activation: string, range: [number, number]}} scale
 */
export function fillMosaic(atlas, first, values, unit, units, order, { palette, activation, range: [low, high] }) {
  const { forward } = ramps(palette);
  const neutral = neutralValue(activation, low, high);
  const { width, height, pixels } = atlas;
  for (let j = 0; j < units; j++) {
    const start = (first + j) * width * height;
    for (let i = 0; i < width * height; i++) {
      const pixel = start + (i % height) * width + Math.floor(i / height);
      pixels[pixel] = i < order.length ? forward[forwardPlace(values[(unit + j) * order.length + order[i]], low, neutral, high)] : 0;
    }
  }
}

/**
 * Incoming weights of every unit of the first layer as images, or their gradients or updates.
 *
 * @param {Atlas} atlas
 * @param {{layout: Layout, frame: Frame, view: Ui["view"]}} model
 * @param {Palette} palette
 * @returns {number} what the full colour stands for (weights), or 0
 */
export function fillWeightImages(atlas, model, palette) {
  const [width, height] = model.layout.maps.image ?? [0, 0];
  const layer = model.layout.layers[0];
  const { values, scale, reference } = tensorOf(model, 0);
  const { forward, signalPixels } = ramps(palette);
  atlas.resize(width, height, layer.units);
  const { pixels } = atlas;
  const forwardView = model.view === "forward";
  const reach = forwardView ? reachOf(values, layer.weight, layer.fan_in * layer.units) : 0;
  for (let unit = 0; unit < layer.units; unit++) {
    for (let i = 0; i < layer.fan_in; i++) {
      const value = values[layer.weight + i * layer.units + unit] * scale;
      pixels[unit * layer.fan_in + i] = forwardView
        ? forward[forwardPlace(value, -reach, 0, reach)]
        : signalPixels[signalLevel(Math.abs(value), reference)];
    }
  }
  atlas.upload();
  return reach;
}

/**
 * @param {Float32Array} values
 * @param {number} first
 * @param {number} count
 */
function reachOf(values, first, count) {
  let largest = 0;
  for (let i = first; i < first + count; i++) largest = Math.max(largest, Math.abs(values[i]));
  return niceCeiling(largest);
}

/**
 * One image of the inputs: a row of the batch, or the mean of all its rows.
 *
 * @param {Atlas} atlas
 * @param {Layout} layout
 * @param {Frame} frame
 * @param {number | null} row  null for the mean
 * @param {Palette} palette
 */
export function fillInputImage(atlas, layout, { inputs, rows }, row, palette) {
  const [width, height] = layout.maps.image ?? [0, 0];
  const { forward } = ramps(palette);
  atlas.resize(width, height, 1);
  if (!inputs) return;
  for (let i = 0; i < width * height; i++) {
    let value = 0;
    if (row !== null) value = inputs[i * rows + row];
    else for (let r = 0; r < rows; r++) value += inputs[i * rows + r] / rows;
    atlas.pixels[i] = forward[forwardPlace(value, 0, 0, 1)];
  }
  atlas.upload();
}
