/**
 * In what runs differ, in plain words: "sigmoid against tanh". Pure.
 *
 * @import {RunSpec} from "../types.js"
 *
 * @typedef {object} Difference  one thing that is not the same in all runs
 * @property {string} before     "learning rate", where the values alone would not say what they are
 * @property {string[]} values   of each run
 * @property {string} after      "hidden layers"
 */
import { formatCount, formatExact } from "../format.js";
import { readPath } from "../panels/paths.js";

/** @typedef {(catalog: Record<string, any>, name: string) => string} Words */

/** @param {string} text  "Sigmoid" is no name, and "ReLU" is one */
const small = (text) => (/^[A-Z][a-z]*($|\s)/.test(text) ? text.slice(0, 1).toLowerCase() + text.slice(1) : text);
/** @param {string} table @returns {Words} */
const titled = (table) => (catalog, name) => catalog[table]?.[name]?.title ?? String(name);
/** @param {string} table @returns {Words} */
const named = (table) => (catalog, name) => small(titled(table)(catalog, name));
/** @type {Words} */
const plain = (_, value) => wordOf(value);

/** What is said of each hidden layer's field: its values, and what stands before and behind them. */
const OF_LAYERS = /** @type {[string, Words, string, string][]} */ ([
  ["activation", named("activations"), "", ""],
  ["units", plain, "", "units a layer"],
  ["init", titled("initializers"), "", "start weights"],
  ["init_gain", plain, "gain", ""],
  ["bias_init", plain, "start bias", ""],
  ["normalization", (catalog, name) => (name === "none" ? "without" : named("normalizations")(catalog, name)), "", "normalisation"],
  ["residual", (_, on) => (on ? "with" : "without"), "", "residual connections"],
  ["dropout", plain, "dropout", ""],
]);

/** Tables of other fields whose values have names. */
const TABLES = /** @type {Record<string, string>} */ ({
  "training.optimizer": "optimizers", "training.schedule": "schedules", "network.loss": "losses", "network.output_activation": "activations",
});

/** Fields whose values have options of their own. */
const OPTIONED = ["training.optimizer", "training.schedule", "network.loss"];

/** Fields that say by their values what they are. */
const SPEAKING = ["training.optimizer", "network.loss"];

/** What follows from another field, and would be said twice. */
const FOLLOWS = /^(version|data\.own|network\.hidden|network\.output_(init|init_gain|bias_init)$|network\.output_activation_options|.*_options$)/;

/**
 * @param {readonly RunSpec[]} specs
 * @param {Record<string, any>} catalog
 * @returns {Difference[]} none where all are the same
 */
export function differences(specs, catalog) {
  const depths = specs.map(({ network }) => String(network.hidden.length));
  const all = [
    ...OF_LAYERS.slice(0, 1).map((each) => ofLayers(each, specs, catalog)),
    { before: "", values: depths, after: "hidden layers" },
    ...OF_LAYERS.slice(1).map((each) => ofLayers(each, specs, catalog)),
    ...leaves(specs).map((path) => ofField(path, specs, catalog)),
    ...OPTIONED.flatMap((path) => ofOptions(path, specs, catalog)),
  ];
  return all.filter(({ values }) => values.some((value) => value !== values[0]));
}

const SAME = "the same settings";
/** The value of an option that a run's optimizer, schedule or loss does not have. */
const MISSING = "";

/**
 * What is particular to each run, for its label: "sigmoid", "learning rate 0.3". Of two it is said of both; further ones are told
 * from the first alone.
 * @param {readonly RunSpec[]} specs
 * @param {Record<string, any>} catalog
 * @returns {string[][]}
 */
export function ownWords(specs, catalog) {
  return specs.map((spec, run) => {
    if (run === 0 && specs.length > 2) return ["the base"];
    const pair = run === 0 ? specs : [specs[0], spec];
    const own = differences(pair, catalog).map((each) => ({ ...each, value: each.values[run === 0 ? 0 : 1] }));
    const words = own.filter(({ value }) => value !== MISSING).map(({ before, value, after }) => joined(before, value, after));
    return words.length > 0 ? words : [SAME];
  });
}

/**
 * As many of the words as have room, and how many more there are.
 * @param {readonly string[]} words
 * @param {number} room  in letters
 */
export function fitted(words, room) {
  for (let count = words.length; count > 1; count--) {
    const more = words.length - count;
    const text = words.slice(0, count).join(", ") + (more > 0 ? ` and ${more} more` : "");
    if (text.length <= room) return text;
  }
  return words.length > 1 ? `${words[0]} and ${words.length - 1} more` : words[0];
}

/**
 * Two runs or more against each other: "sigmoid against tanh", "learning rate 0.03 against 0.3".
 * @param {readonly RunSpec[]} specs
 * @param {Record<string, any>} catalog
 */
export function againstWords(specs, catalog) {
  const found = differences(specs, catalog);
  const known = (/** @type {string[]} */ values) => values.filter((value) => value !== MISSING).join(" against ");
  return found.map(({ before, values, after }) => joined(before, known(values), after)).join(", ") || SAME;
}

/**
 * From which step on lanes differ, behind the words for that: nothing where they did from the beginning.
 * @param {...number} begins  the steps at which they were forked off another
 */
export function sinceWords(...begins) {
  const step = Math.max(...begins);
  return step > 0 ? ` from step\u00a0${formatCount(step)}` : "";
}

/** @param {...string} words */
function joined(...words) {
  return words.filter((word) => word !== "").join(" ");
}

/**
 * @param {[string, Words, string, string]} field
 * @param {readonly RunSpec[]} specs
 * @param {Record<string, any>} catalog
 * @returns {Difference}
 */
function ofLayers([field, words, before, after], specs, catalog) {
  const each = specs.map(({ network }) => network.hidden.map((/** @type {any} */ layer) => (layer[field] === undefined ? "" : words(catalog, layer[field]))));
  return { before, values: differInDepthAlone(each) ? specs.map(() => "") : each.map(runsOf), after };
}

/**
 * The same words once; those of single layers by their numbers.
 * @param {string[]} each  of the layers
 */
function runsOf(each) {
  const different = [...new Set(each)];
  if (different.length < 2) return different[0] ?? "";
  const counts = different.map((word) => each.filter((other) => other === word).length);
  const most = different[counts.indexOf(Math.max(...counts))];
  const others = each.flatMap((word, layer) => (word === most ? [] : [`${word} in layer ${layer + 1}`]));
  return others.length <= 2 ? `${most}, ${others.join(", ")}` : each.join("-");
}

/**
 * Whether runs of different depth are the same as far as both go, and further layers like the last: then their depth says it all.
 * @param {string[][]} each  of the layers, of each run
 */
function differInDepthAlone(each) {
  const deepest = each.reduce((one, other) => (other.length > one.length ? other : one));
  return each.every((words) => {
    const last = words.at(-1);
    return last === undefined || deepest.every((word, layer) => word === (words[layer] ?? last));
  });
}

/**
 * Paths of all fields of any of the runs, save those that are said otherwise.
 * @param {readonly RunSpec[]} specs
 * @returns {string[]}
 */
function leaves(specs) {
  const found = specs.flatMap(({ network, training, dtype }) => [
    ...Object.keys(training).map((name) => `training.${name}`),
    ...Object.keys(network).map((name) => `network.${name}`),
    ...(dtype === undefined ? [] : ["dtype"]),
  ]);
  return [...new Set(found)].filter((path) => !FOLLOWS.test(path));
}

/**
 * @param {string} path
 * @param {readonly RunSpec[]} specs
 * @param {Record<string, any>} catalog
 * @returns {Difference}
 */
function ofField(path, specs, catalog) {
  const table = TABLES[path];
  const words = table ? titled(table) : plain;
  const values = specs.map((spec) => {
    const value = readPath(spec, path);
    return value === undefined ? "default" : value === null ? "off" : words(catalog, value);
  });
  const last = path.split(".").at(-1) ?? path;
  const title = catalog.fields?.[path]?.title ?? last.replaceAll("_", " ");
  return { before: SPEAKING.includes(path) ? "" : small(title), values, after: "" };
}

/**
 * The options of what the runs chose there, as of an optimizer. Where not all have one, only what was changed of it is worth saying.
 * @param {string} path
 * @param {readonly RunSpec[]} specs
 * @param {Record<string, any>} catalog
 * @returns {Difference[]}
 */
function ofOptions(path, specs, catalog) {
  const tables = specs.map((spec) => catalog[TABLES[path]]?.[readPath(spec, path)]?.options ?? {});
  const names = new Set(tables.flatMap((table) => Object.keys(table)));
  return [...names].flatMap((name) => {
    const given = specs.map((spec) => readPath(spec, `${path}_options`)?.[name]);
    const values = tables.map((table, run) => (name in table ? wordOf(given[run] ?? table[name].default) : MISSING));
    const changed = tables.some((table, run) => name in table && (given[run] ?? table[name].default) !== table[name].default);
    return changed || !values.includes(MISSING) ? [{ before: name.replaceAll("_", " "), values, after: "" }] : [];
  });
}

/** @param {any} value */
function wordOf(value) {
  if (typeof value === "number") return formatExact(value);
  return typeof value === "boolean" ? (value ? "on" : "off") : String(value).replaceAll("_", " ");
}
