/**
 * Binds every control that carries `data-path` to that field of the run: the state flows into it, what a person does flows
 * out as a patch. One control may name several paths, separated by spaces; it sets them together.
 *
 * What is being typed or dragged is never overwritten from outside. A refusal puts the value back that still holds.
 *
 * @import {State, Dispatch, RunSpec} from "../types.js"
 * @import {Scale} from "./scales.js"
 *
 * @typedef {object} Control
 * @property {(spec: RunSpec, refused: boolean) => void} show
 * @property {HTMLInputElement | HTMLSelectElement} element
 *
 * @typedef {(value: any, gesture?: string) => void} Send
 */
import { formatPercent } from "../format.js";
import { isWatching, specOf } from "./access.js";
import { MIXED, readPaths } from "./paths.js";
import { nudge, parseNumber, toPosition, toValue } from "./scales.js";

/** How long a released slider waits for the server's word before it shows the old value again. */
const SETTLE_MS = 600;

let gestures = 0;

/**
 * @param {ParentNode} root
 * @param {Dispatch} dispatch
 * @returns {(state: State) => void} render
 */
export function bindControls(root, dispatch) {
  const elements = /** @type {(HTMLInputElement | HTMLSelectElement)[]} */ ([...root.querySelectorAll("[data-path]")]);
  const controls = elements.map((element) => bindControl(element, dispatch));
  /** @type {{spec?: RunSpec, notice?: State["notice"], watching?: boolean}} */
  let shown = {};
  return (state) => {
    const spec = specOf(state);
    const watching = isWatching(state);
    if (!spec || (spec === shown.spec && state.notice === shown.notice && watching === shown.watching)) return;
    const refused = state.notice !== shown.notice && state.notice?.kind === "error";
    shown = { spec, notice: state.notice, watching };
    for (const control of controls) {
      const value = valueOf(control.element, spec);
      control.element.disabled = watching || value === undefined || control.element.dataset.unused !== undefined;
      control.element.ariaInvalid = String(state.notice?.kind === "error" && pathsOf(control.element).includes(state.notice.field ?? ""));
      control.show(spec, refused);
    }
  };
}

/**
 * @param {HTMLInputElement | HTMLSelectElement} element
 * @param {Dispatch} dispatch
 * @returns {Control}
 */
function bindControl(element, dispatch) {
  /** @type {Send} */
  const send = (value, gesture) => {
    const changes = Object.fromEntries(pathsOf(element).map((path) => [path, value]));
    dispatch({ type: "command", command: { type: "patch", lane: 0, changes, ...(gesture ? { gesture } : {}) } });
  };
  if (element instanceof HTMLSelectElement) return bindMenu(element, send);
  return element.type === "range" ? bindSlider(element, send) : bindEntry(element, send);
}

/** @param {HTMLElement} element */
function pathsOf(element) {
  return (element.dataset.path ?? "").split(" ");
}

/**
 * @param {HTMLElement} element
 * @param {RunSpec} spec
 */
function valueOf(element, spec) {
  return readPaths(spec, pathsOf(element));
}

/**
 * @param {HTMLSelectElement} element
 * @param {Send} send
 * @returns {Control}
 */
function bindMenu(element, send) {
  const mixed = new Option("mixed", "");
  mixed.hidden = true;
  element.prepend(mixed);
  element.addEventListener("change", () => send(element.value));
  return {
    element,
    show(spec) {
      const value = valueOf(element, spec);
      element.value = value === MIXED || value === undefined ? "" : value;
      const { help, formula } = element.selectedOptions[0]?.dataset ?? {};
      for (const [key, text] of Object.entries({ help, formula })) {
        if (text) element.dataset[key] = text;
        else delete element.dataset[key];
      }
    },
  };
}

/**
 * @param {HTMLInputElement} element
 * @param {Send} send
 * @returns {Control}
 */
function bindEntry(element, send) {
  const percent = element.dataset.scale === "percent";
  const off = element.dataset.off;
  /** @type {any} */
  let value;

  const write = () => {
    delete element.dataset.typing;
    element.value = value === MIXED ? "" : value === null || value === undefined ? (off ?? "") : percent ? formatPercent(value) : String(value);
    element.placeholder = value === MIXED ? "mixed" : "";
  };
  const commit = () => {
    if (!("typing" in element.dataset)) return;
    delete element.dataset.typing;
    const text = element.value.trim();
    if (off !== undefined && (text === "" || text === off)) return value === null ? write() : send(null);
    const number = parseNumber(text, percent);
    if (Object.is(number, value)) return write();
    // What is not a number goes out as it was typed: the engine alone knows the rule that refuses it.
    send(Number.isFinite(number) ? number : text);
  };
  element.addEventListener("input", () => (element.dataset.typing = ""));
  element.addEventListener("change", commit);
  element.addEventListener("focus", () => element.select());
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape") write();
    // Then the keys are the page's again; Tab still goes on from here.
    if (event.key === "Enter" || event.key === "Escape") element.blur();
    if ((event.key === "ArrowUp" || event.key === "ArrowDown") && typeof value === "number") {
      event.preventDefault();
      const kind = element.dataset.scale === "log" ? "log" : "linear";
      const step = Number(element.dataset.step ?? (percent ? 0.05 : 1));
      send(nudge({ kind, step }, value, event.key === "ArrowUp" ? 1 : -1));
    }
  });
  return {
    element,
    show(spec, refused) {
      value = valueOf(element, spec);
      if (!("typing" in element.dataset) || refused) write();
    },
  };
}

/**
 * A drag sends at most one patch a painted frame, all of one gesture: one step of undo.
 * @param {HTMLInputElement} element
 * @param {Send} send
 * @returns {Control}
 */
function bindSlider(element, send) {
  const { scale, low, high, step } = element.dataset;
  /** @type {Scale} */
  const range = { kind: scale === "log" ? "log" : "linear", low: Number(low), high: Number(high), step: Number(step ?? 0) };
  let gesture = "";
  let scheduled = false;
  /** @type {number | null} what was sent last and has not come back yet */
  let awaited = null;
  /** @type {any} */
  let value;

  const write = () => {
    if (typeof value !== "number") return;
    element.value = String(toPosition(range, value));
    element.setAttribute("aria-valuetext", String(value));
  };
  const flush = () => {
    scheduled = false;
    const next = toValue(range, Number(element.value));
    if (next === (awaited ?? value)) return;
    awaited = next;
    send(next, gesture);
  };
  element.addEventListener("input", () => {
    gesture ||= `drag-${++gestures}`;
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(flush);
  });
  element.addEventListener("change", () => {
    if (scheduled) flush();
    gesture = "";
    setTimeout(() => {
      if (gesture) return;
      awaited = null;
      write();
    }, SETTLE_MS);
  });
  return {
    element,
    show(spec, refused) {
      value = valueOf(element, spec);
      if (refused || value === awaited) awaited = null;
      if (!gesture && awaited === null) write();
    },
  };
}
