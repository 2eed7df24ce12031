/**
 * Where a value stands on a slider, and which value a place means. Pure.
 *
 * @typedef {object} Scale
 * @property {"linear" | "log"} kind
 * @property {number} low   value at position 0
 * @property {number} high  value at position 1
 * @property {number} step  values are multiples of it; a log scale rounds to two digits instead
 */

/**
 * @param {Scale} scale
 * @param {number} value
 * @returns {number} 0 to 1; a value beyond an end stands at that end
 */
export function toPosition({ kind, low, high }, value) {
  const share = kind === "log" ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return Math.min(1, Math.max(0, Number.isNaN(share) ? 0 : share));
}

/**
 * @param {Scale} scale
 * @param {number} position  0 to 1
 * @returns {number} a value as a person would write it: 0.03, never 0.030000000000000002
 */
export function toValue({ kind, low, high, step }, position) {
  if (kind === "log") return Number((low * (high / low) ** position).toPrecision(2));
  const steps = Math.round(((high - low) * position) / step);
  return Number((low + steps * step).toPrecision(12));
}

/** What the arrow keys walk in an entry on a log scale. */
const MANTISSAS = [1, 2, 3, 5, 10];

/**
 * The next value above or below, for the arrow keys: the next of 1, 2, 3, 5 on a log scale, else one step.
 * @param {Pick<Scale, "kind" | "step">} scale
 * @param {number} value
 * @param {1 | -1} direction
 */
export function nudge({ kind, step }, value, direction) {
  if (kind === "linear" || !(value > 0)) return Number((value + direction * step).toPrecision(12));
  const power = 10 ** Math.floor(Math.log10(value) + 1e-9);
  const candidates = [power / 2, ...MANTISSAS.map((mantissa) => mantissa * power)].map((each) => Number(each.toPrecision(2)));
  const beyond = candidates.filter((each) => (direction > 0 ? each > value * (1 + 1e-9) : each < value * (1 - 1e-9)));
  return direction > 0 ? Math.min(...beyond) : Math.max(...beyond);
}

/**
 * Reads what a person typed: "0.03", "1e-4", "1,000", "50 %", a true minus sign.
 * @param {string} text
 * @param {boolean} [percent]  a bare 50 means 50 %
 * @returns {number} NaN where it is no number
 */
export function parseNumber(text, percent = false) {
  const plain = text.trim().replace("\u2212", "-").replace(/\s*%$/, "").replace(/(?<=\d),(?=\d{3}(\D|$))/g, "");
  if (plain === "") return NaN;
  const value = Number(plain);
  return percent ? Number((value / 100).toPrecision(12)) : value;
}
