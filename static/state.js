/**
 * The state of the page and how each action changes it. Pure: `reduce` returns a new state that shares all that is unchanged,
 * so that "is it the same object?" tells whether something has to be drawn again.
 *
 * Frames and maps are kept as they were decoded. One that is not of its lane's current layout (revision and timeline) is dropped.
 *
 * @import {Action, Frame, Lane, Layout, State, Ui} from "./types.js"
 */

import { sentence } from "./format.js";
import { selectedParameter } from "./parameter.js";
import { refusalText } from "./refusal.js";
import { followSelection, sameSelection } from "./selection.js";

/** @type {Lane} */
const EMPTY_LANE = { spec: {}, layout: null, frame: null, maps: null, data: null, evaluation: null, diverged: null, autopsy: null, verdicts: [] };

/** Fields of Ui that are set to what an action of their name carries. */
const UI_FIELDS = /** @type {readonly (keyof Ui)[]} */ ([
  "view", "strip", "scale", "chi", "drawer", "lossLog", "showTest", "theme", "focus", "blank", "table", "everyLane", "walk", "sample", "inspectsLoss",
]);

/**
 * @param {Record<string, any>} catalog  the engine's tables
 * @returns {State}
 */
export function initialState(catalog) {
  return {
    catalog,
    connection: "connecting",
    status: null,
    lanes: [],
    past: { earliest: 0, marks: [], branches: [], begins: [] },
    ui: {
      view: "forward",
      strip: "signals",
      scale: "log",
      chi: false,
      drawer: null,
      lossLog: false,
      showTest: false,
      hover: null,
      pinned: null,
      theme: "light",
      focus: null,
      blank: false,
      table: false,
      lane: 0,
      everyLane: false,
      walk: null,
      sample: 0,
      inspectsLoss: false,
    },
    inspection: null,
    notice: null,
  };
}

/**
 * @param {State} state
 * @param {Action} action
 * @returns {State} the same object where nothing changed
 */
export function reduce(state, action) {
  switch (action.type) {
    case "connection":
      return state.connection === action.connection ? state : { ...state, connection: action.connection };
    case "welcome":
      return action.resumed || state.lanes.length === 0 ? state : beginAgain(state);
    case "spec":
      return changeLane(state, action.lane, () => ({ spec: action.spec }));
    case "layout":
      return takeLayout(state, action);
    case "frame":
      return takeFrame(state, action.frame);
    case "maps":
      return changeLane(state, action.maps.lane, ({ layout }) => (belongs(layout, action.maps) ? { maps: action.maps } : null));
    case "data":
      return changeLane(state, action.data.lane, () => ({ data: action.data }));
    case "evaluation": {
      const { step, train, test, saturated, dead } = action;
      // A picture that was under way may still tell of a lane that has gone.
      return changeLane(state, action.lane, ({ layout }) => layout && { evaluation: { step, train, test, saturated, dead } });
    }
    case "status": {
      const { type, seq, ...status } = action;
      const next = keepLanes({ ...state, status: /** @type {any} */ (status) }, status.lanes ?? 1);
      return begins(state.status, next.status) ? endWalk(next) : next;
    }
    case "marks":
      return { ...state, past: { ...state.past, earliest: action.earliest, marks: action.marks, begins: action.begins } };
    case "branches":
      return { ...state, past: { ...state.past, branches: action.branches } };
    case "diverged": {
      const { type, seq, lane, ...divergence } = action;
      const next = changeLane(endWalk(state), lane, () => ({ diverged: /** @type {any} */ (divergence) }));
      // The page turns to what went wrong.
      return lane === next.ui.lane ? next : changeUi(next, { lane, hover: null, pinned: null });
    }
    case "autopsy": {
      const { type, seq, lane, ...autopsy } = action;
      return changeLane(state, lane, () => ({ autopsy: /** @type {any} */ (autopsy) }));
    }
    case "verdicts":
      return changeLane(state, action.lane, () => ({ verdicts: action.verdicts }));
    case "inspection": {
      const lane = state.lanes[action.lane];
      if (action.lane !== state.ui.lane || !belongs(lane?.layout ?? null, /** @type {any} */ (action))) return state;
      return { ...state, inspection: /** @type {any} */ (action) };
    }
    case "applied":
      return state.notice === null ? state : { ...state, notice: null };
    case "rejected": {
      const lane = state.lanes[state.ui.lane];
      const parameter = selectedParameter(lane, state.ui.pinned);
      const text = refusalText(/** @type {any} */ (action), lane?.spec, state.catalog, parameter);
      return { ...state, notice: { kind: "error", text, field: action.field ?? null } };
    }
    case "notice":
    case "restarted":
    case "stopped":
      return { ...state, notice: { kind: "info", text: sentence(action.message) } };
    case "closed":
      return { ...state, notice: { kind: "error", text: sentence(action.message) } };
    default:
      return reduceUi(state, action);
  }
}

/** @param {State} state @param {Action} action @returns {State} */
function reduceUi(state, action) {
  switch (action.type) {
    case "ui/hover":
      return sameSelection(state.ui.hover, action.selection) ? state : changeUi(state, { hover: action.selection });
    case "ui/pin":
      if (sameSelection(state.ui.pinned, action.selection) && !state.ui.inspectsLoss) return state;
      return changeUi(state, { pinned: action.selection, inspectsLoss: false });
    case "ui/lane":
      // What is selected is a lane's own.
      return action.lane === state.ui.lane ? state : changeUi(endWalk(state), { lane: action.lane, hover: null, pinned: null });
    case "ui/notice":
      return state.notice === action.notice ? state : { ...state, notice: action.notice };
  }
  const field = UI_FIELDS.find((name) => action.type === `ui/${name}`);
  // An event that this version does not know changes nothing, so that a server may say more.
  if (field === undefined || state.ui[field] === action[field]) return state;
  return changeUi(state, { [field]: action[field] });
}

/** @param {State} state @param {Action} action @returns {State} */
function takeLayout(state, action) {
  const { type, seq, ...rest } = action;
  const layout = /** @type {Layout} */ (/** @type {unknown} */ (rest));
  const before = state.lanes[layout.lane]?.layout ?? null;
  const forgotten = before?.revision === VOID;
  const next = changeLane(state, layout.lane, (lane) => ({
    layout,
    frame: belongs(layout, lane.frame) && !forgotten ? lane.frame : null,
    maps: belongs(layout, lane.maps) && !forgotten ? lane.maps : null,
    data: lane.data?.version === layout.data.version && !forgotten ? lane.data : null,
    diverged: before?.timeline === layout.timeline ? lane.diverged : null,
    autopsy: before?.timeline === layout.timeline ? lane.autopsy : null,
  }));
  if (layout.lane !== state.ui.lane) return next;
  // Of another network, or another past, the walk begins again.
  const walk = state.ui.walk !== null && before?.revision !== layout.revision ? 0 : state.ui.walk;
  const hover = followSelection(state.ui.hover, before, layout);
  const pinned = followSelection(state.ui.pinned, before, layout);
  const same = hover === state.ui.hover && pinned === state.ui.pinned && walk === state.ui.walk;
  return same ? next : changeUi(next, { hover, pinned, walk });
}

/**
 * With another step a walk begins again.
 * @param {State} state
 * @param {Frame} frame
 */
function takeFrame(state, frame) {
  const next = changeLane(state, frame.lane, ({ layout }) => (belongs(layout, frame) ? { frame } : null));
  const walks = next !== state && state.ui.walk !== null && frame.lane === state.ui.lane;
  return walks && state.lanes[frame.lane].frame?.step !== frame.step ? changeUi(next, { walk: 0 }) : next;
}

/**
 * @param {State} state
 * @param {number} index
 * @param {(lane: Lane) => Partial<Lane> | null} change  null leaves everything as it is
 * @returns {State}
 */
function changeLane(state, index, change) {
  const lane = state.lanes[index] ?? EMPTY_LANE;
  const changes = change(lane);
  if (changes === null) return state;
  const lanes = state.lanes.slice();
  while (lanes.length < index) lanes.push(EMPTY_LANE);
  lanes[index] = { ...lane, ...changes };
  return { ...state, lanes };
}

/**
 * The lanes that there still are; another is selected where that one went.
 * @param {State} state
 * @param {number} count
 * @returns {State}
 */
function keepLanes(state, count) {
  const next = state.lanes.length > count ? { ...state, lanes: state.lanes.slice(0, count) } : state;
  const gone = next.ui.lane >= count;
  if (!gone && (count > 1 || !next.ui.everyLane)) return next;
  const lane = gone ? { lane: count - 1, hover: null, pinned: null } : {};
  return changeUi(next, { ...lane, everyLane: count > 1 && next.ui.everyLane });
}

/**
 * Whether the run begins to play, or ends: a step's stages stand still only while nothing moves.
 * @param {State["status"]} before
 * @param {State["status"]} now
 */
function begins(before, now) {
  return now?.state !== "paused" && before?.state !== now?.state;
}

/** @param {State} state @returns {State} */
function endWalk(state) {
  return state.ui.walk === null ? state : changeUi(state, { walk: null });
}

/** @param {State} state @param {Partial<Ui>} changes @returns {State} */
function changeUi(state, changes) {
  return { ...state, ui: { ...state.ui, ...changes } };
}

/**
 * @param {Layout | null} layout
 * @param {{revision: number, timeline: number} | null} message
 */
function belongs(layout, message) {
  return layout !== null && message !== null && message.revision === layout.revision && message.timeline === layout.timeline;
}

/**
 * The server has lost the run (it was started again) and opened another from the same spec, at step 0.
 * @param {State} state
 * @returns {State}
 */
function beginAgain(state) {
  const text = "The server was started again and does not have this run any more: it begins anew, with the same configuration.";
  return { ...state, lanes: state.lanes.map(forgetLayout), notice: { kind: "info", text } };
}

/** A revision that no message has. */
const VOID = -1;

/**
 * Another session begins, whose revisions count from the same 1: what is shown stays until its layout comes, and nothing else.
 * @param {Lane} lane
 * @returns {Lane}
 */
function forgetLayout(lane) {
  return { ...lane, layout: lane.layout && { ...lane.layout, revision: VOID, timeline: VOID }, evaluation: null, diverged: null, autopsy: null, verdicts: [] };
}
