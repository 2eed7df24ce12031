/**
 * What can be done to one layer: its activation and that one's options, units more or less, a layer more or less. The headers
 * show as much of it as their columns are wide; a pinned layer's card shows all.
 *
 * @import {State, Dispatch, Selection, LayerInfo, Layout, RunSpec} from "../types.js"
 */
import { Field } from "./field.js";
import { typeset } from "./formula.js";
import { html } from "./preact.js";
import { parseNumber } from "./scales.js";

/**
 * @typedef {object} LayerProps
 * @property {LayerInfo} layer
 * @property {number} index     of the layer; the output's is the number of hidden layers
 * @property {number} [last]     of the last layer that is changed with it, where it stands for several
 * @property {RunSpec} spec
 * @property {boolean} watching
 * @property {Dispatch} dispatch
 * @property {Record<string, any>} catalog
 */

/** @param {Dispatch} dispatch @param {Record<string, any>} command */
export const send = (dispatch, command) => dispatch({ type: "command", command: { lane: 0, ...command } });

/** @param {Pick<LayerProps, "layer" | "index">} props */
function pathOf({ layer, index }) {
  return layer.role === "output" ? "network.output_activation" : `network.hidden.${index}.activation`;
}

/** @param {LayerProps} props */
export function ActivationMenu({ layer, index, last = index, spec, watching, dispatch, catalog }) {
  const output = layer.role === "output";
  const allowed = catalog.losses[spec.network.loss].output_activations;
  const names = Object.keys(catalog.activations).filter((name) =>
    output ? allowed.includes(name) || name === layer.activation : catalog.activations[name].hidden,
  );
  return html`
    <select
      aria-label=${output ? "Activation of the output layer" : `Activation of ${last > index ? `layers ${index + 1} to ${last + 1}` : `layer ${index + 1}`}`}
      data-help=${catalog.activations[layer.activation].help}
      data-formula=${catalog.activations[layer.activation].formula}
      disabled=${watching}
      value=${layer.activation}
      onChange=${(/** @type {Event} */ event) => {
        const { value } = /** @type {HTMLSelectElement} */ (event.currentTarget);
        const places = Array.from({ length: last - index + 1 }, (_, place) => index + place);
        const changes = Object.fromEntries(places.map((place) => [pathOf({ layer, index: place }), value]));
        send(dispatch, { type: "patch", changes });
      }}
    >
      ${names.map((name) => html`<option key=${name} value=${name}>${catalog.activations[name].title}</option>`)}
    </select>
  `;
}

/** @param {LayerProps} props */
export function UnitButtons({ layer, index, watching, dispatch, catalog }) {
  if (layer.role === "output") return layer.units > 1 ? html`<span class="layer-units">${layer.units}</span>` : null;
  return html`
    <button type="button" class="small" aria-label=${`Remove a unit from layer ${index + 1}`} data-help="One unit less: the last."
      disabled=${watching || layer.units <= 1} onClick=${() => send(dispatch, { type: "remove_unit", layer: layer.id })}>−</button>
    <span class="layer-units" aria-label=${`${layer.units} units`}>${layer.units}</span>
    <button type="button" class="small" aria-label=${`Add a unit to layer ${index + 1}`} data-help="One unit more. It starts with outgoing weights of 0, so nothing jumps."
      disabled=${watching || layer.units >= catalog.limits.units} onClick=${() => send(dispatch, { type: "add_unit", layer: layer.id })}>+</button>
  `;
}

/**
 * In words where there is room: in a card × would close it.
 * @param {LayerProps & {spelt?: boolean}} props
 */
export function RemoveLayer({ layer, index, watching, dispatch, spelt = false }) {
  return html`
    <button type="button" class=${spelt ? "plain" : "small remove"} aria-label=${`Remove layer ${index + 1}`} data-help="Take this layer out. The others keep what they have learned."
      disabled=${watching} onClick=${() => send(dispatch, { type: "remove_layer", layer: layer.id })}>${spelt ? "Remove layer" : "×"}</button>
  `;
}

/**
 * All of it, in the card of a pinned layer.
 * @param {{selection: Selection, state: State, dispatch: Dispatch, catalog: Record<string, any>}} props
 */
export function LayerTools({ selection, state, dispatch, catalog }) {
  const { layout, spec } = state.lanes[0];
  const index = layout?.layers.findIndex((each) => each.id === selection.layer) ?? -1;
  const layer = layout?.layers[index];
  if (!layer) return null;
  const props = { layer, index, spec, watching: false, dispatch, catalog };
  const activation = catalog.activations[layer.activation];
  const full = spec.network.hidden.length >= catalog.limits.hidden_layers;
  /** @param {number} at */
  const add = (at) => send(dispatch, { type: "add_layer", index: at });
  return html`
    <div class="layer-tools">
      <${ActivationMenu} ...${props} />
      <span class="layer-line"><${UnitButtons} ...${props} /></span>
    </div>
    <p class="hint">${activation.help}</p>
    <${Formula} tex=${activation.formula} />
    <${Formula} tex=${activation.derivative} />
    <${ActivationOptions} ...${props} />
    ${layer.role === "hidden" && html`<${Surroundings} ...${props} />`}
    <div class="layer-tools">
      <button type="button" class="plain" disabled=${full} onClick=${() => add(index)}>Add before</button>
      ${layer.role === "hidden" && html`<button type="button" class="plain" disabled=${full} onClick=${() => add(index + 1)}>Add after</button>`}
      ${layer.role === "hidden" && html`<${RemoveLayer} ...${props} spelt />`}
    </div>
  `;
}

/** @param {{tex: string}} props */
function Formula({ tex }) {
  return html`<div class="formula" ref=${(/** @type {HTMLElement | null} */ element) => element && typeset(element, tex)}></div>`;
}

/**
 * What may be put around a hidden layer's activation.
 * @param {LayerProps} props
 */
function Surroundings({ layer, index, dispatch, catalog }) {
  /** @param {string} field @param {any} value */
  const set = (field, value) => send(dispatch, { type: "patch", changes: { [`network.hidden.${index}.${field}`]: value } });
  const dropout = catalog.fields["network.hidden.*.dropout"];
  const residual = catalog.switches["network.hidden.*.residual"];
  const { help, formula } = catalog.normalizations[layer.normalization];
  return html`
    <label class="row">
      <span class="label">Normalisation</span>
      <select
        aria-label=${`Normalisation of layer ${index + 1}`}
        data-help=${help}
        data-formula=${formula}
        value=${layer.normalization}
        onChange=${(/** @type {Event} */ event) => set("normalization", /** @type {HTMLSelectElement} */ (event.currentTarget).value)}
      >
        ${Object.entries(catalog.normalizations).map(([name, { title }]) => html`<option key=${name} value=${name}>${title}</option>`)}
      </select>
    </label>
    <label class="row" data-help=${dropout.help}>
      <span class="label">${dropout.title}</span>
      <${Field} name=${`Dropout of layer ${index + 1}`} value=${String(layer.dropout)} apply=${(/** @type {string} */ text) => set("dropout", typed(text))} />
    </label>
    <label class="row" data-help=${residual.help}>
      <span class="label">${residual.title}</span>
      <input
        type="checkbox"
        aria-label=${`Residual connection around layer ${index + 1}`}
        checked=${layer.residual}
        onChange=${(/** @type {Event} */ event) => {
          const box = /** @type {HTMLInputElement} */ (event.currentTarget);
          set("residual", box.checked);
          box.checked = layer.residual; // until the engine has taken it
        }}
      />
    </label>
  `;
}

/**
 * What is no finite number goes out as it was typed: the engine knows the rule that refuses it.
 * @param {string} text
 */
function typed(text) {
  const number = parseNumber(text);
  return Number.isFinite(number) ? number : text.trim();
}

/** @param {LayerProps} props */
function ActivationOptions({ layer, index, dispatch, catalog }) {
  const options = Object.entries(catalog.activations[layer.activation].options ?? {});
  const base = `${pathOf({ layer, index })}_options`;
  return options.map(
    ([name, record]) => html`
      <label class="row" key=${name} data-help=${record.help}>
        <span class="label">${name.replaceAll("_", " ")}</span>
        <${Field}
          name=${`${catalog.activations[layer.activation].title}: ${name}`}
          value=${String(layer.activation_options[name] ?? record.default)}
          apply=${(/** @type {string} */ text) => send(dispatch, { type: "patch", changes: { [`${base}.${name}`]: typed(text) } })}
        />
      </label>
    `,
  );
}
