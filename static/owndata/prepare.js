/**
 * From a table and a choice of its columns to what a network is trained on. Pure.
 *
 * @import {Column, Table, Task} from "./columns.js"
 *
 * @typedef {object} Choice
 * @property {number[]} inputs      places of columns
 * @property {number} target
 * @property {Task} task
 * @property {boolean} standardise  mean 0 and standard deviation 1, of every input and of a target of numbers
 * @property {boolean} leaveOut     rows with missing values
 *
 * @typedef {object} Limits  the catalog's, of own data
 * @property {number} inputs
 * @property {number} classes
 * @property {[number, number]} samples
 * @property {number} name
 * @property {number} number
 *
 * @typedef {object} Prepared
 * @property {string[]} inputs
 * @property {string[]} classes  none where the target is numbers
 * @property {Float32Array} points  row by row
 * @property {Float32Array} labels
 */
import { formatCount } from "../format.js";
import { isMissing } from "./columns.js";
import { TableError } from "./error.js";

/** Where numbers are larger than this, a network learns little from them as they are. */
const LARGE = 20;

/**
 * @param {Table} table
 * @param {Choice} choice
 * @param {Limits} limits
 * @returns {Prepared}
 * @throws {TableError}
 */
export function prepare(table, choice, limits) {
  const inputs = choice.inputs.map((place) => table.columns[place]);
  const target = table.columns[choice.target];
  checkInputs(inputs, limits);
  const rows = completeRows(table, [...inputs, target], choice.leaveOut);
  const [fewest] = limits.samples;
  if (rows.length < fewest) throw new TableError(`Too few rows have all values: ${rows.length}, and at least ${fewest} are needed.`);
  for (const column of choice.task === "numbers" ? [...inputs, target] : inputs) checkNumbers(column, rows, table, limits.number);

  const prepared = choice.task === "classes" ? classLabels(target, rows, limits) : numberLabels(target, rows, choice.standardise);
  const points = new Float32Array(rows.length * inputs.length);
  for (const [place, column] of inputs.entries()) {
    const values = numbersOf(column, rows, choice.standardise);
    for (const [row, value] of values.entries()) points[row * inputs.length + place] = value;
  }
  return { inputs: inputs.map(({ name }) => name), points, ...prepared };
}

/**
 * Whether some of the numbers are so large that standardising is advised.
 * @param {Table} table
 * @param {number[]} places
 */
export function isLarge(table, places) {
  return places.some((place) => table.columns[place].numbers?.some((number) => Math.abs(number) > LARGE));
}

/** @param {Table} table @param {number[]} places  @returns {number} rows in which one of the columns has no value */
export function incomplete(table, places) {
  const holed = places.map((place) => table.columns[place]).filter(({ missing }) => missing > 0);
  let count = 0;
  for (let row = 0; row < table.rows; row++) if (holed.some(({ cells }) => isMissing(cells[row]))) count++;
  return count;
}

/** @param {Column[]} inputs @param {Limits} limits */
function checkInputs(inputs, { inputs: most }) {
  if (inputs.length === 0) throw new TableError("No input is chosen: choose a column of numbers beside the target.");
  if (inputs.length > most) {
    throw new TableError(`${formatCount(inputs.length)} columns are chosen as inputs, and ${most} are the most: choose fewer.`);
  }
}

/**
 * @param {Table} table
 * @param {Column[]} columns
 * @param {boolean} leaveOut
 */
function completeRows(table, columns, leaveOut) {
  const holed = columns.filter(({ missing }) => missing > 0);
  const rows = [];
  for (let row = 0; row < table.rows; row++) {
    const hole = holed.find(({ cells }) => isMissing(cells[row]));
    if (hole === undefined) rows.push(row);
    else if (!leaveOut) {
      throw new TableError(`Line ${table.lines[row]} has no value for “${hole.name}”: leave out such rows, or the column.`);
    }
  }
  return rows;
}

/** @param {Column} column @param {number[]} rows @param {Table} table @param {number} largest */
function checkNumbers({ name, numbers, cells }, rows, { lines }, largest) {
  if (numbers === null) throw new TableError(`“${name}” holds words, and here numbers are needed.`);
  const wrong = rows.find((row) => !(Math.abs(numbers[row]) <= largest));
  if (wrong === undefined) return;
  throw new TableError(`In line ${lines[wrong]} “${name}” is ${cells[wrong].slice(0, 30)}, which is too large a number.`);
}

/**
 * @param {Column} target
 * @param {number[]} rows
 * @param {Limits} limits
 */
function classLabels({ name, numbers, cells, values }, rows, limits) {
  const valueAt = (/** @type {number} */ row) => (numbers ? String(numbers[row]) : cells[row]);
  const used = new Set(rows.map(valueAt));
  const classes = values.length > 0 ? values.filter((value) => used.has(value)) : [...used];
  if (classes.length === 1) throw new TableError(`“${name}” has one class only, “${classes[0]}”: there is nothing to tell apart.`);
  if (classes.length > limits.classes) {
    const rule = `${limits.classes} classes are the most`;
    throw new TableError(`“${name}” has ${formatCount(classes.length)} different values, and ${rule}: choose another target.`);
  }
  const place = new Map(classes.map((value, index) => [value, index]));
  const labels = Float32Array.from(rows, (row) => place.get(valueAt(row)) ?? 0);
  return { classes: shortNames(classes, limits.name), labels };
}

/** @param {string[]} classes @param {number} longest */
function shortNames(classes, longest) {
  const cut = classes.map((name) => name.slice(0, longest));
  return new Set(cut).size === cut.length ? cut : classes.map((name, place) => `${place + 1} ${name.slice(0, longest - 3)}`);
}

/** @param {Column} target @param {number[]} rows @param {boolean} standardise */
function numberLabels(target, rows, standardise) {
  const labels = Float32Array.from(numbersOf(target, rows, standardise));
  if (labels.every((label) => label === labels[0])) {
    throw new TableError(`“${target.name}” is the same number in every row: there is nothing to learn.`);
  }
  return { classes: [], labels };
}

/** @param {Column} column @param {number[]} rows @param {boolean} standardise */
function numbersOf({ numbers }, rows, standardise) {
  const values = rows.map((row) => numbers?.[row] ?? NaN);
  if (!standardise) return values;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return values.map((value) => (value - mean) / (spread || 1));
}
