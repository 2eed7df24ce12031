/** The one place that knows where Preact and htm lie. */
export { html, render, useLayoutEffect, useRef } from "../vendor/htm/preact/standalone.module.js";
