/**
 * The light theme, for the tests of what is drawn.
 *
 * @import {Palette} from "../../static/types.js"
 */

/** @type {Palette} */
export const palette = {
  paper: "#f7f7f4",
  card: "#ffffff",
  ink: "#1a1d21",
  muted: "#565d66",
  rule: "#d5d7d2",
  negative: "#d9690b",
  zero: "#ecedea",
  positive: "#1f6fb5",
  textNegative: "#9a4a00",
  textPositive: "#175a96",
  signal: "#b5127a",
  signalZero: "#f1e9ee",
  amplified: "#6a0046",
  stepped: false,
  font: "system-ui",
  textMin: 12,
  textBody: 14,
};
