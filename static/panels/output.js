/**
 * The right panel's numbers and switches; its pictures are canvases.
 *
 * @import {State, Dispatch} from "../types.js"
 */
import { formatNumber, formatPercent } from "../format.js";
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

  return (state) => {
    showTest.checked = state.ui.showTest;
    lossLog.checked = state.ui.lossLog;
    const evaluation = state.lanes[0]?.evaluation;
    for (const part of /** @type {const} */ (["train", "test"])) {
      setText(`${part}-loss`, formatNumber(evaluation?.[part].loss));
      setText(`${part}-accuracy`, formatPercent(evaluation?.[part].accuracy));
    }
  };
}
