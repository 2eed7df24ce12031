/**
 * What lanes can be made to differ in: each setting with its name, the paths that it sets, and its values, from the catalog. Pure.
 *
 * @import {RunSpec} from "../types.js"
 *
 * @typedef {object} Setting
 * @property {string} name    its first path, or "layers"
 * @property {string} title
 * @property {readonly string[]} paths  that are set together; none for the number of layers, which is no field
 * @property {"menu" | "number" | "switch" | "layers"} kind
 * @property {readonly {value: any, title: string}[]} choices  of a menu
 * @property {boolean} optional  whether a number may be off
 * @property {string} help
 */
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

const LAYERS_HELP = "How many hidden layers: the first ones are the same, further ones are like the last.";

/**
 * @param {Record<string, any>} catalog
 * @returns {Setting[]}
 */
export function settingsOf(catalog) {
  return OFFERED.map(({ paths, title = "", table, truth }) => {
    const [name = "layers"] = paths;
    const plain = { name, title, paths, choices: [], optional: false, help: "" };
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
 */
export function compareCommand(chosen) {
  /** @type {{type: "compare", lane: number, changes: Record<string, any>, layers?: number}} */
  const command = { type: "compare", lane: 0, changes: {} };
  for (const [{ name, paths }, value] of chosen) {
    if (name === "layers") command.layers = value;
    else for (const path of paths) command.changes[path] = value;
  }
  return command;
}
