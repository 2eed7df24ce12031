/**
 * The Share panel: the link to this configuration, the same as a QR code where other machines reach the server, and a place for
 * the links of others.
 *
 * @import {State, Dispatch, RunSpec} from "../types.js"
 */
import { AddressError, decodeLink, encodeAddress } from "../address.js";
import { isWatching, specOf } from "./access.js";
import { byId, setText } from "./dom.js";

/**
 * @param {{dispatch: Dispatch, catalog: Record<string, any>}} context
 * @returns {(state: State) => void} render
 */
export function mountShare({ dispatch, catalog }) {
  const panel = byId("share-panel");
  const link = byId("share-link", HTMLInputElement);
  const form = byId("open-link", HTMLFormElement);
  const entry = byId("open-link-entry", HTMLInputElement);
  const base = sharedBase(panel.dataset.address ?? "");
  /** @type {RunSpec | undefined} */
  let spec;
  panel.addEventListener("toggle", async (event) => {
    if (/** @type {ToggleEvent} */ (event).newState !== "open") return;
    link.value = `${base ?? location.origin + location.pathname}#${spec ? encodeAddress(spec, catalog.defaults) : ""}`;
    setText("open-link-error", "");
    link.select();
    setText("share-note", "");
    const copied = await copy(link.value);
    setText("share-note", copied ? "Copied." : "Press Ctrl C to copy it.");
    if (base !== null) await drawCode(link.value, base);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    try {
      dispatch({ type: "command", command: { type: "open", spec: decodeLink(entry.value, catalog.defaults) } });
    } catch (error) {
      if (!(error instanceof AddressError)) throw error;
      return setText("open-link-error", `${error.message} Nothing was changed.`);
    }
    form.reset();
    panel.hidePopover();
  });
  return (state) => {
    spec = specOf(state);
    for (const control of form.elements) {
      if (control instanceof HTMLInputElement || control instanceof HTMLButtonElement) control.disabled = isWatching(state);
    }
  };
}

/**
 * Where others find this page.
 * @param {string} address  of the server, as it knows it itself; empty where it listens to this machine alone
 * @returns {string | null} null where they do not
 */
function sharedBase(address) {
  const here = ["localhost", "[::1]"].includes(location.hostname) || location.hostname.startsWith("127.");
  if (!here) return location.origin + location.pathname;
  return address === "" ? null : address + location.pathname;
}

/**
 * @param {string} link
 * @param {string} base
 */
async function drawCode(link, base) {
  const { encode } = await import("../vendor/uqr/index.mjs");
  const place = byId("share-code");
  place.hidden = false;
  setText("share-address", base);
  try {
    const { size, data } = encode(link, { border: 3 });
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", "QR code of the link");
    const path = svg.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "path"));
    path.setAttribute("d", data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ""))).join(""));
    byId("share-picture").replaceChildren(svg);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // which is how it refuses a text that no code can hold
    setText("share-picture", "This configuration is too long for a QR code.");
  }
}

/**
 * @param {string} text
 * @returns {Promise<boolean>} false where the browser does not let a page copy: without https, or by the user's choice
 */
async function copy(text) {
  if (!navigator.clipboard) return false;
  return navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  );
}
