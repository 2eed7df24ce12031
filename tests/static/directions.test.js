/** Which module may know which: read from the import lines, as the house is laid out. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, normalize, sep } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = fileURLToPath(new URL("../../static/", import.meta.url));

/** Modules that only calculate; so do those in a folder that bears the name of one of them. */
const PURE = ["state", "geometry", "encoding", "protocol", "format", "series", "address", "colour"];
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

/** @param {string} path */
const isPure = (path) => path === "types.js" || PURE.some((name) => path === `${name}.js` || path.startsWith(`${name}/`));

/** @param {string} folder */
const inside = (folder) => modules.filter((path) => path.startsWith(`${folder}/`));

/** @param {string} path @param {(target: string) => boolean} allowed */
function importsOnly(path, allowed) {
  for (const target of imports.get(path) ?? []) assert.ok(allowed(target), `${path} imports ${target}`);
}

test("every import names a file that is there", () => {
  for (const [path, targets] of imports) {
    for (const target of targets) assert.ok(existsSync(join(ROOT, target)), `${path} imports ${target}, which is missing`);
  }
});

test("modules that only calculate import only such modules and mention nothing of the browser's", () => {
  for (const path of modules.filter(isPure)) {
    importsOnly(path, isPure);
    assert.deepEqual(withoutComments(read(path)).match(BROWSER), null, path);
  }
});

test("modules that only calculate run in Node", async () => {
  for (const path of modules.filter(isPure)) await import(pathToFileURL(join(ROOT, path)).href);
});

test("a view knows geometry and encodings, not the connection, the store, the panels or another view", () => {
  assert.ok(inside("views").length > 0);
  for (const path of inside("views")) {
    importsOnly(path, (target) => (isPure(target) && target !== "state.js") || target.startsWith("vendor/"));
  }
});

test("a panel knows neither the connection nor the store nor a view", () => {
  assert.ok(inside("panels").length > 0);
  for (const path of inside("panels")) {
    importsOnly(path, (target) => !["connection.js", "state.js", "main.js"].includes(target) && !target.startsWith("views/"));
  }
});

test("one module alone opens sockets", () => {
  const users = modules.filter((path) => /\bWebSocket\(/.test(withoutComments(read(path))));
  assert.deepEqual(users, ["connection.js"]);
});

test("nobody imports the composition root", () => {
  for (const path of modules) importsOnly(path, (target) => target !== "main.js");
});
