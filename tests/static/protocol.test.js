/** The wire, read from the same golden files as the server's tests: what the JSON says is what the bytes hold. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { ProtocolError, decode, encode, encodeOwnData } from "../../static/protocol.js";
import { initialState, reduce } from "../../static/state.js";

const GOLDEN = new URL("../golden/", import.meta.url);
const read = (/** @type {string} */ name) => JSON.parse(readFileSync(new URL(name, GOLDEN), "utf8"));
const SENT = ["own_data", "open_file"]; // which the page sends; all others come from the server
const binaries = readdirSync(GOLDEN).filter((name) => name.endsWith(".bin")).map((name) => name.replace(".bin", ""));
const names = binaries.filter((name) => !SENT.includes(name));
const ARRAYS = { u8: Uint8Array, u32: Uint32Array, f32: Float32Array, f64: Float64Array };

/** @param {string} name @returns {ArrayBuffer} */
function bytes(name) {
  const file = readFileSync(new URL(`${name}.bin`, GOLDEN));
  return new Uint8Array(file).buffer; // of its own: Node's buffers share one
}

/**
 * The decoded message of an action, and how its fields are called in the header.
 * @param {any} action
 */
function contents(action) {
  const shared = ["lane", "revision", "timeline"].map((field) => [field, field]);
  switch (action.type) {
    case "frame":
      return [action.frame, [...shared, ["picture", "seq"], ...["step", "rows", "epoch", "loss", "command", "lanes"].map((field) => [field, field])]];
    case "maps":
      return [action.maps, [...shared, ["picture", "seq"], ["step", "step"]]];
    case "rows":
      return [action.rows, [...shared, ["command", "seq"], ["next", "step"]]];
    case "file":
      return [action.file, [["command", "seq"]]];
    default:
      return [action.data, [["lane", "lane"], ["version", "revision"]]];
  }
}

test("there is a golden message of every kind", () => {
  assert.deepEqual(new Set(names.map((name) => read(`${name}.json`).kind)), new Set([1, 2, 3, 4, 7]));
});

for (const name of names) {
  test(`the golden message ${name} is read as it was written, without copying`, () => {
    const expected = read(`${name}.json`);
    const buffer = bytes(name);
    const [message, fields] = contents(decode(buffer));
    for (const [field, header] of fields) assert.equal(message[field], expected[header], field);
    for (const [section, { type, values }] of Object.entries(expected.sections)) {
      assert.ok(message[section] instanceof ARRAYS[/** @type {keyof typeof ARRAYS} */ (type)], section);
      assert.equal(message[section].buffer, buffer);
      assert.deepEqual(Array.from(message[section]), values, section);
    }
  });
}

test("flags say whether maps follow a frame and whether a series has more", () => {
  const said = names.map((name) => ({ action: /** @type {any} */ (decode(bytes(name))), flag: (read(`${name}.json`).flags & 1) === 1 }));
  for (const { action, flag } of said) {
    if (action.type === "frame") assert.equal(action.frame.mapsFollow, flag);
    if (action.type === "rows") assert.equal(action.rows.more, flag);
  }
});

test("a series of single steps has no minimum and maximum of its own", () => {
  const { rows } = /** @type {any} */ (decode(bytes("series_exact")));
  assert.equal(rows.min, null);
  assert.equal(rows.max, null);
});

test("every golden event is read, and changes the state without an error", () => {
  let state = initialState({});
  for (const event of read("events.json")) {
    const action = decode(JSON.stringify(event));
    assert.deepEqual(action, event);
    state = reduce(state, action);
  }
  assert.equal(state.lanes[0].layout?.revision, 3);
  assert.equal(state.lanes[0].spec.seed, 7);
  assert.deepEqual(state.status?.looking, 120);
});

test("a golden frame fits the golden layout", () => {
  let state = initialState({});
  for (const event of read("events.json")) state = reduce(state, event);
  state = reduce(state, decode(bytes("frame")));
  const { layout, frame } = state.lanes[0];
  assert.equal(frame?.step, 41);
  assert.equal(frame?.parameters?.length, layout?.parameters);
  assert.equal(frame?.activations?.length, (layout?.units ?? 0) * (frame?.rows ?? 0));
});

test("commands are written as the golden ones", () => {
  for (const command of read("commands.json")) assert.deepEqual(JSON.parse(String(encode(command))), command);
});

test("own data are written as the golden ones, to the byte", () => {
  const { sections } = read("own_data.json");
  const command = JSON.parse(new TextDecoder().decode(new Uint8Array(sections.command.values)));
  const all = new Float32Array([7, ...sections.points.values]);
  const sent = encode({ ...command, points: all.subarray(1), labels: new Float32Array(sections.labels.values) });
  assert.ok(sent instanceof ArrayBuffer);
  assert.deepEqual(new Uint8Array(sent), new Uint8Array(bytes("own_data")));
});

test("a saved run is written as the golden one, to the byte", () => {
  const file = new Uint8Array(read("open_file.json").sections.file.values);
  assert.deepEqual(new Uint8Array(/** @type {ArrayBuffer} */ (encode({ type: "open_file", id: 28, file }))), new Uint8Array(bytes("open_file")));
});

test("own data without ranges or gesture say so", () => {
  const numbers = new Float32Array([1, 2]);
  const sent = encodeOwnData({ id: 1, type: "own_data", lane: 0, inputs: ["x"], classes: [], points: numbers, labels: numbers });
  const text = new TextDecoder().decode(new Uint8Array(sent)).replaceAll("\0", "");
  assert.ok(text.endsWith('{"type":"own_data","id":1,"lane":0,"inputs":["x"],"classes":[],"ranges":null,"gesture":null}'), text);
});

/** @param {(view: DataView) => void} change @param {string} [name] */
function damaged(change, name = "frame") {
  const buffer = bytes(name);
  change(new DataView(buffer));
  return buffer;
}

test("what is not of this wire is refused in one sentence", () => {
  /** @type {[string | ArrayBuffer, RegExp][]} */
  const cases = [
    ["no json", /^The server sent text that is not JSON\.$/],
    ["[1]", /without a type/],
    [new ArrayBuffer(10), /10 bytes/],
    [damaged((view) => view.setUint32(0, 1, true)), /not Backflow's/],
    [damaged((view) => view.setUint16(4, 9, true)), /version 1 .* version 9: reload/],
    [damaged((view) => view.setUint8(6, 77)), /unknown kind 77/],
    [damaged((view) => view.setUint32(28, 4000, true)), /directory of 4000/],
    [damaged((view) => view.setUint16(66, 9, true)), /"parameters" as an unknown type/],
    [damaged((view) => view.setUint32(72, 1 << 30, true)), /"parameters" outside/],
    [damaged((view) => view.setUint32(68, 4, true)), /out of place/],
    [damaged((view) => view.setUint16(64, 99, true), "series_exact"), /without their from/],
    [damaged((view) => view.setUint16(64, 99, true), "data"), /without their points/],
  ];
  for (const [message, sentence] of cases) {
    assert.throws(() => decode(message), (error) => error instanceof ProtocolError && sentence.test(error.message), String(sentence));
  }
});

test("a section that this version does not know is left out", () => {
  const { frame } = /** @type {any} */ (decode(damaged((view) => view.setUint16(64, 999, true))));
  assert.equal(frame.parameters, undefined);
  assert.ok(frame.gradients.length > 0);
});
