/**
 * Drawing points in the output's plane: the toolbar above it, the pointer and the keys on it.
 *
 * @import {State, Dispatch} from "../types.js"
 * @import {Sketch} from "../owndata/sketch.js"
 */
import { ramps } from "../encoding.js";
import { plotX, plotY } from "../marks/axes.js";
import { planePlot } from "../marks/plane.js";
import { tracePoint } from "../marks/points.js";
import { ERASE, REACH } from "../owndata/sketch.js";
import { readPalette } from "../theme.js";
import { byId, setText } from "./dom.js";

/** The arrow keys move by a part of the plane. */
const KEY_STEPS = 24;
const FINE_STEPS = 120;

/**
 * @param {HTMLElement} element
 * @param {{dispatch: Dispatch, sketch: Sketch}} context
 * @returns {(state: State) => void} render
 */
export function mountSketch(element, { dispatch, sketch }) {
  const canvas = byId("output-canvas", HTMLCanvasElement);
  const brushes = byId("sketch-brushes");
  const undo = byId("sketch-undo", HTMLButtonElement);
  const place = followPlane(canvas, sketch);
  let canUndo = false;

  const takeBack = () => {
    if (!sketch.undo()) dispatch({ type: "command", command: { type: "undo" } });
  };
  undo.addEventListener("click", takeBack);
  byId("sketch-clear").addEventListener("click", () => sketch.clear());
  byId("sketch-done").addEventListener("click", () => sketch.end());
  brushes.addEventListener("click", ({ target }) => {
    const button = target instanceof Element && target.closest("button");
    if (button) sketch.choose(Number(button.dataset.brush));
  });
  // Before the page's own keys: strokes that the server has not seen are taken back here.
  document.addEventListener("keydown", (event) => {
    if (!sketch.active || event.altKey || (event.target instanceof Element && event.target.closest("input, select, textarea, dialog"))) return;
    if (!takesKey(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }, true);

  /** @param {KeyboardEvent} event */
  const takesKey = ({ key, ctrlKey, metaKey, shiftKey }) => {
    if (ctrlKey || metaKey) return key.toLowerCase() === "z" && !shiftKey && sketch.undo();
    if (key === "Escape") sketch.end();
    else if (key.toLowerCase() === "e") sketch.choose(ERASE);
    else if (/^[1-9]$/.test(key)) sketch.choose(Number(key) - 1);
    else return false;
    return true;
  };

  let shown = "";
  return (state) => {
    const { active } = sketch;
    if (active !== !element.hidden) {
      element.hidden = !active;
      byId("output-bar").hidden = active;
      canvas.tabIndex = active ? 0 : -1;
      canvas.classList.toggle("drawing", active);
      canvas.ariaLabel = active ? "The plane that points are drawn in. Arrow keys move, Enter sets a point." : "What the network answers";
      if (active) canvas.focus();
    }
    if (!active) return;
    place();
    canUndo = sketch.canUndo || Boolean(state.status?.undo);
    undo.disabled = !canUndo;
    setText("sketch-note", noteOf(sketch));
    const now = `${sketch.classes} ${sketch.brush} ${state.ui.theme}`;
    if (now === shown) return;
    shown = now;
    showBrushes(brushes, sketch);
  };
}

/** @param {Sketch} sketch */
function noteOf({ ready, count, classes, brush }) {
  if (ready) return brush === ERASE ? "Click or drag to erase." : `Keys 1–${Math.min(9, classes.length)}, E erases.`;
  return count === 0 ? "Click or drag." : "Now another class.";
}

/** @param {HTMLElement} element @param {Sketch} sketch */
function showBrushes(element, { classes, brush }) {
  const palette = readPalette();
  const { classInk } = ramps(palette);
  if (element.childElementCount !== classes.length + 1) {
    element.replaceChildren(...[...classes.keys(), ERASE].map((each) => brushButton(each)));
  }
  for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (element.querySelectorAll("button"))) {
    const each = Number(button.dataset.brush);
    button.ariaChecked = String(each === brush);
    if (each === ERASE) continue;
    button.ariaLabel = `Class ${classes[each]}`;
    button.dataset.help = `Draw class ${classes[each]} (key ${each + 1}).`;
    const canvas = /** @type {HTMLCanvasElement} */ (button.firstElementChild);
    canvas.width = canvas.height = 16 * devicePixelRatio;
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    context.scale(devicePixelRatio, devicePixelRatio);
    context.fillStyle = classInk[each % classInk.length];
    context.beginPath();
    tracePoint(context, 8, 8, 6, each);
    context.fill();
  }
}

/** @param {number} brush */
function brushButton(brush) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "brush";
  button.role = "radio";
  button.dataset.brush = String(brush);
  if (brush === ERASE) {
    button.innerHTML = '<svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><use href="#icon-eraser"/></svg>';
    button.ariaLabel = "Erase";
    button.dataset.help = "Erase points (E).";
  } else button.append(document.createElement("canvas"));
  return button;
}

/**
 * Pointer and arrow keys on the plane.
 * @param {HTMLCanvasElement} canvas
 * @param {Sketch} sketch
 * @returns {() => void} puts the mark of the keyboard, or of what is erased, in its place
 */
function followPlane(canvas, sketch) {
  const mark = byId("sketch-mark");
  /** @type {[number, number] | null} where the keyboard or the pointer is, in the plane's own numbers */
  let at = null;
  let byKeys = false;
  let drawing = false;

  const plot = () => planePlot({ x: 0, y: 0, width: canvas.clientWidth, height: canvas.clientHeight }, sketch);
  /** @param {PointerEvent} event @returns {[number, number]} */
  const read = ({ offsetX, offsetY }) => {
    const { box, x, y } = plot();
    return [x[0] + ((offsetX - box.x) / box.width) * (x[1] - x[0]), y[1] - ((offsetY - box.y) / box.height) * (y[1] - y[0])];
  };
  const isInside = (/** @type {[number, number]} */ [x, y]) => x >= sketch.x[0] && x <= sketch.x[1] && y >= sketch.y[0] && y <= sketch.y[1];

  const place = () => {
    mark.hidden = !sketch.active || at === null || !isInside(at) || !(byKeys || sketch.brush === ERASE);
    if (mark.hidden || at === null) return;
    const { box, ...ranges } = plot();
    const size = sketch.brush === ERASE ? 2 * REACH * box.width : 12;
    mark.style.width = mark.style.height = `${size}px`;
    mark.style.left = `${plotX({ box, ...ranges }, at[0]) - size / 2}px`;
    mark.style.top = `${plotY({ box, ...ranges }, at[1]) - size / 2}px`;
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (!sketch.active || event.button !== 0 || !event.isPrimary) return;
    [at, byKeys] = [read(event), false];
    if (!isInside(at)) return;
    drawing = true;
    canvas.setPointerCapture(event.pointerId);
    sketch.press(...at);
    place();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!sketch.active) return;
    [at, byKeys] = [read(event), false];
    if (drawing && isInside(at)) sketch.drag(...at);
    place();
  });
  const release = () => {
    drawing = false;
    sketch.release();
  };
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", release);
  canvas.addEventListener("pointerleave", () => {
    if (!byKeys) at = null;
    place();
  });
  canvas.addEventListener("keydown", (event) => {
    if (!sketch.active || event.ctrlKey || event.metaKey || event.altKey) return;
    const { x, y } = sketch;
    const steps = event.shiftKey ? FINE_STEPS : KEY_STEPS;
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!move && event.key !== "Enter") return;
    event.preventDefault();
    at ??= [(x[0] + x[1]) / 2, (y[0] + y[1]) / 2];
    byKeys = true;
    if (move) {
      const [across, up] = move;
      at = [clamp(at[0] + (across * (x[1] - x[0])) / steps, x), clamp(at[1] + (up * (y[1] - y[0])) / steps, y)];
    } else {
      sketch.press(...at);
      sketch.release();
    }
    place();
  });
  return place;
}

/** @param {number} value @param {[number, number]} range */
function clamp(value, [low, high]) {
  return Math.max(low, Math.min(high, value));
}
