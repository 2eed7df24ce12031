/**
 * The autopsy of a pass that overflowed: the layers of the last finite pass and of that one side by side, with their norms, as a
 * plot over the layers and as a table; and the steps that led there. Loaded when it is asked for.
 *
 * @import {Autopsy, Layout, NormName, PassNorms} from "../types.js"
 */
import { capital, formatCount, formatNumber } from "../format.js";
import { powerOfTen } from "../marks/decades.js";
import { byId } from "./dom.js";
import { layerName } from "./names.js";
import { html, render } from "./preact.js";

/** In the order in which a pass computes them. @type {[NormName, string, string][]} */
const NORMS = [
  ["weight", "W", "weights"],
  ["pre_activation", "z", "pre-activations"],
  ["activation", "a", "activations"],
  ["delta", "δ", "error signal"],
  ["gradient", "∂L/∂W", "gradient"],
  ["update", "ΔW", "update"],
];
/** What the backward pass makes, in its colour. */
const BACKWARD = new Set(/** @type {NormName[]} */ (["delta", "gradient", "update"]));
/** What of each step before is told, beside its loss. */
const LARGEST = /** @type {const} */ ([["delta", "largest error signal"], ["gradient", "largest gradient"], ["weight", "largest weights"]]);
/** Which of them a tensor's name is about. @type {[RegExp, NormName][]} */
const OF_TENSOR = [
  [/gradient/, "gradient"],
  [/update/, "update"],
  [/pre-activation/, "pre_activation"],
  [/activation/, "activation"],
  [/delta/, "delta"],
  [/weight|bias/, "weight"],
];
/** Width of the plot where the window has it, and what of a window stands beside it: its text is never smaller than elsewhere. */
const WIDTH = 820;
const BESIDE = 74;
const HEIGHT = 180;
const EDGE = { left: 48, right: 12, top: 12, bottom: 24 };

/**
 * @param {Autopsy} autopsy
 * @param {Layout | null} layout
 * @param {string} why  what is said of the last finite pass
 */
export function openAutopsy(autopsy, layout, why) {
  const dialog = byId("autopsy", HTMLDialogElement);
  render(html`<${View} ...${{ autopsy, layout, why, close: () => dialog.close() }} />`, dialog);
  dialog.showModal();
}

/** @param {{autopsy: Autopsy, layout: Layout | null, why: string, close: () => void}} props */
function View({ autopsy, layout, why, close }) {
  const { step, layer, tensor, finite, overflowed, steps } = autopsy;
  /** @param {number} index */
  const name = (index) => (layout ? layerName(layout, index) : `layer ${index + 1}`);
  const plotted = plottedNorm(tensor);
  return html`
    <header>
      <h2 id="autopsy-title">Step ${formatCount(step)} overflowed first in ${tensor === "loss" ? "the loss" : `the ${tensor} of ${name(layer)}`}</h2>
      <button type="button" class="plain" onClick=${close}>Close</button>
    </header>
    <p>${finite
      ? `The last pass whose numbers were all finite was made after step ${formatCount(finite.step)}; the pass after step ${formatCount(overflowed.step)} is the one that overflowed, and nothing of it was kept.`
      : "No pass with finite numbers is known: the very first one overflowed."}</p>
    ${why && html`<p>${why}</p>`}
    <${Plot} ...${{ autopsy, plotted }} />
    ${finite && html`<${PassTable} ...${{ title: `The last finite pass, after step ${formatCount(finite.step)}`, pass: finite, name }} />`}
    <${PassTable} ...${{ title: `The pass that overflowed, after step ${formatCount(overflowed.step)}`, pass: overflowed, name, first: [layer, OF_TENSOR.find(([form]) => form.test(tensor))?.[1]] }} />
    ${steps.length > 0 && html`
      <h3>The steps before</h3>
      <table>
        <thead><tr><th scope="col">step</th><th scope="col">loss</th>${LARGEST.map(([, word]) => html`<th scope="col" key=${word}>${word}</th>`)}</tr></thead>
        <tbody>${steps.map((row) => html`<tr key=${row.step}><th scope="row">${formatCount(row.step)}</th><td data-name="loss">${formatNumber(row.loss)}</td>
          ${LARGEST.map(([key, word]) => html`<td key=${key} data-name=${word}>${formatNumber(Math.max(...row[key]))}</td>`)}</tr>`)}</tbody>
      </table>`}
  `;
}

/** @param {{title: string, pass: PassNorms, name: (index: number) => string, first?: [number, NormName | undefined]}} props */
function PassTable({ title, pass, name, first }) {
  return html`
    <h3>${title}</h3>
    <table>
      <thead><tr><td></td>${NORMS.map(([key, symbol, word]) => html`<th scope="col" key=${key}>${symbol}, ${word}</th>`)}</tr></thead>
      <tbody>${pass.layers.map((layer, index) => html`
        <tr key=${index}><th scope="row">${capital(name(index))}</th>
          ${NORMS.map(([key, symbol, word]) => {
            const value = layer[key];
            const is = [value === null && "overflow", first?.[0] === index && first[1] === key && "first"].filter(Boolean).join(" ");
            return html`<td key=${key} class=${is} data-name=${`${symbol}, ${word}`}>${value === null ? "not finite" : formatNumber(value)}</td>`;
          })}
        </tr>`)}</tbody>
    </table>
  `;
}

/**
 * What is plotted over the layers: what overflowed where that has values to walk along, else the error signal.
 * @param {string} tensor
 * @returns {[NormName, string]}
 */
function plottedNorm(tensor) {
  const key = OF_TENSOR.find(([form]) => form.test(tensor))?.[1] ?? "activation";
  return [key, NORMS.find(([name]) => name === key)?.[2] ?? ""];
}

/**
 * The norms of both passes over the layers, on a logarithmic axis; what is not finite stands at the top, as a triangle.
 * @param {{autopsy: Autopsy, plotted: [NormName, string]}} props
 */
function Plot({ autopsy, plotted: [key, word] }) {
  const { finite, overflowed } = autopsy;
  const passes = [...(finite ? [{ kind: "finite", pass: finite }] : []), { kind: "overflowed", pass: overflowed }];
  const logs = passes.flatMap(({ pass }) => pass.layers.map((layer) => layer[key])).filter((value) => value !== null && value > 0).map((value) => Math.log10(/** @type {number} */ (value)));
  if (logs.length === 0) return null;
  const low = Math.floor(Math.min(...logs)) - 0.5;
  const high = Math.max(Math.ceil(Math.max(...logs)), low + 2) + 0.5;
  const count = overflowed.layers.length;
  const width = Math.min(WIDTH, innerWidth - BESIDE);
  /** @param {number} index */
  const x = (index) => EDGE.left + ((width - EDGE.left - EDGE.right) * (index + 0.5)) / count;
  /** @param {number} log */
  const y = (log) => EDGE.top + ((high - log) / (high - low)) * (HEIGHT - EDGE.top - EDGE.bottom);
  const ticks = [Math.ceil(low), Math.round((low + high) / 2), Math.floor(high)];
  return html`
    <h3>${capital(word)} of each layer (rms): ● the last finite pass, ■ the one that overflowed, ▲ not finite</h3>
    <svg class=${BACKWARD.has(key) ? "backward" : ""} viewBox=${`0 0 ${width} ${HEIGHT}`} role="img" aria-label=${`${capital(word)} over the layers; the table below has the numbers`}>
      ${[...new Set(ticks)].map((tick) => html`<g key=${tick}><line class="grid" x1=${EDGE.left} x2=${width} y1=${y(tick)} y2=${y(tick)} /><text x=${EDGE.left - 4} y=${y(tick) + 4} text-anchor="end">${powerOfTen(tick)}</text></g>`)}
      ${overflowed.layers.map((_, index) => html`<text key=${index} x=${x(index)} y=${HEIGHT - 6} text-anchor="middle">${index === count - 1 ? "out" : index + 1}</text>`)}
      ${passes.map(({ kind, pass }) => {
        const points = pass.layers.map((layer, index) => ({ index, value: layer[key] }));
        const drawn = points.filter(({ value }) => value !== null && value > 0).map(({ index, value }) => [x(index), y(Math.log10(/** @type {number} */ (value)))]);
        return html`<g key=${kind} class=${kind}>
          <polyline class=${kind} points=${drawn.map((point) => point.join()).join(" ")} />
          ${drawn.map(([left, top]) => (kind === "finite" ? html`<circle cx=${left} cy=${top} r="4" />` : html`<rect x=${left - 4} y=${top - 4} width="8" height="8" />`))}
          ${points.filter(({ value }) => value === null).map(({ index }) => html`<path d=${`M${x(index) - 6} ${EDGE.top} L${x(index) + 6} ${EDGE.top} L${x(index)} 1 Z`} />`)}
        </g>`;
      })}
    </svg>
  `;
}
