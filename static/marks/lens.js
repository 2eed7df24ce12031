/**
 * The lens over a column whose units are too small to be told apart: their pictures, and their error signals as bars.
 *
 * @import {Selection} from "../types.js"
 * @import {SignalModel} from "./signals.js"
 * @import {TileModel, TilePictures} from "./tiles.js"
 * @import {Context} from "./canvas.js"
 */
import { ramps, signalLevel, signalStrength } from "../encoding.js";
import { columnOf } from "../geometry.js";
import { lensOf, lensRow } from "../geometry/lens.js";
import { outputDelta } from "./tensors.js";
import { drawUnit } from "./tiles.js";

/**
 * @param {Context} ctx
 * @param {TileModel & SignalModel} model
 * @param {TilePictures} pictures
 * @param {Selection | null} selection
 */
export function drawLens(ctx, model, pictures, selection) {
  const { geometry, layout, frame, palette } = model;
  const column = selection && columnOf(geometry, selection.layer);
  if (!column || (selection.kind !== "unit" && selection.kind !== "input")) return;
  const index = column.unitIds.indexOf(selection.unit ?? -1);
  const lens = lensOf(geometry, column, index);
  if (!lens) return;
  const { x, y, width, height } = lens.box;
  ctx.fillStyle = palette.card;
  ctx.fillRect(x, y, width, height);
  const { signal: colours } = ramps(palette);
  const reference = outputDelta(layout, frame);
  const layer = layout.layers[column.place - 1];
  for (let row = 0; row < lens.count; row++) {
    const unit = lens.first + row;
    const { tile, signal } = lensRow(lens, row);
    drawUnit(ctx, model, column, pictures, unit, tile);
    ctx.lineWidth = unit === index ? 2 : 1;
    ctx.strokeStyle = unit === index ? palette.ink : palette.muted;
    ctx.strokeRect(tile.x + 0.5, tile.y + 0.5, tile.width - 1, tile.height - 1);
    if (!layer) continue;
    const rms = frame.unit_deltas?.[layer.unit + unit] ?? 0;
    ctx.fillStyle = palette.signalZero;
    ctx.fillRect(signal.x, signal.y + 8, signal.width, signal.height - 16);
    ctx.fillStyle = colours[signalLevel(rms, reference)];
    ctx.fillRect(signal.x, signal.y + 8, signal.width * signalStrength(rms, reference), signal.height - 16);
  }
  ctx.lineWidth = 1;
  ctx.strokeStyle = palette.ink;
  ctx.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
}
