/** Every theme can be read: contrast computed from the tokens (WCAG 2.2, 1.4.3 and 1.4.11). */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const SHEET = readFileSync(new URL("../../static/css/tokens.css", import.meta.url), "utf8");
const TEXT = ["ink", "muted", "text-negative", "text-positive", "signal"];
const MARKS = ["negative", "positive", "signal", "amplified"];

/** @param {string} selector  @returns {Record<string, string>} tokens of colour that the rule sets */
function tokensOf(selector) {
  const start = SHEET.indexOf(`${selector} {`);
  assert.ok(start >= 0, `${selector} is in tokens.css`);
  const rule = SHEET.slice(start, SHEET.indexOf("}", start));
  return Object.fromEntries([...rule.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]));
}

/** Relative luminance. @param {string} colour "#rrggbb" */
function luminance(colour) {
  const [red, green, blue] = [1, 3, 5]
    .map((place) => Number.parseInt(colour.slice(place, place + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** @param {string} one @param {string} other */
function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const light = tokensOf(":root");
const themes = {
  light,
  dark: { ...light, ...tokensOf(':root[data-theme="dark"]') },
  projector: { ...light, ...tokensOf(':root[data-theme="projector"]') },
};

test("the dark theme changes colours alone: what fits in light fits in dark", () => {
  const start = SHEET.indexOf(':root[data-theme="dark"] {');
  const names = [...SHEET.slice(start, SHEET.indexOf("}", start)).matchAll(/--([\w-]+):/g)].map(([, name]) => name);
  assert.deepEqual(names.filter((name) => !(name in themes.dark)), ["float-shadow"]);
  assert.equal(SHEET.split('[data-theme="dark"]').length, 2, "in one rule");
});

test("contrast is what the standard's own examples say", () => {
  assert.equal(contrast("#000000", "#ffffff"), 21);
  assert.equal(contrast("#777777", "#ffffff").toFixed(2), "4.48");
});

for (const [theme, tokens] of Object.entries(themes)) {
  test(`text of the ${theme} theme has at least 4.5 : 1 on every surface`, () => {
    for (const name of TEXT) {
      for (const surface of ["paper", "card"]) {
        assert.ok(contrast(tokens[name], tokens[surface]) >= 4.5, `${name} on ${surface}: ${contrast(tokens[name], tokens[surface])}`);
      }
    }
    assert.ok(contrast(tokens["on-ink"], tokens.ink) >= 4.5);
  });

  test(`marks of the ${theme} theme have at least 3 : 1 on a card`, () => {
    for (const name of MARKS) assert.ok(contrast(tokens[name], tokens.card) >= 3, `${name}: ${contrast(tokens[name], tokens.card)}`);
  });
}
