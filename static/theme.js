/**
 * The theme's tokens, read from the page's own style sheet (static/css/tokens.css), for what is drawn on canvas.
 *
 * @import {Palette} from "./types.js"
 */

/**
 * @param {HTMLElement} [root]
 * @returns {Palette}
 */
export function readPalette(root = document.documentElement) {
  const style = getComputedStyle(root);
  const token = (/** @type {string} */ name) => {
    const value = style.getPropertyValue(`--${name}`).trim();
    if (value === "") throw new Error(`the style sheet has no token --${name}`);
    return value;
  };
  return {
    paper: token("paper"),
    card: token("card"),
    ink: token("ink"),
    muted: token("muted"),
    rule: token("rule"),
    negative: token("negative"),
    zero: token("zero"),
    positive: token("positive"),
    textNegative: token("text-negative"),
    textPositive: token("text-positive"),
    signal: token("signal"),
    signalZero: token("signal-zero"),
    amplified: token("amplified"),
    stepped: root.dataset.theme === "projector",
    font: getComputedStyle(document.body).fontFamily,
    textMin: Number.parseFloat(token("text-min")),
    textBody: Number.parseFloat(token("text-body")),
  };
}
