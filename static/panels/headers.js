/**
 * The headers: one over each column of the network, and a + between two columns that puts a layer there.
 *
 * @import {State, Dispatch, LayerInfo, Layout, RunSpec} from "../types.js"
 * @import {Places} from "./index.js"
 * @import {Group} from "../geometry/groups.js"
 */
import { groupLayers } from "../geometry/groups.js";
import { numberedColumns } from "../geometry/numbers.js";
import { isWatching } from "./access.js";
import { glidingChildren } from "./glide.js";
import { ActivationMenu, RemoveLayer, UnitButtons, send } from "./layer.js";
import { html, render } from "./preact.js";

const FINGER = matchMedia("(pointer: coarse)").matches;
/**
 * Columns at least this wide hold a whole header, and a + beside it, of a shallow network; else a number opens the layer's card.
 * A finger needs more room.
 */
const WHOLE = FINGER ? 148 : 96;
/** Width of a number that is pressed, at least. */
const FINGERTIP = FINGER ? 32 : 0;
/** Hidden layers up to which a header may be whole, and from which on layers alike are named together. */
const SHALLOW = 6;
const GROUPED = 17;
/** A group at least this wide says which layers it holds. */
const NAMED = 64;
/** Columns this wide, for text of 14 px, spell the word "layer", and have room for the + beside it. */
const ROOMY = (FINGER ? 232 : 148) / 14;
/** Room beside a header for the +. */
const BESIDE = 24;

/**
 * @param {HTMLElement} element
 * @param {{dispatch: Dispatch, catalog: Record<string, any>}} context
 * @returns {(state: State, places: Places) => void} render
 */
export function mountHeaders(element, { dispatch, catalog }) {
  const stage = /** @type {HTMLElement} */ (element.parentElement);
  /** @type {any[]} */
  let shown = [];
  const change = glidingChildren(element);
  return (state, { columns, gliding, compact = false }) => {
    const lane = state.lanes[0];
    if (!lane?.layout || columns.length === 0) return;
    const now = [lane.layout, lane.spec, isWatching(state), state.ui.pinned, state.ui.theme, columns.map(({ x }) => x).join(), compact];
    if (now.every((value, i) => value === shown[i])) return;
    shown = now;
    stage.dataset.headers = formOf(lane.layout, columns[0].width, compact);
    const props = { state, columns, compact, room: element.clientWidth, text: sizeOf(element), dispatch, catalog };
    change(() => render(html`<${Headers} ...${props} />`, element), gliding);
  };
}

/**
 * How much a header says: all of a layer; a number that opens its card; numbers, under what layers alike have in common.
 * @param {Layout} layout
 * @param {number} width  of a column
 * @param {boolean} compact  whether there is room for a line at most
 * @returns {"whole" | "number" | "grouped"}
 */
function formOf({ layers }, width, compact) {
  const hidden = layers.length - 1;
  if (hidden >= GROUPED) return "grouped";
  return hidden <= SHALLOW && width >= WHOLE && !compact ? "whole" : "number";
}

/** @param {HTMLElement} element @returns {number} size of its text, in CSS pixels */
function sizeOf(element) {
  return Number.parseFloat(getComputedStyle(element).fontSize);
}

/** @param {{state: State, columns: Places["columns"], compact: boolean, room: number, text: number, dispatch: Dispatch, catalog: Record<string, any>}} props */
function Headers({ state, columns, compact, room, text, dispatch, catalog }) {
  const { spec, layout } = state.lanes[0];
  if (!layout) return null;
  const { layers } = layout;
  const watching = isWatching(state);
  const full = spec.network.hidden.length >= catalog.limits.hidden_layers;
  const form = formOf(layout, columns[0].width, compact);
  const whole = form === "whole";
  const groups = form === "grouped" ? groupLayers(layout, columns) : [];
  const numbers = numberedColumns(columns, text, FINGERTIP);
  const headers = columns.flatMap(({ layer: id, x, width }, place) => {
    const index = place - 1;
    const layer = layers[index];
    const header = layer
      ? html`<${LayerHeader} ...${{ layer, index, spec, watching, dispatch, catalog, whole, numbered: numbers.has(place), width, text, pinned: state.ui.pinned }} />`
      : html`<${InputHeader} ...${{ layout, whole }} />`;
    const next = columns[place + 1];
    const narrow = whole && width < ROOMY * text;
    const kind = narrow ? "layer narrow" : groups.length > 0 ? "layer below" : "layer";
    const own = Math.min(whole && !narrow ? width - BESIDE : width, 2 * x, 2 * (room - x));
    const add = next && whole && html`
      <button type="button" class=${narrow ? "add-layer narrow" : "add-layer"} key=${`before ${next.layer}`} style=${{ left: `${(x + next.x) / 2}px` }}
        aria-label=${`Add a layer ${place === 0 ? "after the inputs" : `after layer ${place}`}`}
        data-help="A new layer here, as near to passing everything on as its activation allows." disabled=${watching || full}
        onClick=${() => send(dispatch, { type: "add_layer", index: place })}>+</button>
    `;
    return [html`<div class=${kind} key=${`layer ${id}`} style=${{ left: `${x}px`, width: `${own}px` }}>${header}</div>`, ...(add ? [add] : [])];
  });
  return [...headers, ...groups.map((group) => html`<${GroupHeader} key=${`group ${group.first}`} ...${{ group, layers, spec, watching, dispatch, catalog }} />`)];
}

/**
 * "1 to 20 Sigmoid": what layers alike have in common, and can be changed in all of them at once.
 * @param {{group: Group, layers: LayerInfo[], spec: RunSpec, watching: boolean, dispatch: Dispatch, catalog: Record<string, any>}} props
 */
function GroupHeader({ group, layers, spec, watching, dispatch, catalog }) {
  const { first, last, left } = group;
  const width = group.right - left;
  const name = first === last ? String(first) : `${first} to ${last}`;
  const props = { layer: layers[first - 1], index: first - 1, last: last - 1, spec, watching, dispatch, catalog };
  return html`
    <div class="layer-group" style=${{ left: `${left}px`, width: `${width}px` }}>
      ${width >= NAMED && html`<b>${name}</b><${ActivationMenu} ...${props} />`}
    </div>
  `;
}

/** @param {import("./layer.js").LayerProps & {width: number, text: number, whole: boolean, numbered: boolean, pinned: State["ui"]["pinned"]}} props */
function LayerHeader(props) {
  const { layer, index, width, whole, numbered, text: size, pinned, dispatch } = props;
  const output = layer.role === "output";
  const isPinned = pinned?.kind === "layer" && pinned.layer === layer.id;
  const pin = () => dispatch({ type: "ui/pin", selection: isPinned ? null : { kind: "layer", layer: layer.id } });
  if (!whole && !numbered) return null;
  const text = output ? (whole ? "Output" : "out") : `${whole && width >= ROOMY * size ? "Layer " : ""}${index + 1}`;
  const name = html`
    <button type="button" class="layer-name" aria-expanded=${isPinned} data-help="Numbers of this layer, its options, and what can be done to it."
      aria-label=${output ? (whole ? "Output layer" : "out: output layer") : `Layer ${index + 1}`} onClick=${pin}>${text}</button>
  `;
  if (!whole) return html`<span class="layer-line">${name}</span>`;
  return html`
    <span class="layer-line">${name}<${UnitButtons} ...${props} /></span>
    <span class="layer-line"><${ActivationMenu} ...${props} />${!output && html`<${RemoveLayer} ...${props} />`}</span>
  `;
}

/** @param {{layout: Layout | null, whole: boolean}} props */
function InputHeader({ layout, whole }) {
  if (!layout) return null;
  if (!whole) return html`<span class="layer-line"><b>in</b></span>`;
  return html`
    <span class="layer-line"><b>${layout.maps.image ? "Image" : "Inputs"}</b></span>
    <span class="layer-line layer-units">${inputSummary(layout)}</span>
  `;
}

/** @param {Layout} layout */
function inputSummary(layout) {
  return layout.maps.image ? `${layout.maps.image.join("×")} pixels` : `${layout.inputs.length} ${layout.inputs.length === 1 ? "feature" : "features"}`;
}
