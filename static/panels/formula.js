/** Formulas of the engine's tables. KaTeX is loaded when the first one is shown; until it is there the TeX stands in its place. */

/** @type {Promise<typeof import("../vendor/katex/katex.mjs")> | null} */
let katex = null;

function load() {
  if (katex) return katex;
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = new URL("../vendor/katex/katex.min.css", import.meta.url).href;
  document.head.append(sheet);
  katex = import("../vendor/katex/katex.mjs");
  return katex;
}

/**
 * Writes a formula into an element, one line for each of its parts.
 * @param {HTMLElement} element
 * @param {string} tex
 */
export async function typeset(element, tex) {
  if (element.dataset.tex === tex) return;
  element.dataset.tex = tex;
  element.textContent = tex;
  const { default: typesetter } = await load();
  if (element.dataset.tex !== tex) return;
  const lines = tex.split(/,\s*\\quad\s*/).map((part) => {
    const line = document.createElement("div");
    typesetter.render(part, line, { throwOnError: false });
    return line;
  });
  element.replaceChildren(...lines);
}
