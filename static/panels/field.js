/** An entry of the card: what is being typed stays, however often the card is written anew meanwhile. */
import { html, useLayoutEffect, useRef } from "./preact.js";

/**
 * @param {object} props
 * @param {string} props.name   for screen readers
 * @param {string} props.value  shown while nothing is typed
 * @param {(text: string) => void} props.apply  called on Enter and on leaving, where the text was changed
 */
export function Field({ name, value, apply }) {
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  useLayoutEffect(() => {
    const field = input.current;
    if (field && !("typing" in field.dataset) && field.value !== value) field.value = value;
  });
  const take = () => {
    const field = input.current;
    if (!field) return;
    delete field.dataset.typing;
    apply(field.value);
  };
  return html`<input
    ref=${input}
    type="text"
    class="entry"
    inputmode="decimal"
    autocomplete="off"
    spellcheck=${false}
    aria-label=${name}
    onInput=${() => input.current && (input.current.dataset.typing = "")}
    onChange=${take}
    onBlur=${() => delete input.current?.dataset.typing}
  />`;
}
