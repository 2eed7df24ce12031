/**
 * What is written of several lanes: the name of each, what differs, its losses; and where live changes go.
 *
 * @import {State, Dispatch, Lane} from "../types.js"
 */
import { formatNumber } from "../format.js";
import { DASHES, LETTERS } from "../lanes.js";
import { againstWords, fitted, ownWords, sinceWords } from "../lanes/words.js";
import { isWatching } from "./access.js";
import { byId, setFitting, setText } from "./dom.js";
import { html, render } from "./preact.js";

const OUTPUT = "Output";

export class LanePanels {
  #dispatch;
  #catalog;
  #places;
  #switch = byId("lane-switch");
  #heading = /** @type {HTMLElement} */ (byId("output").querySelector("#output-bar h2"));
  /** @type {unknown[]} */
  #of = [];
  /** What the lanes differ in, and without since when. @type {string[]} */
  #pair = [];
  /** What is particular to each lane. @type {string[][]} */
  #words = [];
  /** Since when each lane is. @type {string[]} */
  #since = [];

  /** @param {{dispatch: Dispatch, catalog: Record<string, any>, places: HTMLElement[]}} means */
  constructor({ dispatch, catalog, places }) {
    this.#dispatch = dispatch;
    this.#catalog = catalog;
    this.#places = places;
  }

  /** @param {State} state @param {number} count */
  render(state, count) {
    const heading = count > 1 ? `${OUTPUT} ${LETTERS[state.ui.lane]}` : OUTPUT;
    if (this.#heading.textContent !== heading) this.#heading.textContent = heading;
    this.#switch.hidden = count < 2;
    const against = count > 1 ? this.#against(state, count) : [];
    if (count === 2) setFitting("lanes-words", against);
    else setText("lanes-words", "");
    if (count < 2) return;
    render(this.#aims(state, count), this.#switch);
    for (let lane = 0; lane < count; lane++) render(this.#panel(state, lane, count > 2), this.#places[lane]);
  }

  /** @param {State} state @param {number} count */
  #against({ lanes, past }, count) {
    const specs = lanes.slice(0, count).map(({ spec }) => spec);
    const of = [past.begins, ...specs];
    if (of.length !== this.#of.length || of.some((each, place) => each !== this.#of[place])) {
      const begins = specs.map((_, lane) => past.begins[lane] ?? 0);
      this.#of = of;
      const pair = againstWords(specs, this.#catalog);
      this.#pair = [pair + sinceWords(...begins), pair];
      this.#words = ownWords(specs, this.#catalog);
      this.#since = begins.map((step) => sinceWords(step));
    }
    return this.#pair;
  }

  /** @param {State} state @param {number} count */
  #aims({ ui }, count) {
    /** @param {string} value @param {string} text @param {boolean} checked @param {() => void} choose */
    const aim = (value, text, checked, choose) => html`
      <label key=${value}><input type="radio" name="lane" value=${value} checked=${checked} onChange=${choose} /><span>${text}</span></label>
    `;
    const choose = (/** @type {number} */ lane) => {
      this.#dispatch({ type: "ui/everyLane", everyLane: false });
      this.#dispatch({ type: "ui/lane", lane });
    };
    const lanes = [...LETTERS.slice(0, count)].map((letter, lane) => aim(letter, letter, !ui.everyLane && ui.lane === lane, () => choose(lane)));
    const all = aim("all", "all", ui.everyLane, () => this.#dispatch({ type: "ui/everyLane", everyLane: true }));
    return html`<legend class="hidden">Live changes go to</legend><span class="label">Changes go to</span>${lanes}${all}`;
  }

  /** @param {State} state @param {number} lane @param {boolean} row  whether it stands at the head of a row */
  #panel(state, lane, row) {
    const letter = LETTERS[lane];
    const select = () => this.#dispatch({ type: "ui/lane", lane });
    const remove = () => this.#dispatch({ type: "command", command: { type: "remove_lane", lane } });
    const [words, since] = [this.#words[lane], this.#since[lane]];
    const losses = html`<${Losses} lane=${state.lanes[lane]} row=${row} />`;
    return html`
      <div class="lane-head">
        <button type="button" class="lane-name" aria-pressed=${state.ui.lane === lane} data-help="Select this lane: controls, output and card are about it." onClick=${select}>
          <b>${letter}</b><${Dash} lane=${lane} /><span class="hidden">Select lane ${letter}</span>
        </button>
        ${row && losses}
        <button type="button" class="small" aria-label=${`Remove lane ${letter}`} data-help="End this lane. The others go on." disabled=${isWatching(state)} onClick=${remove}>×</button>
      </div>
      <p class="lane-words" title=${words.join(", ") + since}>${fitted(words, Number(this.#places[lane].dataset.letters) - since.length)}${since}</p>
      ${!row && losses}
    `;
  }
}

/** @param {{lane: Lane, row: boolean}} props  a row has room for one of them */
function Losses({ lane: { evaluation, frame, diverged }, row }) {
  if (diverged) return html`<p class="lane-losses"><b>not finite</b></p>`;
  if (row) return html`<p class="lane-losses"><b data-help="Training loss.">${formatNumber(evaluation?.train.loss ?? frame?.loss)}</b></p>`;
  const [train, test] = [evaluation?.train.loss ?? frame?.loss, evaluation?.test.loss];
  return html`<p class="lane-losses"><span>train <b>${formatNumber(train)}</b></span> <span>test <b>${formatNumber(test)}</b></span></p>`;
}

/** A piece of the lane's line, as the chart of the losses draws it. @param {{lane: number}} props */
export function Dash({ lane }) {
  return html`<svg class="dash" viewBox="0 0 32 8" width="32" height="8" aria-hidden="true"><path d="M0 4h32" stroke-dasharray=${DASHES[lane].join(" ")} /></svg>`;
}
