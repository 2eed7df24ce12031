/**
 * "Your data": the dialog with its two ways, drawing points and a CSV. What reads tables is loaded when it is first asked for.
 *
 * @import {State, Dispatch, Lane} from "../types.js"
 * @import {Sketch} from "../owndata/sketch.js"
 */
import { canContinue } from "../owndata/sketch.js";
import { byId } from "./dom.js";
import { EXTENSION, openRun } from "./files.js";
import { mountSketch } from "./sketch.js";
import { bindTabs } from "./tabs.js";

/**
 * @param {{dispatch: Dispatch, catalog: Record<string, any>, sketch: Sketch}} context
 * @returns {(state: State) => void} render
 */
export function mountOwnData({ dispatch, catalog, sketch }) {
  const dialog = byId("own-data", HTMLDialogElement);
  const [drawTab, csvTab] = [byId("tab-draw"), byId("tab-csv")];
  const more = byId("draw-more", HTMLButtonElement);
  const chooseTab = bindTabs([drawTab, csvTab]);
  const renderSketch = mountSketch(byId("sketch-bar"), { dispatch, sketch });
  /** @type {Lane | undefined} */
  let lane;

  /** @type {Promise<{readFile: (file: File) => void}> | null} */
  let csv = null;
  const loadCsv = () =>
    (csv ??= import("./csv.js").then(({ mountCsv }) =>
      mountCsv(byId("own-csv"), catalog.own_data.limits, (prepared) => {
        sketch.end();
        dispatch({ type: "command", command: { type: "own_data", lane: 0, ...prepared } });
        dialog.close();
        byId("play").focus(); // Space is to train, and not to open this again
      }),
    ));
  const open = () => {
    loadCsv();
    if (!dialog.open) dialog.showModal();
  };
  /** @param {boolean} fresh */
  const draw = (fresh) => {
    dialog.close();
    if (!lane) return;
    // What would hide the plane goes: the sheet of the controls, and the rails.
    const sheet = byId("sheet");
    if (sheet.ariaExpanded === "true") sheet.click();
    dispatch({ type: "ui/focus", focus: false });
    sketch.start(lane, fresh);
  };

  byId("own-data-button").addEventListener("click", open);
  // A choice of another data set ends the drawing, the one that it began with as well.
  byId("datasets").addEventListener("click", ({ target }) => {
    if (target instanceof Element && target.closest("[data-dataset]")) sketch.end();
  });
  byId("own-close").addEventListener("click", () => dialog.close());
  byId("draw-afresh").addEventListener("click", () => draw(true));
  more.addEventListener("click", () => draw(false));
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
  // Its keys are its own: Space must not play while a table is being typed.
  dialog.addEventListener("keydown", (event) => event.stopPropagation());

  // A file may be dropped anywhere on the page; without this the browser would leave the page and show it.
  document.addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    if (byId("own-data-button", HTMLButtonElement).disabled) return;
    if (file.name.endsWith(EXTENSION)) return void openRun(file, dispatch);
    open();
    chooseTab(csvTab);
    loadCsv().then(({ readFile }) => readFile(file));
  });

  return (state) => {
    lane = state.lanes[0];
    more.disabled = !lane?.layout || !canContinue(lane.layout);
    more.title = more.disabled ? "The data shown have no plane with classes to add points to." : "";
    renderSketch(state);
  };
}
