import assert from "node:assert/strict";
import { test } from "node:test";

import { pixel } from "../../static/colour.js";
import { blendEdge, curveBetween } from "../../static/marks/raster.js";

const WHITE = pixel([255, 255, 255]) | 0;
const BLACK = pixel([0, 0, 0]) | 0;

function blank(width = 60, height = 40) {
  return { pixels: new Int32Array(width * height).fill(WHITE), width, height };
}

/** @param {ReturnType<typeof blank>} image @param {number} x  how much ink a column holds, in pixels */
function ink({ pixels, width, height }, x) {
  let sum = 0;
  for (let row = 0; row < height; row++) sum += 1 - (pixels[row * width + x] & 255) / 255;
  return sum;
}

test("a level edge is as thick as it says, and has its colour", () => {
  for (const thickness of [0.5, 1, 2.5, 6]) {
    const image = blank();
    blendEdge(image, curveBetween(10, 50), 20.5, 20.5, thickness, BLACK, []);
    for (const x of [10, 30, 49]) assert.ok(Math.abs(ink(image, x) - thickness) < 0.15, `${thickness}: ${ink(image, x)}`);
    assert.equal(ink(image, 9), 0);
    assert.equal(ink(image, 50), 0);
    if (thickness > 2) assert.equal(image.pixels[20 * 60 + 30], BLACK);
  }
});

test("a steep edge is no thicker than a level one, across its course", () => {
  const image = blank(60, 400);
  blendEdge(image, curveBetween(10, 50), 10, 390, 2, BLACK, []);
  const steepness = 380 * curveBetween(10, 50).slope[20];
  assert.ok(Math.abs(ink(image, 30) / Math.sqrt(1 + steepness ** 2) - 2) < 0.2);
});

test("every pixel stays opaque and lies between the edge's colour and what was there", () => {
  const image = blank();
  blendEdge(image, curveBetween(5, 55), 3, 37, 3, pixel([181, 18, 122]) | 0, [5, 4]);
  for (const value of image.pixels) {
    assert.equal(value >>> 24, 255);
    assert.ok((value & 255) >= 181 && ((value >>> 8) & 255) >= 18 && ((value >>> 16) & 255) >= 122);
  }
});

test("a dashed edge is interrupted where its pattern says", () => {
  const image = blank();
  blendEdge(image, curveBetween(0, 60), 20.5, 20.5, 2, BLACK, [6, 4]);
  const drawn = Array.from({ length: 20 }, (_, x) => (ink(image, x) > 0 ? "-" : " ")).join("");
  assert.equal(drawn, "------    ------    ");
});

test("what lies outside the image is left out", () => {
  const image = blank();
  blendEdge(image, curveBetween(10, 50), -30, 90, 6, BLACK, []);
  assert.ok(ink(image, 30) > 0);
});
