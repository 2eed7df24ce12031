/**
 * What the network answers: over the plane of its inputs, along its one input, or on the test samples.
 *
 * @import {Lane, Palette, Ui, Box} from "../types.js"
 * @import {Context} from "../marks/canvas.js"
 *
 * @typedef {object} OutputModel
 * @property {Lane} lane
 * @property {Ui} ui
 * @property {Palette} palette
 * @property {Box} box
 */
import { drawCurve } from "../marks/curve.js";
import { drawDigits } from "../marks/digits.js";
import { drawPlane } from "../marks/plane.js";
import { drawScatter } from "../marks/scatter.js";

/**
 * @param {Context} ctx
 * @param {OutputModel} model
 */
export function drawOutput(ctx, model) {
  const { layout } = model.lane;
  if (!layout) {
    ctx.fillStyle = model.palette.paper;
    ctx.fillRect(model.box.x, model.box.y, model.box.width, model.box.height);
    return;
  }
  const { form, image } = layout.maps;
  const draw = form === "plane" ? drawPlane : form === "curve" ? drawCurve : image ? drawDigits : drawScatter;
  draw(ctx, { ...model, layout });
}
