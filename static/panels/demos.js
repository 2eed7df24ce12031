/**
 * The demos: a row of starters in the place of the counters until something was tried, and the Demos menu for ever after.
 *
 * @import {State, Dispatch} from "../types.js"
 */
import { commandsOf, cureCommandsOf } from "../demos.js";
import { isWatching } from "./access.js";
import { byId } from "./dom.js";

/**
 * @param {{dispatch: Dispatch, catalog: Record<string, any>}} context
 * @returns {(state: State) => void} render
 */
export function mountDemos({ dispatch, catalog }) {
  const starters = byId("starters");
  const menu = byId("demos-panel");
  const buttons = /** @type {HTMLButtonElement[]} */ ([...document.querySelectorAll("[data-demo]")]);
  let used = false;
  for (const button of buttons) {
    button.addEventListener("click", () => {
      used = true;
      menu.hidePopover();
      const demo = catalog.demos[button.dataset.demo ?? ""];
      const cure = demo.cures[Number(button.dataset.cure)];
      for (const command of cure ? cureCommandsOf(demo, cure) : commandsOf(demo)) dispatch({ type: "command", command });
    });
  }
  return (state) => {
    const watching = isWatching(state);
    for (const button of buttons) button.disabled = watching || state.status === null;
    used ||= watching || state.status?.state === "playing" || (state.lanes[0]?.frame?.step ?? 0) > 0;
    starters.hidden = used;
  };
}
