/**
 * The inspector: where one number of the shown step came from, every formula in symbols and with its numbers put in.
 *
 * @import {Dispatch, Inspection, Layout, Palette, State, Subject} from "../types.js"
 * @import {Stop} from "../inspector/trail.js"
 */
import { formatCount, formatExact, formatNumber } from "../format.js";
import { asked } from "../inspector/asking.js";
import { LOSS, sameSubject, selectionOf, subjectOf } from "../inspector/subject.js";
import { kindOf, shownRows } from "../inspector/terms.js";
import { NAMED, Trail } from "../inspector/trail.js";
import { withoutLimit } from "../walkthrough.js";
import { Curves, Spread } from "./curves.js";
import { html, render } from "./preact.js";
import { Tex } from "./tex.js";
import { UnitMap } from "./unitmap.js";

const EMPTY = "Click a weight or a unit: here stands where its numbers came from.";

/**
 * @param {HTMLElement} element
 * @param {Dispatch} dispatch
 * @returns {(state: State, palette: Palette) => void} render
 */
export function mountInspector(element, dispatch) {
  const trail = new Trail();
  let goBack = () => false;
  // Also where nothing in here has the focus: a pointer's click gives it back to the page.
  document.addEventListener("keydown", (event) => {
    if (event.altKey && event.key === "ArrowLeft" && !element.hidden && goBack()) event.preventDefault();
  });
  let painted = /** @type {unknown[]} */ ([]);
  return (state, palette) => {
    const { inspection, ui, status } = state;
    const layout = state.lanes[0]?.layout ?? null;
    const now = [inspection, ui.pinned, ui.inspectsLoss, ui.sample, ui.walk, layout, status?.state, palette];
    if (now.every((each, place) => each === painted[place])) return;
    painted = now;
    const wanted = ui.inspectsLoss ? LOSS : layout && subjectOf(layout, ui.pinned);
    const waits = inspection === null || (ui.walk === null && wanted === null);
    /** @param {Subject} subject */
    const go = (subject) => {
      if (subject.kind === "loss") return dispatch({ type: "ui/inspectsLoss", inspectsLoss: true });
      const selection = layout && selectionOf(layout, subject);
      if (selection) dispatch({ type: "ui/pin", selection });
    };
    /** @param {Subject} subject */
    const follow = (subject) => {
      if (inspection && inspection.subject.kind !== "walk") trail.leave({ subject: inspection.subject, title: inspection.title }, subject);
      go(subject);
    };
    trail.follow(wanted);
    /** @param {number} [place] */
    const back = (place) => {
      const subject = trail.back(place);
      if (subject) go(subject);
      return subject !== null;
    };
    goBack = back;
    if (waits || !layout) render(html`<p class="drawer-empty">${EMPTY}</p>`, element);
    else render(html`<${Page} ...${{ inspection, state, palette, follow, stops: trail.stops, back, dispatch }} />`, element);
  };
}

/** @param {{inspection: Inspection, state: State, palette: Palette, follow: (subject: Subject) => void, stops: readonly Stop[], back: (place?: number) => boolean, dispatch: Dispatch}} props */
function Page({ inspection, state, palette, follow, stops, back, dispatch }) {
  const { title, sentence, step, blocks, plot, distribution, check, subject } = inspection;
  const { said, limit } = withoutLimit(sentence);
  const parameter = ["weight", "bias", "scale", "shift"].includes(subject.kind);
  const nudge = () => dispatch({ type: "command", command: asked(state.ui.lane, subject, inspection.sample, true) });
  const playing = state.status?.state === "playing";
  return html`
    <header class="inspector-head">
      ${stops.length > 0 && html`<button type="button" class="tool" aria-label="Back" title="Back to what was inspected before (Alt ←)" onClick=${() => back()}>‹</button>`}
      <h3 aria-live=${playing ? "off" : "polite"}>${title}</h3>
      <span class="muted">of step ${formatCount(step + 1)}</span>
      <${Samples} ...${{ inspection, dispatch }} />
      ${parameter && html`<button type="button" class="plain" disabled=${playing} onClick=${nudge}>Check this gradient</button>`}
    </header>
    <div class="inspector-blocks" tabindex="0" role="group" aria-label=${`${title}: formulas`}>
      ${stops.length > 0 && html`<${Way} ...${{ stops, title, back }} />`}
      <p class="lead">${said}</p>
      ${limit && html`<p class="muted">${limit}</p>`}
      ${check && html`<${Checked} check=${check} />`}
      ${blocks.map((block, place) => html`<${Block} key=${place} ...${{ block, subject, follow }} />`)}
      ${(plot || distribution) &&
      html`<section class="block">
        <h4>${plot ? plot.title : "Over the batch"}</h4>
        ${plot && html`<${Curves} plot=${plot} />`}
        ${subject.kind === "unit" && html`<${UnitMap} ...${{ lane: state.lanes[0], subject, sample: inspection.sample_index, palette }} />`}
        ${distribution && html`<${Spread} ...${{ distribution, sample: inspection.sample }} />`}
      </section>`}
    </div>
  `;
}

/** @param {{stops: readonly Stop[], title: string, back: (place?: number) => boolean}} props */
function Way({ stops, title, back }) {
  const first = Math.max(0, stops.length - NAMED);
  return html`
    <nav class="way" aria-label="The way here">
      ${first > 0 && "… › "}
      ${stops.slice(first).map(({ title: name }, place) => html`<span key=${first + place}><button type="button" class="link" onClick=${() => back(first + place)}>${name}</button> › </span>`)}
      <span aria-current="true">${title}</span>
    </nav>
  `;
}

/** @param {{inspection: Inspection, dispatch: Dispatch}} props */
function Samples({ inspection: { sample, sample_index: index, batch }, dispatch }) {
  /** @param {number} by */
  const step = (by) => dispatch({ type: "ui/sample", sample: (sample + by + batch) % batch });
  return html`
    <span class="samples" role="group" aria-label="Sample of the batch">
      <button type="button" class="tool" aria-label="Previous sample" disabled=${batch < 2} onClick=${() => step(-1)}>‹</button>
      <span title=${`Sample ${index} of the training data. A click on a point of the batch in the output chooses it.`}>sample ${sample + 1} of ${batch}</span>
      <button type="button" class="tool" aria-label="Next sample" disabled=${batch < 2} onClick=${() => step(1)}>›</button>
    </span>
  `;
}

/** @param {{block: Inspection["blocks"][number], subject: Subject, follow: (subject: Subject) => void}} props */
function Block({ block: { title, text, equations, terms }, subject, follow }) {
  return html`
    <section class="block" data-block=${title}>
      <h4>${title}</h4>
      ${text && html`<p>${text}</p>`}
      ${equations.map(
        (each, place) => html`
          <div class="equation" key=${place} data-value=${each.value}>
            <${Tex} tex=${each.symbols} />
            <div class="numbers">
              <${Tex} tex=${each.numbers} />
              ${each.link && !sameSubject(each.link, subject) && html`<button type="button" class="plain" onClick=${() => follow(/** @type {Subject} */ (each.link))}>look into it</button>`}
            </div>
            ${each.note && html`<p class="hint">${each.note}</p>`}
          </div>
        `,
      )}
      ${terms && html`<${Table} ...${{ terms, follow }} />`}
    </section>
  `;
}

/** @param {{terms: NonNullable<Inspection["blocks"][number]["terms"]>, follow: (subject: Subject) => void}} props */
function Table({ terms, follow }) {
  const places = shownRows(terms);
  const left = terms.rows.length - places.length;
  const last = terms.columns[terms.columns.length - 1];
  return html`
    <table class="terms">
      <thead>
        <tr><th scope="col"><span class="hidden">addend</span></th>${terms.columns.map((heading) => html`<th scope="col" key=${heading}><${Tex} tex=${heading} /></th>`)}</tr>
      </thead>
      <tbody>
        ${places.map((place) => {
          const link = terms.links[place];
          return html`
            <tr key=${place} class=${place === terms.highlighted ? "highlighted" : ""}>
              <th scope="row">${link ? html`<button type="button" class="link" onClick=${() => follow(link)}>${terms.labels[place]}</button>` : terms.labels[place]}</th>
              ${terms.rows[place].map((number, column) => html`<td key=${column} data-value=${number} class=${kindOf(terms.columns[column], number)}>${number === null ? "∞" : formatNumber(number)}</td>`)}
            </tr>
          `;
        })}
      </tbody>
      <tfoot>
        <tr><th scope="row">${left > 0 ? `sum, with ${left} more` : "sum"}</th><td colspan=${terms.columns.length} class=${kindOf(last, terms.sum)}>${terms.sum === null ? "∞" : formatNumber(terms.sum)}</td></tr>
      </tfoot>
    </table>
  `;
}

/** @param {{check: NonNullable<Inspection["check"]>}} props */
function Checked({ check }) {
  const { epsilon, loss_above: above, loss_below: below, numeric, analytic, relative_error: error } = check;
  const digits = error === 0 ? 15 : Math.min(15, Math.max(0, Math.floor(-Math.log10(error))));
  return html`
    <section class="block nudged" role="status">
      <h4>Checked</h4>
      <dl>
        <dt>loss with + ${formatNumber(epsilon)}</dt><dd>${formatExact(above)}</dd>
        <dt>loss with − ${formatNumber(epsilon)}</dt><dd>${formatExact(below)}</dd>
        <dt>slope between them</dt><dd class="signal">${formatExact(Number(numeric.toPrecision(10)))}</dd>
        <dt>gradient of the backward pass</dt><dd class="signal">${formatExact(Number(analytic.toPrecision(10)))}</dd>
      </dl>
      <p>They agree to ${digits} digits (relative error ${formatNumber(error)}).</p>
    </section>
  `;
}
