/**
 * Samples as points. A class has a colour and a shape; test samples, which are never trained on, are hollow (those of a
 * regression, whose filling is their target, have a dark outline).
 *
 * @import {Data, Layout, Palette} from "../types.js"
 * @import {Context} from "./canvas.js"
 */

import { forwardPlace, ramps } from "../encoding.js";

const TURN = 2 * Math.PI;

/**
 * Traces one point. Shapes go by class: square, circle, triangle, diamond, and again.
 *
 * @param {Context} ctx
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 * @param {number} shape
 */
export function tracePoint(ctx, x, y, radius, shape) {
  switch (shape % 4) {
    case 0: {
      const half = radius * 0.88;
      ctx.rect(x - half, y - half, 2 * half, 2 * half);
      break;
    }
    case 1:
      ctx.moveTo(x + radius, y);
      ctx.arc(x, y, radius, 0, TURN);
      break;
    case 2:
      polygon(ctx, x, y + radius * 0.2, radius * 1.25, 3);
      break;
    default:
      polygon(ctx, x, y, radius * 1.2, 4);
  }
}

/**
 * @param {Context} ctx
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 * @param {number} corners
 */
function polygon(ctx, x, y, radius, corners) {
  for (let i = 0; i < corners; i++) {
    const angle = (i / corners) * TURN - TURN / 4;
    if (i === 0) ctx.moveTo(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
    else ctx.lineTo(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
  }
  ctx.closePath();
}

/**
 * @param {Context} ctx
 * @param {object} model
 * @param {Layout} model.layout
 * @param {Data} model.data
 * @param {boolean} model.showTest
 * @param {[number, number]} model.range  scale of a regression's targets
 * @param {(sample: number) => [number, number]} place
 * @param {number} radius
 * @param {Palette} palette
 */
export function drawPoints(ctx, { layout, data, showTest, range }, place, radius, palette) {
  const { forwardCss, classInk } = ramps(palette);
  const regression = layout.data.task === "regression";
  const [low, high] = range;
  for (const test of showTest ? [0, 1] : [0]) {
    ctx.lineWidth = test ? 1.25 : 0.75;
    for (let sample = 0; sample < data.labels.length; sample++) {
      if (data.split[sample] !== test) continue;
      const label = data.labels[sample];
      const [x, y] = place(sample);
      const colour = regression ? forwardCss[forwardPlace(label, low, 0, high)] : classInk[label % classInk.length];
      ctx.fillStyle = test && !regression ? palette.card : colour;
      ctx.strokeStyle = regression ? (test ? palette.ink : palette.muted) : test ? colour : palette.card;
      ctx.beginPath();
      tracePoint(ctx, x, y, radius, regression ? 1 : label);
      ctx.fill();
      ctx.stroke();
    }
  }
}

/** @type {WeakMap<Data, Int32Array>} */
const trained = new WeakMap();

/**
 * Places in the data of the training samples, in the order in which a frame's `samples` count them.
 *
 * @param {Data} data
 */
export function trainingSamples(data) {
  let found = trained.get(data);
  if (!found) {
    found = Int32Array.from([...data.split.keys()].filter((sample) => data.split[sample] === 0));
    trained.set(data, found);
  }
  return found;
}
