/**
 * The tabs under the strip: each opens the drawer on its own, and closes it where it is open. What is in the drawer is loaded when it
 * is first opened (drawer.js).
 *
 * @import {State, Dispatch} from "../types.js"
 */
import { byId } from "./dom.js";

/**
 * @param {{dispatch: Dispatch}} context
 * @returns {(state: State) => void} render
 */
export function mountDrawer({ dispatch }) {
  const drawer = byId("drawer");
  const tabs = /** @type {HTMLElement[]} */ ([...byId("drawer-bar").querySelectorAll("[data-drawer]")]);
  let open = /** @type {State["ui"]["drawer"]} */ (null);
  for (const tab of tabs) {
    tab.addEventListener("click", () => dispatch({ type: "ui/drawer", drawer: tab.dataset.drawer === open ? null : tab.dataset.drawer }));
  }
  return ({ ui }) => {
    if (ui.drawer === open) return;
    open = ui.drawer;
    const inside = drawer.contains(document.activeElement);
    drawer.hidden = open === null;
    for (const tab of tabs) {
      const chosen = tab.dataset.drawer === open;
      tab.ariaExpanded = String(chosen);
      byId(`drawer-${tab.dataset.drawer}`).hidden = !chosen;
    }
    // Who was inside stands before a closed door else.
    if (open === null && inside) tabs[0].focus();
  };
}
