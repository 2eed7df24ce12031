import assert from "node:assert/strict";
import { test } from "node:test";

import { hatch, isRecorded } from "../../static/marks/canvas.js";
import { Recorder } from "../../static/marks/recorder.js";
import { strokeEdges } from "../../static/marks/edges.js";
import { EdgeBuffers, ORDER, styleOf } from "../../static/marks/looks.js";
import { networkGeometry } from "../../static/geometry.js";
import { number, tag } from "../../static/svg.js";
import { layoutOf } from "./layouts.js";
import { palette } from "./palette.js";

function recorder() {
  const encoded = /** @type {unknown[]} */ ([]);
  const means = {
    ratio: 2,
    measure: (/** @type {string} */ _font, /** @type {string} */ text) => 6 * text.length,
    encode: (/** @type {unknown} */ image, /** @type {unknown} */ part) => `data:${encoded.push([image, part])}`,
  };
  const it = new Recorder({}, means);
  return { it, ctx: it.context, encoded };
}

/** @param {string} element */
function attributes(element) {
  return Object.fromEntries([...element.matchAll(/ ([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
}

test("a stroked line is a path with its colour, width and dashes", () => {
  const { it, ctx } = recorder();
  ctx.strokeStyle = "rgb(1 2 3)";
  ctx.lineWidth = 2.5;
  ctx.setLineDash([5, 4]);
  ctx.beginPath();
  ctx.moveTo(1, 2);
  ctx.bezierCurveTo(3, 4, 5, 6, 7.123, 8);
  ctx.stroke();
  assert.deepEqual(it.elements, ['<path d="M1 2C3 4 5 6 7.12 8" fill="none" stroke="rgb(1 2 3)" stroke-width="2.5" stroke-dasharray="5 4"/>']);
});

test("words stay words, with their type, where they stand, and what they say is escaped", () => {
  const { it, ctx } = recorder();
  ctx.font = "600 12px system-ui, sans-serif";
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillStyle = "#1a1d21";
  ctx.fillText('a < "b" & c', 10, 20);
  const [text] = it.elements;
  assert.match(text, />a &lt; &quot;b&quot; &amp; c<\/text>$/);
  const { fill, x, y, ...type } = attributes(text);
  assert.deepEqual([fill, x, y], ["#1a1d21", "10", "20"]);
  assert.deepEqual(type, {
    "font-family": "system-ui, sans-serif", "font-size": "12px", "font-weight": "600", "text-anchor": "middle", "dominant-baseline": "central",
  });
  assert.equal(ctx.measureText("abc").width, 18);
});

test("rectangles, discs and arcs are drawn where they are", () => {
  const { it, ctx } = recorder();
  ctx.fillStyle = "#fff";
  ctx.fillRect(10, 20, -4, 5);
  assert.deepEqual(attributes(it.elements[0]), { x: "6", y: "20", width: "4", height: "5", fill: "#fff" });
  ctx.beginPath();
  ctx.arc(5, 5, 2, 0, 2 * Math.PI);
  ctx.fill();
  assert.equal(attributes(it.elements[1]).d, "M7 5A2 2 0 0 1 3 5A2 2 0 0 1 7 5Z");
  ctx.beginPath();
  ctx.arc(0, 0, 1, 0, Math.PI / 2);
  ctx.stroke();
  assert.equal(attributes(it.elements[2]).d, "M1 0A1 1 0 0 1 0 1");
});

test("a path that is made elsewhere is refused: its points are not known", () => {
  const { ctx } = recorder();
  assert.throws(() => ctx.stroke(/** @type {any} */ ({})), /own path/);
  assert.throws(() => ctx.fill(/** @type {any} */ ({})), /own path/);
});

test("saved state comes back: colours, dashes, turns and clips", () => {
  const { it, ctx } = recorder();
  ctx.save();
  ctx.fillStyle = "#123456";
  ctx.globalAlpha = 0.5;
  ctx.translate(10, 20);
  ctx.rotate(-Math.PI / 2);
  ctx.beginPath();
  ctx.rect(0, 0, 4, 4);
  ctx.clip();
  ctx.fillRect(1, 1, 2, 2);
  ctx.restore();
  ctx.fillRect(1, 1, 2, 2);
  const [clip, inside, outside] = it.elements;
  assert.match(clip, /^<clipPath id="(clip-\d+)"><path d="M0 0h4v4h-4Z" transform="matrix\(0 -1 1 0 10 20\)"\/><\/clipPath>$/);
  assert.match(inside, /^<g clip-path="url\(#clip-\d+\)"><rect .*opacity="0.5" transform="matrix\(0 -1 1 0 10 20\)"\/><\/g>$/);
  assert.equal(outside, '<rect x="1" y="1" width="2" height="2" fill="#000000"/>');
});

test("pixels are images: the part of a surface that was drawn", () => {
  const { it, ctx, encoded } = recorder();
  const image = /** @type {any} */ ({ width: 24, height: 240 });
  ctx.imageSmoothingEnabled = false;
  ctx.drawImage(image, 0, 48, 24, 24, 100, 50, 40, 40);
  assert.deepEqual(encoded, [[image, { x: 0, y: 48, width: 24, height: 24 }]]);
  assert.deepEqual(attributes(it.elements[0]), {
    x: "100", y: "50", width: "40", height: "40", preserveAspectRatio: "none", style: "image-rendering:pixelated", href: "data:1",
  });
});

test("a hatch is lines that stay in their box", () => {
  const { it, ctx } = recorder();
  assert.ok(isRecorded(ctx));
  hatch(ctx, palette, { x: 10, y: 20, width: 30, height: 12 });
  const points = [...attributes(it.elements[0]).d.matchAll(/[ML](\S+) ([^ML]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
  assert.ok(points.length > 10);
  for (const [x, y] of points) assert.ok(x >= 10 && x <= 40 && y >= 20 && y <= 32);
});

test("each edge is a path with the colour, width and dashes of its look", () => {
  const layout = layoutOf([4, 2]);
  const parameters = Float32Array.from({ length: layout.parameters }, (_, i) => (i % 2 ? -1 : 1) * i * 0.3);
  const frame = /** @type {any} */ ({ parameters, rows: 0 });
  const geometry = networkGeometry(layout, { width: 800, height: 400, text: 12, legend: true });
  const model = { geometry, layout, frame, palette, readable: true, full: 10, view: /** @type {const} */ ("forward") };
  const { it, ctx } = recorder();
  const buffers = new EdgeBuffers();
  strokeEdges(ctx, model, buffers);
  assert.equal(it.elements.length, geometry.gaps.reduce((sum, gap) => sum + gap.shown, 0));
  const looks = new Set(ORDER.map((look) => {
    const { width, dash, colour } = styleOf(model, look);
    return [colour, number(width), dash.map(number).join(" ") || undefined].join();
  }));
  for (const element of it.elements) {
    const { d, stroke, "stroke-width": width, "stroke-dasharray": dash } = attributes(element);
    assert.match(d, /^M\S+ \S+C/);
    assert.ok(looks.has([stroke, width, dash].join()), element);
  }
});

test("an element without content is closed at once, and what is not there is left out", () => {
  assert.equal(tag("g", { a: 1, b: undefined }), '<g a="1"/>');
});
