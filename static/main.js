/**
 * The page's composition root: the only module that knows all the others.
 *
 *     socket -> decode -> reduce -> one painting a frame of the browser -> views and panels
 *     control -> dispatch -> socket, or reduce where it concerns this browser alone
 *
 * Nothing is painted that has not changed. A picture is acknowledged once it was painted, and so the server sends no more than
 * this machine can draw; training never waits for it.
 *
 * The first picture comes before everything else: panels, chart and own data are loaded once it is painted.
 *
 * @import {Action, State, StripModel} from "./types.js"
 * @import {Furniture} from "./furniture.js"
 */

import { Connection } from "./connection.js";
import { exposed } from "./exposed.js";
import { Asking } from "./inspector/asking.js";
import { Link } from "./link.js";
import { aimed, viewOf } from "./lanes.js";
import { isFocused } from "./panels/access.js";
import { recallToken, rememberToken } from "./memory.js";
import { followPointer } from "./pointer.js";
import { Stage } from "./stage.js";
import { initialState, reduce } from "./state.js";
import { subscriptionOf } from "./subscription.js";
import { readPalette } from "./theme.js";
import { Tracks } from "./tracks.js";
import { knownIn, knownLane, knownStrip } from "./walkthrough.js";

const PULL_MS = 100;
/** While only numbers run, panels are written this often: faster than that nobody reads. */
const PANELS_MS = 100;
const SOON_MS = 60;
const NOTICE_MS = 12_000;

/** @template {HTMLElement} T @param {string} id @param {new () => T} kind @returns {T} */
function byId(id, kind) {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`the page has no ${kind.name} #${id}`);
  return element;
}

const page = byId("page", HTMLElement);
const catalog = JSON.parse(byId("catalog", HTMLScriptElement).text);
let state = initialState(catalog);
let palette = readPalette();

// What is on the screen: the state that was painted last, and how many distinct steps there have been.
let painted = state;
let framesDrawn = 0;
let stripPainted = /** @type {StripModel | null} */ (null);
Object.defineProperty(window, "backflow", { value: exposed(() => ({ state: painted, frames: framesDrawn, strip: stripPainted })), enumerable: true });

const link = new Link(catalog.defaults, (text) => change({ type: "ui/notice", notice: { kind: "error", text } }));
const connection = new Connection(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/socket`, {
  page: crypto.getRandomValues(new Uint32Array(4)).join("-"),
  token: recallToken(location.hash.slice(1)),
  run: () => state.lanes[0]?.spec ?? link.read("The default run is shown instead."),
  receive,
  remember: rememberToken,
});
const tracks = new Tracks((command) => connection.send(command));
const asking = new Asking((question) => connection.send(question), (wait) => setTimeout(schedule, wait));

// ---- in: from the server, and from the person in front of the page

/** Pictures that have come and not been painted yet, by number. @type {Set<number>} */
const unacknowledged = new Set();

/** @param {Action} action  a message of the server, or a change of the connection */
function receive(action) {
  switch (action.type) {
    case "rows":
      if (tracks.answer(action.rows)) scheduleSoon();
      return;
    case "frame":
      unacknowledged.add(action.frame.picture);
      break;
    case "maps":
      unacknowledged.add(action.maps.picture);
      break;
    case "welcome":
      tracks.restart(!action.resumed);
      asking.restart();
      unacknowledged.clear();
      subscribed = "";
      break;
    case "inspection":
      asking.settle(action.command);
      schedule();
      break;
    case "rejected":
      if (asking.settle(action.command)) return; // of what has gone meanwhile
      tracks.refused(action.command);
      break;
  }
  change(action);
  const lane = state.lanes[0];
  if (lane) furniture?.receive(action, lane);
  if (action.type === "layout") {
    const { layout, spec } = state.lanes[action.lane];
    if (layout && !layout.past) tracks.follow(layout, `${spec.data?.name} ${spec.network?.loss}`);
  }
  if (action.type === "status") tracks.keep(state.lanes.length);
  if (unacknowledged.size > 0) schedule(); // one that was dropped is acknowledged as well
}

/** @param {Action} action */
function dispatch(action) {
  if (action.type === "command") send(aimed(action.command, state));
  else change(action);
}

/** @param {{type: string, [field: string]: unknown}} command @returns {number}  its id; 0 where it was not sent, which is told */
function send(command) {
  const id = connection.send(command);
  if (id === 0) {
    change({ type: "ui/notice", notice: { kind: "error", text: "There was no connection to the server just then: nothing was changed." } });
  }
  return id;
}

/** @param {Action} action */
function change(action) {
  const before = state;
  state = reduce(state, action);
  if (state === before) return;
  if (state.notice !== before.notice) forgetNotice();
  if (state.lanes[0] && state.lanes[0].spec !== before.lanes[0]?.spec) link.follow(state.lanes[0].spec);
  if (state.ui.theme !== before.ui.theme) changeTheme();
  schedule();
}

let subscribed = "";

/** Asks for what is shown now, where that has changed. */
function subscribe() {
  if (!connection.ready) return;
  const command = subscriptionOf(viewOf(state), stage.showsCells || (furniture?.decks.showsCells ?? false));
  const wanted = JSON.stringify(command);
  if (wanted === subscribed) return;
  subscribed = wanted;
  connection.send(command);
}

let noticeTimer = 0;

function forgetNotice() {
  clearTimeout(noticeTimer);
  if (state.notice === null || state.connection === "closed") return;
  const { notice } = state;
  noticeTimer = window.setTimeout(() => state.notice === notice && change({ type: "ui/notice", notice: null }), NOTICE_MS);
}

// ---- out: to the screen

const stage = new Stage(
  {
    network: byId("network-canvas", HTMLCanvasElement),
    strip: byId("strip-canvas", HTMLCanvasElement),
    output: byId("output-canvas", HTMLCanvasElement),
  },
  catalog,
  schedule,
  paint,
);
/** @type {Furniture | null} */
let furniture = null;
let furnishing = false;
/** A button that was clicked before anything listened to it; menus open by themselves. @type {HTMLButtonElement | null} */
let early = null;
page.addEventListener("click", noteEarlyClick);

/** @param {Event} event */
function noteEarlyClick({ target }) {
  early = target instanceof Element ? target.closest("button:not([popovertarget])") : null;
}

/** Loads what the page has beside its pictures: after the first of them, or when none is to be expected. */
async function furnish() {
  if (furnishing) return;
  furnishing = true;
  try {
    const { Furniture } = await import("./furniture.js");
    furniture = new Furniture({ state: () => viewOf(state), dispatch, send, changed: schedule, resized: paint, catalog, palette });
  } catch (error) {
    byId("sentence-text", HTMLElement).textContent = "The rest of the page did not come: reload it.";
    throw error;
  }
  paint();
  page.removeEventListener("click", noteEarlyClick);
  page.removeAttribute("aria-busy");
  early?.click();
}

let scheduled = false;

function schedule() {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(paint);
}

let soon = 0;

/** For what may wait for the next picture, but not for long: a painting of its own costs as much as the picture's. */
function scheduleSoon() {
  if (soon === 0) soon = window.setTimeout(schedule, SOON_MS);
}

let panelsTime = 0;
let panelsTimer = 0;
/** Where the columns were when panels were written last. @type {unknown} */
let columns = null;

function paint() {
  scheduled = false;
  clearTimeout(soon);
  soon = 0;
  const view = viewOf(state);
  const lane = view.lanes[0];
  furniture?.sketch.flush();
  if (!lane || !(stage.waits(lane) || furniture?.decks.waits(state))) {
    const strips = tracks.strips(state);
    const model = strips[state.ui.lane] ?? null;
    page.classList.toggle("focus", isFocused(state));
    const company = furniture?.decks.arrange(state, strips, palette) ?? null;
    stage.paint(view, model, palette, furniture?.sketch, company);
    furniture?.decks.paint(state, strips, palette, company);
    furniture?.chart.show(tracks.all(state.lanes.length), state.ui.lossLog, state.past.branches, state.status?.looking ?? null, state.past.marks);
    const known = knownIn(lane?.layout, state.ui);
    const shown = known && lane ? { ...view, lanes: [knownLane(lane, known)] } : view; // read-outs leave out what is not known
    furniture?.showDrawer(shown, tracks.series(state.ui.lane), palette, stage.columns);
    paintPanels(shown, known && known.deltas > 0 ? null : model);
    countFrame();
    painted = state;
    stripPainted = model && known ? knownStrip(model, known) : model;
  }
  subscribe();
  asking.follow(state, performance.now());
  if (framesDrawn > 0 || ["reconnecting", "closed"].includes(state.connection)) void furnish();
  for (const picture of unacknowledged) connection.send({ type: "ack", picture });
  unacknowledged.clear();
}

/** @param {State} view  of the selected lane @param {StripModel | null} model */
function paintPanels(view, model) {
  if (furniture === null) return;
  const now = performance.now();
  const wait = panelsTime + PANELS_MS - now;
  const places = { ...stage.places(view, model), compact: furniture.decks.compact };
  if (wait > 0 && places.columns === columns && onlyNumbersRan(painted, state)) {
    clearTimeout(panelsTimer);
    panelsTimer = window.setTimeout(schedule, wait);
    return;
  }
  clearTimeout(panelsTimer);
  panelsTime = now;
  columns = places.columns;
  furniture.panels(view, places);
  furniture.decks.panels(state);
}

/** @param {State} before @param {State} after  whether nothing but frames, maps and counters came between */
function onlyNumbersRan(before, after) {
  if (before.ui !== after.ui || before.inspection !== after.inspection || before.notice !== after.notice || before.connection !== after.connection) return false;
  if (before.status?.state !== after.status?.state || before.past !== after.past) return false;
  if (before.status?.looking !== after.status?.looking || before.status?.replay !== after.status?.replay || before.status?.writing !== after.status?.writing) return false;
  if (before.lanes.length !== after.lanes.length || after.lanes.length === 0) return false;
  return after.lanes.every(({ layout, spec, diverged }, index) => {
    const old = before.lanes[index];
    return old.layout === layout && old.spec === spec && old.diverged === diverged;
  });
}

function countFrame() {
  const [old, now] = [viewOf(painted).lanes[0]?.frame, viewOf(state).lanes[0]?.frame];
  if (now && (now.step !== old?.step || now.timeline !== old.timeline)) framesDrawn++;
}

function changeTheme() {
  document.documentElement.dataset.theme = state.ui.theme;
  palette = readPalette();
  furniture?.chart.dress(palette);
  furniture?.decks.repaint();
  stage.repaint();
}

// ---- begin

followPointer(byId("network-canvas", HTMLCanvasElement), {
  state: () => viewOf(state),
  hit: (x, y, touch) => stage.hit(viewOf(state), x, y, touch),
  dispatch,
});
setInterval(() => tracks.pull(state), PULL_MS);
addEventListener("hashchange", ({ newURL }) => {
  const spec = link.read("Nothing was changed.", new URL(newURL).hash);
  if (spec) dispatch({ type: "command", command: { type: "open", spec } });
  else link.flush();
});
schedule();
connection.open();
