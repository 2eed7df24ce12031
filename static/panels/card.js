/**
 * The card: exact numbers of what the pointer rests on, or of what is pinned. A pinned one can be closed, and its weight or bias
 * typed.
 *
 * @import {State, Dispatch, Selection, LayerInfo} from "../types.js"
 * @import {Reading} from "./reading.js"
 * @import {Places} from "./index.js"
 */
import { formatExact, formatNumber } from "../format.js";
import { BY_TOUCH } from "../hands.js";
import { isWatching } from "./access.js";
import { byId } from "./dom.js";
import { ParameterEntry } from "./entry.js";
import { LayerTools } from "./layer.js";
import { placeBeside } from "./place.js";
import { html, render } from "./preact.js";
import { readingOf } from "./reading.js";

/**
 * @param {HTMLElement} element
 * @param {{dispatch: Dispatch, catalog: Record<string, any>}} context
 * @returns {(state: State, places: Places) => void} render
 */
export function mountCard(element, { dispatch, catalog }) {
  const stage = byId("network-stage");
  const canvas = byId("network-canvas");
  const letGo = () => dispatch({ type: "ui/pin", selection: null });
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    letGo();
    canvas.focus();
  });
  /** @param {MouseEvent} event */
  const close = ({ detail }) => {
    letGo();
    if (detail === 0) canvas.focus(); // a key pressed it: the walk goes on from there
  };
  // What opens over the card takes its place: a menu, the sheet of the controls.
  /** @param {Element} other */
  const giveWay = (other) => !element.hidden && meet(element, other) && letGo();
  document.addEventListener("toggle", ({ target }) => target instanceof HTMLElement && target.matches(":popover-open") && giveWay(target), true);
  byId("sheet").addEventListener("click", ({ currentTarget }) => {
    if (currentTarget instanceof Element && currentTarget.ariaExpanded === "true") giveWay(byId("controls"));
  });
  let tabled = false;
  let placed = "";
  // Enter on the canvas pins what was walked to, and means to type there; a click on a unit only means to look.
  let wanted = false;
  // A finger looks first: an entry with the focus would raise a keyboard over half of the page.
  let finger = false;
  canvas.addEventListener("keydown", (event) => {
    [wanted, finger] = [event.key === "Enter", false];
    if (wanted) focusEntry();
  });
  canvas.addEventListener("pointerdown", ({ pointerType }) => {
    [wanted, finger] = [false, pointerType === "touch"];
  });
  const focusEntry = () => {
    const entry = element.querySelector("input");
    if (!entry) return;
    wanted = false;
    entry.focus();
  };

  return (state, { target }) => {
    const lane = state.lanes[0];
    const selection = state.ui.pinned ?? state.ui.hover;
    const covered = state.ui.pinned !== null && isInspectable(state.ui.pinned) && state.ui.drawer === "inspector"; // it says the same, and more
    if (state.ui.table && !tabled && state.ui.pinned !== null) letGo(); // the table lies where the card's subject was
    tabled = state.ui.table;
    const reading = lane && selection && target && !covered && readingOf(lane, selection);
    if (!reading || !target) {
      if (!element.hidden) render(html``, element);
      element.hidden = true;
      placed = "";
      return;
    }
    const pinned = state.ui.pinned !== null;
    element.classList.toggle("pinned", pinned);
    element.dataset.kind = selection?.kind;
    element.hidden = false;
    render(html`<${Card} ...${{ reading, selection, pinned, finger, close, state, dispatch, catalog }} />`, element);

    if (wanted && pinned) focusEntry();
    // Measured when it opens or turns to something else; numbers have fixed widths and do not change its size.
    const key = `${JSON.stringify(selection)} ${pinned} ${JSON.stringify(target)} ${element.offsetHeight} ${stage.clientWidth}`;
    if (key === placed) return;
    placed = key;
    const room = { x: 4, y: 4, width: stage.clientWidth - 8, height: stage.clientHeight - 8 };
    const onStage = { ...target, y: target.y + canvas.offsetTop };
    const size = { width: element.offsetWidth, height: element.offsetHeight };
    const { x, y } = placeBeside(onStage, size, room, selection?.kind === "edge" ? "below" : "right");
    element.style.transform = `translate(${x}px, ${y}px)`;
  };
}

/** @param {Element} one @param {Element} other @returns {boolean} whether they lie over each other */
function meet(one, other) {
  const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/** Whether the inspector tells of it. @param {Selection} selection */
function isInspectable({ kind }) {
  return kind !== "input" && kind !== "layer";
}

/**
 * @param {object} props
 * @param {Reading} props.reading
 * @param {Selection} props.selection
 * @param {boolean} props.pinned
 * @param {boolean} props.finger  whether a finger has opened it
 * @param {(event: MouseEvent) => void} props.close
 * @param {State} props.state
 * @param {Dispatch} props.dispatch
 * @param {Record<string, any>} props.catalog
 */
function Card({ reading, selection, pinned, finger, close, state, dispatch, catalog }) {
  const editable = pinned && !isWatching(state);
  const { parameter } = reading;
  const said = hint(pinned, parameter !== null && !isWatching(state));
  return html`
    <header>
      <h3>${reading.title}</h3>
      ${pinned && html`<button type="button" class="tool" aria-label="Close" onClick=${close}>×</button>`}
    </header>
    ${editable && selection.kind === "layer" && html`<${LayerTools} ...${{ selection, state, dispatch, catalog }} />`}
    <table>
      <tbody>
        ${reading.lines.map(
          ({ symbol, name, value }, place) => html`
            <tr key=${name}>
              <th scope="row">${symbol}</th>
              <th scope="row">${name}</th>
              <td>
                ${editable && parameter && place === 0
                  ? html`<${ParameterEntry} key=${JSON.stringify(selection)} ...${{ parameter, selection, eager: !finger, state, dispatch }} />`
                  : html`<span class=${colourOf(symbol, value)}>${parameter ? formatExact(Number(value.toPrecision(5))) : formatNumber(value)}</span>`}
              </td>
            </tr>
          `,
        )}
      </tbody>
    </table>
    ${reading.batch.length > 0 && html`<${BatchTable} batch=${reading.batch} />`}
    ${reading.remark && html`<p class="hint">${reading.remark}</p>`}
    ${pinned && isInspectable(selection) &&
    html`<button type="button" class="plain" onClick=${() => dispatch({ type: "ui/drawer", drawer: "inspector" })}>Where does it come from?</button>`}
    ${said && html`<p class="hint">${said}</p>`}
  `;
}

/**
 * @param {boolean} pinned
 * @param {boolean} editable
 */
function hint(pinned, editable) {
  if (BY_TOUCH) return editable ? `Tap ${pinned ? "the value" : "it"} to type another.` : "";
  if (!pinned) return editable ? "Click to pin it and type a value." : "Click to pin it.";
  return editable ? "Enter applies, Esc lets go." : "Esc lets go.";
}

/** @param {{batch: Reading["batch"]}} props */
function BatchTable({ batch }) {
  return html`
    <table class="batch">
      <thead>
        <tr>
          <th scope="col" colspan="2">over the batch</th>
          <th scope="col">mean</th>
          <th scope="col">1st sample</th>
        </tr>
      </thead>
      <tbody>
        ${batch.map(
          ({ symbol, name, mean, first }) => html`
            <tr key=${name}>
              <th scope="row" class=${symbol === "δ" ? "signal" : ""}>${symbol}</th>
              <th scope="row">${name}</th>
              <td>${formatNumber(mean)}</td>
              <td>${formatNumber(first)}</td>
            </tr>
          `,
        )}
      </tbody>
    </table>
  `;
}

/**
 * Forward is orange and blue, by sign; backward is magenta.
 * @param {string} symbol
 * @param {number} value
 */
function colourOf(symbol, value) {
  if (symbol === "w" || symbol === "b") return value < 0 ? "negative" : value > 0 ? "positive" : "";
  return symbol.startsWith("∂") || symbol === "δ" ? "signal" : "";
}
