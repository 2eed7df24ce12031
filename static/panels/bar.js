/**
 * The top bar: transport, counters, pace, undo, and the menus that belong to the page as a whole.
 *
 * @import {State, Dispatch} from "../types.js"
 */
import { formatCount, formatNumber, formatRate } from "../format.js";
import { knownIn } from "../walkthrough.js";
import { isWatching } from "./access.js";
import { bindControls } from "./bind.js";
import { byId, setHelp, setText } from "./dom.js";

/**
 * @param {HTMLElement} element
 * @param {{dispatch: Dispatch}} context
 * @returns {(state: State) => void} render
 */
export function mountBar(element, { dispatch }) {
  const play = byId("play", HTMLButtonElement);
  const pace = byId("pace", HTMLSelectElement);
  const buttons = ["reset", "step", "undo", "redo"].map((id) => byId(id, HTMLButtonElement));
  const [reset, step, undo, redo] = buttons;
  const bound = bindControls(element, dispatch);
  let playing = false;

  /** @param {Record<string, any>} command */
  const send = (command) => dispatch({ type: "command", command });
  play.addEventListener("click", () => send({ type: playing ? "pause" : "play" }));
  for (const button of buttons) {
    button.addEventListener("click", () => send({ type: button.id }));
  }
  pace.addEventListener("change", () =>
    send({ type: "pace", steps_per_second: pace.value === "max" ? null : Number(pace.value) }),
  );

  return (state) => {
    bound(state);
    const { status } = state;
    const lane = state.lanes[0];
    const watching = isWatching(state);
    playing = status?.state === "playing";
    showPlay(play, playing);
    play.disabled = watching || !status || status.state === "diverged";
    step.disabled = play.disabled;
    reset.disabled = pace.disabled = watching || !status;
    undo.disabled = watching || !status?.undo;
    redo.disabled = watching || !status?.redo;
    setHelp(undo, status?.undo ? `Undo: ${status.undo} (Ctrl Z).` : "Nothing to undo yet.");
    setHelp(redo, status?.redo ? `Redo: ${status.redo} (Shift Ctrl Z).` : "Nothing to redo.");
    if (status && document.activeElement !== pace) showPace(pace, status.pace);

    const frame = lane?.frame;
    setText("count-step", formatCount(frame?.step ?? status?.step ?? 0));
    setText("count-epoch", formatCount(Math.floor(frame?.epoch ?? status?.epoch ?? 0)));
    setText("count-loss", formatNumber(knownIn(lane?.layout, state.ui)?.loss === false ? null : frame?.loss));
    setText("count-samples", formatCount((frame?.epoch ?? 0) * (lane?.layout?.data.train ?? 0)));
    setText("count-rate", playing && status ? formatRate(status.steps_per_second) : "–");
  };
}

/**
 * @param {HTMLButtonElement} play
 * @param {boolean} playing
 */
function showPlay(play, playing) {
  const word = playing ? "Pause" : "Play";
  if (play.lastElementChild?.textContent === word) return;
  setText("play-label", word);
  play.querySelector("use")?.setAttribute("href", `#icon-${word.toLowerCase()}`);
}

/**
 * A pace that the menu does not offer (a demo's, another tab's) is added to it rather than misreported.
 * @param {HTMLSelectElement} menu
 * @param {number | null} pace
 */
function showPace(menu, pace) {
  const value = pace === null ? "max" : String(pace);
  if (![...menu.options].some((option) => option.value === value)) {
    const next = [...menu.options].find((option) => option.value === "max" || Number(option.value) > Number(value));
    menu.add(new Option(`${formatRate(Number(value))} / s`, value), next ?? null);
  }
  if (menu.value !== value) menu.value = value;
}
