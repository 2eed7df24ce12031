/**
 * How much of the page is to be seen: the View menu's switches, the rails that stand for the sides, the sheet of the controls
 * on narrow windows, and the blank page.
 *
 * @import {State, Dispatch} from "../types.js"
 */
import { isFocused } from "./access.js";
import { byId } from "./dom.js";
import { bindChoice } from "./network.js";

/**
 * @param {HTMLElement} page
 * @param {{dispatch: Dispatch}} context
 * @returns {(state: State) => void} render
 */
export function mountView(page, { dispatch }) {
  const theme = bindChoice(byId("theme-choice"), (value) => dispatch({ type: "ui/theme", theme: value }));
  const focus = byId("focus", HTMLInputElement);
  const blank = byId("blank", HTMLButtonElement);
  const sheet = byId("sheet", HTMLButtonElement);
  const controls = byId("controls");
  focus.addEventListener("change", () => dispatch({ type: "ui/focus", focus: focus.checked }));
  for (const rail of page.querySelectorAll(".rail")) {
    rail.addEventListener("click", () => dispatch({ type: "ui/focus", focus: false }));
  }
  byId("show-blank").addEventListener("click", () => {
    byId("view-panel").hidePopover();
    dispatch({ type: "ui/blank", blank: true });
  });
  blank.addEventListener("click", () => dispatch({ type: "ui/blank", blank: false }));
  sheet.addEventListener("click", () => {
    const open = page.classList.toggle("sheet-open");
    sheet.setAttribute("aria-expanded", String(open));
    if (open) controls.querySelector("summary")?.focus({ preventScroll: true });
  });

  let blanked = false;
  return (state) => {
    theme(state.ui.theme);
    focus.checked = isFocused(state);
    if (state.ui.blank === blanked) return;
    blanked = state.ui.blank;
    blank.hidden = !blanked;
    page.inert = blanked;
    if (blanked) blank.focus();
  };
}
