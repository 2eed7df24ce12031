/**
 * The edges of what is hovered or pinned, over all others.
 *
 * @import {Selection} from "../types.js"
 * @import {Gap} from "../geometry.js"
 * @import {Context} from "./canvas.js"
 * @import {EdgeModel} from "./edges.js"
 * @import {EdgeBuffers} from "./looks.js"
 */
import { translucent } from "../colour.js";
import { widestEdge } from "../encoding.js";
import { columnOf } from "../geometry.js";
import { traceEdge } from "../geometry/edges.js";
import { strokeGathered } from "./edges.js";
import { gatherEdge } from "./looks.js";
import { tensorOf } from "./tensors.js";

/**
 * What is selected stands out: all edges of a unit or an input over the others, which fade; or one edge, cased in ink.
 *
 * @param {Context} ctx
 * @param {EdgeModel} model
 * @param {EdgeBuffers} buffers
 * @param {Selection | null} selection
 */
export function drawSelectedEdges(ctx, model, buffers, selection) {
  const column = selection && columnOf(model.geometry, selection.layer);
  if (!column) return;
  const { gaps } = model.geometry;
  let count = 0;
  if (selection.kind === "edge") {
    const gap = gaps[column.place - 1];
    const [from, index] = [selection.from ?? -1, selection.index ?? -1];
    if (gap?.form !== "edges" || from < 0 || index < 0 || from >= gap.from.units || index >= gap.to.units) return;
    caseEdge(ctx, model, gap, from, index);
    count = gatherEdge(model, tensorOf(model, column.place - 1), column.place - 1, from * gap.to.units + index, buffers, 0);
  } else if (selection.kind === "unit" || selection.kind === "input") {
    const index = column.unitIds.indexOf(selection.unit ?? -1);
    if (index < 0) return;
    ctx.fillStyle = translucent(model.palette.card, 0.75);
    for (const place of [column.place - 1, column.place]) {
      const gap = gaps[place];
      if (gap?.form !== "edges") continue;
      const tensor = tensorOf(model, place);
      const incoming = gap.to === column;
      const others = incoming ? gap.from.units : gap.to.units;
      ctx.fillRect(gap.left + 1, 0, gap.right - gap.left - 2, model.geometry.captions - 10);
      buffers.reserve(count + others);
      for (let i = 0; i < others; i++) {
        count = gatherEdge(model, tensor, place, incoming ? i * gap.to.units + index : index * gap.to.units + i, buffers, count);
      }
    }
  }
  strokeGathered(ctx, model, buffers, count);
}

/**
 * @param {Context} ctx
 * @param {EdgeModel} model
 * @param {Gap} gap
 * @param {number} from
 * @param {number} index
 */
function caseEdge(ctx, { geometry, palette }, gap, from, index) {
  const widest = widestEdge(geometry.mostEdges, palette.stepped);
  ctx.beginPath();
  traceEdge(ctx, gap, gap.from.y[from], gap.to.y[index]);
  for (const [wider, colour] of /** @type {const} */ ([
    [7, palette.ink],
    [4, palette.card],
  ])) {
    ctx.lineWidth = widest + wider;
    ctx.strokeStyle = colour;
    ctx.stroke();
  }
}
