/**
 * What lanes can be made to differ in: each setting with its name, the paths that it sets, and its values, from the catalog. Pure.
 *
 * @import {RunSpec, State} from "../types.js"
 *
 * @typedef {object} Setting
 * @property {string} name    its first path, or "layers"
 * @property {string} title
 * @property {readonly string[]} paths  that are set together; none for the number of layers, which is no field
 * @property {"menu" | "number" | "switch" | "layers"} kind
 * @property {readonly {value: any, title: string}[]} choices  of a menu
 * @property {boolean} optional  whether a number may be off
 * @property {boolean} atStart   whether it acts at the start alone, so that a lane from here cannot differ in it
 * @property {string} help
 */
import { formatCount } from "../format.js";
import { readPaths } from "../panels/paths.js";

const HIDDEN = "network.hidden.*";

/**
 * In the order in which they are offered: what is compared in class most often comes first. Titles are the engine's where it has them.
 * @type {{paths: string[], title?: string, table?: string, truth?: boolean}[]}
 */
const OFFERED = [
  { title: "Activation", table: "activations", paths: [`${HIDDEN}.activation`] },
  { title: "Hidden layers", paths: [] },
  { title: "Initializer", table: "initializers", paths: [`${HIDDEN}.init`, "network.output_init"] },
  { paths: [`${HIDDEN}.init_gain`, "network.output_init_gain"] },
  { title: "Normalisation", table: "normalizations", paths: [`${HIDDEN}.normalization`] },
  { truth: true, paths: [`${HIDDEN}.residual`] },
  { title: "Optimizer", table: "optimizers", paths: ["training.optimizer"] },
  { paths: ["training.learning_rate"] },
  { paths: ["training.clip_norm"] },
  { paths: ["training.clip_value"] },
  { paths: ["training.l2"] },
  { paths: [`${HIDDEN}.dropout`] },
];

/** Initial weights and their gain. */
const AT_START = /init(_gain)?$/;

const LAYERS_HELP = "How many hidden layers: the first ones are the same, further ones are like the last.";

/**
 * @param {Record<string, any>} catalog
 * @returns {Setting[]}
 */
export function settingsOf(catalog) {
  return OFFERED.map(({ paths, title = "", table, truth }) => {
    const [name = "layers"] = paths;
    const plain = { name, title, paths, choices: [], optional: false, atStart: AT_START.test(name), help: "" };
    if (name === "layers") return { ...plain, kind: "layers", help: LAYERS_HELP };
    if (table) {
      const entries = Object.entries(catalog[table]).filter(([, { hidden }]) => hidden !== false);
      return { ...plain, kind: "menu", choices: entries.map(([value, record]) => ({ value, title: record.title })) };
    }
    const record = catalog[truth ? "switches" : "fields"][name];
    return { ...plain, kind: truth ? "switch" : "number", title: record.title, optional: record.optional ?? false, help: record.help };
  });
}

/**
 * What a setting is in a run: its value, MIXED where layers differ, undefined where there is none.
 * @param {Setting} setting
 * @param {RunSpec} spec
 */
export function valueOf({ name, paths }, spec) {
  if (name === "layers") return spec.network.hidden.length;
  // The output layer has some of them too: what is offered and named is what the hidden layers have.
  return spec.network.hidden.length > 0 || !name.startsWith(HIDDEN) ? readPaths(spec, [name]) : readPaths(spec, [...paths.slice(1)]);
}

/**
 * The command that adds a lane with other values for these settings.
 * @param {ReadonlyMap<Setting, any>} chosen
 * @param {boolean} [here]  whether it goes on with what the other lane has learned; else all begin again
 */
export function compareCommand(chosen, here = false) {
  /** @type {{type: "compare", lane: number, changes: Record<string, any>, layers?: number, start: "beginning" | "here"}} */
  const command = { type: "compare", lane: 0, changes: {}, start: here ? "here" : "beginning" };
  for (const [{ name, paths }, value] of chosen) {
    if (name === "layers") command.layers = value;
    else for (const path of paths) command.changes[path] = value;
  }
  return command;
}

/**
 * What is chosen, without what a lane from here cannot differ in.
 * @param {ReadonlyMap<Setting, any>} chosen
 * @param {boolean} here
 */
export function effective(chosen, here) {
  return new Map([...chosen].filter(([{ atStart }]) => !(here && atStart)));
}

/**
 * What "from here" is called, and why there is no such lane just now: "" where there is.
 * @param {Pick<State, "status">} state
 */
export function hereWords({ status }) {
  const step = status?.looking ?? status?.step ?? 0;
  const looking = status?.looking != null;
  // A number that runs would be read out again and again.
  const where = status?.state === "playing" ? "From here" : `From here, step ${formatCount(step)}`;
  let why = "";
  if (step === 0 && status?.state !== "playing") why = "At step 0 nothing is learned yet, so both would be the same.";
  else if (status?.state === "diverged" && !looking) why = "The coming step overflows, and no lane goes on alone: go back to an earlier step first.";
  return { words: `${where} (keeps what was learned)`, why };
}
