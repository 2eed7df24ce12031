/**
 * A unit's map over the input plane, larger than its tile, with the sample that the inspector follows.
 *
 * @import {Lane, Palette, Subject} from "../types.js"
 */
import { fillMapTable } from "../encoding.js";
import { trainingSamples } from "../marks/points.js";
import { html } from "./preact.js";

const table = new Uint32Array(256);

/**
 * @param {{lane: Lane, subject: Subject, sample: number, palette: Palette}} props  `sample`: index in the training data
 */
export function UnitMap({ lane: { layout, maps, data }, subject, sample, palette }) {
  const place = layout?.layers.findIndex(({ id }) => id === subject.layer) ?? -1;
  const layer = layout?.layers[place];
  const unit = layer?.unit_ids.indexOf(subject.unit ?? -1) ?? -1;
  if (!layout || !layer || unit < 0 || layout.maps.form !== "plane" || !maps?.unit_maps || !maps.unit_scales) return null;
  const [width, height] = layout.maps.unit ?? [0, 0];
  const bytes = maps.unit_maps.subarray((layer.unit + unit) * width * height, (layer.unit + unit + 1) * width * height);
  const [low, high] = [maps.unit_scales[2 * place], maps.unit_scales[2 * place + 1]];
  /** @param {HTMLCanvasElement | null} canvas */
  const paint = (canvas) => {
    const ctx = canvas?.getContext("2d");
    if (!ctx) return;
    fillMapTable(palette, layer.activation, low, high, table);
    const image = new ImageData(width, height);
    new Uint32Array(image.data.buffer).set(Array.from(bytes, (byte) => table[byte]));
    ctx.putImageData(image, 0, 0);
  };
  const [[left, right], [bottom, top]] = [layout.maps.x ?? [-1, 1], layout.maps.y ?? [-1, 1]];
  const point = data ? trainingSamples(data)[sample] : undefined;
  const [x, y] = data && point !== undefined ? [data.points[2 * point], data.points[2 * point + 1]] : [NaN, NaN];
  const [first, second] = layout.data.inputs;
  return html`
    <figure class="unit-map">
      <div>
        <canvas ref=${paint} width=${width} height=${height} role="img" aria-label=${`What the unit passes on over the plane of ${first} and ${second}`}></canvas>
        ${Number.isFinite(x) && html`<svg viewBox="0 0 100 100" aria-hidden="true"><circle cx=${(100 * (x - left)) / (right - left)} cy=${(100 * (top - y)) / (top - bottom)} r="4" /></svg>`}
      </div>
      <figcaption>a over the plane; the ring is the sample.</figcaption>
    </figure>
  `;
}
