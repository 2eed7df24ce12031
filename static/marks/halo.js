/**
 * What the pointer rests on and what is pinned, marked in ink. Edges mark themselves: see drawSelectedEdges.
 *
 * @import {Palette, Selection} from "../types.js"
 * @import {Geometry} from "../geometry.js"
 * @import {Context} from "./canvas.js"
 */
import { columnOf, selectionBox } from "../geometry.js";
import { CROWDED } from "../geometry/columns.js";

/**
 * @param {Context} ctx
 * @param {Geometry} geometry
 * @param {Selection | null} selection
 * @param {Palette} palette
 * @param {boolean} pinned  a thicker line
 */
export function drawHalo(ctx, geometry, selection, palette, pinned) {
  const box = selectionBox(geometry, selection);
  const column = selection && columnOf(geometry, selection.layer);
  if (!box || !column || selection.kind === "edge") return;
  if (column.units > CROWDED && selection.kind !== "layer") return; // a lens stands there, and marks its own
  ctx.strokeStyle = palette.ink;
  ctx.lineWidth = pinned ? 2.5 : 1.5;
  ctx.beginPath();
  if (selection.kind === "bias") {
    ctx.arc(box.x + box.width / 2, box.y + box.height / 2, box.width / 2 + 2.5, 0, 2 * Math.PI);
  } else {
    const space = selection.kind === "layer" ? 6 : 2;
    ctx.rect(box.x - space, box.y - space, box.width + 2 * space, box.height + 2 * space);
  }
  ctx.stroke();
}
