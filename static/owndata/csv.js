/**
 * A CSV as rows of cells, or one sentence that says what is wrong with it. Pure; Papa Parse knows quotes and separators.
 *
 * @typedef {object} Rows  every row has as many cells as the first
 * @property {string[][]} cells
 * @property {number[]} lines     where each row begins in the text, counted from 1
 * @property {boolean} decimalComma  whether "1,5" may be one and a half: the cells are not separated by commas
 */
import { formatCount } from "../format.js";
import papa from "../vendor/papaparse/papaparse.js";
import { TableError } from "./error.js";

export const LARGEST_FILE = 8 * 2 ** 20;
const SEPARATORS = [",", ";", "\t", "|"];

/**
 * The text of a file: UTF-8, UTF-16 where its first bytes say so, else Windows-1252, which spreadsheets still write.
 * @param {Uint8Array} bytes
 * @returns {string}
 * @throws {TableError} where it is too large, or is no text
 */
export function decodeText(bytes) {
  if (bytes.length > LARGEST_FILE) throw new TableError(tooLarge(bytes.length));
  const [first, second] = bytes;
  const encoding = first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
  if (encoding === "utf-8" && bytes.includes(0)) throw new TableError("This file is not text: save the table as CSV first.");
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    // Not an error yet: these bytes are only not the encoding that was tried first.
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/**
 * @param {string} text
 * @returns {Rows}
 * @throws {TableError}
 */
export function readRows(text) {
  if (text.length > LARGEST_FILE) throw new TableError(tooLarge(text.length));
  if (text.trim() === "") throw new TableError("There are no rows: the table is empty.");
  if (text.includes("\0")) throw new TableError("This is not text: save the table as CSV first.");
  const { data, errors, meta } = parse(text);
  for (const { code, index } of errors) {
    if (code === "MissingQuotes") throw new TableError(`The quote that opens in line ${lineAt(text, index)} never closes.`);
    if (code === "InvalidQuotes") {
      throw new TableError(`In line ${lineAt(text, index)} a quote stands where none may: write a quote within quotes twice.`);
    }
  }
  const cells = [];
  const lines = [];
  let line = 1;
  for (const row of data) {
    if (row.some((cell) => cell.trim() !== "")) {
      cells.push(row.map((cell) => cell.trim()));
      lines.push(line);
    }
    line += 1 + row.reduce((breaks, cell) => breaks + countBreaks(cell), 0);
  }
  checkEven(cells, lines);
  return { cells, lines, decimalComma: meta.delimiter !== "," };
}

/**
 * @param {string} text
 * @returns {{data: string[][], errors: {code: string, index: number}[], meta: {delimiter: string}}}
 */
function parse(text) {
  return papa.parse(text, { delimitersToGuess: SEPARATORS });
}

/** @param {string[][]} cells @param {number[]} lines */
function checkEven(cells, lines) {
  const width = cells[0].length;
  const odd = cells.findIndex((row) => row.length !== width);
  if (odd < 0) return;
  const [has, first] = [cells[odd].length, width].map((count) => (count === 1 ? "1 value" : `${formatCount(count)} values`));
  throw new TableError(`Line ${lines[odd]} has ${has}, and line ${lines[0]} has ${first}: every line needs as many.`);
}

/** @param {string} text @param {number} index */
function lineAt(text, index) {
  return 1 + countBreaks(text.slice(0, index));
}

/** @param {string} text */
function countBreaks(text) {
  return text.match(/\r\n|\r|\n/g)?.length ?? 0;
}

/** @param {number} bytes */
function tooLarge(bytes) {
  return `This table is too large: ${formatCount(Math.ceil(bytes / 2 ** 20))} MB, and ${LARGEST_FILE / 2 ** 20} MB are the most.`;
}
