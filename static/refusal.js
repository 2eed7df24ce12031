/**
 * What a person reads when a command was refused: "Learning rate −1 refused: must be above 0. Still 0.03." Pure.
 *
 * @import {RunSpec} from "./types.js"
 */

import { capital, formatExact, formatNumber, sentence } from "./format.js";

const LONGEST_VALUE = 40;

/**
 * @param {{field?: string | null, value?: unknown, message: string}} event  a `rejected` of the wire
 * @param {RunSpec | undefined} spec  what holds still
 * @param {Record<string, any>} catalog
 * @param {{tensor: string, value: number} | null} [parameter]  the weight or bias that was typed, where the field is its value
 * @returns {string}
 */
export function refusalText({ field, value, message }, spec, catalog, parameter = null) {
  const mark = " refused: ";
  const place = message.indexOf(mark);
  if (!field || place < 0) return sentence(message);
  const rule = message.slice(place + mark.length);
  if (field === "value" && parameter !== null) {
    return `${sentence(`${parameter.tensor} ${show(value)} refused: ${rule}`)} Still ${formatNumber(parameter.value)}.`;
  }
  const name = fieldName(field, catalog);
  const still = spec === undefined ? undefined : readPath(spec, field);
  const rest = still === null ? " Still off." : isPlain(still) ? ` Still ${show(still)}.` : " Nothing was changed.";
  return sentence(`${name} ${value === undefined ? "" : `${show(value)} `}refused: ${rule}`) + rest;
}

/**
 * The field's name as its control calls it, with the layer where it has one: "Learning rate", "Layer 2: units".
 * @param {string} field  dotted path
 * @param {Record<string, any>} catalog
 */
function fieldName(field, catalog) {
  const [, layer] = /^network\.hidden\.(\d+)\./.exec(field) ?? [];
  const general = layer === undefined ? field : field.replace(`.${layer}.`, ".*.");
  const own = general.split(".").at(-1) ?? field;
  const title = catalog.fields?.[general]?.title ?? own.replaceAll("_", " ");
  return layer === undefined ? capital(title) : `Layer ${Number(layer) + 1}: ${lower(title)}`;
}

/** @param {RunSpec} spec @param {string} path */
function readPath(spec, path) {
  return path.split(".").reduce((value, part) => value?.[part], /** @type {any} */ (spec));
}

/** @param {unknown} value */
function isPlain(value) {
  return typeof value === "number" || typeof value === "string" || typeof value === "boolean";
}

/** @param {unknown} value */
function show(value) {
  if (typeof value === "number") return formatExact(value);
  const text = typeof value === "string" ? value.replaceAll("_", " ") : JSON.stringify(value);
  const short = text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
  return typeof value === "string" && !/^[\w .,+…-]+$/.test(short) ? `“${short}”` : short;
}

/** @param {string} text */
function lower(text) {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
