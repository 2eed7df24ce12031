/** Which module may know which: read from the import lines, as the house is laid out. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, normalize, sep } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = fileURLToPath(new URL("../../static/", import.meta.url));

/** Modules that only calculate, and so does all that they import. */
const CALCULATE = ["state.js", "geometry.js", "geometry/glide.js", "glider.js", "encoding.js", "flow.js", "factors.js", "protocol.js", "series.js", "address.js", "format.js",
  "lanes.js", "lanes/geometry.js", "lanes/settings.js", "lanes/words.js", "tracks.js",
  "owndata/columns.js", "owndata/prepare.js", "owndata/sketch.js"];
const BROWSER =
  /(?<![.\w#])(?:(?:document|window|navigator|location|localStorage|sessionStorage)\.|(?:requestAnimationFrame|WebSocket|HTML\w*Element|OffscreenCanvas)\b)/g;
const STATIC_IMPORT = /^\s*(?:import|export)\s+(?:[\w$*{}\s,]+\sfrom\s+)?["']([^"']+)["']/gm;
const DYNAMIC_IMPORT = /\bimport\(\s*["']([^"']+)["']/g;

/** @param {string} path */
const read = (path) => readFileSync(join(ROOT, path), "utf8");

/** @param {string} source */
const withoutComments = (source) => source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");

const modules = readdirSync(ROOT, { recursive: true, encoding: "utf8" })
  .map((path) => path.split(sep).join("/"))
  .filter((path) => path.endsWith(".js") && !path.startsWith("vendor/"))
  .sort();

/** @type {Map<string, string[]>} module -> what it imports, from static/ */
const imports = new Map(
  modules.map((path) => {
    const source = withoutComments(read(path));
    const found = [...source.matchAll(STATIC_IMPORT), ...source.matchAll(DYNAMIC_IMPORT)];
    return [path, found.map((match) => resolve(path, match[1]))];
  }),
);

/** @param {string} from @param {string} specifier */
function resolve(from, specifier) {
  assert.match(specifier, /^\.{1,2}\//, `${from} imports "${specifier}": only relative paths work without an import map`);
  return normalize(join(dirname(from), specifier)).split(sep).join("/");
}

/** @param {string} folder */
const inside = (folder) => modules.filter((path) => path.startsWith(`${folder}/`));

/** @param {string[]} paths @returns {string[]} the modules, and all that they import, directly or not */
function withImports(paths) {
  const found = new Set(paths);
  for (const path of found) for (const target of imports.get(path) ?? []) found.add(target);
  return [...found];
}

/** @param {string[]} paths @param {RegExp} forbidden  what none of them may import */
function neverImport(paths, forbidden) {
  assert.ok(paths.length > 0);
  for (const path of paths) {
    for (const target of imports.get(path) ?? []) assert.doesNotMatch(target, forbidden, `imported by ${path}`);
  }
}

test("every import names a file that is there", () => {
  for (const [path, targets] of imports) {
    for (const target of targets) assert.ok(existsSync(join(ROOT, target)), `${path} imports ${target}, which is missing`);
  }
});

test("modules that only calculate, and what they import, mention nothing of the browser's", () => {
  for (const path of withImports(CALCULATE)) assert.deepEqual(withoutComments(read(path)).match(BROWSER), null, path);
});

test("modules that only calculate run in Node", async () => {
  for (const path of withImports(CALCULATE)) await import(pathToFileURL(join(ROOT, path)).href);
});

test("a view knows neither the connection nor the store nor a panel nor another view", () => {
  neverImport(inside("views"), /^(connection|state|main)\.js$|^(panels|views)\//);
});

test("a panel knows neither the connection nor the store nor a view", () => {
  neverImport(inside("panels"), /^(connection|state|main)\.js$|^views\//);
});

test("one module alone opens sockets", () => {
  const users = modules.filter((path) => /\bnew WebSocket\(/.test(withoutComments(read(path))));
  assert.deepEqual(users, ["connection.js"]);
});

test("nobody imports the composition root", () => {
  neverImport(modules, /^main\.js$/);
});
