/**
 * Walking through a step: the list of its stages over the network, the buttons beside it, and where they lead.
 *
 * @import {State, Dispatch} from "../types.js"
 * @import {Known} from "../walkthrough.js"
 */
import { spokenNumbers } from "../stagenumbers.js";
import { knownIn, labelOf, nextStage, stagesOf } from "../walkthrough.js";
import { isWatching } from "./access.js";
import { byId } from "./dom.js";
import { html, render } from "./preact.js";

/**
 * @param {{state: () => State, dispatch: Dispatch}} context
 * @returns {(state: State) => void} render
 */
export function mountWalk({ state, dispatch }) {
  const page = byId("page");
  const bar = byId("walk-bar");
  const list = byId("walk-stages");
  const open = byId("walk-open", HTMLButtonElement);
  /** @param {number | null} stage */
  const go = (stage) => dispatch({ type: "ui/walk", walk: stage });
  const entry = byId("show-walk", HTMLButtonElement); // of the View menu
  open.addEventListener("click", () => toggleWalk(state(), dispatch));
  entry.addEventListener("click", () => {
    byId("view-panel").hidePopover();
    toggleWalk(state(), dispatch);
  });
  byId("walk-next").addEventListener("click", () => walkOn(state(), dispatch, 1));
  byId("walk-back").addEventListener("click", () => walkOn(state(), dispatch, -1));
  byId("walk-end").addEventListener("click", () => go(null));
  new ResizeObserver(() => centre(list)).observe(list);
  /** @type {Known | null} */
  let shown = null;
  /** @type {State["lanes"][number]["frame"]} */
  let spoken = null;
  let sample = 0;
  return ({ lanes, ui, status }) => {
    const layout = lanes[0]?.layout;
    const known = knownIn(layout, ui);
    open.disabled = entry.disabled = !lanes[0]?.frame || status?.state === "diverged";
    const frame = state().lanes[0]?.frame ?? null; // all of it: each number knows its time by itself
    if (known === shown && (known === null || (frame === spoken && sample === ui.sample))) return;
    [spoken, sample] = [frame, ui.sample];
    if (layout && known && frame) render(html`<${Numbers} rows=${spokenNumbers({ layout, frame, known, sample })} />`, byId("walk-numbers"));
    if (known === shown) return;
    shown = known;
    page.classList.toggle("walking", known !== null);
    bar.hidden = known === null;
    if (!layout || !known) return;
    byId("walk-back", HTMLButtonElement).disabled = known.stage === 0;
    render(html`<${Stages} stages=${stagesOf(layout)} now=${known.stage} go=${go} />`, list);
    centre(list);
  };
}

/**
 * The stage that is walked to stands in the middle of those that have room. Only the list moves: on a telephone the page scrolls too.
 * @param {HTMLElement} list
 */
function centre(list) {
  const now = list.querySelector("[aria-current]");
  if (!now) return;
  const [stage, room] = [now.getBoundingClientRect(), list.getBoundingClientRect()];
  list.scrollLeft += stage.left + stage.width / 2 - room.left - room.width / 2;
}

/**
 * Layers stand as numbers behind the word for their direction.
 * @param {{stages: Known[], now: number, go: (stage: number) => void}} props
 */
function Stages({ stages, now, go }) {
  return stages.map((known, place) => {
    const label = labelOf(known);
    const first = known.kind !== stages[place - 1]?.kind;
    const word = known.layer === null ? label : String(known.layer + 1);
    return html`<li key=${label} class=${known.stage < now ? "past" : ""} data-kind=${known.kind}>
      ${first && known.layer !== null && html`<span aria-hidden="true">${label.split(" ")[0]}</span>`}
      <button type="button" aria-label=${label} aria-current=${known.stage === now ? "step" : undefined} onClick=${() => go(known.stage)}>${word}</button>
    </li>`;
  });
}

/** @param {{rows: {name: string, text: string}[]}} props */
function Numbers({ rows }) {
  return rows.filter(({ text }) => text).map(({ name, text }) => html`<li key=${name}>${name}: ${text}</li>`);
}

/**
 * Begins at the batch, and pauses a run that plays; or ends.
 * @param {State} state
 * @param {Dispatch} dispatch
 */
export function toggleWalk(state, dispatch) {
  const { lanes, status, ui } = state;
  if (ui.walk !== null) return dispatch({ type: "ui/walk", walk: null });
  if (!lanes[0]?.frame || status?.state === "diverged") return;
  if (status?.state === "playing" && !isWatching(state)) dispatch({ type: "command", command: { type: "pause" } });
  dispatch({ type: "ui/walk", walk: 0 });
}

/**
 * To the stage after or before; behind the update the step is taken, and with its picture the next one begins.
 * @param {State} state
 * @param {Dispatch} dispatch
 * @param {1 | -1} way
 */
export function walkOn(state, dispatch, way) {
  const layout = state.lanes[0]?.layout;
  if (!layout || state.ui.walk === null) return;
  const stage = nextStage(layout, state.ui.walk, way);
  if (stage !== null) dispatch({ type: "ui/walk", walk: stage });
  else if (!isWatching(state)) dispatch({ type: "command", command: { type: "step" } });
}
