/**
 * Numbers and sentences as the page writes them: three digits, `2.10×10⁻⁶` outside 0.001 to 9,999, a true minus sign, and never a bare NaN.
 * Pure; imports nothing.
 */

const MINUS = "\u2212";
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** Numbers in plain notation lie between these two, the ends included. */
const SMALLEST_PLAIN = 0.001;
const LARGEST_PLAIN = 9999;

/**
 * A measured number, to three significant digits.
 * @param {number | null | undefined} value
 */
export function formatNumber(value) {
  if (value === null || value === undefined) return "–";
  if (!Number.isFinite(value)) return "not finite";
  if (value === 0) return "0";
  const rounded = Number(Math.abs(value).toPrecision(3));
  const sign = value < 0 ? MINUS : "";
  if (rounded >= SMALLEST_PLAIN && rounded <= LARGEST_PLAIN) {
    return sign + (rounded >= 1000 ? group(String(rounded)) : rounded.toPrecision(3));
  }
  return sign + scientific(rounded.toExponential(2));
}

/**
 * A number that somebody chose, with all its digits and no more: 0.03, not 0.0300.
 * @param {number | null | undefined} value
 */
export function formatExact(value) {
  if (value === null || value === undefined) return "–";
  if (!Number.isFinite(value)) return "not finite";
  const magnitude = Math.abs(value);
  const sign = value < 0 ? MINUS : "";
  const plain = String(magnitude);
  if (magnitude === 0 || (magnitude >= SMALLEST_PLAIN && !plain.includes("e"))) return sign + group(plain);
  return sign + scientific(magnitude.toExponential());
}

/**
 * A count of things: whole, grouped.
 * @param {number} value
 */
export function formatCount(value) {
  return Number.isFinite(value) ? (value < 0 ? MINUS : "") + group(String(Math.round(Math.abs(value)))) : "–";
}

/**
 * A share of one, as a whole percentage that says 100 % and 0 % only where that is exact.
 * @param {number | null | undefined} share
 */
export function formatPercent(share) {
  if (share === null || share === undefined || !Number.isFinite(share)) return "–";
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) return "<\u200a0.1\u202f%";
  if (percent > 99.9 && percent < 100) return ">\u200a99.9\u202f%";
  return `${Number.isInteger(percent) ? percent : percent.toFixed(1)}\u202f%`;
}

/**
 * A rate of something a second, to two digits below ten.
 * @param {number} perSecond
 */
export function formatRate(perSecond) {
  if (!Number.isFinite(perSecond)) return "–";
  return perSecond < 9.95 ? String(Number(perSecond.toFixed(1))) : formatCount(perSecond);
}

/**
 * How much of another signal a signal is, to be followed by "of layer 6's error signal": "1/2,750", "0.31", "7.1 times".
 * @param {number} ratio  at least 0
 */
export function formatRatio(ratio) {
  if (!Number.isFinite(ratio)) return "not finite";
  if (ratio === 0) return "nothing";
  if (ratio >= 1) return `${ratio < 9.95 ? Number(ratio.toPrecision(2)) : formatNumber(Number(ratio.toPrecision(3)))} times`;
  if (ratio >= 0.0995) return ratio.toFixed(2);
  const parts = 1 / ratio;
  if (parts >= 999_500) return formatNumber(ratio);
  return `1/${group(String(Math.round(Number(parts.toPrecision(3)))))}`;
}

/**
 * A factor, to be read after "×": two digits, 0.21 or 3.4 or 2.1×10⁻⁵.
 * @param {number} factor  at least 0
 */
export function formatFactor(factor) {
  if (Number.isNaN(factor)) return "–";
  if (!Number.isFinite(factor)) return "not finite";
  const rounded = Number(factor.toPrecision(2));
  if (rounded === 0) return "0";
  if (rounded >= 0.01 && rounded < 1000) return rounded < 10 ? rounded.toPrecision(2) : String(rounded);
  return scientific(rounded.toExponential(1));
}

/**
 * A server's words as a sentence: a capital first, a point last.
 * @param {string} text
 */
export function sentence(text) {
  const whole = capital(text.trim());
  return whole === "" || /[.!?…]$/.test(whole) ? whole : `${whole}.`;
}

/** @param {string} text */
export function capital(text) {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/**
 * Commas between groups of three digits before the point.
 * @param {string} digits  a number without sign
 */
function group(digits) {
  const [whole, fraction] = digits.split(".");
  const grouped = whole.length > 3 ? whole.replace(/\B(?=(\d{3})+$)/g, ",") : whole;
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/**
 * "2.10e-6" to "2.10×10⁻⁶".
 * @param {string} exponential
 */
function scientific(exponential) {
  const [mantissa, exponent] = exponential.split("e");
  const raised = Array.from(String(Math.abs(Number(exponent))), (digit) => SUPERSCRIPTS[Number(digit)]).join("");
  return `${mantissa}×10${Number(exponent) < 0 ? "⁻" : ""}${raised}`;
}
