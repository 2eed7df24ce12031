/**
 * The CSV tab: text or a file, what its columns are, which are used, and the first rows; or a sentence that says what is wrong.
 *
 * @import {Rows} from "../owndata/csv.js"
 * @import {Table, Task} from "../owndata/columns.js"
 * @import {Choice, Limits, Prepared} from "../owndata/prepare.js"
 */
import { formatCount } from "../format.js";
import { describe, likelyInputs, likelyTarget, recognise, tasksOf } from "../owndata/columns.js";
import { decodeText, LARGEST_FILE, readRows } from "../owndata/csv.js";
import { TableError } from "../owndata/error.js";
import { incomplete, isLarge, prepare } from "../owndata/prepare.js";
import { byId, setText } from "./dom.js";
import { html, render } from "./preact.js";

const PREVIEW_ROWS = 5;
/** Typing settles before the text is read. */
const SETTLE_MS = 150;
const TASKS = /** @type {const} */ ({ classes: "classes to tell apart", numbers: "numbers to fit" });

/**
 * @param {HTMLElement} element
 * @param {Limits} limits
 * @param {(prepared: Prepared) => void} use
 */
export function mountCsv(element, limits, use) {
  const text = byId("csv-text", HTMLTextAreaElement);
  const file = byId("csv-file", HTMLInputElement);
  const place = byId("csv-columns");
  /** @type {Rows | null} */
  let rows = null;
  /** @type {Table | null} */
  let table = null;
  /** @type {Choice | null} */
  let choice = null;

  /**
   * Runs what may find something wrong with the table, which is then said.
   * @template T @param {() => T} run @returns {T | null}
   */
  const guarded = (run) => {
    try {
      const result = run();
      setText("csv-problem", "");
      return result;
    } catch (error) {
      if (!(error instanceof TableError)) throw error;
      setText("csv-problem", error.message);
      return null;
    }
  };
  const show = () => {
    if (table === null || choice === null) return render(html``, place);
    const [shown, chosen] = [table, choice];
    const prepared = guarded(() => prepare(shown, chosen, limits));
    const props = { table, choice, limits, prepared, change, chooseTarget, chooseHeader, use: () => prepared && use(prepared) };
    render(html`<${Columns} ...${props} />`, place);
  };
  /** @param {Partial<Choice>} changes */
  const change = (changes) => {
    if (choice) choice = { ...choice, ...changes };
    show();
  };
  /** @param {number} target */
  const chooseTarget = (target) => {
    if (table === null) return;
    const inputs = likelyInputs(table, target);
    const task = tasksOf(table.columns[target], limits)[0] ?? "classes";
    choice = { inputs, target, task, standardise: choice?.standardise ?? isLarge(table, inputs), leaveOut: choice?.leaveOut ?? false };
    show();
  };
  /** @param {boolean} [header]  else that is found out */
  const chooseHeader = (header) => {
    const read = rows;
    table = read && guarded(() => recognise(read, limits, header));
    choice = null;
    if (table) chooseTarget(likelyTarget(table, limits));
    else show();
  };
  /** @param {() => string} source */
  const read = (source) => {
    rows = guarded(() => readRows(source()));
    if (rows) return chooseHeader();
    table = choice = null;
    show();
  };
  /** @param {File} chosen */
  const readFile = async (chosen) => {
    text.value = "";
    setText("csv-name", chosen.name);
    const bytes = chosen.size > LARGEST_FILE ? new Uint8Array(LARGEST_FILE + 1) : new Uint8Array(await chosen.arrayBuffer());
    read(() => decodeText(bytes));
  };

  let timer = 0;
  text.addEventListener("input", () => {
    clearTimeout(timer);
    setText("csv-name", "");
    timer = window.setTimeout(() => read(() => text.value), SETTLE_MS);
  });
  const readChosen = () => {
    if (file.files?.[0]) readFile(file.files[0]);
    file.value = ""; // so that the same file can be chosen again, once it is mended
  };
  file.addEventListener("change", readChosen);
  // Somebody may have been quicker than this module came.
  readChosen();
  if (text.value !== "") read(() => text.value);
  return { readFile };
}

/**
 * @param {{table: Table, choice: Choice, limits: Limits, prepared: Prepared | null, change: (changes: Partial<Choice>) => void,
 *   chooseTarget: (target: number) => void, chooseHeader: (header: boolean) => void, use: () => void}} props
 */
function Columns({ table, choice, limits, prepared, change, chooseTarget, chooseHeader, use }) {
  const { columns } = table;
  const tasks = tasksOf(columns[choice.target], limits);
  const holes = incomplete(table, [...choice.inputs, choice.target]);
  /** @param {string} label @param {boolean} checked @param {(checked: boolean) => void} set */
  const check = (label, checked, set) => html`<label class="check">
    <input type="checkbox" checked=${checked} onChange=${(/** @type {any} */ event) => set(event.currentTarget.checked)} /><span>${label}</span>
  </label>`;
  return html`
    <div class="csv-choices">
      <label class="choice"><span class="label">Target</span>
        <select aria-label="Target" value=${choice.target} onChange=${(/** @type {any} */ event) => chooseTarget(Number(event.currentTarget.value))}>
          ${columns.map(({ name, kind }, place) => html`<option value=${place} selected=${place === choice.target} disabled=${kind === "empty"}>${name}</option>`)}
        </select>
      </label>
      <label class="choice"><span class="label">as</span>
        <select aria-label="Target as" disabled=${tasks.length < 2} onChange=${(/** @type {any} */ event) => change({ task: event.currentTarget.value })}>
          ${tasks.map((task) => html`<option value=${task} selected=${task === choice.task}>${TASKS[task]}</option>`)}
        </select>
      </label>
      ${check("first line has the names", table.header, chooseHeader)}
      ${check("standardise", choice.standardise, (standardise) => change({ standardise }))}
      ${(holes > 0 || choice.leaveOut) && check(`leave out ${formatCount(holes)} ${holes === 1 ? "row" : "rows"} with missing values`, choice.leaveOut, (leaveOut) => change({ leaveOut }))}
    </div>
    <div class="preview" tabindex="0" role="region" aria-label="First rows">
      <${Preview} ...${{ table, choice, change }} />
    </div>
    <div class="actions">
      <p>${prepared ? summary(prepared) : ""}</p>
      <button type="button" class="plain strong" id="csv-use" disabled=${prepared === null} onClick=${use}>Use these data</button>
    </div>`;
}

/** @param {{table: Table, choice: Choice, change: (changes: Partial<Choice>) => void}} props */
function Preview({ table, choice, change }) {
  const { columns, lines } = table;
  /** @param {number} place @param {boolean} used */
  const setInput = (place, used) => {
    const inputs = [...columns.keys()].filter((each) => (each === place ? used : choice.inputs.includes(each)));
    change({ inputs });
  };
  /** @param {number} place */
  const role = (place) => (place === choice.target ? "target" : choice.inputs.includes(place) ? "input" : "unused");
  return html`<table>
    <thead>
      <tr>${columns.map(({ name, kind }, place) => html`<th scope="col" class=${role(place)}>
        ${place === choice.target
          ? html`<b>${name}</b>`
          : html`<label class="check"><input type="checkbox" aria-label=${`Input ${name}`} checked=${choice.inputs.includes(place)} disabled=${kind !== "numbers"}
              onChange=${(/** @type {any} */ event) => setInput(place, event.currentTarget.checked)} /><b>${name}</b></label>`}
      </th>`)}</tr>
      <tr>${columns.map((column, place) => html`<td class=${role(place)}>${role(place) === "target" ? "target: " : ""}${describe(column, lines)}</td>`)}</tr>
    </thead>
    <tbody>
      ${lines.slice(0, PREVIEW_ROWS).map((_, row) => html`<tr>${columns.map(({ cells }, place) => html`<td class=${role(place)}>${cells[row]}</td>`)}</tr>`)}
    </tbody>
  </table>`;
}

/** @param {Prepared} prepared */
function summary({ inputs, classes, labels }) {
  const target = classes.length > 0 ? `${classes.length} classes` : "numbers to fit";
  return `${formatCount(labels.length)} rows, ${inputs.length} ${inputs.length === 1 ? "input" : "inputs"}, ${target}.`;
}
