/**
 * All panels of the page, mounted at once.
 *
 * A panel is `mountX(element, {dispatch, catalog}) -> render(state)`. It reads the state, sends actions, and keeps nothing
 * but what is being typed or dragged at the moment. Every render is cheap when what the panel shows has not changed.
 *
 * Actions of the panels: `{type: "command", command}` (docs/PROTOCOL.md, section 2), and for this browser alone
 * `{type: "ui/view", view}`, `{type: "ui/scale", scale}`, `{type: "ui/lossLog", lossLog}`, `{type: "ui/showTest", showTest}`,
 * `{type: "ui/theme", theme}`, `{type: "ui/hover", selection}`, `{type: "ui/pin", selection}` (null lets go).
 *
 * @import {State, Dispatch, Box} from "../types.js"
 *
 * @typedef {object} Places  where the network's canvas drew things, in CSS pixels from its left upper corner
 * @property {{layer: number, x: number}[]} columns  centre of each column, from left to right: -1 for the inputs, else the layer's id
 * @property {Box | null} target  the box around what is hovered or pinned (state.ui); the card never covers it
 */

/**
 * @param {Document} page
 * @param {{dispatch: Dispatch, catalog: Record<string, any>}} context
 * @returns {(state: State, places: Places) => void} render
 */
export function mountPanels(page, context) {
  return (state, places) => {};
}
