/**
 * The sentence row: what is the matter, in one sentence, most pressing first. Pure but for its last function.
 *
 * @import {State, Lane, StripModel, Dispatch} from "../types.js"
 *
 * @typedef {object} Sentence
 * @property {"error" | "diverged" | "reconnecting" | "watching" | "info"} kind
 * @property {string} text
 * @property {boolean} reset  whether Reset is offered beside it
 */
import { formatCount } from "../format.js";
import { isWatching } from "./access.js";
import { byId, setText } from "./dom.js";
import { layerName, networkName } from "./names.js";
import { ratioSentence } from "./ratio.js";

/** While training, words change at most this often: faster than that nobody reads. */
const READING_MS = 250;

/**
 * @param {State} state
 * @param {StripModel | null} strip
 * @returns {Sentence} never empty
 */
export function sentenceOf(state, strip) {
  const { connection, notice, status } = state;
  const lane = state.lanes[0];
  if (connection === "reconnecting") {
    return { kind: "reconnecting", text: "Reconnecting… The run goes on where it was as soon as the server answers.", reset: false };
  }
  if (connection === "closed") {
    return { kind: "error", text: notice?.text ?? "The server has closed the connection. Reload the page to begin again.", reset: false };
  }
  const diverged = lane?.diverged ?? null;
  const reset = diverged !== null && !isWatching(state);
  if (notice) return { kind: notice.kind, text: notice.text, reset };
  if (diverged) return { kind: "diverged", text: divergence(lane), reset };
  if (isWatching(state)) return { kind: "watching", text: "You are watching; the controls belong to another tab.", reset: false };
  if (!lane?.layout || !status) return { kind: "info", text: "Connecting to the engine…", reset: false };
  if (status.state === "paused" && (lane.frame?.step ?? 0) === 0) {
    return { kind: "info", text: `Press Space: ${networkName(lane.layout)} begins to learn.`, reset: false };
  }
  return { kind: "info", text: ratioText(lane, strip), reset: false };
}

/** @param {Lane} lane */
function divergence({ diverged, layout }) {
  if (!diverged) return "";
  const tensor = diverged.tensor.replace(/^\d+\./, "");
  const where = layout ? layerName(layout, diverged.layer) : `layer ${diverged.layer + 1}`;
  return `Stopped at step ${formatCount(diverged.step)}: the ${tensor} of ${where} is not finite any more. Lower the learning rate, or`;
}

/**
 * How much of the error signal reaches the first layer.
 * @param {Lane | undefined} lane
 * @param {StripModel | null} strip
 */
function ratioText(lane, strip) {
  const { layout, frame } = lane ?? {};
  const delta = strip?.delta ?? frame?.norms;
  return layout && delta ? ratioSentence(layout, delta) : "";
}

/**
 * @param {HTMLElement} element
 * @param {{dispatch: Dispatch}} context
 * @returns {(state: State, strip: StripModel | null) => void} render
 */
export function mountSentence(element, { dispatch }) {
  const reset = byId("sentence-reset", HTMLButtonElement);
  reset.addEventListener("click", () => dispatch({ type: "command", command: { type: "reset" } }));
  /** @type {State | null} */
  let before = null;
  let written = 0;
  let announced = "";
  return (state, strip) => {
    const pressing = state.connection !== before?.connection || state.notice !== before?.notice || state.status?.state !== before?.status?.state;
    before = state;
    const now = performance.now();
    if (!pressing && state.status?.state === "playing" && now - written < READING_MS) return;
    written = now;

    const sentence = sentenceOf(state, strip);
    element.dataset.kind = sentence.kind;
    setText("sentence-text", sentence.text);
    element.title = sentence.text;
    reset.hidden = !sentence.reset;
    setText("ratio", ratioText(state.lanes[0], strip));

    const said = announcement(state, sentence);
    if (said !== announced) setText("announcements", (announced = said));
  };
}

/**
 * What a screen reader says: changes of status, not every number.
 * @param {State} state
 * @param {Sentence} sentence
 */
function announcement(state, sentence) {
  if (sentence.kind !== "info") return sentence.text;
  if (state.notice) return state.notice.text;
  if (state.status?.state === "playing") return "Playing";
  return state.status ? `Paused at step ${formatCount(state.lanes[0]?.frame?.step ?? 0)}` : "";
}
