/** The few things that every panel does to the document. Writing what is already there costs nothing and disturbs nobody. */

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} [kind]
 * @returns {T}
 */
export function byId(id, kind) {
  const element = document.getElementById(id);
  if (!(element instanceof (kind ?? HTMLElement))) throw new Error(`the page has no ${kind?.name ?? "element"} #${id}`);
  return /** @type {T} */ (element);
}

/**
 * @param {string} id
 * @param {string} text
 */
export function setText(id, text) {
  const element = byId(id);
  if (element.textContent !== text) element.textContent = text;
}

/**
 * @param {HTMLElement} element
 * @param {string} text
 */
export function setHelp(element, text) {
  if (element.dataset.help === text) return;
  element.dataset.help = text;
  element.setAttribute("aria-description", text);
}

/**
 * Writes the first of several texts that has room in its line, and the last where none has.
 * @param {string} id
 * @param {readonly string[]} texts  that say the same, longest first
 */
export function setFitting(id, texts) {
  const element = byId(id);
  if (texts.includes(element.textContent ?? "") && element.dataset.texts === texts.join("|") && element.dataset.width === String(element.clientWidth)) return;
  element.dataset.texts = texts.join("|");
  for (const text of texts) {
    element.textContent = text;
    if (element.scrollWidth <= element.clientWidth) break;
  }
  element.dataset.width = String(element.clientWidth);
}
