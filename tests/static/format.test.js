import assert from "node:assert/strict";
import { test } from "node:test";
import { formatCount, formatExact, formatNumber, formatPercent, formatRate, formatRatio, sentence } from "../../static/format.js";

test("a measured number has three digits", () => {
  assert.equal(formatNumber(0.31), "0.310");
  assert.equal(formatNumber(12.3456), "12.3");
  assert.equal(formatNumber(0.001), "0.00100");
  assert.equal(formatNumber(1234.5), "1,230");
  assert.equal(formatNumber(9985), "9,990");
  assert.equal(formatNumber(0), "0");
});

test("outside 0.001 to 9,999 a number is written as a power of ten", () => {
  assert.equal(formatNumber(2.1e-6), "2.10×10⁻⁶");
  assert.equal(formatNumber(0.000999), "9.99×10⁻⁴");
  assert.equal(formatNumber(0.0009999), "0.00100");
  assert.equal(formatNumber(9999), "1.00×10⁴");
  assert.equal(formatNumber(1e-60), "1.00×10⁻⁶⁰");
  assert.equal(formatNumber(3.14159e150), "3.14×10¹⁵⁰");
});

test("a negative number carries a true minus sign", () => {
  assert.equal(formatNumber(-0.5), "−0.500");
  assert.equal(formatNumber(-2.1e-6), "−2.10×10⁻⁶");
  assert.equal(formatExact(-1), "−1");
  assert.equal(formatCount(-1200), "−1,200");
});

test("what is not finite is said in words and what is missing is a dash", () => {
  assert.equal(formatNumber(NaN), "not finite");
  assert.equal(formatNumber(-Infinity), "not finite");
  assert.equal(formatExact(NaN), "not finite");
  assert.equal(formatNumber(null), "–");
  assert.equal(formatPercent(null), "–");
});

test("a chosen number keeps its digits and gets no others", () => {
  assert.equal(formatExact(0.03), "0.03");
  assert.equal(formatExact(10), "10");
  assert.equal(formatExact(20000), "20,000");
  assert.equal(formatExact(0.00001), "1×10⁻⁵");
  assert.equal(formatExact(0.00025), "2.5×10⁻⁴");
  assert.equal(formatExact(0), "0");
});

test("counts are grouped", () => {
  assert.equal(formatCount(1240), "1,240");
  assert.equal(formatCount(999), "999");
  assert.equal(formatCount(12345678), "12,345,678");
});

test("a percentage claims 100 or 0 only where that is exact", () => {
  assert.equal(formatPercent(1), "100\u202f%");
  assert.equal(formatPercent(0.9996), ">\u200a99.9\u202f%");
  assert.equal(formatPercent(0.9234), "92.3\u202f%");
  assert.equal(formatPercent(0), "0\u202f%");
});

test("a rate below ten has one digit after the point", () => {
  assert.equal(formatRate(0.5), "0.5");
  assert.equal(formatRate(10), "10");
  assert.equal(formatRate(10412.7), "10,413");
});

test("a ratio is told as a person would tell it", () => {
  assert.equal(formatRatio(1 / 2750), "1/2,750");
  assert.equal(formatRatio(0.31), "0.31");
  assert.equal(formatRatio(0.0312), "1/32");
  assert.equal(formatRatio(7.08), "7.1 times");
  assert.equal(formatRatio(140.4), "140 times");
  assert.equal(formatRatio(1), "1 times");
  assert.equal(formatRatio(2.1e-13), "2.10×10⁻¹³");
  assert.equal(formatRatio(0), "nothing");
});

test("a server's words become one sentence", () => {
  assert.equal(sentence("the engine process was lost"), "The engine process was lost.");
  assert.equal(sentence("Reload the page!"), "Reload the page!");
});
