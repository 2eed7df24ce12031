/**
 * The network's output over the plane of its two inputs, with the samples on it: where a classifier changes its mind (a line),
 * or the surface of a regression.
 *
 * @import {Lane, Layout, Maps, Palette, Ui, Box} from "../types.js"
 * @import {Context} from "./canvas.js"
 * @import {OutputModel} from "../views/output.js"
 */
import { mix, pixel } from "../colour.js";
import { fillMapTable, neutralValue, ramps } from "../encoding.js";
import { Atlas } from "./atlas.js";
import { drawAxes, plotX, plotY } from "./axes.js";
import { deviceRatio, keptFor, setType, surface } from "./canvas.js";
import { traceZero } from "./contour.js";
import { drawRamp, rangeEnd, shortEnd } from "./labels.js";
import { drawPoints, tracePoint, trainingSamples } from "./points.js";

const LEFT = 28; // room for the axis's numbers
const AXIS = 20; // below the plot
const LEGEND = 20;
const SHORTEST_RAMP = 14;
const RAMP = 56;
const SMALL = 130; // a plane narrower than this has the picture to itself: no numbers, no key

const memoryOf = keptFor(() => ({
  atlas: new Atlas(),
  margin: new Float32Array(0),
  backdrop: /** @type {ReturnType<typeof surface> | null} */ (null),
  of: /** @type {unknown[]} */ ([]),
}));

/**
 * Where the plane lies in the view, and which numbers its edges have.
 *
 * @param {Box} box
 * @param {{x?: [number, number], y?: [number, number]}} ranges
 * @returns {import("./axes.js").Plot}
 */
export function planePlot(box, { x = [-1, 1], y = [-1, 1] }) {
  const side = Math.floor(Math.min(box.width - LEFT - 1, box.height - AXIS - LEGEND - 2));
  if (side < SMALL) {
    const whole = Math.floor(Math.min(box.width, box.height));
    return { box: { x: box.x + Math.floor((box.width - whole) / 2), y: box.y, width: whole, height: whole }, x, y, bare: true };
  }
  const left = Math.floor(box.x + LEFT + (box.width - LEFT - 1 - side) / 2);
  return { box: { x: left, y: box.y + 1, width: side, height: side }, x, y };
}

/**
 * @param {Context} ctx
 * @param {OutputModel & {layout: Layout}} model
 */
export function drawPlane(ctx, model) {
  const { lane, ui, palette, box, layout } = model;
  const memory = memoryOf(ctx);
  const plot = planePlot(box, layout.maps);
  const ratio = deviceRatio(ctx);
  const of = [lane.maps, lane.data, ui.showTest, palette, ratio, box.width, box.height, layout];
  if (!memory.backdrop || of.some((each, i) => each !== memory.of[i])) {
    memory.of = of;
    memory.backdrop = surface(Math.round(box.width * ratio), Math.round(box.height * ratio));
    const { context } = memory.backdrop;
    context.setTransform(ratio, 0, 0, ratio, -box.x * ratio, -box.y * ratio);
    context.fillStyle = palette.paper;
    context.fillRect(box.x, box.y, box.width, box.height);
    paintPlane(context, model, memory, plot);
  }
  ctx.drawImage(memory.backdrop.canvas, box.x, box.y, box.width, box.height);
  drawBatch(ctx, lane, ui, plot, palette);
}

/**
 * @param {Context} ctx
 * @param {OutputModel & {layout: Layout}} model
 * @param {ReturnType<typeof memoryOf>} memory
 * @param {import("./axes.js").Plot} plot
 */
function paintPlane(ctx, { lane: { maps, data }, ui, palette, layout }, memory, plot) {
  const output = layout.layers[layout.layers.length - 1];
  const range = scaleOf(maps, layout);
  ctx.fillStyle = palette.zero;
  ctx.fillRect(plot.box.x, plot.box.y, plot.box.width, plot.box.height);
  if (maps?.grid && maps.grid_scale) {
    if (output.units === 1) fillField(memory.atlas, layout, maps, palette);
    else fillClasses(memory.atlas, layout, maps, palette);
    ctx.imageSmoothingEnabled = true;
    ctx.imageSmoothingQuality = "high";
    memory.atlas.draw(ctx, 0, plot.box.x, plot.box.y, plot.box.width, plot.box.height);
    if (layout.data.task === "classification") drawBoundary(ctx, layout, maps, memory, plot.box, palette);
  }
  if (data) {
    const { points } = data;
    const radius = plot.box.width > 280 ? 3.5 : plot.box.width < SMALL ? 1.25 : 2.5;
    /** @param {number} sample @returns {[number, number]} */
    const place = (sample) => [plotX(plot, points[2 * sample]), plotY(plot, points[2 * sample + 1])];
    ctx.save();
    ctx.beginPath();
    ctx.rect(plot.box.x, plot.box.y, plot.box.width, plot.box.height);
    ctx.clip();
    drawPoints(ctx, { layout, data, showTest: ui.showTest, range }, place, radius, palette);
    ctx.restore();
  }
  if (plot.bare) return;
  const [x, y] = layout.data.inputs;
  drawAxes(ctx, plot, { x, y }, palette);
  drawKey(ctx, layout, range, plot.box, ui.showTest, palette);
}

/**
 * @param {Maps | null} maps
 * @param {Layout} layout
 * @returns {[number, number]}
 */
function scaleOf(maps, { maps: { y } }) {
  const scale = maps?.grid_scale;
  return scale ? [scale[0], scale[1]] : (y ?? [-1, 1]);
}

const table = new Uint32Array(256);

/**
 * @param {Atlas} atlas
 * @param {Layout} layout
 * @param {Maps} maps
 * @param {Palette} palette
 */
function fillField(atlas, layout, maps, palette) {
  const [width, height] = layout.maps.grid ?? [0, 0];
  const [low, high] = scaleOf(maps, layout);
  const grid = maps.grid ?? [];
  atlas.resize(width, height, 1);
  fillMapTable(palette, layout.layers[layout.layers.length - 1].activation, low, high, table);
  for (let i = 0; i < width * height; i++) atlas.pixels[i] = table[grid[i]];
  atlas.upload();
}

/**
 * The likeliest class's colour, the paler the less likely it is.
 *
 * @param {Atlas} atlas
 * @param {Layout} layout
 * @param {Maps} maps
 * @param {Palette} palette
 */
function fillClasses(atlas, layout, maps, palette) {
  const [width, height] = layout.maps.grid ?? [0, 0];
  const { units } = layout.layers[layout.layers.length - 1];
  const cells = width * height;
  const grid = maps.grid ?? [];
  const shades = classShades(palette, units);
  atlas.resize(width, height, 1);
  for (let i = 0; i < cells; i++) {
    let winner = 0;
    for (let k = 1; k < units; k++) if (grid[k * cells + i] > grid[winner * cells + i]) winner = k;
    const certainty = Math.max(0, (grid[winner * cells + i] / 255 - 1 / units) / (1 - 1 / units));
    atlas.pixels[i] = shades[winner * SHADES + Math.round(certainty * (SHADES - 1))];
  }
  atlas.upload();
}

const SHADES = 32;
/** @type {WeakMap<Palette, Map<number, Uint32Array>>} */
const shaded = new WeakMap();

/**
 * @param {Palette} palette
 * @param {number} units
 */
function classShades(palette, units) {
  const known = shaded.get(palette)?.get(units);
  if (known) return known;
  const { classes } = ramps(palette);
  const made = Uint32Array.from({ length: units * SHADES }, (_, i) =>
    pixel(mix(palette.zero, classes[Math.floor(i / SHADES) % classes.length], (i % SHADES) / (SHADES - 1))),
  );
  shaded.set(palette, (shaded.get(palette) ?? new Map()).set(units, made));
  return made;
}

/**
 * @param {Context} ctx
 * @param {Layout} layout
 * @param {Maps} maps
 * @param {ReturnType<typeof memoryOf>} memory
 * @param {Box} box
 * @param {Palette} palette
 */
function drawBoundary(ctx, layout, maps, memory, box, palette) {
  const [width, height] = layout.maps.grid ?? [0, 0];
  const { units, activation } = layout.layers[layout.layers.length - 1];
  const cells = width * height;
  const grid = maps.grid ?? [];
  if (memory.margin.length !== cells) memory.margin = new Float32Array(cells);
  const [low, high] = scaleOf(maps, layout);
  const neutral = neutralValue(activation, low, high);
  ctx.beginPath();
  for (let k = 0; k < units; k++) {
    for (let i = 0; i < cells; i++) {
      if (units === 1) {
        memory.margin[i] = low + ((high - low) * grid[i]) / 255 - neutral;
        continue;
      }
      let other = 0;
      for (let each = 0; each < units; each++) if (each !== k) other = Math.max(other, grid[each * cells + i]);
      memory.margin[i] = grid[k * cells + i] - other;
    }
    traceZero(ctx, memory.margin, width, height, box);
  }
  ctx.strokeStyle = palette.ink;
  ctx.lineWidth = palette.stepped ? 2 : 1.25;
  ctx.stroke();
}

/**
 * What colours and shapes mean, in the line below the axes.
 *
 * @param {Context} ctx
 * @param {Layout} layout
 * @param {[number, number]} range
 * @param {Box} plot
 * @param {boolean} showTest
 * @param {Palette} palette
 */
function drawKey(ctx, layout, range, plot, showTest, palette) {
  const y = plot.y + plot.height + AXIS + LEGEND / 2 - 2;
  const output = layout.layers[layout.layers.length - 1];
  const { classInk } = ramps(palette);
  let x = plot.x;
  if (layout.data.task === "classification") {
    for (const [label, name] of layout.data.classes.entries()) {
      ctx.fillStyle = classInk[label % classInk.length];
      ctx.beginPath();
      tracePoint(ctx, x + 5, y, 4, label);
      ctx.fill();
      setType(ctx, palette, palette.ink);
      ctx.fillText(name.replace(/^-/, "−"), x + 14, y + 0.5);
      x += 14 + ctx.measureText(name).width + 14;
    }
    if (showTest) {
      ctx.strokeStyle = palette.ink;
      ctx.lineWidth = 1.25;
      ctx.beginPath();
      tracePoint(ctx, x + 5, y, 4, 1);
      ctx.stroke();
      ctx.fillText("test", x + 14, y + 0.5);
      x += 14 + ctx.measureText("test").width + 8;
    }
  }
  if (output.units > 1) return;
  const [low, high] = range;
  setType(ctx, palette, palette.muted);
  for (const write of [rangeEnd, shortEnd]) {
    const ends = /** @type {const} */ ([write(low), write(high)]);
    const [before, behind] = ends.map((text) => ctx.measureText(text).width + 5);
    const right = plot.x + plot.width - behind;
    const width = Math.min(RAMP, Math.floor(right - before - x));
    if (width >= SHORTEST_RAMP) return drawRamp(ctx, { x: right - width, y, width }, output.activation, low, high, palette, ends);
  }
}

/**
 * Rings around the samples of the batch that comes next; a wide one around that which the inspector follows.
 *
 * @param {Context} ctx
 * @param {Lane} lane
 * @param {Ui} ui
 * @param {import("./axes.js").Plot} plot
 * @param {Palette} palette
 */
function drawBatch(ctx, { frame, data }, { drawer, walk, sample: followed }, plot, palette) {
  if (!frame?.samples || !data || plot.box.width < SMALL) return;
  const training = trainingSamples(data);
  ctx.beginPath();
  for (const sample of frame.samples) {
    const point = training[sample];
    const [x, y] = [plotX(plot, data.points[2 * point]), plotY(plot, data.points[2 * point + 1])];
    ctx.moveTo(x + 5.5, y);
    ctx.arc(x, y, 5.5, 0, 2 * Math.PI);
  }
  ctx.strokeStyle = palette.ink;
  ctx.lineWidth = 1.25;
  ctx.stroke();
  if (drawer !== "inspector" && walk === null) return;
  const point = training[frame.samples[Math.min(followed, frame.samples.length - 1)]];
  ctx.lineWidth = 2.5;
  ctx.beginPath();
  ctx.arc(plotX(plot, data.points[2 * point]), plotY(plot, data.points[2 * point + 1]), 9, 0, 2 * Math.PI);
  ctx.stroke();
}
