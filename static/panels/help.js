/**
 * The floating help: one sentence about whatever carries `data-help`, with the formula of `data-formula` where it has one, on
 * hover and on keyboard focus. It opens beside its subject, never over it; any key and any click close it, and so does a subject that
 * moves away. What slides under a pointer at rest was not pointed at.
 */
import { byId } from "./dom.js";
import { typeset } from "./formula.js";
import { placeBeside } from "./place.js";

const DELAY_MS = 450;
/** Once one is open, its neighbours' open sooner. */
const NEXT_DELAY_MS = 80;
/** Its subject may shift by so many pixels, as words beside it change; how often that is looked at. */
const SHIFT = 8;
const WATCH_MS = 100;

export function mountHelp() {
  const help = byId("help");
  const sentence = help.appendChild(document.createElement("p"));
  const formula = help.appendChild(document.createElement("div"));
  formula.className = "formula";
  /** @type {HTMLElement | null} */
  let subject = null;
  /** What was pressed needs no help until the pointer has left it, whatever changes in it: Play becomes Pause. @type {Element | null} */
  let pressed = null;
  let timer = 0;
  let watching = 0;
  /** Where the pointer was seen last, in CSS pixels of the window. */
  let [x, y] = [Number.NaN, Number.NaN];

  const close = () => {
    clearTimeout(timer);
    clearInterval(watching);
    subject = null;
    help.hidden = true;
  };
  /** @param {HTMLElement} next */
  const follow = (next) => {
    subject = next;
    const { left, top } = next.getBoundingClientRect();
    watching = window.setInterval(() => {
      const now = next.getBoundingClientRect();
      if (!next.checkVisibility() || Math.hypot(now.left - left, now.top - top) > SHIFT) close();
    }, WATCH_MS);
  };
  const place = () => {
    if (!subject) return;
    const { width, height } = help.getBoundingClientRect();
    const page = { x: 4, y: 4, width: innerWidth - 8, height: innerHeight - 8 };
    const { x, y } = placeBeside(subject.getBoundingClientRect(), { width, height }, page, "below");
    help.style.left = `${x}px`;
    help.style.top = `${y}px`;
  };
  const open = () => {
    if (!subject?.dataset.help || !subject.isConnected) return close();
    sentence.textContent = subject.dataset.help;
    const tex = subject.dataset.formula;
    formula.hidden = !tex;
    help.hidden = false;
    place();
    if (tex) typeset(formula, tex).then(place);
  };
  /**
   * @param {Event} event
   * @param {boolean} wanted
   * @param {boolean} [slid]  what is there now came by itself
   */
  const consider = (event, wanted, slid = false) => {
    const next = wanted && event.target instanceof Element ? event.target.closest("[data-help]") : null;
    if (next === subject || (next !== null && next === pressed)) return;
    if (slid) return close();
    pressed = null;
    const delay = help.hidden ? DELAY_MS : NEXT_DELAY_MS;
    close();
    if (!(next instanceof HTMLElement)) return;
    follow(next);
    timer = window.setTimeout(open, delay);
  };
  document.addEventListener("pointerover", (event) => {
    const slid = event.clientX === x && event.clientY === y;
    [x, y] = [event.clientX, event.clientY];
    consider(event, event.pointerType !== "touch", slid);
  });
  document.addEventListener("pointermove", ({ clientX, clientY }) => ([x, y] = [clientX, clientY]), { capture: true, passive: true });
  document.addEventListener("focusin", (event) => consider(event, event.target instanceof Element && event.target.matches(":focus-visible")));
  for (const type of ["focusout", "pointerdown", "keydown", "scroll"]) document.addEventListener(type, close, true);
  document.addEventListener("pointerdown", ({ target }) => {
    pressed = target instanceof Element ? target.closest("[data-help]") : null;
  }, true);
  document.addEventListener("click", ({ target }) => {
    // A finger cannot hover: a tap on a word explains it.
    const word = target instanceof Element ? target.closest("dfn") : null;
    if (!(word instanceof HTMLElement)) return;
    close();
    follow(word);
    open();
  });
}
