/**
 * How wide a word may become, where no canvas is there to measure it: by its letters, rather too wide than too narrow. Pure.
 */

const WIDTHS = /** @type {const} */ ([
  [/[mwMW@%]/u, 1],
  [/[iljftrI.,:;'|!()[\]-]/u, 0.42],
  [/[A-Z]/u, 0.76],
]);
const OTHER = 0.64;

/**
 * @param {string} word
 * @returns {number} in sizes of its letters
 */
export function wordWidth(word) {
  let width = 0;
  for (const letter of word) width += WIDTHS.find(([letters]) => letters.test(letter))?.[1] ?? OTHER;
  return width;
}
