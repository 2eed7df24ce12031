/**
 * What the sentence row has no room for: a sentence in whole; and what is wrong with the run: every verdict with its numbers, its
 * threshold and whose it is, and the cures that were measured to help from here. And the way into the autopsy of a pass that
 * overflowed, which is loaded when it is asked for.
 *
 * @import {State, Dispatch, Verdict, CureOffer} from "../types.js"
 */
import { capital } from "../format.js";
import { WAYS, rescueCommands } from "../rescue.js";
import { isWatching } from "./access.js";
import { byId } from "./dom.js";
import { html, render } from "./preact.js";
import { sentenceOf } from "./sentence.js";

/**
 * @param {{dispatch: Dispatch, catalog: Record<string, any>}} context
 * @returns {(state: State) => void} render
 */
export function mountVerdicts({ dispatch, catalog }) {
  const panel = byId("verdict-panel");
  /** @type {State | null} */
  let state = null;
  let open = false;
  let said = "";
  /** @param {CureOffer} offer */
  const apply = (offer) => {
    panel.hidePopover();
    for (const command of rescueCommands(offer, 0)) dispatch({ type: "command", command });
  };
  const show = () => {
    const verdicts = state?.lanes[0]?.verdicts ?? [];
    const watching = state !== null && isWatching(state);
    render(html`<${Verdicts} ...${{ said, verdicts, watching, catalog, apply }} />`, panel);
  };
  panel.addEventListener("beforetoggle", (event) => {
    open = /** @type {ToggleEvent} */ (event).newState === "open";
    if (!open || !state) return;
    // A verdict stands below, with its numbers as they run; anything else as it was when it was asked for.
    const { kind, text } = sentenceOf(state);
    said = kind === "verdict" ? "" : text;
    panel.style.setProperty("--top", `${Math.max(0, byId("sentence").getBoundingClientRect().bottom)}px`);
    show();
  });
  byId("sentence-autopsy").addEventListener("click", async () => {
    const autopsy = state?.lanes[0]?.autopsy;
    if (!autopsy) return;
    const { openAutopsy } = await import("./autopsy.js");
    openAutopsy(autopsy, state?.lanes[0]?.layout ?? null, state?.lanes[0]?.verdicts[0]?.why ?? "");
  });
  return (now) => {
    const before = state;
    state = now;
    if (open && before?.lanes[0]?.verdicts !== now.lanes[0]?.verdicts) show();
  };
}

/** @param {{said: string, verdicts: Verdict[], watching: boolean, catalog: Record<string, any>, apply: (offer: CureOffer) => void}} props */
function Verdicts({ said, verdicts, watching, catalog, apply }) {
  if (verdicts.length === 0) return html`<p class=${said && "said"}>${said || "Nothing is wrong any more."}</p>`;
  const { window, every, hold } = catalog.judging;
  const sections = verdicts.map(({ name, sentence, why, source, cures }) => {
    const { when } = catalog.verdicts[name];
    const titles = [...new Set(cures.map(({ title }) => title))];
    return html`
      <section key=${name} class="verdict">
        <h2>${sentence.replace(/:.*$/s, "")}</h2>
        <p class="said">${capital(sentence.replace(/^[^:]*: */, ""))} ${why}</p>
        <p class="rule">${when} <cite>${source}</cite></p>
        ${titles.map((title) => html`
          <div class="cure" key=${title}>
            <b>${title}</b>
            ${cures.filter((offer) => offer.title === title).map((offer) => html`
              <button type="button" class="plain" key=${offer.way} disabled=${watching} aria-label=${`${title}: ${WAYS[offer.way]}`} onClick=${() => apply(offer)}>${WAYS[offer.way]}</button>
            `)}
          </div>
        `)}
        ${titles.length === 0 && html`<p class="rule">No cure was measured to help from here with these settings. Undo and reset are always there.</p>`}
      </section>
    `;
  });
  return html`${said && html`<p class="said">${said}</p>`}${sections}<p class="rule">Judged every ${every} steps on medians of the last ${window}; shown once it has held ${hold} times in a row.</p>`;
}
