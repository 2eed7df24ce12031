import assert from "node:assert/strict";
import { test } from "node:test";

import { css, mix, rgb } from "../../static/colour.js";
import * as encoding from "../../static/encoding.js";

/** @import {Palette, Status} from "../../static/types.js" */

/** @type {Palette} */
const LIGHT = {
  paper: "#f7f7f4",
  card: "#ffffff",
  ink: "#1a1d21",
  muted: "#565d66",
  rule: "#d5d7d2",
  negative: "#d9690b",
  zero: "#ecedea",
  positive: "#1f6fb5",
  textNegative: "#9a4a00",
  textPositive: "#175a96",
  signal: "#b5127a",
  signalZero: "#f1e9ee",
  amplified: "#6a0046",
  stepped: false,
  font: "system-ui",
  textMin: 12,
  textBody: 14,
};

test("the backward strength falls by a sixth with every decade below the output's signal", () => {
  assert.equal(encoding.signalStrength(0.02, 0.02), 1);
  assert.ok(Math.abs(encoding.signalStrength(0.02e-3, 0.02) - 0.5) < 1e-12);
  assert.equal(encoding.signalStrength(1e-60, 0.02), 0);
  assert.equal(encoding.signalStrength(0, 0.02), 0);
  assert.equal(encoding.signalStrength(5, 0.02), 1);
  assert.equal(encoding.signalStrength(1, 0), 1);
});

test("the backward strength is the same when all signals fall together", () => {
  const before = encoding.signalStrength(1e-4, 1e-2);
  assert.ok(Math.abs(encoding.signalStrength(1e-4 / 200, 1e-2 / 200) - before) < 1e-12);
});

test("a signal above the output's takes the amplified colour, one equal to it does not", () => {
  const { signal } = encoding.ramps(LIGHT);
  assert.equal(signal[encoding.signalLevel(0.02, 0.02)], css(rgb(LIGHT.signal)));
  assert.equal(signal[encoding.signalLevel(0.2, 0.02)], css(rgb(LIGHT.amplified)));
  assert.notEqual(signal[encoding.signalLevel(0.021, 0.02)], css(rgb(LIGHT.signal)));
  assert.equal(signal[encoding.signalLevel(0, 0.02)], css(rgb(LIGHT.signalZero)));
  assert.equal(signal[encoding.signalLevel(Number.POSITIVE_INFINITY, 0.02)], css(rgb(LIGHT.amplified)));
});

test("the forward ramp runs from negative through the surface's colour to positive", () => {
  const { forwardCss } = encoding.ramps(LIGHT);
  assert.equal(forwardCss[encoding.forwardPlace(-1, -1, 0, 1)], css(rgb(LIGHT.negative)));
  assert.equal(forwardCss[encoding.forwardPlace(0, -1, 0, 1)], css(rgb(LIGHT.zero)));
  assert.equal(forwardCss[encoding.forwardPlace(1, -1, 0, 1)], css(rgb(LIGHT.positive)));
});

test("a sigmoid is at nothing at one half, a relu and a probability at zero", () => {
  assert.equal(encoding.neutralValue("sigmoid", 0, 1), 0.5);
  assert.equal(encoding.neutralValue("softmax", 0, 1), 0);
  assert.equal(encoding.neutralValue("relu", 0, 3.2), 0);
  assert.equal(encoding.neutralValue("relu", 0, 1), 0, "dead units are not negative ones");
  assert.equal(encoding.neutralValue("tanh", -1, 1), 0);
});

test("a map's bytes are coloured on the scale that came with them", () => {
  const table = new Uint32Array(256);
  const { forward } = encoding.ramps(LIGHT);
  encoding.fillMapTable(LIGHT, "tanh", -1, 1, table);
  assert.equal(table[0], forward[0]);
  assert.equal(table[255], forward[256]);
  encoding.fillMapTable(LIGHT, "relu", 0, 7, table);
  assert.equal(table[0], forward[128]);
  assert.equal(table[255], forward[256]);
});

test("a projector gets seven colours and no ramp", () => {
  const { forwardCss, signal } = encoding.ramps({ ...LIGHT, stepped: true });
  assert.equal(new Set(forwardCss).size, 7);
  assert.equal(new Set(signal.slice(0, encoding.SIGNAL_LEVELS)).size, 7);
});

test("the weights' scale is a power of ten that grows at once and shrinks late", () => {
  assert.equal(encoding.weightScale(0.7), 10);
  assert.equal(encoding.weightScale(12), 100);
  assert.equal(encoding.weightScale(8, 100), 100);
  assert.equal(encoding.weightScale(4, 100), 10);
  assert.equal(encoding.weightScale(3e5, 10), 1e6);
});

test("edges are half a pixel to six, and no wider than 2.5 in a network with a crowded gap", () => {
  assert.equal(encoding.edgeWidth(0, encoding.widestEdge(8)), 0.5);
  assert.equal(encoding.edgeWidth(1, encoding.widestEdge(32)), 6);
  assert.equal(encoding.edgeWidth(1, encoding.widestEdge(33)), 2.5);
});

test("an activation without a range of its own is drawn to a round number that holds it", () => {
  assert.deepEqual(encoding.displayRange([-1, 1], -0.3, 0.2), [-1, 1]);
  assert.deepEqual(encoding.displayRange(null, 0, 3.2), [0, 5]);
  assert.deepEqual(encoding.displayRange(null, -3.2, 0.4), [-5, 5]);
  assert.deepEqual(encoding.displayRange(null, 0, 0), [0, 1]);
});

test("signs of gradients are drawn only when paused or at five steps a second or less", () => {
  /** @type {Status} */
  const playing = {
    state: "playing",
    pace: 5,
    steps_per_second: 5,
    step: 1,
    epoch: 0,
    watchers: 1,
    role: "controller",
    undo: null,
    redo: null,
  };
  assert.equal(encoding.signsReadable(playing), true);
  assert.equal(encoding.signsReadable({ ...playing, pace: 10 }), false);
  assert.equal(encoding.signsReadable({ ...playing, pace: null }), false);
  assert.equal(encoding.signsReadable({ ...playing, pace: null, state: "paused" }), true);
});

test("colours mix to their ends and refuse what is no colour", () => {
  assert.deepEqual(mix("#102030", "#405060", 0), [16, 32, 48]);
  assert.deepEqual(mix("#102030", "#405060", 1), [64, 80, 96]);
  assert.throws(() => rgb("red"), TypeError);
});

test("a signal that equals the output's but for rounding is not called amplified", () => {
  assert.equal(encoding.signalLevel(0.1 * (1 + 1e-12), 0.1), encoding.signalLevel(0.1, 0.1));
  assert.ok(encoding.signalLevel(0.11, 0.1) > encoding.signalLevel(0.1, 0.1));
});
