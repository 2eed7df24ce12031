/**
 * What is leaving a network that glides to its new places: it fades out where it stood, units shrinking. Units are drawn from
 * pictures that were cut out of the canvas before anything else was painted there; edges as the last frame before had them.
 *
 * @import {Geometry} from "../geometry.js"
 * @import {Context} from "./canvas.js"
 * @import {EdgeModel} from "./edges.js"
 * @import {EdgeBuffers} from "./looks.js"
 */
import { leavingOf, leavingUnits } from "../geometry/leaving.js";
import { surface } from "./canvas.js";
import { strokeLeaving } from "./edges.js";

/** How much smaller a unit is when it is gone. */
const SHRINKS = 0.5;

/** Pictures of the units that left last, by layer and unit. */
export class LeavingUnits {
  /** @type {Map<string, OffscreenCanvas>} */
  #pictures = new Map();

  /**
   * @param {HTMLCanvasElement} canvas  that still shows what was painted last
   * @param {Geometry} from             how that stood on it
   * @param {Geometry} to               what comes
   */
  cut(canvas, from, to) {
    this.#pictures.clear();
    const leaving = leavingOf(from, to, { x: 0, y: 0 });
    const ratio = canvas.width / from.width;
    for (const { key, box } of leaving ? leavingUnits(leaving) : []) {
      const picture = surface(Math.ceil(box.width * ratio), Math.ceil(box.height * ratio));
      picture.context.drawImage(canvas, -box.x * ratio, -box.y * ratio);
      this.#pictures.set(key, picture.canvas);
    }
  }

  /**
   * @param {Context} ctx
   * @param {Geometry} leaving
   */
  draw(ctx, leaving) {
    const { presence = 1 } = leaving;
    const size = 1 - SHRINKS * (1 - presence);
    ctx.globalAlpha = presence;
    for (const { key, box } of leavingUnits(leaving)) {
      const picture = this.#pictures.get(key);
      if (!picture) continue;
      const [width, height] = [box.width * size, box.height * size];
      ctx.drawImage(picture, box.x + (box.width - width) / 2, box.y + (box.height - height) / 2, width, height);
    }
    ctx.globalAlpha = 1;
  }
}

/**
 * @param {Context} ctx
 * @param {EdgeModel} before   the network as it was painted last before it changed
 * @param {Geometry} leaving
 * @param {EdgeBuffers} buffers
 */
export function drawLeavingEdges(ctx, before, leaving, buffers) {
  const same = before.geometry.columns.map(({ layer, units }) => `${layer} ${units}`).join() === leaving.columns.map(({ layer, units }) => `${layer} ${units}`).join();
  if (!same) return; // it changed again while it still moved
  ctx.globalAlpha = leaving.presence ?? 1;
  strokeLeaving(ctx, { ...before, geometry: leaving }, buffers);
  ctx.globalAlpha = 1;
}
