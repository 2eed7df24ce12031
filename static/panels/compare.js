/**
 * "Compare with…": a dialog that adds a lane with some settings changed. It stays open until the server has taken them.
 *
 * @import {State, Dispatch, RunSpec} from "../types.js"
 * @import {Setting} from "../lanes/settings.js"
 */
import { formatExact } from "../format.js";
import { LETTERS, MOST_LANES } from "../lanes.js";
import { compareCommand, effective, hereWords, settingsOf, valueOf } from "../lanes/settings.js";
import { isWatching } from "./access.js";
import { byId, setText } from "./dom.js";
import { MIXED } from "./paths.js";
import { html, render } from "./preact.js";
import { parseNumber } from "./scales.js";

const OFF = "off";

/**
 * @param {{dispatch: Dispatch, catalog: Record<string, any>}} context
 * @returns {(state: State) => void} render  the selected lane's view
 */
export function mountCompare({ dispatch, catalog }) {
  const dialog = byId("compare", HTMLDialogElement);
  const open = byId("compare-open", HTMLButtonElement);
  const go = byId("compare-go", HTMLButtonElement);
  const form = byId("compare-form", HTMLFormElement);
  const fromHere = byId("compare-here", HTMLInputElement);
  const settings = settingsOf(catalog);
  /** @type {Map<Setting, any>} what is to be different */
  const chosen = new Map();
  /** @type {RunSpec | undefined} */
  let spec;
  let [lanes, selected, awaited, openings] = [1, 0, false, 0];
  /** @type {State["notice"]} */
  let notice = null;

  const isHere = () => fromHere.checked && !fromHere.disabled;
  const show = () => {
    if (!spec) return;
    const here = isHere();
    const taken = effective(chosen, here);
    const heads = html`<p class="row heads"><span></span><span>lane ${LETTERS[selected]}</span><span>lane ${LETTERS[lanes]}</span></p>`;
    render(html`${heads}${settings.map((setting) => html`<${Row} key=${`${openings} ${setting.name}`} ...${{ setting, spec, chosen: taken, here, choose }} />`)}`, byId("compare-settings"));
    const words = [...taken].map(([setting, value]) => `${setting.title}: ${textOf(setting, valueOf(setting, /** @type {RunSpec} */ (spec)))} against ${textOf(setting, value)}`);
    setText("compare-words", words.join("; ") || "Choose what is to be different.");
    go.disabled = taken.size === 0;
  };
  /** @param {Setting} setting @param {any} value */
  const choose = (setting, value) => {
    if (spec && Object.is(value, valueOf(setting, spec))) chosen.delete(setting);
    else chosen.set(setting, value);
    show();
  };

  open.addEventListener("click", () => {
    chosen.clear();
    awaited = false;
    openings++;
    form.reset();
    show();
    dialog.showModal();
  });
  byId("compare-cancel").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("keydown", (event) => event.stopPropagation()); // keys are the dialog's while it is open
  byId("compare-start").addEventListener("change", show);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const taken = effective(chosen, isHere());
    if (taken.size === 0) return;
    awaited = true;
    dispatch({ type: "command", command: compareCommand(taken, isHere()) });
  });

  /** @param {State} state  what "from here" means by now, and whether it can be chosen */
  const offerHere = (state) => {
    const { words, why } = hereWords(state);
    setText("compare-here-words", words);
    setText("compare-here-why", why);
    if (fromHere.disabled === (why !== "")) return;
    fromHere.disabled = why !== "";
    if (dialog.open) show();
  };

  return (state) => {
    const count = state.status?.lanes ?? 1;
    const next = state.lanes[0]?.spec;
    spec = next?.data && next;
    open.disabled = isWatching(state) || !spec || count >= MOST_LANES;
    offerHere(state);
    const grown = count > lanes;
    const refused = awaited && state.notice !== notice && state.notice?.kind === "error";
    [lanes, selected, notice] = [count, state.ui.lane, state.notice];
    if (refused) {
      awaited = false;
      setText("compare-words", state.notice?.text ?? "");
    }
    if (awaited && grown) {
      awaited = false;
      dialog.close();
      byId("play").focus(); // Space is to train, and not to open this again
    }
  };
}

/** @param {Setting} setting @param {any} value */
function textOf({ choices }, value) {
  if (value === MIXED) return "mixed";
  if (value === null) return OFF;
  if (typeof value === "boolean") return value ? "on" : OFF;
  return choices.find((choice) => choice.value === value)?.title ?? (typeof value === "number" ? formatExact(value) : String(value));
}

/** @param {{setting: Setting, spec: RunSpec, chosen: Map<Setting, any>, here: boolean, choose: (setting: Setting, value: any) => void}} props */
function Row({ setting, spec, chosen, here, choose }) {
  const now = valueOf(setting, spec);
  const changed = chosen.has(setting);
  if (here && setting.atStart) {
    return html`<p class="row fixed"><span class="label">${setting.title}</span><span class="now">${textOf(setting, now)}</span><span>acts only at the start</span></p>`;
  }
  return html`
    <label class=${changed ? "row changed" : "row"} data-help=${setting.help || null}>
      <span class="label">${setting.title}</span>
      <span class="now">${textOf(setting, now)}</span>
      <${Control} ...${{ setting, value: changed ? chosen.get(setting) : now, choose }} />
    </label>
  `;
}

/** @param {{setting: Setting, value: any, choose: (setting: Setting, value: any) => void}} props */
function Control({ setting, value, choose }) {
  const { kind, title, choices, optional } = setting;
  const name = `Other ${title}`;
  if (kind === "menu") {
    return html`
      <select aria-label=${name} value=${value === MIXED ? "" : value} onChange=${(/** @type {Event} */ event) => choose(setting, /** @type {HTMLSelectElement} */ (event.currentTarget).value)}>
        ${value === MIXED && html`<option value="" hidden>mixed</option>`}
        ${choices.map((choice) => html`<option key=${choice.value} value=${choice.value}>${choice.title}</option>`)}
      </select>
    `;
  }
  if (kind === "switch") {
    return html`<input type="checkbox" aria-label=${name} checked=${value === true} onChange=${(/** @type {Event} */ event) => choose(setting, /** @type {HTMLInputElement} */ (event.currentTarget).checked)} />`;
  }
  return html`
    <input type="text" class="entry" inputmode="decimal" autocomplete="off" spellcheck="false" aria-label=${name}
      defaultValue=${value === MIXED ? "" : value === null ? OFF : String(value)}
      onInput=${(/** @type {Event} */ event) => choose(setting, typed(/** @type {HTMLInputElement} */ (event.currentTarget).value, optional))} />
  `;
}

/**
 * What is no number goes out as it was typed: the engine knows the rule that refuses it.
 * @param {string} text
 * @param {boolean} optional
 */
function typed(text, optional) {
  if (optional && ["", OFF].includes(text.trim())) return null;
  const number = parseNumber(text);
  return Number.isFinite(number) ? number : text.trim();
}
