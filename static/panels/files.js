/**
 * A run as a file: saved to the person's disk, and opened from there, chosen or dropped.
 *
 * @import {Dispatch, State} from "../types.js"
 */
import { isWatching } from "./access.js";
import { byId } from "./dom.js";

export const EXTENSION = ".backflow";
const MEGABYTE = 2 ** 20;

/**
 * @param {{dispatch: Dispatch}} context
 * @returns {(state: State) => void} render
 */
export function mountFiles({ dispatch }) {
  const panel = byId("share-panel");
  let step = 0;
  const open = byId("open-run", HTMLButtonElement);
  const chosen = byId("open-run-file", HTMLInputElement);
  panel.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("button[data-export], button[data-picture]") : null;
    if (!(button instanceof HTMLElement)) return;
    const { picture } = button.dataset;
    if (picture === "png" || picture === "svg") {
      void import("./picture.js").then(({ savePicture }) => savePicture(picture, `backflow-${step}`));
    } else dispatch({ type: "command", command: { type: "export", what: button.dataset.export } });
  });
  open.addEventListener("click", () => chosen.click());
  chosen.addEventListener("change", () => {
    const file = chosen.files?.[0];
    if (file) openRun(file, dispatch);
    chosen.value = "";
    panel.hidePopover();
  });
  return (state) => {
    open.disabled = isWatching(state);
    step = state.lanes[0]?.frame?.step ?? 0;
  };
}

/**
 * Sends a file to be gone on with. What is too large is refused before it is read.
 * @param {File} file
 * @param {Dispatch} dispatch
 */
export async function openRun(file, dispatch) {
  const limit = Number(byId("share-panel").dataset.fileLimit);
  if (file.size > limit) {
    const text = `A file of ${Math.ceil(file.size / MEGABYTE)} MB refused: must be at most ${limit / MEGABYTE} MB. Nothing was changed.`;
    return dispatch({ type: "ui/notice", notice: { kind: "error", text } });
  }
  dispatch({ type: "command", command: { type: "open_file", file: new Uint8Array(await file.arrayBuffer()) } });
}

/**
 * Hands a file of the server's over to the person; an empty one only says that another was given up.
 * @param {{name: Uint8Array, file: Uint8Array}} content
 */
export function download({ name, file }) {
  if (name.length === 0) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (file)]));
  link.download = new TextDecoder().decode(name);
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
