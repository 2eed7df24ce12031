/**
 * Typing a weight or a bias: Enter applies, Esc lets go. What the engine refuses is said here as well.
 *
 * @import {State, Dispatch, Selection} from "../types.js"
 * @import {Reading} from "./reading.js"
 */
import { html, useLayoutEffect, useRef } from "./preact.js";
import { parseNumber } from "./scales.js";

/**
 * @param {{parameter: NonNullable<Reading["parameter"]>, selection: Selection, eager: boolean, state: State, dispatch: Dispatch}} props
 *   eager: whether who clicked on a weight or a bias means to type it; who clicked on a unit means to look at it
 */
export function ParameterEntry({ parameter, selection, eager, state, dispatch }) {
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  const { tensor, index, value } = parameter;

  useLayoutEffect(() => {
    if (!eager || selection.kind === "unit") return;
    input.current?.focus();
    input.current?.select();
  }, []);
  useLayoutEffect(() => {
    const field = input.current;
    if (!field || "typing" in field.dataset) return;
    const selected = document.activeElement === field && field.selectionStart === 0 && field.selectionEnd === field.value.length;
    if (field.value === String(value)) return;
    field.value = String(value);
    if (selected) field.select();
  });

  const apply = () => {
    const field = input.current;
    if (!field || !("typing" in field.dataset)) return;
    delete field.dataset.typing;
    const text = field.value.trim();
    const number = parseNumber(text);
    // What is no finite number goes out as it was typed: the engine knows the rule that refuses it.
    const typed = Number.isFinite(number) ? number : text;
    dispatch({ type: "command", command: { type: "set_parameter", lane: 0, layer: selection.layer, tensor, index, value: typed } });
    field.select();
  };
  /** @param {KeyboardEvent} event */
  const onKeyDown = (event) => {
    if (event.key === "Enter") apply();
    if (event.key === "Escape") delete input.current?.dataset.typing;
  };
  return html`<input
    ref=${input}
    type="text"
    class="entry"
    inputmode="decimal"
    autocomplete="off"
    spellcheck=${false}
    aria-label=${`New ${tensor}`}
    aria-invalid=${state.notice?.kind === "error" && state.notice.field === "value"}
    onInput=${() => input.current && (input.current.dataset.typing = "")}
    onKeyDown=${onKeyDown}
    onBlur=${apply}
  />`;
}
