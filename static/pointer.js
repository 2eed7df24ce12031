/**
 * Pointer and keyboard on the network's canvas, as actions: resting hovers, a click pins, arrows walk, Enter pins.
 *
 * @import {Dispatch, Layout, Selection, State} from "./types.js"
 */

import { sameSelection } from "./selection.js";
import { walk } from "./walk.js";

/** How long the pointer rests before the card opens. Once one is open, its neighbours' open at once. */
const REST_MS = 120;
/** A finger that moved farther was scrolling. */
const TAP_PIXELS = 10;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {object} page
 * @param {() => State} page.state
 * @param {(x: number, y: number, touch: boolean) => Selection | null} page.hit  what is drawn there, in CSS pixels of the canvas
 * @param {Dispatch} page.dispatch
 */
export function followPointer(canvas, { state, hit, dispatch }) {
  let timer = 0;
  /** @type {Selection | null} what the pointer is over, perhaps not for long enough yet */
  let under = null;
  let pressed = { x: 0, y: 0 };

  /** @param {PointerEvent} event */
  const find = ({ offsetX, offsetY, pointerType }) => hit(offsetX, offsetY, pointerType === "touch");
  const hover = (/** @type {Selection | null} */ selection) => {
    if (sameSelection(under, selection)) return;
    under = selection;
    canvas.style.cursor = selection ? "pointer" : "";
    clearTimeout(timer);
    const show = () => dispatch({ type: "ui/hover", selection });
    if (selection === null || state().ui.hover !== null) show();
    else timer = window.setTimeout(show, REST_MS);
  };
  canvas.addEventListener("pointermove", (event) => event.pointerType !== "touch" && hover(find(event)));
  canvas.addEventListener("pointerleave", () => hover(null));
  canvas.addEventListener("mousedown", (event) => {
    // The keyboard's focus comes by Tab alone: after a click its ring would stand around the network at the next key.
    event.preventDefault();
    if (document.activeElement instanceof HTMLElement && document.activeElement !== canvas) document.activeElement.blur();
  });
  canvas.addEventListener("pointerdown", ({ offsetX, offsetY }) => (pressed = { x: offsetX, y: offsetY }));
  canvas.addEventListener("pointerup", (event) => {
    if (Math.hypot(event.offsetX - pressed.x, event.offsetY - pressed.y) > TAP_PIXELS || event.button !== 0) return;
    dispatch({ type: "ui/pin", selection: find(event) });
  });

  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { ui, lanes } = state();
    const layout = lanes[0]?.layout ?? null;
    const at = ui.hover ?? ui.pinned;
    if (event.key === "Enter" && at !== null) {
      event.preventDefault();
      dispatch({ type: "ui/pin", selection: at });
    } else if (event.key === "Escape") {
      dispatch({ type: "ui/hover", selection: null }); // and keys.js lets go of what is pinned
    } else if (layout !== null) {
      step(event, walk(layout, at, event.key));
    }
  });
  canvas.addEventListener("blur", () => dispatch({ type: "ui/hover", selection: null }));

  /** @param {KeyboardEvent} event @param {Selection | null} selection */
  function step(event, selection) {
    if (selection === null) return;
    event.preventDefault();
    under = selection;
    // What is pinned stays pinned until Enter or Esc, but a card shows one thing: the walk takes it along.
    if (state().ui.pinned !== null) dispatch({ type: "ui/pin", selection: null });
    dispatch({ type: "ui/hover", selection });
  }
}
