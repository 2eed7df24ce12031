/**
 * The keys, and the dialog that lists them.
 *
 * @import {State, Dispatch} from "../types.js"
 */
import { isFocused } from "./access.js";
import { byId } from "./dom.js";
import { STRIP_VIEWS } from "./strip.js";
import { toggleWalk, walkOn } from "./walk.js";

/** @param {HTMLElement} target  whether this element takes keys as text */
function isText(target) {
  return target instanceof HTMLInputElement && target.type === "text";
}

/**
 * Keys follow each other more quickly than paintings, so each asks for the state as it is.
 *
 * @param {{state: () => State, dispatch: Dispatch}} context
 */
export function mountKeys({ state, dispatch }) {
  const dialog = byId("keys", HTMLDialogElement);
  byId("show-keys").addEventListener("click", () => dialog.showModal());
  byId("close-keys").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  releaseAfterPointer();

  /** @param {string} id */
  const press = (id) => byId(id, HTMLButtonElement).click();
  /** @type {Record<string, () => void>} */
  const actions = {
    " ": () => press("play"),
    s: () => press("step"),
    a: () => press("step-back"),
    r: () => press("reset"),
    w: () => toggleWalk(state(), dispatch),
    n: () => walkOn(state(), dispatch, 1),
    p: () => walkOn(state(), dispatch, -1),
    c: () => press("compare-open"),
    l: () => dispatch({ type: "ui/scale", scale: state().ui.scale === "log" ? "true" : "log" }),
    g: () => dispatch({ type: "ui/strip", strip: STRIP_VIEWS[(STRIP_VIEWS.indexOf(state().ui.strip) + 1) % STRIP_VIEWS.length] }),
    f: () => dispatch({ type: "ui/focus", focus: !isFocused(state()) }),
    b: () => dispatch({ type: "ui/blank", blank: !state().ui.blank }),
    t: () => dispatch({ type: "ui/table", table: !state().ui.table }),
    "?": () => dialog.showModal(),
    d: () => dispatch({ type: "ui/drawer", drawer: state().ui.drawer === null ? "flow" : null }),
    i: () => dispatch({ type: "ui/drawer", drawer: state().ui.drawer === "inspector" ? null : "inspector" }),
    Escape: () => {
      const { ui, status } = state();
      if (ui.blank) dispatch({ type: "ui/blank", blank: false });
      else if (ui.drawer) dispatch({ type: "ui/drawer", drawer: null });
      else if (ui.pinned == null && ui.walk !== null) dispatch({ type: "ui/walk", walk: null });
      else if (ui.pinned == null && status?.looking != null) press("sentence-present");
      else dispatch({ type: "ui/pin", selection: null });
    },
  };

  document.addEventListener("keydown", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.defaultPrevented || dialog.open || event.altKey) return;
    if (event.ctrlKey || event.metaKey) {
      // Letters that are being typed are the entry's own to take back.
      if (event.key.toLowerCase() !== "z" || "typing" in target.dataset) return;
      event.preventDefault();
      return press(event.shiftKey ? "redo" : "undo");
    }
    const key = keyOf(event);
    const action = actions[key];
    if (!action || !isFree(target, key)) return;
    if (key !== "Escape") event.preventDefault(); // Esc closes the browser's own menus as well
    if (!event.repeat || key === "s" || key === "a") action();
  });
}

/**
 * The key as the page knows it. Arrows walk through the step where nothing has the focus that they would move in.
 * @param {KeyboardEvent} event
 */
function keyOf({ key, target }) {
  if (target === document.body && key === "ArrowRight") return "n";
  if (target === document.body && key === "ArrowLeft") return "p";
  return key.length === 1 ? key.toLowerCase() : key;
}

/**
 * Whether the focused element leaves this key to the page. No number holds a space, so Space plays from an entry too.
 * @param {HTMLElement} target
 * @param {string} key
 */
function isFree(target, key) {
  if (isText(target)) return key === " " && !target.hasAttribute("readonly");
  if (target instanceof HTMLSelectElement) return false;
  if (key === " ") return !(target instanceof HTMLButtonElement || target.matches("summary, [type=checkbox], [type=radio]"));
  return true;
}

/**
 * What was clicked with a pointer gives the focus back, or the next Space would press it again instead of playing. Who walks
 * with Tab keeps it.
 */
function releaseAfterPointer() {
  let pointer = false;
  document.addEventListener("pointerdown", () => (pointer = true), true);
  document.addEventListener("keydown", () => (pointer = false), true);
  const release = (/** @type {Event} */ event) => {
    const control = event.target instanceof Element ? event.target.closest("button, select, summary, input") : null;
    if (pointer && control instanceof HTMLElement && !isText(control)) control.blur();
  };
  document.addEventListener("click", (event) => {
    // A menu is open between its click and its change.
    if (!(event.target instanceof HTMLSelectElement)) release(event);
  });
  document.addEventListener("change", release);
}
