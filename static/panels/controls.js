/**
 * The left panel: data, training, start weights. Entries and menus are bound by their path (bind.js); here is what is more
 * than one value: the pictures of the data sets, the features, the coefficients that belong to an optimizer or the like.
 *
 * @import {State, Dispatch, RunSpec} from "../types.js"
 */
import { formatCount, formatExact } from "../format.js";
import { readPalette } from "../theme.js";
import { isWatching, specOf } from "./access.js";
import { bindControls } from "./bind.js";
import { byId, setHelp, setText } from "./dom.js";
import { MIXED, readPath, readPaths } from "./paths.js";
import { mountSchedule } from "./schedule.js";
import { drawThumbnail } from "./thumbnails.js";

/** The name of a data set that is none of the table's, but the person's own. */
const OWN = "own";
/** Where the window is this tall, nothing has to be folded. */
const TALL = 880;

/**
 * @param {HTMLElement} element
 * @param {{dispatch: Dispatch, catalog: Record<string, any>}} context
 * @returns {(state: State) => void} render
 */
export function mountControls(element, { dispatch, catalog }) {
  const bound = bindControls(element, dispatch);
  const pictures = mountPictures(byId("datasets"), { dispatch, catalog });
  const schedule = mountSchedule();
  const features = mountFeatures(byId("features"), { dispatch, catalog });
  const newSeed = byId("new-seed", HTMLButtonElement);
  newSeed.addEventListener("click", () => dispatch({ type: "command", command: { type: "new_seed" } }));
  if (innerHeight >= TALL) for (const group of element.querySelectorAll("details")) group.open = true;

  /** @type {RunSpec | undefined} */
  let shown;
  return (state) => {
    const spec = specOf(state);
    newSeed.disabled = isWatching(state) || !spec;
    pictures(state);
    features(state);
    schedule(state);
    if (spec && spec !== shown) {
      showCoefficients(element, spec);
      markUnused(element, catalog, spec);
      summarise(catalog, spec);
      shown = spec;
    }
    bound(state);
  };
}

/**
 * The coefficients of every optimizer, schedule and loss stand in the page; those of the others are hidden and take no part.
 * @param {HTMLElement} element
 * @param {RunSpec} spec
 */
function showCoefficients(element, spec) {
  for (const group of /** @type {NodeListOf<HTMLElement>} */ (element.querySelectorAll("[data-entry]"))) {
    group.hidden = group.dataset.entry !== readPath(spec, group.dataset.of ?? "");
  }
}

/**
 * @param {Record<string, any>} catalog
 * @param {RunSpec} spec
 */
function dataRecord(catalog, { data: { name, own } }) {
  return name === OWN ? { ...catalog.own_data, features: own.inputs.length === 2 } : catalog.datasets[name];
}

/**
 * What the chosen data set does not have stays in its place, switched off.
 * @param {HTMLElement} element
 * @param {Record<string, any>} catalog
 * @param {RunSpec} spec
 */
function markUnused(element, catalog, spec) {
  const { noise } = dataRecord(catalog, spec);
  for (const control of /** @type {NodeListOf<HTMLElement>} */ (element.querySelectorAll('[data-path="data.noise"]'))) {
    control.toggleAttribute("data-unused", !noise);
  }
}

/**
 * What a closed group holds, in its heading.
 * @param {Record<string, any>} catalog
 * @param {RunSpec} spec
 */
function summarise(catalog, spec) {
  const { data, training } = spec;
  const init = readPaths(spec, ["network.hidden.*.init", "network.output_init"]);
  const penalties = [
    training.l1 > 0 && `L1 ${formatExact(training.l1)}`,
    training.l2 > 0 && `L2 ${formatExact(training.l2)}`,
    training.clip_value !== null && `clip ${formatExact(training.clip_value)}`,
    training.clip_norm !== null && `norm ${formatExact(training.clip_norm)}`,
    training.max_norm !== null && `max ${formatExact(training.max_norm)}`,
  ].filter(Boolean);
  const noises = [
    training.label_smoothing > 0 && `smooth ${formatExact(training.label_smoothing)}`,
    training.input_noise > 0 && `inputs ${formatExact(training.input_noise)}`,
    training.gradient_noise > 0 && `grad. ${formatExact(training.gradient_noise)}`,
    training.patience !== null && `patience ${training.patience}`,
  ].filter(Boolean);
  const { title, help } = dataRecord(catalog, spec);
  setText("now-data", `${title}, ${formatCount(data.samples)}`);
  setText("now-training", `${catalog.optimizers[training.optimizer].title}, ${training.batch_size}`);
  setText("now-penalty", penalties.join(", ") || "none");
  setText("now-noise", noises.join(", ") || "none");
  setText("now-start", init === MIXED ? "mixed" : catalog.initializers[init].title);
  setText("chosen-dataset", title);
  setHelp(byId("chosen-dataset"), help);
}

/**
 * @param {HTMLElement} element
 * @param {{dispatch: Dispatch, catalog: Record<string, any>}} context
 * @returns {(state: State) => void} render
 */
function mountPictures(element, { dispatch, catalog }) {
  const buttons = [...element.querySelectorAll("button")];
  const sets = buttons.filter((button) => button.dataset.dataset !== undefined); // the last one brings own data
  for (const button of sets) {
    button.addEventListener("click", () => {
      dispatch({ type: "command", command: { type: "patch", lane: 0, changes: { "data.name": button.dataset.dataset } } });
    });
  }
  element.addEventListener("keydown", (event) => walk(event, buttons));
  const draw = () => {
    if (element.clientWidth === 0) return; // its group is closed
    const palette = readPalette();
    for (const button of sets) paint(button, catalog.datasets[button.dataset.dataset ?? ""], palette);
  };
  new ResizeObserver(draw).observe(element);
  let [shown, theme] = ["", "light"];
  return (state) => {
    const chosen = specOf(state)?.data.name;
    const watching = isWatching(state);
    if (state.ui.theme !== theme) draw();
    theme = state.ui.theme;
    if (shown === `${chosen} ${watching}`) return;
    shown = `${chosen} ${watching}`;
    for (const button of buttons) {
      const checked = (button.dataset.dataset ?? OWN) === chosen;
      button.setAttribute("aria-checked", String(checked));
      button.tabIndex = checked ? 0 : -1;
      button.disabled = watching;
    }
  };
}

/**
 * @param {HTMLButtonElement} button
 * @param {import("./thumbnails.js").DataRecord} record
 * @param {import("../types.js").Palette} palette
 */
function paint(button, record, palette) {
  const canvas = /** @type {HTMLCanvasElement} */ (button.firstElementChild);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const size = button.clientWidth;
  canvas.width = canvas.height = Math.round(size * devicePixelRatio);
  context.setTransform(canvas.width / size, 0, 0, canvas.height / size, 0, 0);
  drawThumbnail(context, record, size, palette);
}

/**
 * Arrow keys walk the pictures; Space or Enter chooses, for a choice begins a new run.
 * @param {KeyboardEvent} event
 * @param {HTMLButtonElement[]} buttons
 */
function walk(event, buttons) {
  const steps = /** @type {Record<string, number>} */ ({ ArrowLeft: -1, ArrowRight: 1, ArrowUp: -5, ArrowDown: 5 });
  const step = steps[event.key];
  const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
  if (!step || at < 0) return;
  event.preventDefault();
  buttons[Math.min(buttons.length - 1, Math.max(0, at + step))].focus();
}

/**
 * @param {HTMLElement} element
 * @param {{dispatch: Dispatch, catalog: Record<string, any>}} context
 * @returns {(state: State) => void} render
 */
function mountFeatures(element, { dispatch, catalog }) {
  const buttons = [...element.querySelectorAll("button")];
  /** @type {string[]} */
  let features = [];
  for (const button of buttons) {
    const name = button.dataset.feature ?? "";
    button.addEventListener("click", () => {
      const chosen = features.includes(name) ? features.filter((each) => each !== name) : [...features, name];
      // In the table's order, so that the same set is always the same network.
      const ordered = Object.keys(catalog.features).filter((each) => chosen.includes(each));
      dispatch({ type: "command", command: { type: "patch", lane: 0, changes: { "data.features": ordered } } });
    });
  }
  /** @type {RunSpec | undefined} */
  let shown;
  let watching = false;
  return (state) => {
    const spec = specOf(state);
    if (!spec || (spec === shown && watching === isWatching(state))) return;
    [shown, watching] = [spec, isWatching(state)];
    features = spec.data.features;
    const unused = watching || !dataRecord(catalog, spec).features;
    for (const button of buttons) {
      const pressed = features.includes(button.dataset.feature ?? "");
      button.setAttribute("aria-pressed", String(pressed));
      button.disabled = unused || (pressed && features.length === 1);
    }
  };
}
