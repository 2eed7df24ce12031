/**
 * The right panel's numbers and switches; its pictures are canvases.
 *
 * @import {State, Dispatch} from "../types.js"
 */
import { formatNumber, formatPercent } from "../format.js";
import { mountConfusion } from "./confusion.js";
import { byId, setText } from "./dom.js";

/**
 * @param {HTMLElement} element
 * @param {{dispatch: Dispatch}} context
 * @returns {(state: State) => void} render
 */
export function mountOutput(element, { dispatch }) {
  const showTest = byId("show-test", HTMLInputElement);
  const lossLog = byId("loss-log", HTMLInputElement);
  showTest.addEventListener("change", () => dispatch({ type: "ui/showTest", showTest: showTest.checked }));
  lossLog.addEventListener("change", () => dispatch({ type: "ui/lossLog", lossLog: lossLog.checked }));

  const accuracyTerm = byId("accuracy-term");
  const rSquaredTerm = byId("r-squared-term");
  const confusion = mountConfusion();

  return (state) => {
    showTest.checked = state.ui.showTest;
    lossLog.checked = state.ui.lossLog;
    const { evaluation, layout } = state.lanes[0] ?? {};
    // Where there is neither plane nor curve, test samples are all that is shown.
    const points = showTest.closest("label");
    if (points) points.hidden = layout?.maps.form === "samples";
    const regression = layout?.data.task === "regression";
    accuracyTerm.hidden = regression;
    rSquaredTerm.hidden = !regression;
    for (const part of /** @type {const} */ (["train", "test"])) {
      setText(`${part}-loss`, formatNumber(evaluation?.[part].loss));
      const score = evaluation?.[part];
      setText(`${part}-metric`, regression ? formatNumber(score?.r_squared) : formatPercent(score?.accuracy));
    }
    confusion(state);
  };
}
