/**
 * The wire (docs/PROTOCOL.md), decoded to actions and encoded from commands. Pure.
 *
 * Binary sections become typed-array views into the message that came: nothing is copied, so a message is one object of memory
 * that lives as long as its last view.
 *
 * @import {Action, Data, Frame, Maps, Rows} from "./types.js"
 *
 * @typedef {object} OwnDataCommand
 * @property {number} id
 * @property {"own_data"} type
 * @property {number} lane
 * @property {readonly string[]} inputs   names of the columns
 * @property {readonly string[]} classes  their names; none where the labels are numbers to fit
 * @property {readonly (readonly [number, number])[] | null} [ranges]  what is drawn of each input; else what the points fill
 * @property {Float32Array} points  row by row
 * @property {Float32Array} labels  class indices, or numbers to fit
 * @property {string | null} [gesture]  commands of one gesture are one step of undo
 */

export const VERSION = 1;
export const MAGIC = 0x574c4642; // "BFLW"
const HEADER_BYTES = 64;
const ENTRY_BYTES = 16;

/** What the header's `flags` mean, by kind. */
const SERIES_HAS_MORE = 1;
const FRAME_HAS_MAPS = 1;

/** What the page sends in binary: the kind of the message, its sections and their types. */
const [OWN_DATA, RUN_FILE] = [5, 6];
const [POINTS, LABELS, COMMAND, FILE] = [40, 41, 43, 44];
const [BYTES, FLOAT32] = [1, 3];

const KINDS = /** @type {const} */ ({ 1: "frame", 2: "rows", 3: "maps", 4: "data", 7: "file" });

/** Names of the sections, as in PROTOCOL.md, section 5. */
const SECTION_NAMES = /** @type {Readonly<Record<number, string>>} */ ({
  1: "parameters", 2: "gradients", 3: "updates", 4: "inputs", 5: "activations", 6: "deltas", 7: "pre_activations",
  8: "targets", 9: "norms", 10: "unit_deltas", 11: "scales", 12: "samples",
  13: "stations", 14: "chi", 15: "shares", 16: "histograms", 17: "histogram_axes", 18: "singular_values",
  20: "from", 21: "spans", 22: "mean", 23: "min", 24: "max",
  30: "grid", 31: "grid_scale", 32: "unit_maps", 33: "unit_scales", 34: "unit_spread", 35: "predictions",
  40: "points", 41: "labels", 42: "split", 44: "file", 45: "name",
});

const ARRAY_TYPES = /** @type {Readonly<Record<number, Uint8ArrayConstructor | Uint32ArrayConstructor | Float32ArrayConstructor | Float64ArrayConstructor>>} */ ({
  1: Uint8Array, 2: Uint32Array, 3: Float32Array, 4: Float64Array,
});

/** Number, type and entries. @typedef {[number, number, Uint8Array | Float32Array]} Section */

/** A message that is not of this protocol, or of another version; the text says which. */
export class ProtocolError extends Error {
  name = "ProtocolError";
}

/**
 * A command as it is sent: as JSON, and own data and saved runs, which would be too much text, as binary messages.
 * @param {{id: number, type: string, [field: string]: unknown}} command
 * @returns {string | ArrayBuffer}
 */
export function encode(command) {
  if (command.type === "own_data") return encodeOwnData(/** @type {OwnDataCommand} */ (command));
  if (command.type === "open_file") return encodeOpenFile(/** @type {any} */ (command));
  return JSON.stringify(command);
}

/**
 * Data of the user's own, as the binary message of kind 5.
 * @param {OwnDataCommand} command
 * @returns {ArrayBuffer}
 */
export function encodeOwnData({ id, type, lane, inputs, classes, ranges = null, points, labels, gesture = null }) {
  const text = JSON.stringify({ type, id, lane, inputs, classes, ranges, gesture });
  const sections = /** @type {Section[]} */ ([[POINTS, FLOAT32, points], [LABELS, FLOAT32, labels]]);
  return binaryCommand(OWN_DATA, { id, lane, rows: labels.length, text }, sections);
}

/**
 * A saved run, as the binary message of kind 6.
 * @param {{id: number, type: string, file: Uint8Array}} command
 */
function encodeOpenFile({ id, type, file }) {
  return binaryCommand(RUN_FILE, { id, lane: 0, rows: 0, text: JSON.stringify({ type, id }) }, [[FILE, BYTES, file]]);
}

/**
 * @param {number} kind
 * @param {{id: number, lane: number, rows: number, text: string}} head  `text` is the command's other fields, as JSON
 * @param {Section[]} numbers
 * @returns {ArrayBuffer}
 */
function binaryCommand(kind, { id, lane, rows, text }, numbers) {
  const sections = /** @type {Section[]} */ ([...numbers, [COMMAND, BYTES, new TextEncoder().encode(text)]]);
  let offset = HEADER_BYTES + sections.length * ENTRY_BYTES;
  const places = sections.map(([, , array]) => {
    const place = offset;
    offset += Math.ceil(array.byteLength / 8) * 8;
    return place;
  });
  const buffer = new ArrayBuffer(offset);
  const view = new DataView(buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint16(4, VERSION, true);
  view.setUint8(6, kind);
  view.setUint8(7, lane);
  view.setUint32(12, id, true);
  view.setUint32(24, rows, true);
  view.setUint32(28, sections.length, true);
  for (const [index, [number, type, array]] of sections.entries()) {
    const entry = HEADER_BYTES + index * ENTRY_BYTES;
    view.setUint16(entry, number, true);
    view.setUint16(entry + 2, type, true);
    view.setUint32(entry + 4, places[index], true);
    view.setUint32(entry + 8, array.length, true);
    new Uint8Array(buffer, places[index]).set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  }
  return buffer;
}

/**
 * One message of the server as an action for `reduce`. JSON events come out as they are; binary messages as
 * `{type: "frame", frame}`, `{type: "maps", maps}`, `{type: "data", data}`, `{type: "rows", rows}` or `{type: "file", file}`.
 * @param {string | ArrayBuffer} message
 * @returns {Action}
 * @throws {ProtocolError}
 */
export function decode(message) {
  return typeof message === "string" ? decodeEvent(message) : decodeBinary(message);
}

/** @param {string} text @returns {Action} */
function decodeEvent(text) {
  let event;
  try {
    event = JSON.parse(text);
  } catch {
    throw new ProtocolError("The server sent text that is not JSON.");
  }
  if (typeof event !== "object" || event === null || typeof event.type !== "string") {
    throw new ProtocolError("The server sent an event without a type.");
  }
  return event;
}

/** @param {ArrayBuffer} buffer @returns {Action} */
function decodeBinary(buffer) {
  if (buffer.byteLength < HEADER_BYTES) {
    throw new ProtocolError(`The server sent a binary message of ${buffer.byteLength} bytes; its header alone has ${HEADER_BYTES}.`);
  }
  const view = new DataView(buffer);
  if (view.getUint32(0, true) !== MAGIC) throw new ProtocolError("The server sent a binary message that is not Backflow's.");
  const version = view.getUint16(4, true);
  if (version !== VERSION) {
    throw new ProtocolError(`This page speaks version ${VERSION} of the wire and the server sent version ${version}: reload the page.`);
  }
  const kind = view.getUint8(6);
  switch (KINDS[/** @type {keyof typeof KINDS} */ (kind)]) {
    case "frame":
      return { type: "frame", frame: readFrame(view) };
    case "rows":
      return { type: "rows", rows: readRows(view) };
    case "maps":
      return { type: "maps", maps: readMaps(view) };
    case "data":
      return { type: "data", data: readData(view) };
    case "file":
      return { type: "file", file: { command: view.getUint32(12, true), ...readSections(view) } };
    default:
      throw new ProtocolError(`The server sent a binary message of the unknown kind ${kind}.`);
  }
}

/** @param {DataView} view @returns {Frame} */
function readFrame(view) {
  return {
    ...readShared(view),
    picture: view.getUint32(12, true),
    step: view.getFloat64(16, true),
    rows: view.getUint32(24, true),
    epoch: view.getFloat64(32, true),
    loss: view.getFloat64(40, true),
    command: view.getUint32(48, true),
    lanes: view.getUint32(52, true),
    mapsFollow: (view.getUint32(60, true) & FRAME_HAS_MAPS) !== 0,
    ...readSections(view),
  };
}

/** @param {DataView} view @returns {Maps} */
function readMaps(view) {
  return {
    ...readShared(view),
    picture: view.getUint32(12, true),
    step: view.getFloat64(16, true),
    ...readSections(view),
  };
}

/** @param {DataView} view @returns {Rows} */
function readRows(view) {
  const { from, spans, mean, min, max } = readSections(view);
  if (!(from instanceof Float64Array) || !(spans instanceof Uint32Array) || !(mean instanceof Float64Array)) {
    throw new ProtocolError("The server sent rows of a series without their from, spans or mean.");
  }
  return {
    ...readShared(view),
    command: view.getUint32(12, true),
    next: view.getFloat64(16, true),
    more: (view.getUint32(60, true) & SERIES_HAS_MORE) !== 0,
    from,
    spans,
    mean,
    min: min instanceof Float64Array ? min : null,
    max: max instanceof Float64Array ? max : null,
  };
}

/** @param {DataView} view @returns {Data} */
function readData(view) {
  const { points, labels, split } = readSections(view);
  if (!(points instanceof Float32Array) || !(labels instanceof Float32Array) || !(split instanceof Uint8Array)) {
    throw new ProtocolError("The server sent data without their points, labels or split.");
  }
  return { lane: view.getUint8(7), version: view.getUint32(8, true), points, labels, split };
}

/** @param {DataView} view */
function readShared(view) {
  return { lane: view.getUint8(7), revision: view.getUint32(8, true), timeline: view.getUint32(56, true) };
}

/**
 * The sections by name. Sections that this version does not know are left out, so that a server may send more.
 * @param {DataView} view
 * @returns {Record<string, any>}
 */
function readSections(view) {
  const { buffer } = view;
  const count = view.getUint32(28, true);
  if (HEADER_BYTES + count * ENTRY_BYTES > buffer.byteLength) {
    throw new ProtocolError(`The server sent a message that ends within its directory of ${count} sections.`);
  }
  /** @type {Record<string, Uint8Array | Uint32Array | Float32Array | Float64Array>} */
  const sections = {};
  for (let entry = HEADER_BYTES; entry < HEADER_BYTES + count * ENTRY_BYTES; entry += ENTRY_BYTES) {
    const name = SECTION_NAMES[view.getUint16(entry, true)];
    if (name === undefined) continue;
    const ArrayType = ARRAY_TYPES[view.getUint16(entry + 2, true)];
    const offset = view.getUint32(entry + 4, true);
    const length = view.getUint32(entry + 8, true);
    if (ArrayType === undefined) throw new ProtocolError(`The server sent the section "${name}" as an unknown type of number.`);
    if (offset % 8 !== 0 || offset + length * ArrayType.BYTES_PER_ELEMENT > buffer.byteLength) {
      throw new ProtocolError(`The server sent the section "${name}" outside its message or out of place.`);
    }
    sections[name] = new ArrayType(/** @type {ArrayBuffer} */ (buffer), offset, length);
  }
  return sections;
}
