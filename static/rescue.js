/**
 * Cures that a verdict offers: what a click sends. Pure.
 *
 * @import {CureOffer} from "./types.js"
 */

/** How a cure is applied. */
export const WAYS = { keep: "Apply, keep weights", restart: "Restart with this, same seed" };

/**
 * Only the first command changes the run, so that one undo takes all of it back.
 * @param {CureOffer} offer
 * @param {number} lane
 * @returns {Record<string, any>[]}
 */
export function rescueCommands({ way, changes }, lane) {
  return [{ type: "patch", lane, changes, ...(way === "restart" && { restart: true }) }, { type: "play" }];
}
