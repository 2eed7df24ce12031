/** Whether the page is used by fingers alone: then it speaks of what can be tapped, and of no keys. */
export const BY_TOUCH = globalThis.matchMedia?.("(hover: none) and (pointer: coarse)").matches ?? false;

/** What begins the training, as the page names it. */
export const PLAY = BY_TOUCH ? "Play" : "Space";
