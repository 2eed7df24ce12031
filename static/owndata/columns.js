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
 * @property {number} different  how many different values it has
 * @property {string[]} values    these, where they are not many: numbers in order, words by the alphabet
 * @property {number} low         the smallest number
 * @property {number} high
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
const MISSING = /^(n\/?a|nan|null|none|\?|[-–—])?$/i;
/** More different values than this are no classes, and are not listed. */
const MANY = 1000;
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
  if (first.some((cell, place) => !isNumber(cell) && !isMissing(cell) && isNumber(second[place]))) return true;
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
  let [missing, found, low, high] = [0, 0, Infinity, -Infinity];
  let odd = /** @type {number | null} */ (null);
  for (const [row, cell] of cells.entries()) {
    if (isMissing(cell)) {
      missing++;
      continue;
    }
    const number = toNumber(cell, decimalComma);
    if (number === null) odd ??= row;
    else {
      numbers[row] = number;
      low = Math.min(low, number);
      high = Math.max(high, number);
      found++;
    }
  }
  const kind = missing === cells.length ? "empty" : odd === null ? "numbers" : "words";
  const all = kind === "numbers" ? differentNumbers(numbers) : differentWords(cells);
  return {
    name,
    cells,
    kind,
    numbers: kind === "numbers" ? numbers : null,
    different: all.length,
    values: all.length > MANY ? [] : all.map(String),
    low,
    high,
    missing,
    odd: odd !== null && found > cells.length / 2 ? odd : null,
    counts: kind === "numbers" && missing === 0 && cells.length > 2 && numbers.every((number, row) => number === numbers[0] + row),
  };
}

/** @param {Float64Array} numbers  @returns {number[]} in order; "1" and "1.0" are the same */
function differentNumbers(numbers) {
  const ordered = numbers.filter((number) => !Number.isNaN(number)).sort();
  return [...ordered.filter((number, place) => number !== ordered[place - 1])];
}

/** @param {string[]} cells  @returns {string[]} by the alphabet */
function differentWords(cells) {
  const words = [...new Set(cells)].filter((cell) => !isMissing(cell));
  return words.length > MANY ? words : words.sort((one, other) => one.localeCompare(other));
}

/** @param {string} cell */
export function isMissing(cell) {
  return cell === "" || (cell.length <= 4 && MISSING.test(cell));
}

/**
 * @param {string} cell
 * @param {boolean} decimalComma
 * @returns {number | null}
 */
function toNumber(cell, decimalComma) {
  if (NUMBER.test(cell)) return Number(cell);
  const plain = cell.replace("\u2212", "-");
  const text = decimalComma ? plain.replace(",", ".") : plain;
  return NUMBER.test(text) ? Number(text) : null;
}

/**
 * What was recognised, in words.
 * @param {Column} column
 * @param {number[]} lines
 */
export function describe(column, lines) {
  const { kind, different, missing, odd, counts, cells, low, high } = column;
  const holes = missing > 0 && kind !== "empty" ? `, ${formatCount(missing)} missing` : "";
  if (kind === "empty") return "empty";
  if (odd !== null) return `words: line ${lines[odd]} says “${cells[odd].slice(0, 20)}”`;
  if (kind === "words") return `${formatCount(different)} different ${different === 1 ? "word" : "words"}${holes}`;
  if (counts) return "counts the rows";
  return low === high ? `always ${formatNumber(low)}${holes}` : `${formatNumber(low)} to ${formatNumber(high)}${holes}`;
}

/**
 * What a column can be as a target: the likelier first, none where it can be no target.
 * @param {Column} column
 * @param {{classes: number}} limits
 * @returns {Task[]}
 */
export function tasksOf({ kind, different, values, cells }, { classes }) {
  const few = different <= classes;
  if (kind !== "numbers") return kind === "words" ? ["classes"] : [];
  if (!few) return ["numbers"];
  const likely = values.every((value) => Number.isInteger(Number(value))) && different * 2 <= cells.length;
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
  const few = ({ different }) => different >= 2 && different <= classes;
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
    const { kind, counts, different } = columns[place];
    return place !== target && kind === "numbers" && !counts && different > 1;
  });
}
