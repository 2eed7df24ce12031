/**
 * The switch over the network (what the edges show) and the note beside it.
 *
 * @import {State, Dispatch} from "../types.js"
 */
import { formatCount } from "../format.js";
import { specOf } from "./access.js";
import { byId, setText } from "./dom.js";

/**
 * @param {HTMLElement} element
 * @param {{dispatch: Dispatch, catalog: Record<string, any>}} context
 * @returns {(state: State) => void} render
 */
export function mountNetwork(element, { dispatch, catalog }) {
  const view = bindChoice(byId("view-switch"), (value) => dispatch({ type: "ui/view", view: value }));
  return (state) => {
    view(state.ui.view);
    const layout = state.lanes[0]?.layout;
    const spec = specOf(state);
    if (!layout || !spec) return;
    const optimizer = catalog.optimizers[spec.training.optimizer];
    const rescaled = state.ui.view === "updates" && optimizer.rescales;
    setText(
      "network-note",
      rescaled
        ? `${optimizer.title} rescales each weight: similar updates, unequal gradients`
        : `${formatCount(layout.parameters)} weights and biases`,
    );
  };
}

/**
 * A group of radio buttons.
 * @param {HTMLElement} group
 * @param {(value: string) => void} choose
 * @returns {(value: string) => void} shows the chosen one
 */
export function bindChoice(group, choose) {
  const inputs = [...group.querySelectorAll("input")];
  for (const input of inputs) input.addEventListener("change", () => choose(input.value));
  return (value) => {
    for (const input of inputs) input.checked = input.value === value;
  };
}
