/**
 * While the inspector is open, a click on a point of the batch in the output's plane chooses the sample that it follows.
 *
 * @import {Dispatch, State} from "../types.js"
 */
import { sampleAt } from "../inspector/choose.js";
import { plotX, plotY } from "../marks/axes.js";
import { planePlot } from "../marks/plane.js";

/**
 * @param {HTMLCanvasElement} canvas
 * @param {{state: () => State, dispatch: Dispatch}} context
 */
export function mountSamples(canvas, { state, dispatch }) {
  canvas.addEventListener("click", ({ offsetX, offsetY }) => {
    const { ui, lanes } = state();
    const { layout, frame, data } = lanes[0] ?? {};
    if ((ui.drawer !== "inspector" && ui.walk === null) || !layout || !frame || !data || layout.maps.form !== "plane") return;
    const plot = planePlot({ x: 0, y: 0, width: canvas.clientWidth, height: canvas.clientHeight }, layout.maps);
    const sample = sampleAt(frame, data, (x, y) => [plotX(plot, x), plotY(plot, y)], [offsetX, offsetY]);
    if (sample !== null) dispatch({ type: "ui/sample", sample });
  });
}
