/**
 * What the columns of a table are: numbers or words, inputs or the target. Pure.
 *
 * @import {Rows} from "./csv.js"
 *
 * @typedef {object} Column
 * @property {string} name
 * @property {string[]} cells
 * @property {"numbers" | "words" | "empty"} kind
 * @property {Float64Array | null} numbers  NaN where a value is missing; null where the column holds words
 * @property {string[]} values    its different values: numbers in order, words by the alphabet
 * @property {number} missing     how many cells hold no value
 * @property {number | null} odd  the row of the first word among what are numbers for the most part
 * @property {boolean} counts     whether it counts the rows: 1, 2, 3, ...
 *
 * @typedef {object} Table
 * @property {boolean} header  whether the first line names the columns
 * @property {Column[]} columns
 * @property {number} rows
 * @property {number[]} lines  of the text, where each row begins
 *
 * @typedef {"classes" | "numbers"} Task
 */
import { formatCount, formatNumber } from "../format.js";
import { TableError } from "./error.js";

/** What people write where there is no value. */
export const MISSING = /^(n\/?a|nan|null|none|\?|[-–—])?$/i;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const TARGET_NAME = /^(class|label|target|species|outcome|diagnosis|y)$/i;

/**
 * @param {Rows} rows
 * @param {{samples: number[], name: number}} limits
 * @param {boolean} [header]  whether the first line names the columns; else that is found out
 * @returns {Table}
 * @throws {TableError}
 */
export function recognise({ cells, lines, decimalComma }, { samples: [, most], name: longest }, header = looksLikeHeader(cells, decimalComma)) {
  const body = header ? cells.slice(1) : cells;
  if (body.length === 0) throw new TableError("There are no rows below the names of the columns.");
  if (body.length > most) throw new TableError(`This table has ${formatCount(body.length)} rows, and ${formatCount(most)} are the most.`);
  if (cells[0].length < 2) throw new TableError("This table has one column only: it needs an input and a target at least.");
  const names = columnNames(header ? cells[0] : cells[0].map(() => ""), longest);
  const columns = names.map((name, place) => columnOf(name, body.map((row) => row[place]), decimalComma));
  if (columns.every(({ kind }) => kind !== "numbers")) {
    throw new TableError("No column holds numbers alone, and the inputs of a network are numbers.");
  }
  return { header, columns, rows: body.length, lines: header ? lines.slice(1) : lines };
}

/**
 * The first line names columns where it holds a word above numbers, or no number at all though there are some below.
 * @param {string[][]} cells
 * @param {boolean} decimalComma
 */
function looksLikeHeader(cells, decimalComma) {
  const [first, second] = cells;
  const isNumber = (/** @type {string} */ cell) => toNumber(cell, decimalComma) !== null;
  if (second === undefined) return !first.some(isNumber);
  if (first.some((cell, place) => !isNumber(cell) && !MISSING.test(cell) && isNumber(second[place]))) return true;
  return !first.some(isNumber) && cells.some((row) => row.some(isNumber));
}

/**
 * Every column gets a name of its own.
 * @param {string[]} given
 * @param {number} longest
 */
function columnNames(given, longest) {
  /** @type {string[]} */
  const names = [];
  for (const [place, text] of given.entries()) {
    const name = text.slice(0, longest - 5).trim() || `column ${place + 1}`;
    let unique = name;
    for (let count = 2; names.includes(unique); count++) unique = `${name} ${count}`;
    names.push(unique);
  }
  return names;
}

/**
 * @param {string} name
 * @param {string[]} cells
 * @param {boolean} decimalComma
 * @returns {Column}
 */
function columnOf(name, cells, decimalComma) {
  const numbers = new Float64Array(cells.length).fill(NaN);
  const different = new Set();
  let [missing, found] = [0, 0];
  let odd = /** @type {number | null} */ (null);
  for (const [row, cell] of cells.entries()) {
    if (MISSING.test(cell)) {
      missing++;
      continue;
    }
    different.add(cell);
    const number = toNumber(cell, decimalComma);
    if (number === null) odd ??= row;
    else {
      numbers[row] = number;
      found++;
    }
  }
  const kind = missing === cells.length ? "empty" : odd === null ? "numbers" : "words";
  const values = kind === "numbers" ? numberValues(numbers) : [...different].sort((one, other) => one.localeCompare(other));
  return {
    name,
    cells,
    kind,
    numbers: kind === "numbers" ? numbers : null,
    values,
    missing,
    odd: odd !== null && found > cells.length / 2 ? odd : null,
    counts: kind === "numbers" && missing === 0 && cells.length > 2 && numbers.every((number, row) => number === numbers[0] + row),
  };
}

/** @param {Float64Array} numbers  @returns {string[]} the different ones in order: "1" and "1.0" are the same */
function numberValues(numbers) {
  const present = numbers.filter((number) => !Number.isNaN(number));
  return [...new Set(present.sort())].map(String);
}

/**
 * @param {string} cell
 * @param {boolean} decimalComma
 * @returns {number | null}
 */
function toNumber(cell, decimalComma) {
  const plain = cell.replace("\u2212", "-");
  const text = decimalComma ? plain.replace(",", ".") : plain;
  return NUMBER.test(text) ? Number(text) : null;
}

/** @param {Column} column @returns {Float64Array} without the missing ones */
function present({ numbers }) {
  return numbers?.filter((number) => !Number.isNaN(number)) ?? new Float64Array();
}

/**
 * What was recognised, in words.
 * @param {Column} column
 * @param {number[]} lines
 */
export function describe(column, lines) {
  const { kind, values, missing, odd, counts, cells } = column;
  const holes = missing > 0 && kind !== "empty" ? `, ${formatCount(missing)} missing` : "";
  if (kind === "empty") return "empty";
  if (odd !== null) return `words: line ${lines[odd]} says “${cells[odd].slice(0, 20)}”`;
  if (kind === "words") return `${formatCount(values.length)} different ${values.length === 1 ? "word" : "words"}${holes}`;
  if (counts) return "counts the rows";
  const numbers = present(column).sort();
  const [low, high] = [numbers[0], numbers[numbers.length - 1]];
  return low === high ? `always ${formatNumber(low)}${holes}` : `${formatNumber(low)} to ${formatNumber(high)}${holes}`;
}

/**
 * What a column can be as a target: the likelier first, none where it can be no target.
 * @param {Column} column
 * @param {{classes: number}} limits
 * @returns {Task[]}
 */
export function tasksOf({ kind, values, cells }, { classes }) {
  const few = values.length <= classes;
  if (kind !== "numbers") return kind === "words" ? ["classes"] : [];
  if (!few) return ["numbers"];
  const likely = values.every((value) => Number.isInteger(Number(value))) && values.length * 2 <= cells.length;
  return likely ? ["classes", "numbers"] : ["numbers", "classes"];
}

/**
 * The column that is the target as a rule: by its name, else the last of a few words, else the last of numbers.
 * @param {Table} table
 * @param {{classes: number}} limits
 * @returns {number}
 */
export function likelyTarget({ columns }, { classes }) {
  /** @param {Column} column */
  const few = ({ values }) => values.length >= 2 && values.length <= classes;
  const tests = /** @type {((column: Column) => boolean)[]} */ ([
    (column) => TARGET_NAME.test(column.name) && column.kind !== "empty",
    (column) => column.kind === "words" && few(column),
    (column) => column.kind === "numbers",
  ]);
  for (const test of tests) {
    const found = columns.findLastIndex(test);
    if (found >= 0) return found;
  }
  return columns.length - 1;
}

/**
 * The columns that are inputs as a rule: numbers that differ, but for those that count rows.
 * @param {Table} table
 * @param {number} target
 * @returns {number[]}
 */
export function likelyInputs({ columns }, target) {
  return [...columns.keys()].filter((place) => {
    const { kind, counts, values } = columns[place];
    return place !== target && kind === "numbers" && !counts && values.length > 1;
  });
}
