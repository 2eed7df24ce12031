import assert from "node:assert/strict";
import { test } from "node:test";

import { columnOf, hitColumn, hitTest, networkGeometry, selectionBox, tileBox } from "../../static/geometry.js";
import { edgeRise } from "../../static/geometry/edges.js";
import { groupLayers } from "../../static/geometry/groups.js";
import { numberedColumns } from "../../static/geometry/numbers.js";
import { wordWidth } from "../../static/geometry/words.js";
import { lensOf, lensRow } from "../../static/geometry/lens.js";
import { layoutOf } from "./layouts.js";

const SIZE = { width: 816, height: 440 };
/** What the page leaves of 1280 × 720. */
const OPENING = { width: 840, height: 394 };
const WIDE = { width: 1288, height: 760 };

/** @param {number} layers @param {number} units */
const network = (layers, units) => layoutOf([...Array(layers).fill(units), 1]);

/** Canvases as the page lays them out: 1280 × 720, focus at 1280 × 600, 1920 × 1080, a tablet's, a phone's. */
const CANVASES = [SIZE, { width: 1184, height: 330 }, WIDE, { width: 820, height: 480 }, { width: 390, height: 300 }];

/** @param {(geometry: import("../../static/geometry.js").Geometry, where: string) => void} check */
function everywhere(check) {
  for (const size of CANVASES) {
    for (const text of [12, 16]) {
      for (const layers of [1, 4, 6, 7, 10, 16, 17, 20, 64]) {
        for (const units of [1, 2, 8, 9, 16, 32, 33, 128]) {
          check(networkGeometry(network(layers, units), { ...size, text }), `${layers} layers of ${units}, ${size.width} x ${size.height}, ${text} px`);
        }
      }
    }
  }
}

test("every combination of 1 to 64 layers and 1 to 128 units stays inside the canvas", () => {
  everywhere(({ width, columns, captions, legend, height }, where) => {
    for (const column of columns) {
      assert.ok(column.tileWidth > 0 && column.tileHeight > 0, `${where}: no tile`);
      assert.ok(column.left >= 0 && column.right <= width, `${where}: from ${column.left} to ${column.right}`);
      const [first, last] = [tileBox(column, 0), tileBox(column, column.units - 1)];
      assert.ok(first.y >= 0 && last.y + last.height <= captions, `${where}: from ${first.y} to ${last.y + last.height}`);
    }
    assert.ok(captions < legend.y && legend.y + legend.height <= height, where);
  });
});

test("neither columns nor units overlap, whatever the network and the canvas", () => {
  everywhere(({ columns, gaps }, where) => {
    for (const gap of gaps) assert.ok(gap.right >= gap.left - 1e-9, `${where}: columns overlap by ${gap.left - gap.right}`);
    for (const { y, tileHeight } of columns) {
      for (let i = 1; i < y.length; i++) assert.ok(y[i] - y[i - 1] >= tileHeight - 1e-9, `${where}: units overlap`);
    }
  });
});

test("a picture is never smaller than can be read, and edges never shorter", () => {
  everywhere(({ columns, gaps }, where) => {
    for (const { form, tileWidth, tileHeight } of columns) if (form === "tiles") assert.ok(Math.min(tileWidth, tileHeight) >= 18, where);
    for (const gap of gaps) if (gap.form === "edges") assert.ok(gap.right - gap.left >= 32, where);
  });
});

test("a column of more than 32 units has a lens, which stays inside the canvas and shows the unit", () => {
  everywhere((geometry, where) => {
    const column = geometry.columns[1];
    for (const index of [0, Math.floor(column.units / 2), column.units - 1]) {
      const lens = lensOf(geometry, column, index);
      assert.equal(lens !== null, column.units > 32, where);
      if (!lens) continue;
      assert.ok(lens.first <= index && index < lens.first + lens.count && lens.first + lens.count <= column.units, where);
      assert.ok(lens.box.x >= 0 && lens.box.x + lens.box.width <= geometry.width, where);
      assert.ok(lens.box.y >= 0 && lens.box.y + lens.box.height <= geometry.captions, `${where}: ${lens.box.y} + ${lens.box.height}`);
      const last = lensRow(lens, lens.count - 1);
      assert.ok(last.signal.x + last.signal.width <= lens.box.x + lens.box.width && last.tile.y + last.tile.height <= lens.box.y + lens.box.height, where);
    }
  });
});

test("headers over several columns stand for runs of alike layers", () => {
  const layout = layoutOf([8, 8, 8, 4, 4, 1]);
  const groups = groupLayers(layout, networkGeometry(layout, SIZE).columns);
  assert.deepEqual(groups.map(({ first, last, units }) => [first, last, units]), [[1, 3, 8], [4, 5, 4]]);
  assert.ok(groups[0].right <= groups[1].left + 4);
});

test("numbers over columns never touch; inputs and output always have theirs", () => {
  for (const least of [0, 44]) {
    everywhere(({ columns }, where) => {
      const numbered = [...numberedColumns(columns, 14, least)].sort((a, b) => a - b);
      assert.deepEqual([numbered[0], numbered.at(-1)], [0, columns.length - 1], where);
      for (let i = 1; i < numbered.length; i++) {
        const apart = columns[numbered[i]].x - columns[numbered[i - 1]].x;
        assert.ok(apart >= Math.max(least, 14), `${where}: ${numbered[i - 1]} and ${numbered[i]} are ${apart} apart`);
      }
    });
  }
  assert.deepEqual([...numberedColumns(networkGeometry(network(64, 8), SIZE).columns, 14, 0)], [0, 65, 8, 16, 24, 32, 40, 48, 56]);
  assert.equal(numberedColumns(networkGeometry(network(16, 8), WIDE).columns, 14, 0).size, 18);
});

test("tiles of a column never overlap", () => {
  for (const units of [2, 8, 9, 32, 33, 128]) {
    const column = networkGeometry(network(6, units), SIZE).columns[1];
    const distance = column.y[1] - column.y[0];
    assert.ok(distance >= column.tileHeight, `${units} units: ${column.tileHeight} px tiles every ${distance} px`);
  }
});

test("one to eight units are tiles with room for a map, up to 40 px", () => {
  for (const units of [1, 4, 8]) {
    const column = networkGeometry(network(6, units), SIZE).columns[1];
    assert.equal(column.form, "tiles");
    assert.equal(column.tileWidth, column.tileHeight);
    assert.ok(column.tileWidth <= 40 && column.tileWidth >= 36, `${units} units: ${column.tileWidth} px`);
  }
});

test("sixteen units keep their maps, at 1280 × 720 as well, with or without a row of tabs below; thirty-two are solid cells", () => {
  for (const size of [SIZE, OPENING, { ...OPENING, height: OPENING.height - 33 }]) assert.equal(networkGeometry(network(3, 16), size).columns[1].form, "tiles");
  assert.equal(networkGeometry(network(3, 32), SIZE).columns[1].form, "cells");
});

test("128 units are cells of about three pixels", () => {
  const column = networkGeometry(network(3, 128), SIZE).columns[1];
  assert.equal(column.form, "cells");
  assert.ok(column.tileHeight > 2.5 && column.tileHeight < 4, `${column.tileHeight} px`);
});

test("a gap under 32 px holds one band instead of edges", () => {
  const geometry = networkGeometry(network(20, 4), SIZE);
  assert.ok(geometry.gaps.every((gap) => gap.form === "band" && gap.shown === 0));
  assert.ok(networkGeometry(network(6, 8), SIZE).gaps.every((gap) => gap.form === "edges" && gap.right - gap.left >= 32));
});

test("columns under 30 px become a matrix whose cells touch", () => {
  const geometry = networkGeometry(network(64, 8), SIZE);
  assert.ok(geometry.pitch < 30);
  assert.ok(geometry.columns.every((column) => column.form === "matrix"));
});

test("at most 200 edges of a gap are shown", () => {
  const gap = networkGeometry(network(2, 16), SIZE).gaps[1];
  assert.equal(gap.edges, 256);
  assert.equal(gap.shown, 200);
});

test("headers say less the more layers there are", () => {
  assert.equal(networkGeometry(network(6, 4), SIZE).header, "full");
  assert.equal(networkGeometry(network(16, 4), SIZE).header, "number");
  assert.equal(networkGeometry(network(17, 4), SIZE).header, "grouped");
});

test("an image of the inputs is one column of 96 px whose edges are bundles", () => {
  const inputs = Array.from({ length: 64 }, (_, i) => `pixel ${i}`);
  const geometry = networkGeometry(layoutOf([16, 10], { inputs, maps: { form: "samples", image: [8, 8] } }), SIZE);
  assert.equal(geometry.columns[0].form, "image");
  assert.equal(geometry.columns[0].tileWidth, 96);
  assert.equal(geometry.gaps[0].form, "bundles");
  const box = tileBox(geometry.columns[0], 0);
  assert.deepEqual(hitTest(geometry, box.x + 1, box.y + 13), { kind: "input", layer: -1, unit: 8 });
});

test("names of the inputs have room beside them, wide letters and all", () => {
  const narrow = networkGeometry(layoutOf([2, 1], { inputs: ["x"] }), SIZE).columns[0].left;
  const wide = networkGeometry(layoutOf([2, 1], { inputs: ["gamma"] }), SIZE).columns[0].left;
  assert.ok(wordWidth("gamma") * 12 >= 46, "as wide as the letters of a common typeface");
  assert.ok(wide >= wordWidth("gamma") * 12 + 16 && wide > narrow);
});

test("crowded columns take the height there is, up to cells of six pixels", () => {
  const [few, many] = [64, 128].map((units) => networkGeometry(network(3, units), SIZE).columns[1]);
  assert.ok(few.tileHeight > many.tileHeight && few.tileHeight <= 6);
  assert.ok(few.y[63] - few.y[0] > 0.9 * (many.y[127] - many.y[0]));
});

test("columns stand at equal distances, the inputs first and the output last", () => {
  const { columns, pitch } = networkGeometry(network(6, 8), SIZE);
  assert.deepEqual(columns.map((column) => column.layer), [-1, 10, 11, 12, 13, 14, 15, 0]);
  for (let i = 1; i < columns.length; i++) assert.ok(Math.abs(columns[i].x - columns[i - 1].x - pitch) < 4);
});

test("a tile answers with the id of its unit, an input with its place", () => {
  const geometry = networkGeometry(network(2, 4), SIZE);
  const column = geometry.columns[1];
  assert.deepEqual(hitTest(geometry, column.x, column.y[2]), { kind: "unit", layer: 10, unit: 102 });
  assert.deepEqual(hitTest(geometry, geometry.columns[0].x, geometry.columns[0].y[1]), { kind: "input", layer: -1, unit: 1 });
  assert.equal(hitTest(geometry, 1, 1), null);
});

test("the dot at a tile's corner is the unit's bias", () => {
  const geometry = networkGeometry(network(2, 4), SIZE);
  const box = tileBox(geometry.columns[1], 0);
  assert.deepEqual(hitTest(geometry, box.x - 1, box.y + box.height + 1), { kind: "bias", layer: 10, unit: 100 });
});

test("an edge is hit within 8 px, and within 16 by a finger", () => {
  const geometry = networkGeometry(layoutOf([1, 1], { inputs: ["x"] }), SIZE);
  const gap = geometry.gaps[1];
  const [x, y] = [(gap.left + gap.right) / 2, gap.from.y[0]];
  const edge = { kind: "edge", layer: 0, from: 0, index: 0 };
  assert.deepEqual(hitTest(geometry, x, y + 7), edge);
  assert.equal(hitTest(geometry, x, y + 12), null);
  assert.deepEqual(hitTest(geometry, x, y + 12, { touch: true }), edge);
  assert.equal(hitTest(geometry, x, y + 17, { touch: true }), null);
});

test("between two edges the nearer one is hit, all along its curve", () => {
  const geometry = networkGeometry(network(2, 4), SIZE);
  const gap = geometry.gaps[1];
  for (const share of [0.2, 0.5, 0.8]) {
    const y = gap.from.y[0] + (gap.to.y[3] - gap.from.y[0]) * edgeRise(share);
    const hit = hitTest(geometry, gap.left + share * (gap.right - gap.left), y);
    assert.equal(hit?.kind, "edge");
    const end = gap.from.y[hit?.from ?? 0] + (gap.to.y[hit?.index ?? 0] - gap.from.y[hit?.from ?? 0]) * edgeRise(share);
    assert.ok(Math.abs(end - y) < 1e-6);
  }
});

test("an edge that is not drawn is not hit", () => {
  const geometry = networkGeometry(layoutOf([2, 1], { inputs: ["x"] }), SIZE);
  const gap = geometry.gaps[0];
  const near = { x: gap.right - 4, y: gap.to.y[0] };
  assert.deepEqual(hitTest(geometry, near.x, near.y), { kind: "edge", layer: 10, from: 0, index: 0 });
  assert.equal(hitTest(geometry, near.x, near.y, { drawn: () => [1] }), null);
});

test("a column answers over its whole width, for the strip", () => {
  const geometry = networkGeometry(network(2, 4), SIZE);
  const column = geometry.columns[2];
  assert.deepEqual(hitColumn(geometry, column.x + column.width / 2 - 1), { kind: "layer", layer: 11 });
});

test("what is selected has a box, and none once it is gone", () => {
  const geometry = networkGeometry(network(2, 4), SIZE);
  const column = columnOf(geometry, 11);
  assert.ok(column);
  assert.deepEqual(selectionBox(geometry, { kind: "unit", layer: 11, unit: 101 }), tileBox(column, 1));
  assert.equal(selectionBox(geometry, { kind: "unit", layer: 11, unit: 999 }), null);
  assert.equal(selectionBox(geometry, { kind: "unit", layer: 99, unit: 101 }), null);
  assert.equal(selectionBox(geometry, { kind: "edge", layer: 11, from: 9, index: 0 }), null);
  const edge = selectionBox(geometry, { kind: "edge", layer: 11, from: 0, index: 3 });
  assert.ok(edge && edge.x >= geometry.gaps[1].left && edge.x + edge.width <= geometry.gaps[1].right);
});

test("an edge's curve leaves and arrives level and crosses the middle half way", () => {
  assert.equal(edgeRise(0), 0);
  assert.ok(Math.abs(edgeRise(1) - 1) < 1e-12);
  assert.ok(Math.abs(edgeRise(0.5) - 0.5) < 1e-12);
  assert.ok(edgeRise(0.05) < 0.02);
});
