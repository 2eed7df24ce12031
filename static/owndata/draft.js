/**
 * Points of classes while they are drawn, by samples. Every change is a new draft. Pure.
 *
 * @import {Data} from "../types.js"
 *
 * @typedef {object} Draft
 * @property {number[]} points  x, y of each
 * @property {number[]} labels
 * @property {number[]} split   0 train, 1 test, as the server last said; 0 of those that it has not seen
 */

/** Classes that are offered at least. */
const CLASSES = 4;

/** @param {Data | null} [data] @returns {Draft} */
export function draftOf(data = null) {
  return data === null ? { points: [], labels: [], split: [] } : { points: [...data.points], labels: [...data.labels], split: [...data.split] };
}

/** @param {Draft} draft @returns {Data}  as the views take it */
export function asData({ points, labels, split }) {
  return { lane: 0, version: -1, points: Float32Array.from(points), labels: Float32Array.from(labels), split: Uint8Array.from(split) };
}

/** @param {Draft} draft @param {number} x @param {number} y @param {number} label @returns {Draft} */
export function withPoint({ points, labels, split }, x, y, label) {
  return { points: [...points, x, y], labels: [...labels, label], split: [...split, 0] };
}

/**
 * @param {Draft} draft
 * @param {(x: number, y: number) => boolean} isErased
 * @returns {Draft} the same where nothing is erased
 */
export function without(draft, isErased) {
  const { points, labels, split } = draft;
  const kept = [...labels.keys()].filter((sample) => !isErased(points[2 * sample], points[2 * sample + 1]));
  if (kept.length === labels.length) return draft;
  return {
    points: kept.flatMap((sample) => [points[2 * sample], points[2 * sample + 1]]),
    labels: kept.map((sample) => labels[sample]),
    split: kept.map((sample) => split[sample]),
  };
}

/**
 * The classes that are used, and the two that there are at least: a network has an output for each.
 * @param {Draft} draft
 * @param {readonly string[]} offered
 */
export function usedClasses({ labels }, offered) {
  return offered.slice(0, 1 + labels.reduce((most, label) => Math.max(most, label), 1));
}

/** @param {readonly string[]} given  @returns {string[]} with further ones to draw, named as their keys */
export function offeredClasses(given) {
  const names = [...given];
  while (names.length < CLASSES) names.push(String(names.length + 1));
  return names;
}
