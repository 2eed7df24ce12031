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
const WHOLE = 104;
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
    render(html`<${Headers} ...${{ state, columns, dispatch, catalog }} />`, element);
  };
}

/** @param {{state: State, columns: Places["columns"], dispatch: Dispatch, catalog: Record<string, any>}} props */
function Headers({ state, columns, dispatch, catalog }) {
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
      : html`<span class="layer-line"><b>Input</b></span><span class="layer-line layer-units">${inputSummary(layout)}</span>`;
    const next = columns[place + 1];
    return html`
      <div class="layer" key=${id} style=${{ left: `${x}px`, width: `${whole ? width - 32 : width}px` }}>${header}</div>
      ${next && whole && html`
        <button type="button" class="add-layer" key=${`before ${next.layer}`} style=${{ left: `${(x + next.x) / 2}px` }}
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
  const text = output ? (width < WHOLE ? "out" : "Output") : String(index + 1);
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

/** @param {Layout | null} layout */
function inputSummary(layout) {
  if (!layout) return "";
  return layout.maps.image ? `${layout.maps.image.join("×")} pixels` : `${layout.inputs.length}`;
}
