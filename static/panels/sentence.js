/**
 * The sentence row: what is the matter, in one sentence, most pressing first. Pure but for its last function.
 *
 * @import {State, Lane, Layout, StripModel, Dispatch, Verdict} from "../types.js"
 *
 * @typedef {object} Sentence
 * @property {"error" | "diverged" | "reconnecting" | "watching" | "walk" | "verdict" | "past" | "demo" | "info"} kind
 * @property {string} text
 * @property {string} [short]  the same in fewer words
 * @property {boolean} reset  whether Reset is offered beside it
 * @property {Remedy | null} [cure]  what one click does about it
 * @property {Verdict | null} [verdict]
 *
 * @typedef {{text: string, help: string, commands: Record<string, any>[]}} Remedy
 */
import { cureCommandsOf, demoOf } from "../demos.js";
import { formatCount, formatNumber, formatPercent } from "../format.js";
import { PLAY } from "../hands.js";
import { LETTERS } from "../lanes.js";
import { isWatching, specOf } from "./access.js";
import { byId, setFitting, setHelp, setText } from "./dom.js";
import { knownAt, plainSentence, withoutLimit } from "../walkthrough.js";
import { WAYS, rescueCommands } from "../rescue.js";
import { layerName, networkName } from "./names.js";
import { stripTexts } from "./ratio.js";

/** While training, words change at most this often: faster than that nobody reads. */
const READING_MS = 250;

/**
 * @param {State} state
 * @returns {Sentence} never empty
 */
export function sentenceOf(state) {
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
  if (lane?.layout && state.ui.walk !== null && !status?.replay) return { kind: "walk", text: walkText(state, lane.layout), short: plainSentence(lane.layout, knownAt(lane.layout, state.ui.walk)), reset: false };
  const time = timeText(state);
  if (time) return { kind: "past", text: time, reset: false };
  const verdict = lane?.verdicts[0] ?? null;
  if (diverged) return { kind: "diverged", ...divergence(lane, verdict), reset, cure: offered(state, verdict), verdict };
  if (status?.state === "diverged") {
    return { kind: "diverged", text: "Another lane’s numbers are not finite any more, and all lanes stopped with it: remove it, or", reset: !isWatching(state) };
  }
  if (verdict) return { kind: "verdict", text: ofLane(state, `${verdict.sentence} ${verdict.why}`), short: ofLane(state, verdict.sentence), reset: false, cure: offered(state, verdict), verdict };
  if (isWatching(state)) return { kind: "watching", text: "You are watching; the controls belong to another tab.", reset: false };
  if (!lane?.layout || !status) return { kind: "info", text: "Connecting to the engine…", reset: false };
  const demo = demoOf(specOf(state), state.catalog);
  if (demo) return { kind: "demo", text: demo.watch, reset: false, cure: demoCure(demo) };
  if (status.state === "paused" && (lane.frame?.step ?? 0) === 0) {
    return { kind: "info", text: `Press ${PLAY}: ${networkName(lane.layout)} begins to learn.`, reset: false };
  }
  return { kind: "info", text: ofLane(state, progress(lane, status.state === "playing")), reset: false };
}

/**
 * Of which lane something is said, where there are several.
 * @param {State} state
 * @param {string} text
 */
function ofLane({ status, ui }, text) {
  return (status?.lanes ?? 1) > 1 && text !== "" ? `${LETTERS[ui.lane]}: ${text}` : text;
}

/**
 * What is said of the stage that is walked to: the engine's sentence once that has come.
 * @param {State} state
 * @param {Layout} layout
 */
function walkText({ ui, inspection, lanes }, layout) {
  const known = knownAt(layout, ui.walk ?? 0);
  const { stage, step, revision, sentence } = inspection ?? {};
  const fits = stage === known.stage && step === lanes[0].frame?.step && revision === layout.revision;
  return fits && sentence ? opening(withoutLimit(sentence).said) : plainSentence(layout, known);
}

/**
 * The sentences that have room in the row; the rest stands with the formulas.
 * @param {string} text
 */
function opening(text) {
  const [first, ...rest] = text.split(/(?<=\.) (?=\p{Lu})/u);
  return rest.reduce((said, next) => (said.length + next.length < ROW ? `${said} ${next}` : said), first);
}

/** Letters that the row holds. */
const ROW = 130;

/**
 * That a past step is looked at, or how far the way to it is; or how far a file is.
 * @param {State} state
 */
function timeText({ status }) {
  if (status?.replay) {
    const { from_step: from, step, target } = status.replay;
    const share = formatPercent((step - from) / Math.max(1, target - from));
    return `Computing step ${formatCount(target)} again: ${share} of the way is done.`;
  }
  if (status?.writing != null) return `Writing the scalars of all steps: ${formatPercent(status.writing)} of them are done.`;
  if (status?.looking == null) return "";
  return `You are looking at step ${formatCount(status.looking)} of ${formatCount(status.step)}.`;
}

/** Whether something is computed that can be given up. @param {State} state */
function isUnderWay({ status }) {
  return status?.replay != null || status?.writing != null;
}

/**
 * What the training has come to: how much of the data the network gets right, seen and unseen. While it runs, that was found out at
 * the end of an epoch, and the counter has gone on since: then it is told of that step, as what it was.
 *
 * @param {Lane} lane
 * @param {boolean} playing
 */
function progress({ frame, evaluation }, playing) {
  const step = frame?.step ?? 0;
  const now = !playing && evaluation?.step === step;
  if (!evaluation || (!now && (evaluation.step === 0 || evaluation.step > step))) return onlyLoss(frame);
  const when = now ? `After ${formatCount(step)} ${step === 1 ? "step" : "steps"}` : `At step ${formatCount(evaluation.step)}`;
  const { train, test } = evaluation;
  if (train.accuracy === null || test.accuracy === null) {
    return `${when}, the loss ${now ? "is" : "was"} ${formatNumber(train.loss)} on the training samples and ${formatNumber(test.loss)} on the test samples.`;
  }
  return `${when}, ${formatPercent(train.accuracy)} of the training samples ${now ? "are" : "were"} right, and ${formatPercent(test.accuracy)} of the test samples.`;
}

/** What is known before the first epoch is over. @param {Lane["frame"]} frame */
function onlyLoss(frame) {
  const loss = `he loss on the coming batch is ${formatNumber(frame?.loss)}`;
  return frame && frame.epoch < 1 ? `The first epoch is under way: t${loss}.` : `T${loss}.`;
}

/**
 * The first cure that a verdict offers.
 * @param {State} state
 * @param {Verdict | null} verdict
 * @returns {Remedy | null}
 */
function offered(state, verdict) {
  const offer = verdict?.cures[0];
  if (!offer || isWatching(state)) return null;
  return { text: `Cure: ${offer.short}`, help: `${offer.title}. ${WAYS[offer.way]}.`, commands: rescueCommands(offer, 0) };
}

/** @param {import("../demos.js").Demo} demo @returns {Remedy | null} */
function demoCure(demo) {
  const cure = demo.cures?.[0];
  return cure ? { text: `Cure: ${cure.short}`, help: `${cure.title}. ${WAYS.restart}.`, commands: cureCommandsOf(demo, cure) } : null;
}

/** @param {Lane} lane @param {Verdict | null} verdict @returns {{text: string, short?: string}} */
function divergence({ diverged, layout }, verdict) {
  if (!diverged) return { text: "" };
  const tensor = diverged.tensor.replace(/^\d+\./, "");
  const where = layout ? layerName(layout, diverged.layer) : `layer ${diverged.layer + 1}`;
  const stopped = `Stopped at step ${formatCount(diverged.step)}: the ${tensor} of ${where} is not finite any more.`;
  return verdict?.name === "exploding" ? { text: `${stopped} ${verdict.why}`, short: stopped } : { text: `${stopped} Lower the learning rate, or` };
}

/**
 * @param {HTMLElement} element
 * @param {{dispatch: Dispatch}} context
 * @returns {(state: State, strip: StripModel | null) => void} render
 */
export function mountSentence(element, { dispatch }) {
  const reset = byId("sentence-reset", HTMLButtonElement);
  const cure = byId("sentence-cure", HTMLButtonElement);
  const why = byId("sentence-why", HTMLButtonElement);
  const autopsy = byId("sentence-autopsy", HTMLButtonElement);
  /** @type {Record<string, any>[]} */
  let commands = [];
  reset.addEventListener("click", () => dispatch({ type: "command", command: { type: "reset" } }));
  cure.addEventListener("click", () => {
    for (const command of commands) dispatch({ type: "command", command });
  });
  /** @type {State | null} */
  let before = null;
  let written = 0;
  let step = 0;
  let announced = "";
  let watched = "";
  return (state, strip) => {
    const lane = state.lanes[0];
    // Beside the strip's numbers, and as often as they are written.
    setFitting("ratio", lane?.layout && strip ? stripTexts(lane.layout, strip).map((text) => ofLane(state, text)) : [""]);
    const wentBack = (lane?.frame?.step ?? 0) < step; // of what is gone nothing may be told
    const pressing = wentBack || isPressing(before, state);
    before = state;
    const now = performance.now();
    if (!pressing && state.status?.state === "playing" && now - written < READING_MS) return;
    written = now;
    step = lane?.frame?.step ?? 0;

    const sentence = sentenceOf(state);
    element.dataset.kind = sentence.kind;
    element.title = sentence.text;
    reset.hidden = !sentence.reset;
    const still = isWatching(state) || sentence.kind !== "past";
    byId("sentence-continue").hidden = byId("sentence-present").hidden = still || isUnderWay(state);
    byId("sentence-give-up").hidden = still || !isUnderWay(state);
    cure.hidden = !sentence.cure;
    commands = sentence.cure?.commands ?? [];
    setText("sentence-cure", sentence.cure?.text ?? "");
    setHelp(cure, sentence.cure?.help ?? "");
    autopsy.hidden = sentence.kind !== "diverged" || !lane?.autopsy;
    write(element, sentence, why);

    // A demo's sentences are read once; then its status is what changes.
    const said = sentence.kind === "demo" && sentence.text === watched ? standing(state) : announcement(state, sentence);
    watched = sentence.kind === "demo" ? sentence.text : "";
    if (said !== announced) setText("announcements", (announced = said));
  };
}

/**
 * Writes the sentence; where it has no room, in fewer words, as many as have, and with "More" beside them. A walk's goes on in its
 * formulas anyway.
 *
 * @param {HTMLElement} row
 * @param {Sentence} sentence
 * @param {HTMLElement} more
 */
function write(row, { kind, text, short = text, verdict }, more) {
  const place = byId("sentence-text");
  const beside = [...row.querySelectorAll("button:not(#sentence-why, [hidden])")].map(({ textContent }) => textContent);
  const now = [text, short, verdict !== undefined, row.clientWidth, document.documentElement.dataset.theme, ...beside].join("|");
  if (now === row.dataset.written) return;
  row.dataset.written = now;
  const fits = (/** @type {string} */ words) => {
    if (place.textContent !== words) place.textContent = words;
    return place.scrollWidth <= place.clientWidth && place.scrollHeight <= place.clientHeight + 1;
  };
  more.hidden = !verdict;
  if (fits(text)) return;
  more.hidden = kind === "walk";
  if (!fits(short)) more.hidden = false;
}

/**
 * Whether what has changed is told at once; where only numbers have, words may wait.
 * @param {State | null} before
 * @param {State} now
 */
function isPressing(before, now) {
  const [was, is] = [before?.status, now.status];
  if (now.lanes[0]?.verdicts !== before?.lanes[0]?.verdicts || now.connection !== before?.connection || now.notice !== before?.notice) return true;
  return is?.state !== was?.state || is?.looking !== was?.looking || is?.writing !== was?.writing;
}

/**
 * What a screen reader says: changes of status, not every number.
 * @param {State} state
 * @param {Sentence} sentence
 */
function announcement(state, sentence) {
  // A verdict's numbers move with the steps; what is said of it is what holds.
  if (sentence.verdict && sentence.kind === "verdict") return sentence.verdict.sentence.replace(/:.*$/, ".");
  if (sentence.kind !== "info") return sentence.text;
  if (state.notice) return state.notice.text;
  return standing(state);
}

/** @param {State} state */
function standing(state) {
  if (state.status?.state === "playing") return "Playing";
  return state.status ? `Paused at step ${formatCount(state.lanes[0]?.frame?.step ?? 0)}` : "";
}
