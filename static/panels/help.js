/**
 * The floating help: one sentence about whatever carries `data-help`, on hover and on keyboard focus. It opens beside its
 * subject, never over it, and Esc closes it.
 */
import { byId } from "./dom.js";
import { placeBeside } from "./place.js";

const DELAY_MS = 450;

export function mountHelp() {
  const help = byId("help");
  /** @type {HTMLElement | null} */
  let subject = null;
  let timer = 0;

  const close = () => {
    clearTimeout(timer);
    subject = null;
    help.hidden = true;
  };
  const open = () => {
    if (!subject?.dataset.help || !subject.isConnected) return close();
    help.textContent = subject.dataset.help;
    help.hidden = false;
    const { width, height } = help.getBoundingClientRect();
    const page = { x: 4, y: 4, width: innerWidth - 8, height: innerHeight - 8 };
    const { x, y } = placeBeside(subject.getBoundingClientRect(), { width, height }, page, "below");
    help.style.left = `${x}px`;
    help.style.top = `${y}px`;
  };
  /**
   * @param {Event} event
   * @param {boolean} wanted
   */
  const consider = (event, wanted) => {
    const next = wanted && event.target instanceof Element ? event.target.closest("[data-help]") : null;
    if (next === subject) return;
    const follows = !help.hidden; // once one is open, its neighbours' open at once
    close();
    if (!(next instanceof HTMLElement)) return;
    subject = next;
    timer = window.setTimeout(open, follows ? 80 : DELAY_MS);
  };
  document.addEventListener("pointerover", (event) => consider(event, event.pointerType !== "touch"));
  document.addEventListener("focusin", (event) => consider(event, event.target instanceof Element && event.target.matches(":focus-visible")));
  document.addEventListener("focusout", close);
  document.addEventListener("pointerdown", close);
  document.addEventListener("keydown", close);
  document.addEventListener("click", (event) => {
    // A finger cannot hover: a tap on a word explains it.
    const word = event.target instanceof Element ? event.target.closest("dfn") : null;
    if (word instanceof HTMLElement) {
      subject = word;
      open();
    }
  });
}
