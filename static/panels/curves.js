/**
 * Small pictures of one unit in the inspector, as SVG: its activation and slope with the point on them, and its numbers over the batch.
 *
 * @import {Inspection} from "../types.js"
 */
import { formatNumber } from "../format.js";
import { html } from "./preact.js";

const WIDTH = 240;
const HEIGHT = 110;
const MARGIN = 8;

/** @param {{plot: NonNullable<Inspection["plot"]>}} props */
export function Curves({ plot }) {
  const { z, value, slope, at, title } = plot;
  const all = [...value, ...slope, 0];
  const [low, high] = [Math.min(...all), Math.max(...all, 1)];
  /** @param {number} number */
  const x = (number) => MARGIN + ((number - z[0]) / (z[z.length - 1] - z[0])) * (WIDTH - 2 * MARGIN);
  /** @param {number} number */
  const y = (number) => HEIGHT - MARGIN - ((number - low) / (high - low)) * (HEIGHT - 2 * MARGIN);
  /** @param {number[]} numbers */
  const path = (numbers) => numbers.map((number, place) => `${place ? "L" : "M"}${x(z[place]).toFixed(1)} ${y(number).toFixed(1)}`).join("");
  const label = `${title}: at z ${formatNumber(at.z)}, f is ${formatNumber(at.value)} and f′ is ${formatNumber(at.slope)}.`;
  return html`
    <figure class="curves">
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${label}>
        <path class="axis" d="M${x(z[0])} ${y(0)}H${x(z[z.length - 1])}M${x(0)} ${y(low)}V${y(high)}" />
        <path class="slope" d=${path(slope)} />
        <path class="value" d=${path(value)} />
        <path class="at" d="M${x(at.z)} ${y(low)}V${y(high)}" />
        <circle class="slope" cx=${x(at.z)} cy=${y(at.slope)} r="4" />
        <circle class="value" cx=${x(at.z)} cy=${y(at.value)} r="4" />
      </svg>
      <figcaption><span class="key value">f ${formatNumber(at.value)}</span><span class="key slope">f′ ${formatNumber(at.slope)}</span><span>z ${formatNumber(at.z)}</span></figcaption>
    </figure>
  `;
}

const ROWS = /** @type {const} */ ([["z", "z", ""], ["a", "a", ""], ["delta", "δ", "signal"]]);
const STRIP = 22;

/** @param {{distribution: NonNullable<Inspection["distribution"]>, sample: number}} props */
export function Spread({ distribution, sample }) {
  return html`
    <figure class="spread">
      ${ROWS.map(([name, symbol, kind]) => html`<${Strip} key=${name} ...${{ values: distribution[name], symbol, kind, sample }} />`)}
      <figcaption>Over the batch; the sample is filled.</figcaption>
    </figure>
  `;
}

/** @param {{values: number[], symbol: string, kind: string, sample: number}} props */
function Strip({ values, symbol, kind, sample }) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  /** @param {number} value */
  const x = (value) => (high > low ? MARGIN + ((value - low) / (high - low)) * (WIDTH - 2 * MARGIN) : WIDTH / 2);
  const label = `${symbol} over the batch: from ${formatNumber(low)} to ${formatNumber(high)}, the sample's ${formatNumber(values[sample])}`;
  return html`
    <div class="strip-row ${kind}">
      <span>${symbol}</span>
      <svg viewBox="0 0 ${WIDTH} ${STRIP}" role="img" aria-label=${label}>
        <path class="axis" d="M${MARGIN} ${STRIP / 2}H${WIDTH - MARGIN}" />
        ${values.map((value, place) => html`<circle key=${place} cx=${x(value)} cy=${STRIP / 2} r="3.5" />`)}
        <circle class="chosen" cx=${x(values[sample])} cy=${STRIP / 2} r="5" />
      </svg>
      <small>${formatNumber(low)}</small><small>${formatNumber(high)}</small>
    </div>
  `;
}
