/**
 * The switches beside the strip: what it shows, on which scale, and the keys to its marks.
 *
 * @import {State, Dispatch, Ui} from "../types.js"
 */
import { factorNames } from "../factors.js";
import { byId } from "./dom.js";
import { bindChoice } from "./network.js";

/** What the strip can show, in the order of its switch. */
export const STRIP_VIEWS = /** @type {readonly Ui["strip"][]} */ (["signals", "gradient", "update", "factors"]);

const LABELS = {
  signals: "Error signal and forward signal of every layer",
  gradient: "Size of every layer’s gradient",
  update: "Update : weight of every layer",
  factors: "Factors by which the error signal changes from layer to layer",
};

/**
 * @param {HTMLElement} element
 * @param {{dispatch: Dispatch}} context
 * @returns {(state: State) => void} render
 */
export function mountStrip(element, { dispatch }) {
  const view = bindChoice(byId("strip-switch"), (value) => dispatch({ type: "ui/strip", strip: value }));
  const scale = bindChoice(byId("scale-switch"), (value) => dispatch({ type: "ui/scale", scale: value }));
  const scaleSwitch = byId("scale-switch");
  const canvas = byId("strip-canvas");
  const chi = byId("show-chi", HTMLInputElement);
  chi.addEventListener("change", () => dispatch({ type: "ui/chi", chi: chi.checked }));
  const keys = /** @type {HTMLElement[]} */ ([...element.querySelectorAll("[data-strip]")]);
  const factors = /** @type {HTMLElement[]} */ ([...element.querySelectorAll("[data-factor]")]);
  return ({ ui, lanes }) => {
    view(ui.strip);
    scale(ui.scale);
    chi.checked = ui.chi;
    scaleSwitch.hidden = ui.strip === "factors"; // heights that add up where factors multiply are the point of it
    canvas.ariaLabel = LABELS[ui.strip];
    for (const key of keys) key.hidden = key.dataset.strip !== ui.strip;
    const layout = lanes[0]?.layout;
    if (ui.strip !== "factors" || !layout) return;
    const there = new Set(layout.layers.slice(1).flatMap((_, row) => /** @type {string[]} */ (factorNames(layout, row))));
    for (const key of factors) key.hidden = !there.has(key.dataset.factor ?? "") && layout.layers.length > 1;
  };
}
