/**
 * Where the ticks of a chart over steps stand, and what stands at them. Pure but for its alignment.
 *
 * @import {Palette} from "../types.js"
 */
import { formatNumber } from "../format.js";

/** The least room for numbers on the left of a chart. */
const AXIS = 44;

/** How far apart ticks over steps may be: there are no halves. */
const WHOLE = Array.from({ length: 16 }, (_, power) => [1, 2, 2.5, 5].map((digit) => digit * 10 ** power)).flat().filter(Number.isInteger);

/**
 * The axes of a loss over steps, as uPlot takes them.
 *
 * @param {Palette} palette
 * @param {boolean} log
 */
export function lossAxes(palette, log) {
  const font = `${palette.textMin}px ${palette.font}`;
  const grid = { stroke: palette.rule, width: 1 };
  const shared = { font, stroke: palette.muted, gap: 4 };
  /** @param {(value: number | null) => string} words */
  const values = (words) => (/** @type {unknown} */ _, /** @type {(number | null)[]} */ ticks) => ticks.map(words);
  return [
    { ...shared, grid: { show: false }, ticks: grid, size: 28, space: 4.7 * palette.textMin, incrs: WHOLE, values: values(shortCount) },
    {
      ...shared, grid: log ? { ...grid, filter: decadesOnly } : grid, ticks: { show: false }, space: 28,
      size: (/** @type {unknown} */ _, /** @type {readonly (string | null)[] | null} */ texts) => roomFor(texts ?? [], palette.textMin),
      ...(log ? {} : { incrs: increments, splits: evenSplits }), values: values(shortNumber),
    },
  ];
}

/**
 * Lets the timeline, which stands under the chart, begin where its steps begin.
 *
 * @param {HTMLElement} element  that the chart is in
 * @param {{bbox: {left: number}}} chart
 */
export function alignTimeline(element, { bbox }) {
  const axis = `${Math.round(bbox.left / devicePixelRatio)}px`;
  const place = element.parentElement;
  if (place && place.style.getPropertyValue("--axis") !== axis) place.style.setProperty("--axis", axis);
}

/**
 * What numbers need on the left of a chart: nearly always the same, so that nothing moves.
 *
 * @param {readonly (string | null)[]} texts
 * @param {number} size  of the letters
 */
function roomFor(texts, size) {
  const widths = texts.map((text) => 0.64 * size * (text ?? "").replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]/g, "").length + 0.44 * size * ((text ?? "").match(/[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]/g) ?? []).length);
  return Math.max(AXIS, Math.ceil((Math.max(0, ...widths) + 4) / 8) * 8 + 4);
}

/**
 * How far apart ticks may be, whatever the size of the numbers.
 *
 * @param {unknown} _
 * @param {unknown} __
 * @param {number} low
 * @param {number} high
 */
export function increments(_, __, low, high) {
  const power = Math.floor(Math.log10(high - low));
  return [-2, -1, 0, 1].flatMap((more) => [1, 2, 2.5, 5].map((digit) => Number(`${digit}e${power + more}`)));
}

/**
 * @param {unknown} _
 * @param {unknown} __
 * @param {number} low
 * @param {number} high
 * @param {number} increment
 */
export function evenSplits(_, __, low, high, increment) {
  const [first, last] = [Math.ceil(low / increment), Math.floor(high / increment)];
  return Array.from({ length: last - first + 1 }, (_, place) => Number(((first + place) * increment).toPrecision(12)));
}

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
