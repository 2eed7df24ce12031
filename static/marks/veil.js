/**
 * What is new in a network that glides to its new places: seen through a veil of the surface's colour, which lifts.
 *
 * @import {Palette} from "../types.js"
 * @import {Geometry} from "../geometry.js"
 * @import {Context} from "./canvas.js"
 */
import { tileBox } from "../geometry.js";

/**
 * @param {Context} ctx
 * @param {Geometry} geometry
 * @param {Palette} palette
 */
export function drawVeil(ctx, { columns, presence = 1 }, palette) {
  if (presence === 1) return;
  ctx.fillStyle = palette.card;
  ctx.globalAlpha = 1 - presence;
  for (const column of columns) {
    const rim = column.dot + 1;
    for (const [index, fresh] of column.fresh?.entries() ?? []) {
      const { x, y, width, height } = tileBox(column, index);
      if (fresh) ctx.fillRect(x - rim, y, width + rim + 1, height + rim);
    }
  }
  ctx.globalAlpha = 1;
}
