/**
 * All panels of the page, mounted at once.
 *
 * A panel is `mountX(element, {dispatch, catalog}) -> render(state)`. It reads the state, sends actions, and keeps nothing
 * but what is being typed or dragged at the moment. Every render is cheap when what the panel shows has not changed.
 *
 * Actions of the panels: `{type: "command", command}` (docs/PROTOCOL.md, section 2), and for this browser alone
 * `{type: "ui/view", view}`, `{type: "ui/scale", scale}`, `{type: "ui/lossLog", lossLog}`, `{type: "ui/showTest", showTest}`,
 * `{type: "ui/theme", theme}`, `{type: "ui/pin", selection}` (null lets go).
 *
 * @import {State, Dispatch, Box, StripModel} from "../types.js"
 *
 * @typedef {object} Places  where the network's canvas drew things, in CSS pixels from its left upper corner
 * @property {{layer: number, x: number, width: number}[]} columns  of the geometry, from left to right; empty where nothing is drawn yet
 * @property {Box | null} target  the box around what is pinned, else hovered (selectionBox); the card never covers it
 * @property {StripModel | null} strip  what the strip draws, for its ratio in words
 * @property {boolean} gliding  whether the columns are on their way there
 * @property {boolean} [compact]  whether headers have room for a line at most
 */
import { mountBar } from "./bar.js";
import { mountCard } from "./card.js";
import { mountCompare } from "./compare.js";
import { mountControls } from "./controls.js";
import { mountDemos } from "./demos.js";
import { byId } from "./dom.js";
import { mountDrawer } from "./drawer.js";
import { mountFiles } from "./files.js";
import { mountHeaders } from "./headers.js";
import { mountHelp } from "./help.js";
import { mountKeys } from "./keys.js";
import { mountNetwork } from "./network.js";
import { mountNumbers } from "./numbers.js";
import { mountOutput } from "./output.js";
import { mountOwnData } from "./owndata.js";
import { mountSamples } from "./samples.js";
import { mountSentence } from "./sentence.js";
import { mountShare } from "./share.js";
import { mountMarks } from "./marks.js";
import { mountStrip } from "./strip.js";
import { mountTimeline } from "./timeline.js";
import { mountVerdicts } from "./verdicts.js";
import { mountView } from "./view.js";
import { mountWalk } from "./walk.js";

/**
 * @param {{state: () => State, dispatch: Dispatch, catalog: Record<string, any>, sketch: import("../owndata/sketch.js").Sketch, charted: () => number}} context
 * @returns {(state: State, places: Places) => void} render
 */
export function mountPanels(context) {
  const page = byId("page");
  const panels = [
    mountBar(byId("bar"), context),
    mountDemos(context),
    mountCompare(context),
    mountControls(byId("controls"), context),
    mountNetwork(byId("network"), context),
    mountStrip(byId("strip"), context),
    mountDrawer(context),
    mountOutput(byId("output"), context),
    mountOwnData(context),
    mountView(page, context),
    mountNumbers(context),
    mountVerdicts(context),
    mountShare(context),
    mountFiles(context),
    mountTimeline(context),
    mountWalk(context),
  ];
  const sentence = mountSentence(byId("sentence"), context);
  const headers = mountHeaders(byId("layer-headers"), context);
  const marks = mountMarks(byId("verdict-marks"), context);
  const card = mountCard(byId("card"), context);
  mountSamples(byId("output-canvas", HTMLCanvasElement), context);
  mountKeys(context);
  mountHelp();

  return (state, places) => {
    page.classList.toggle("away", state.connection === "reconnecting" || state.connection === "closed");
    for (const render of panels) render(state);
    sentence(state, places.strip);
    headers(state, places);
    marks(state, places);
    card(state, places);
  };
}
