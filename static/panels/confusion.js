/**
 * The confusion matrix: how many samples of each class are taken for which. It floats until it is closed, so that it can be
 * watched while the network learns.
 *
 * @import {State} from "../types.js"
 */
import { formatCount } from "../format.js";
import { byId } from "./dom.js";
import { html, render } from "./preact.js";

/** How much ink a cell gets that holds all samples of its class; more would take the contrast from its number. */
const DARKEST = 30;

/** @returns {(state: State) => void} render */
export function mountConfusion() {
  const button = byId("show-confusion", HTMLButtonElement);
  const panel = byId("confusion-panel");
  const place = byId("confusion");
  const choice = byId("confusion-switch");
  /** @type {State | null} */
  let latest = null;
  /** @type {unknown} */
  let drawn = null;

  const draw = () => {
    const { evaluation, layout } = latest?.lanes[0] ?? {};
    const part = choice.querySelector("input:checked")?.getAttribute("value") === "train" ? "train" : "test";
    const counts = evaluation?.[part].confusion;
    const classes = layout?.data.classes ?? [];
    // Of the classes before, until the next evaluation.
    if (!counts || counts.length !== classes.length || counts === drawn) return;
    drawn = counts;
    render(html`<${Matrix} ...${{ counts, classes }} />`, place);
  };
  panel.addEventListener("toggle", (event) => {
    const open = /** @type {ToggleEvent} */ (event).newState === "open";
    button.setAttribute("aria-expanded", String(open));
    if (open) draw();
  });
  choice.addEventListener("change", draw);
  for (const element of [panel, button]) {
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !panel.matches(":popover-open")) return;
      event.preventDefault(); // what is pinned stays
      panel.hidePopover();
      button.focus();
    });
  }

  return (state) => {
    latest = state;
    const regression = state.lanes[0]?.layout?.data.task === "regression";
    const open = panel.matches(":popover-open");
    if (button.hidden !== regression) button.hidden = regression;
    if (open && regression) panel.hidePopover();
    else if (open) draw();
  };
}

/** @param {{counts: number[][], classes: string[]}} props */
function Matrix({ counts, classes }) {
  const names = classes.map((name) => name.replace(/^-(?=\d)/, "−"));
  const totals = counts.map((row) => row.reduce((sum, count) => sum + count, 0));
  const samples = totals.reduce((sum, total) => sum + total, 0);
  const right = counts.reduce((sum, row, place) => sum + row[place], 0);
  return html`
    <p>${formatCount(right)} of ${formatCount(samples)} right</p>
    <div class="scroll">
      <table style=${{ "--digits": formatCount(samples).length }}>
        <caption class="hidden">Rows: the true class. Columns: the class that the network predicts.</caption>
        <thead>
          <tr>
            <td></td>
            <th class="axis" colspan=${classes.length}>predicted</th>
          </tr>
          <tr>
            <th class="axis" scope="row">true</th>
            ${names.map((name) => html`<th key=${name} scope="col"><span>${name}</span></th>`)}
          </tr>
        </thead>
        <tbody>
          ${counts.map(
            (row, truth) => html`
              <tr key=${truth}>
                <th scope="row"><span>${names[truth]}</span></th>
                ${row.map((count, predicted) => {
                  const share = totals[truth] ? (DARKEST * count) / totals[truth] : 0;
                  return html`<td key=${predicted} class=${truth === predicted ? "right" : ""} style=${{ "--ink-share": `${share}%` }}>${formatCount(count)}</td>`;
                })}
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
  `;
}
