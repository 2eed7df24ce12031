/**
 * Reading a run's spec by the dotted paths that a patch uses. Pure.
 *
 * @import {RunSpec} from "../types.js"
 */

/** What a path with `*` reads as where the layers differ. */
export const MIXED = Symbol("mixed");

/**
 * @param {RunSpec} spec
 * @param {string} path  "training.learning_rate"; "network.hidden.*.activation" for every hidden layer
 * @returns {any} the value; MIXED where several places differ; undefined where there is none
 */
export function readPath(spec, path) {
  return common(readAll(spec, path.split(".")));
}

/**
 * @param {RunSpec} spec
 * @param {string[]} paths  several paths that one control sets together
 */
export function readPaths(spec, paths) {
  return common(paths.flatMap((path) => readAll(spec, path.split("."))));
}

/**
 * @param {any} value
 * @param {string[]} keys
 * @returns {any[]}
 */
function readAll(value, keys) {
  if (keys.length === 0) return [value];
  if (value === null || typeof value !== "object") return [];
  const [key, ...rest] = keys;
  if (key === "*") return Object.values(value).flatMap((each) => readAll(each, rest));
  return key in value ? readAll(value[key], rest) : [];
}

/** @param {any[]} values */
function common(values) {
  return values.every((value) => Object.is(value, values[0])) ? values[0] : MIXED;
}
