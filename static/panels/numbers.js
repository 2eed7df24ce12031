/**
 * What the network's canvas draws, as a table: a row a layer, and a row a unit where there are not too many. It is always there
 * for a screen reader, and for the eye where it was asked for; and what the arrow keys walk to is said.
 *
 * @import {Frame, Lane, Layout, Maps, State, Dispatch} from "../types.js"
 */
import { capital, formatNumber } from "../format.js";
import { layerNorm } from "../select.js";
import { byId, setText } from "./dom.js";
import { layerName, unitName } from "./names.js";
import { html, render } from "./preact.js";
import { readingOf } from "./reading.js";

/** More units than this are not listed: nobody reads a thousand rows, and walking reaches every one. */
const MOST_UNITS = 128;
/** How often the table is written where nobody looks at it. */
const UNSEEN_MS = 1000;

/**
 * @param {{dispatch: Dispatch}} context
 * @returns {(state: State) => void} render
 */
export function mountNumbers({ dispatch }) {
  const element = byId("numbers");
  const canvas = byId("network-canvas");
  const toggle = byId("show-numbers", HTMLInputElement);
  toggle.addEventListener("change", () => dispatch({ type: "ui/table", table: toggle.checked }));
  byId("close-numbers").addEventListener("click", () => dispatch({ type: "ui/table", table: false }));
  const body = byId("numbers-rows");
  /** @type {unknown[]} */
  let shown = [];
  let written = -Infinity;

  return (state) => {
    const { table, hover } = state.ui;
    toggle.checked = table;
    element.classList.toggle("hidden", !table);
    const lane = state.lanes[0];
    if (lane && hover && document.activeElement === canvas) setText("walked", spoken(lane, hover));
    const { layout, frame, maps } = lane ?? {};
    const now = [layout, frame, maps, table];
    const unseen = !table && state.status?.state === "playing" && performance.now() - written < UNSEEN_MS;
    if (!layout || !frame || unseen || now.every((each, place) => each === shown[place])) return;
    shown = now;
    written = performance.now();
    render(html`<${Rows} ...${{ layout, frame, maps }} />`, body);
  };
}

/**
 * "Unit 1.3, tanh: bias 0.120, gradient 0.00310, error signal 0.0210."
 * @param {Lane} lane
 * @param {NonNullable<State["ui"]["hover"]>} selection
 */
function spoken(lane, selection) {
  const reading = readingOf(lane, selection);
  if (!reading) return "";
  const numbers = [
    ...reading.lines.map(({ name, value }) => `${name} ${formatNumber(value)}`),
    ...reading.batch.map(({ name, mean }) => `${name} ${formatNumber(mean)} on average`),
  ];
  return `${reading.title}: ${numbers.join(", ")}. ${reading.remark}`.trim();
}

/**
 * Every number knows its column's name: a telephone has no room for seven columns side by side.
 * @param {{layout: Layout, frame: Frame, maps: Maps | null}} props
 */
function Rows({ layout, frame, maps }) {
  /** @param {number} index @param {Parameters<typeof layerNorm>[2]} name */
  const norm = (index, name) => (frame.norms ? layerNorm(frame, layout, name, index) : undefined);
  return layout.layers.flatMap((layer, index) => [
    html`
      <tr key=${layer.id} class="whole">
        <th scope="row">${capital(layerName(layout, index))}, ${layer.activation.replaceAll("_", " ")}</th>
        <td data-name="error signal">${formatNumber(norm(index, "delta"))}</td>
        <td data-name="gradient">${formatNumber(norm(index, "gradient"))}</td>
        <td data-name="weights">${formatNumber(norm(index, "weight"))}</td>
        <td data-name="update">${formatNumber(norm(index, "update"))}</td>
        <td></td>
        <td></td>
      </tr>
    `,
    ...(layout.units > MOST_UNITS ? [] : layer.unit_ids).map(
      (id, place) => html`
        <tr key=${`${layer.id} ${id}`}>
          <th scope="row">${capital(unitName(layout, index, place))}</th>
          <td data-name="error signal">${formatNumber(frame.unit_deltas?.[layer.unit + place])}</td>
          <td></td>
          <td></td>
          <td></td>
          <td data-name="bias">${formatNumber(frame.parameters?.[layer.bias + place])}</td>
          <td data-name="forward signal">${formatNumber(maps?.unit_spread?.[layer.unit + place])}</td>
        </tr>
      `,
    ),
  ]);
}
