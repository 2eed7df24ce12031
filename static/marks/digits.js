/**
 * Test images with what the network takes them for; the wrong ones are framed, their answers bold.
 *
 * @import {Layout, Data, Palette} from "../types.js"
 * @import {Context} from "./canvas.js"
 * @import {OutputModel} from "../views/output.js"
 */
import { mix, pixel } from "../colour.js";
import { formatCount } from "../format.js";
import { answersOf } from "./answers.js";
import { Atlas } from "./atlas.js";
import { fittingText, keptFor, setType } from "./canvas.js";

const SHADES = 17;
const LINE = 24; // of words below the images
const SPACE = 4;

const memoryOf = keptFor(() => ({ atlas: new Atlas(), of: /** @type {unknown[]} */ ([]) }));

/**
 * @param {Context} ctx
 * @param {OutputModel & {layout: Layout}} model
 */
export function drawDigits(ctx, { lane: { data, maps }, palette, box, layout }) {
  ctx.fillStyle = palette.paper;
  ctx.fillRect(box.x, box.y, box.width, box.height);
  if (!data) return;
  const { samples, predicted, wrong } = answersOf(layout, data, maps);
  const grid = arrange(box, palette.textMin);
  const shown = Math.min(samples.length, grid.across * grid.down);
  const memory = memoryOf(ctx);
  if (memory.of[0] !== data || memory.of[1] !== palette || memory.of[2] !== shown) {
    memory.of = [data, palette, shown];
    fillImages(memory.atlas, layout, data, samples.subarray(0, shown), palette);
  }
  ctx.imageSmoothingEnabled = false;
  for (let row = 0; row < shown; row++) {
    const x = box.x + (row % grid.across) * grid.width;
    const y = box.y + Math.floor(row / grid.across) * grid.height;
    memory.atlas.draw(ctx, row, x + 2, y + 2, grid.image, grid.image);
    if (!maps?.predictions) continue;
    const right = predicted[row] === data.labels[samples[row]];
    setType(ctx, palette, right ? palette.muted : palette.ink, "center", right ? "" : "700");
    ctx.fillText(layout.data.classes[predicted[row]], x + 2 + grid.image + grid.text / 2, y + 2 + grid.image / 2 + 0.5);
    if (!right) drawWrong(ctx, x, y, grid, palette);
  }
  if (maps?.predictions) drawSummary(ctx, wrong, samples.length, box, palette);
}

/**
 * As many images as have room, at least 24 px wide each, with their predictions beside them.
 *
 * @param {{width: number, height: number}} box
 * @param {number} text  size of the smallest text
 */
function arrange(box, text) {
  const beside = text + 2;
  const image = box.width > 320 ? 32 : 24;
  const across = Math.max(1, Math.floor((box.width + SPACE) / (image + beside + 4 + SPACE)));
  const height = image + 4 + SPACE;
  const down = Math.max(1, Math.floor((box.height - LINE) / height));
  return { across, down, width: (box.width + SPACE) / across, height, image, text: beside };
}

/**
 * @param {Atlas} atlas
 * @param {Layout} layout
 * @param {Data} data
 * @param {Int32Array} samples
 * @param {Palette} palette
 */
function fillImages(atlas, layout, { points }, samples, palette) {
  const [width, height] = layout.maps.image ?? [0, 0];
  const size = width * height;
  const shades = Uint32Array.from({ length: SHADES }, (_, i) => pixel(mix(palette.card, palette.ink, i / (SHADES - 1))));
  atlas.resize(width, height, samples.length);
  for (const [row, sample] of samples.entries()) {
    for (let i = 0; i < size; i++) atlas.pixels[row * size + i] = shades[Math.round(points[sample * size + i] * (SHADES - 1))];
  }
  atlas.upload();
}

/**
 * @param {Context} ctx
 * @param {number} x
 * @param {number} y
 * @param {ReturnType<typeof arrange>} grid
 * @param {Palette} palette
 */
function drawWrong(ctx, x, y, { image, text }, palette) {
  ctx.strokeStyle = palette.ink;
  ctx.lineWidth = 2;
  ctx.strokeRect(x + 1, y + 1, image + text + 2, image + 2);
}

/**
 * @param {Context} ctx
 * @param {number} wrong
 * @param {number} all
 * @param {{x: number, y: number, width: number, height: number}} box
 * @param {Palette} palette
 */
function drawSummary(ctx, wrong, all, box, palette) {
  const y = box.y + box.height - LINE / 2;
  ctx.strokeStyle = palette.ink;
  ctx.lineWidth = 2;
  ctx.strokeRect(box.x + 1, y - 6, 12, 12);
  setType(ctx, palette, palette.ink);
  const text = `wrong: ${formatCount(wrong)} of ${formatCount(all)}`;
  ctx.fillText(fittingText(ctx, [`${text} test images`, `${text} tested`, text], box.width - 22), box.x + 22, y + 0.5);
}
