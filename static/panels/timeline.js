/**
 * The timeline under the loss chart: a slider over the steps of the run, with marks of what was changed, and the button that steps
 * backwards. And the panel beside it: all changes, and the branches to return to.
 *
 * @import {State, Dispatch} from "../types.js"
 */
import { formatCount } from "../format.js";
import { Looker, spoken, timelineOf } from "../past.js";
import { isWatching } from "./access.js";
import { byId, setText } from "./dom.js";

/**
 * @param {{dispatch: Dispatch, charted: () => number}} context  `charted` tells at which step the chart ends
 * @returns {(state: State) => void} render
 */
export function mountTimeline({ dispatch, charted }) {
  const row = byId("timeline");
  const slider = byId("timeline-step", HTMLInputElement);
  const back = byId("step-back", HTMLButtonElement);
  const ticks = byId("timeline-marks");
  const send = (/** @type {Record<string, any>} */ command) => dispatch({ type: "command", command });
  const looker = new Looker(send);
  let shown = timelineOf({ status: null, past: { earliest: 0, marks: [], branches: [], begins: [] } });
  /** @type {State["past"] | null} */
  let written = null;
  let placed = "";
  let writing = false;

  /** @param {number} step */
  const look = (step) => looker.look(step >= shown.present ? null : Math.max(shown.earliest, step));
  slider.addEventListener("input", () => look(slider.valueAsNumber));
  back.addEventListener("click", () => look((looker.wish ?? shown.step) - 1));
  byId("sentence-continue").addEventListener("click", () => send({ type: "continue" }));
  byId("sentence-present").addEventListener("click", () => looker.look(null));
  byId("sentence-give-up").addEventListener("click", () => {
    if (writing) return send({ type: "export", what: "none" });
    looker.forget();
    send({ type: "pause" });
  });
  byId("history-list").addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("button") : null;
    if (button?.dataset.step) look(Number(button.dataset.step));
    if (button?.dataset.branch) send({ type: "take_branch", branch: Number(button.dataset.branch) });
  });

  return (state) => {
    looker.follow(state);
    writing = state.status?.replay == null && state.status?.writing != null;
    if (state.notice?.kind === "error") looker.forget();
    const end = charted();
    shown = timelineOf(state, end);
    const watching = isWatching(state);
    row.dataset.empty = String(shown.present === 0);
    slider.disabled = watching || shown.present === 0;
    back.disabled = watching || (looker.wish ?? shown.step) <= shown.earliest;
    slider.min = String(shown.earliest);
    slider.max = String(shown.present);
    slider.value = String(looker.wish ?? shown.step);
    slider.setAttribute("aria-valuetext", spoken(shown));
    row.style.setProperty("--reach", String(shown.present / shown.end));
    row.style.setProperty("--from", String(shown.earliest / shown.end));
    const places = [shown.end, watching].join();
    if (written === state.past && placed === places) return;
    if (written?.branches !== state.past.branches || written?.marks !== state.past.marks) writeList(state, watching);
    writeTicks(ticks, state.past.marks, shown.end);
    written = state.past;
    placed = places;
  };
}

/** @param {HTMLElement} element @param {State["past"]["marks"]} marks @param {number} end */
function writeTicks(element, marks, end) {
  element.replaceChildren(
    ...marks.map(({ step, label }) => {
      const tick = document.createElement("span");
      tick.dataset.help = `Step ${formatCount(step)}: ${label}`;
      tick.style.left = `${(100 * step) / end}%`;
      return tick;
    }),
  );
}

/** @param {State} state @param {boolean} watching */
function writeList({ past: { marks, branches } }, watching) {
  const entry = (/** @type {string} */ text, /** @type {Record<string, string>} */ data) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.disabled = watching;
    Object.assign(button.dataset, data);
    const item = document.createElement("li");
    item.append(button);
    return item;
  };
  byId("history-branches").replaceChildren(
    ...branches.map(({ id, name, from_step: from, step }) =>
      entry(`Return to: ${name} (it parts at step ${formatCount(from)} and ends at ${formatCount(step)})`, { branch: String(id) }),
    ),
  );
  byId("history-marks").replaceChildren(
    ...marks.toReversed().map(({ step, label }) => entry(`Step ${formatCount(step)}: ${label}`, { step: String(step) })),
  );
  byId("history-no-branches").hidden = branches.length > 0;
  byId("history-no-marks").hidden = marks.length > 0;
  setText("branch-count", branches.length > 0 ? String(branches.length) : "");
}
