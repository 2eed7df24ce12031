/**
 * The headers: one over each column of the network, and a + between two columns that puts a layer there.
 *
 * @import {State, Dispatch, Layout} from "../types.js"
 * @import {Places} from "./index.js"
 */
import { isWatching } from "./access.js";
import { ActivationMenu, RemoveLayer, UnitButtons, send } from "./layer.js";
import { html, render } from "./preact.js";

/** Columns at least this wide hold a whole header, and a + beside it; narrower ones a number that opens the layer's card. */
const WHOLE = 96;
/** Columns this wide spell the word "layer". */
const ROOMY = 148;
/** Room beside a header for the +. */
const BESIDE = 24;
/** Narrower than this, only every eighth number is written, and the ends. */
const NUMBER = 24;

/**
 * @param {HTMLElement} element
 * @param {{dispatch: Dispatch, catalog: Record<string, any>}} context
 * @returns {(state: State, places: Places) => void} render
 */
export function mountHeaders(element, { dispatch, catalog }) {
  /** @type {any[]} */
  let shown = [];
  return (state, { columns }) => {
    const lane = state.lanes[0];
    if (!lane?.layout || columns.length === 0) return;
    const now = [lane.layout, lane.spec, isWatching(state), state.ui.pinned, columns.map(({ x }) => x).join()];
    if (now.every((value, i) => value === shown[i])) return;
    shown = now;
    render(html`<${Headers} ...${{ state, columns, room: element.clientWidth, dispatch, catalog }} />`, element);
  };
}

/** @param {{state: State, columns: Places["columns"], room: number, dispatch: Dispatch, catalog: Record<string, any>}} props */
function Headers({ state, columns, room, dispatch, catalog }) {
  const { spec, layout } = state.lanes[0];
  const layers = layout?.layers ?? [];
  const watching = isWatching(state);
  const full = spec.network.hidden.length >= catalog.limits.hidden_layers;
  const whole = columns[0].width >= WHOLE;
  return columns.map(({ layer: id, x, width }, place) => {
    const index = place - 1;
    const layer = layers[index];
    const header = layer
      ? html`<${LayerHeader} ...${{ layer, index, count: layers.length, spec, watching, dispatch, catalog, width, pinned: state.ui.pinned }} />`
      : html`<${InputHeader} ...${{ layout, whole }} />`;
    const next = columns[place + 1];
    const narrow = whole && width < ROOMY;
    const own = Math.min(whole && !narrow ? width - BESIDE : width, 2 * x, 2 * (room - x));
    return html`
      <div class=${narrow ? "layer narrow" : "layer"} key=${id} style=${{ left: `${x}px`, width: `${own}px` }}>${header}</div>
      ${next && whole && html`
        <button type="button" class=${narrow ? "add-layer narrow" : "add-layer"} key=${`before ${next.layer}`} style=${{ left: `${(x + next.x) / 2}px` }}
          aria-label=${`Add a layer ${place === 0 ? "after the inputs" : `after layer ${place}`}`}
          data-help="A new layer here, as near to passing everything on as its activation allows." disabled=${watching || full}
          onClick=${() => send(dispatch, { type: "add_layer", index: place })}>+</button>
      `}
    `;
  });
}

/** @param {import("./layer.js").LayerProps & {width: number, count: number, pinned: State["ui"]["pinned"]}} props */
function LayerHeader(props) {
  const { layer, index, count, width, pinned, dispatch } = props;
  const output = layer.role === "output";
  const isPinned = pinned?.kind === "layer" && pinned.layer === layer.id;
  const pin = () => dispatch({ type: "ui/pin", selection: isPinned ? null : { kind: "layer", layer: layer.id } });
  if (width < NUMBER && !output && index % 8 !== 0) return null;
  const text = output ? (width < WHOLE ? "out" : "Output") : `${width >= ROOMY ? "Layer " : ""}${index + 1}`;
  const name = html`
    <button type="button" class="layer-name" aria-expanded=${isPinned} data-help="Numbers of this layer, its options, and what can be done to it."
      aria-label=${output ? "Output layer" : `Layer ${index + 1}`} onClick=${pin}>${text}</button>
  `;
  if (width < WHOLE) return html`<span class="layer-line">${width >= NUMBER || !output || count < 60 ? name : null}</span>`;
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
