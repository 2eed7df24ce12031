/**
 * The switch over the network (what the edges show) and the note beside it.
 *
 * @import {State, Dispatch} from "../types.js"
 */
import { formatCount } from "../format.js";
import { specOf } from "./access.js";
import { byId, setFitting } from "./dom.js";

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
    const rescales = `${optimizer.title} rescales each weight`;
    const count = formatCount(layout.parameters);
    setFitting("network-note", rescaled ? [`${rescales}: similar updates, unequal gradients`, rescales, ""] : [`${count} weights and biases`, `${count} parameters`, ""]);
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
