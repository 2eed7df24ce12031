/**
 * What is new in a network that glides to its new places: seen through a veil of the surface's colour, which lifts.
 *
 * @import {Palette} from "../types.js"
 * @import {Geometry} from "../geometry.js"
 * @import {Context} from "./canvas.js"
 */
import { rimmedBox } from "../geometry/leaving.js";

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
    for (const [index, fresh] of column.fresh?.entries() ?? []) {
      const { x, y, width, height } = rimmedBox(column, index);
      if (fresh) ctx.fillRect(x, y, width, height);
    }
  }
  ctx.globalAlpha = 1;
}
