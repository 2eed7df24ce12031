/** What stands at the ticks of a chart over steps. Pure. */
import { formatNumber } from "../format.js";

/**
 * On a logarithmic axis only whole powers of ten have a line, where there is more than one of them.
 *
 * @param {unknown} _
 * @param {number[]} splits
 */
export function decadesOnly(_, splits) {
  const powers = splits.map((value) => (Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-6 ? value : null));
  return powers.filter((value) => value !== null).length > 1 ? powers : splits;
}

/** @param {number | null} value */
export function shortCount(value) {
  if (value === null) return "";
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(3))} M`;
  return value >= 1e4 ? `${Number((value / 1e3).toPrecision(3))} k` : value.toLocaleString("en");
}

/** @param {number | null} value */
export function shortNumber(value) {
  if (value === null) return "";
  return value !== 0 && (value < 0.001 || value > 9999) ? formatNumber(value).replace(/\.?0+×/, "×") : String(Number(value.toPrecision(3)));
}
