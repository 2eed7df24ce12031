import assert from "node:assert/strict";
import { test } from "node:test";
import { describe, likelyInputs, likelyTarget, recognise, tasksOf } from "../../static/owndata/columns.js";
import { decodeText, LARGEST_FILE, readRows } from "../../static/owndata/csv.js";
import { TableError } from "../../static/owndata/error.js";
import { incomplete, isLarge, prepare } from "../../static/owndata/prepare.js";

/** @import {Choice, Limits} from "../../static/owndata/prepare.js" */

/** @type {Limits} */
const LIMITS = { inputs: 32, classes: 10, samples: [2, 20_000], name: 60, number: 1e30 };
const FLOWERS = "length,width,species\n5.1,3.5,setosa\n7.0,3.2,versicolor\n6.3,3.3,virginica\n4.9,3.0,setosa\n";

/** @param {string} text */
const tableOf = (text) => recognise(readRows(text), LIMITS);

/**
 * The table with the choice that the page would offer first, but for what a test changes.
 * @param {string} text
 * @param {Partial<Choice>} [changes]
 */
function prepared(text, changes = {}) {
  const table = tableOf(text);
  const target = changes.target ?? likelyTarget(table, LIMITS);
  const task = tasksOf(table.columns[target], LIMITS)[0] ?? "classes";
  const inputs = likelyInputs(table, target);
  return prepare(table, { inputs, target, task, standardise: false, leaveOut: false, ...changes }, LIMITS);
}

/** @param {() => void} read @param {RegExp | string} sentence */
function refuses(read, sentence) {
  assert.throws(read, (error) => {
    assert.ok(error instanceof TableError, String(error));
    if (typeof sentence === "string") assert.equal(error.message, sentence);
    else assert.match(error.message, sentence);
    return true;
  });
}

test("a table of flowers is read: names, two inputs, three classes", () => {
  const { inputs, classes, points, labels } = prepared(FLOWERS);
  assert.deepEqual(inputs, ["length", "width"]);
  assert.deepEqual(classes, ["setosa", "versicolor", "virginica"]);
  assert.deepEqual([...labels], [0, 1, 2, 0]);
  assert.deepEqual([...points], [...Float32Array.of(5.1, 3.5, 7.0, 3.2, 6.3, 3.3, 4.9, 3.0)]);
});

test("separators are recognised, and decimal commas where the separator is no comma", () => {
  for (const separator of [";", "\t", "|"]) {
    const { points } = prepared(`a${separator}b${separator}class\n1,5${separator}2${separator}x\n-0,5${separator}1e1${separator}y\n`);
    assert.deepEqual([...points], [1.5, 2, -0.5, 10], separator);
  }
});

test("a table without names gets some, and one whose names repeat gets different ones", () => {
  const bare = tableOf("1,2,a\n3,4,b\n");
  assert.equal(bare.header, false);
  assert.deepEqual(bare.columns.map(({ name }) => name), ["column 1", "column 2", "column 3"]);
  assert.deepEqual(tableOf("v,v,,y\n1,2,3,a\n4,5,6,b\n").columns.map(({ name }) => name), ["v", "v 2", "column 3", "y"]);
});

test("whole numbers of a few values are classes at first, others are numbers to fit, and either can be chosen", () => {
  const few = tableOf("a,y\n0.1,0\n0.2,1\n0.3,0\n0.4,1\n");
  assert.deepEqual(tasksOf(few.columns[1], LIMITS), ["classes", "numbers"]);
  const many = tableOf(`a,y\n${Array.from({ length: 20 }, (_, row) => `${row % 3},${row / 7}`).join("\n")}`);
  assert.deepEqual(tasksOf(many.columns[1], LIMITS), ["numbers"]);
  const fitted = prepared("a,y\n0.1,0\n0.2,1\n0.3,0\n0.4,1\n", { task: "numbers" });
  assert.deepEqual(fitted.classes, []);
  assert.deepEqual([...fitted.labels], [0, 1, 0, 1]);
});

test("classes that are numbers stand in the order of the numbers, and 1 and 1.0 are the same", () => {
  const { classes, labels } = prepared("a,class\n0.1,10\n0.2,2\n0.3,2.0\n0.4,10\n");
  assert.deepEqual(classes, ["2", "10"]);
  assert.deepEqual([...labels], [1, 0, 0, 1]);
});

test("a column that counts the rows is not an input unless it is chosen", () => {
  const table = tableOf("id,a,y\n1,0.5,x\n2,0.7,z\n3,0.1,x\n");
  assert.deepEqual(likelyInputs(table, 2), [1]);
  assert.equal(describe(table.columns[0], table.lines), "counts the rows");
});

test("what was recognised is said in words", () => {
  const { columns, lines } = tableOf("a,b,c,d\n1.5,x,,7\n,y,,eight\n3,x,,9\n2,x,,10\n");
  const said = columns.map((column) => describe(column, lines));
  assert.deepEqual(said, ["1.50 to 3.00, 1 missing", "2 different words", "empty", "words: line 3 says “eight”"]);
});

test("standardised columns have mean 0 and standard deviation 1, a target of numbers as well", () => {
  const { points, labels } = prepared("a,y\n10,100\n20,300\n30,800\n40,900.5\n", { standardise: true, task: "numbers" });
  for (const values of [points, labels]) {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const square = values.reduce((sum, value) => sum + value * value, 0) / values.length;
    assert.ok(Math.abs(mean) < 1e-6 && Math.abs(square - 1) < 1e-6);
  }
  assert.equal(isLarge(tableOf("a,y\n1,2\n300,4\n"), [0]), true);
  assert.equal(isLarge(tableOf("a,y\n1,2\n3,4\n"), [0]), false);
});

test("rows with missing values are named, and left out on request", () => {
  const holed = "a,b,y\n1,2,x\n3,,z\nNA,1,x\n4,5,z\n";
  refuses(() => prepared(holed), "Line 3 has no value for “b”: leave out such rows, or the column.");
  assert.equal(incomplete(tableOf(holed), [0, 1, 2]), 2);
  assert.deepEqual([...prepared(holed, { leaveOut: true }).points], [1, 2, 4, 5]);
  refuses(() => prepared("a,b,y\n1,,x\n,2,z\n3,4,x\n", { leaveOut: true }), "Too few rows have all values: 1, and at least 2 are needed.");
});

test("lines are counted as an editor counts them, with blank lines and line breaks within quotes", () => {
  const { lines, cells } = readRows('a,b\r\n"two\r\nlines",1\r\n\r\nc,2\r\n');
  assert.deepEqual(lines, [1, 2, 5]);
  assert.deepEqual(cells[1], ["two\r\nlines", "1"]);
});

test("a table without rows is refused", () => {
  refuses(() => readRows(" \n \n"), "There are no rows: the table is empty.");
  refuses(() => tableOf("a,b,class\n"), "There are no rows below the names of the columns.");
});

test("a row of another length is refused with its line", () => {
  refuses(() => readRows("a,b,c\n1,2,3\n4,5\n"), "Line 3 has 2 values, and line 1 has 3 values: every line needs as many.");
});

test("quotes that never close, or stand where none may, are refused with their line", () => {
  refuses(() => readRows('a,b\n1,x\n2,"y\n3,z\n'), "The quote that opens in line 3 never closes.");
  refuses(() => readRows('a,b\n1,"x"y\n2,z\n'), "In line 2 a quote stands where none may: write a quote within quotes twice.");
});

test("a table without numbers, and one of a single column, is refused", () => {
  refuses(() => tableOf("a,b\nx,y\nz,w\n"), "No column holds numbers alone, and the inputs of a network are numbers.");
  refuses(() => tableOf("a\n1\n2\n"), "This table has one column only: it needs an input and a target at least.");
});

test("one class, too many classes and a constant number are refused", () => {
  refuses(() => prepared("a,class\n1,x\n2,x\n"), "“class” has one class only, “x”: there is nothing to tell apart.");
  const many = Array.from({ length: 11 }, (_, row) => `${row / 2},word${row}`).join("\n");
  refuses(() => prepared(`a,class\n${many}`), /^“class” has 11 different values, and 10 classes are the most/);
  refuses(() => prepared("a,b\n1,2\n5,2\n", { target: 1, task: "numbers", inputs: [0] }), /the same number in every row/);
});

test("too many columns, too many rows and no column at all are refused", () => {
  const row = Array.from({ length: 34 }, (_, place) => place + 0.5).join(",");
  refuses(() => prepared(`${row}\n${row.replaceAll(".5", ".7")}\n`), "33 columns are chosen as inputs, and 32 are the most: choose fewer.");
  refuses(() => tableOf(`a,b\n${"1,2\n".repeat(20_001)}`), "This table has 20,001 rows, and 20,000 are the most.");
  refuses(() => prepared(FLOWERS, { inputs: [] }), "No input is chosen: choose a column of numbers beside the target.");
});

test("a number too large to be sent is refused with its line", () => {
  refuses(() => prepared("a,y\n1,x\n1e400,z\n"), "In line 3 “a” is 1e400, which is too large a number.");
});

test("files that are too large or no text are refused; those of spreadsheets are read whatever their encoding", () => {
  refuses(() => decodeText(new Uint8Array(LARGEST_FILE + 1)), "This table is too large: 9 MB, and 8 MB are the most.");
  refuses(() => decodeText(Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 0, 1)), "This file is not text: save the table as CSV first.");
  assert.equal(decodeText(new TextEncoder().encode("größe")), "größe");
  assert.equal(decodeText(Uint8Array.of(0x67, 0x72, 0xf6, 0xdf, 0x65)), "größe");
  assert.equal(decodeText(Uint8Array.of(0xff, 0xfe, 0x61, 0, 0xf6, 0)), "aö");
});

test("twenty thousand rows of thirty-two inputs are read", () => {
  const row = `${Array.from({ length: 32 }, (_, place) => (place / 7).toFixed(3)).join(",")},`;
  const text = Array.from({ length: 20_000 }, (_, index) => `${index % 9}${row.slice(1)}${index % 2 ? "yes" : "no"}`).join("\n");
  const { points, labels } = prepared(text, { inputs: Array.from({ length: 32 }, (_, place) => place) });
  assert.equal(points.length, 32 * 20_000);
  assert.equal(labels.length, 20_000);
});
