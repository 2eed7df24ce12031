import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { columnOf, networkGeometry } from "../../static/geometry.js";
import { edgePresence, glideBetween } from "../../static/geometry/glide.js";
import { leavingOf, leavingUnits } from "../../static/geometry/leaving.js";
import { GLIDE, Glider } from "../../static/glider.js";
import { layoutOf } from "./layouts.js";

const SIZE = { width: 816, height: 440 };
const STAND = { x: 184, y: 184, window: "1280,720,12" };

const before = layoutOf([4, 2, 1]);
/** A layer more, with an id of its own, between the two; and a unit less in the first. */
const after = layoutOf([3, 4, 2, 1]);
after.layers[0].unit_ids = [100, 102, 103];
after.layers[1].id = 99;
after.layers[2].id = before.layers[1].id;
const [from, to] = [networkGeometry(before, SIZE), networkGeometry(after, SIZE)];

/** @param {import("../../static/geometry.js").Geometry} geometry @param {number} layer */
function column(geometry, layer) {
  const found = columnOf(geometry, layer);
  assert.ok(found);
  return found;
}

test("layers and units glide from where they stood, known by their ids", () => {
  const [start, half] = [0, 0.5].map(glideBetween(from, to));
  const [old, next] = [column(from, 11), column(to, 11)];
  assert.notEqual(old.x, next.x);
  assert.equal(column(start, 11).x, old.x);
  assert.equal(column(half, 11).x, (old.x + next.x) / 2);
  assert.equal(column(start, 10).y[1], column(from, 10).y[2]);
  assert.equal(column(half, 10).y[1], (column(from, 10).y[2] + column(to, 10).y[1]) / 2);
});

test("what is new stands at its place and fades in, with its edges; what stays is never paler", () => {
  const geometry = glideBetween(from, to)(0.25);
  assert.deepEqual(column(geometry, 99).y, column(to, 99).y);
  assert.deepEqual([...(column(geometry, 99).fresh ?? [])], [1, 1, 1, 1]);
  assert.deepEqual([...(column(geometry, 10).fresh ?? [])], [0, 0, 0]);
  assert.deepEqual(geometry.gaps.map((gap) => edgePresence(geometry, gap, 0, 0)), [1, 0.25, 0.25, 1]);
});

test("edges between layers that come to be neighbours are new", () => {
  const geometry = glideBetween(to, from)(0.25);
  assert.deepEqual(geometry.gaps.map((gap) => edgePresence(geometry, gap, 0, 0)), [1, 0.25, 1]);
});

test("edges begin and end at the tiles all the way, and columns never overlap them", () => {
  for (const share of [0, 0.1, 0.5, 0.9, 1]) {
    for (const gap of glideBetween(from, to)(share).gaps) {
      assert.equal(gap.left, gap.from.right);
      assert.ok(gap.right >= gap.left);
    }
  }
});

test("at the end of the way stands the new geometry itself", () => {
  assert.equal(glideBetween(from, to)(1), to);
});

test("where the canvas itself has moved, nothing jumps on the screen", () => {
  const wide = networkGeometry(before, { width: 1184, height: 440 });
  const shift = { x: 136, y: -4 };
  const start = glideBetween(from, wide, shift)(0);
  for (const [place, { x, y, left, right }] of start.columns.entries()) {
    const old = from.columns[place];
    assert.deepEqual([x, left, right, y[0]], [old.x + 136, old.left + 136, old.right + 136, old.y[0] - 4]);
  }
  assert.equal(start.captions, from.captions - 4);
});

test("an image that gives way to inputs one by one does not turn into them", () => {
  const inputs = Array.from({ length: 64 }, (_, i) => `pixel ${i}`);
  const digits = networkGeometry(layoutOf([4, 2, 1], { inputs, maps: { form: "samples", image: [8, 8] } }), SIZE);
  assert.deepEqual([...(glideBetween(digits, from)(0.5).columns[0].fresh ?? [])], [1, 1]);
  assert.deepEqual([...(glideBetween(from, digits)(0.5).columns[0].fresh ?? [])], [1]);
});

test("a change takes 240 ms, and one in the middle of another goes on from where that is", () => {
  const glider = new Glider();
  glider.follow(from, STAND, 0, true);
  assert.equal(glider.at(0), from);
  assert.equal(glider.moving, false);
  glider.follow(to, STAND, 1000, true);
  const half = glider.at(1000 + GLIDE / 2);
  assert.ok(half && glider.moving);
  glider.follow(from, STAND, 1000 + GLIDE / 2, true);
  const start = glider.at(1000 + GLIDE / 2);
  assert.ok(start);
  assert.equal(column(start, 11).x, column(half, 11).x);
  assert.equal(glider.at(1000 + 1.5 * GLIDE), from);
  assert.equal(glider.moving, false);
});

test("nothing glides where motion is not wanted or painting is slow, and not with the window's size", () => {
  for (const [stand, smooth] of /** @type {const} */ ([[STAND, false], [{ ...STAND, window: "1920,1080,12" }, true]])) {
    const glider = new Glider();
    glider.follow(from, STAND, 0, true);
    glider.follow(to, stand, 1000, smooth);
    assert.equal(glider.at(1000), to);
  }
});

test("a way that proves too slow ends at once", () => {
  const glider = new Glider();
  glider.follow(from, STAND, 0, true);
  glider.follow(to, STAND, 1000, true);
  glider.arrive();
  assert.equal(glider.at(1001), to);
});

test("the style sheet and the drawings agree on how long a change of layout takes", () => {
  const tokens = readFileSync(new URL("../../static/css/tokens.css", import.meta.url), "utf8");
  assert.equal(Number(/--layout: (\d+)ms/.exec(tokens)?.[1]), GLIDE);
});

test("units that are gone stand where they stood, and are less and less there", () => {
  const half = glideBetween(from, to)(0.25).leaving;
  assert.ok(half);
  assert.equal(half.presence, 0.75);
  assert.deepEqual(leavingUnits(half).map(({ key }) => key), ["10 101"]);
  assert.equal(column(half, 10).y[1], column(from, 10).y[1]);
});

test("a layer that is gone leaves with its units, and with the edges to what was beside it", () => {
  const leaving = leavingOf(to, from, { x: 0, y: 0 });
  assert.ok(leaving);
  assert.deepEqual(leavingUnits(leaving).map(({ key }) => key.split(" ")[0]), ["99", "99", "99", "99"]);
  assert.deepEqual(leaving.gaps.map((gap) => gap.fresh), [false, true, true, false]);
});

test("where nothing is gone, nothing leaves", () => {
  const wide = networkGeometry(before, { width: 1184, height: 440 });
  assert.equal(glideBetween(from, wide)(0.5).leaving, undefined);
});

test("what leaves goes on to leave at its place on the screen when the canvas then gets another size", () => {
  const half = glideBetween(from, to)(0.5);
  const wide = networkGeometry(after, { width: 1184, height: 440 });
  const { leaving } = glideBetween(half, wide, { x: 136, y: -4 })(0);
  assert.ok(leaving);
  assert.equal(leaving.presence, 0.5);
  assert.equal(column(leaving, 10).x, column(from, 10).x + 136);
});
