/**
 * The curve of the chosen schedule: the learning rate over the steps, as the engine computes it.
 *
 * @import {State} from "../types.js"
 */
import { formatCount, formatExact } from "../format.js";
import { specOf } from "./access.js";
import { byId } from "./dom.js";

const [WIDTH, HEIGHT] = [192, 40];

/** @returns {(state: State) => void} render */
export function mountSchedule() {
  const figure = byId("schedule");
  const image = /** @type {SVGElement} */ (figure.querySelector("svg"));
  const line = /** @type {SVGPolylineElement} */ (figure.querySelector("polyline"));
  const caption = /** @type {HTMLElement} */ (figure.querySelector("figcaption"));
  let shown = "";
  return (state) => {
    const training = specOf(state)?.training;
    if (!training) return;
    const { schedule, schedule_options: options, learning_rate: rate } = training;
    const query = `${schedule}?${new URLSearchParams(options)}`;
    if (`${query} ${rate}` === shown) return;
    shown = `${query} ${rate}`;
    figure.hidden = Object.keys(options).length === 0;
    if (figure.hidden) return;
    const wanted = shown;
    void curveOf(query).then((curve) => {
      if (!curve || shown !== wanted) return; // the server is away, or another one was chosen meanwhile
      const { steps, factors } = curve;
      const end = steps[steps.length - 1];
      line.setAttribute("points", steps.map((t, i) => `${(t / end) * WIDTH},${(1 - factors[i]) * (HEIGHT - 2) + 1}`).join(" "));
      const words = `η ${formatExact(Number((rate * factors[0]).toPrecision(3)))} to ${formatExact(Number((rate * factors[factors.length - 1]).toPrecision(3)))} over ${formatCount(end)} steps`;
      image.setAttribute("aria-label", `Learning rate: ${words}`);
      caption.textContent = words;
    });
  };
}

/**
 * @param {string} query
 * @returns {Promise<{steps: number[], factors: number[]} | null>}
 */
async function curveOf(query) {
  try {
    const answer = await fetch(`/api/schedule/${query}`);
    return answer.ok ? await answer.json() : null;
  } catch {
    return null; // not reachable: the connection says so
  }
}
