/** A formula as a Preact component: typeset by KaTeX, anew where it has changed. */
import { typeset } from "./formula.js";
import { html } from "./preact.js";

/** @param {{tex: string}} props */
export function Tex({ tex }) {
  /** @param {HTMLElement | null} element */
  const write = (element) => {
    if (element) void typeset(element, `\\displaystyle ${tex}`);
  };
  return html`<span class="tex" ref=${write}></span>`;
}
