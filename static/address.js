/**
 * A run's configuration in the address, after the `#`: what differs from the default run, readable, with a checksum.
 *
 *     #v=1&data.name=spiral&network.hidden=6&network.hidden.0.units=8&check=1x2y3z
 *
 * A path that is not named has the default run's value; in a list of layers of another length than the default's, the value of
 * the layer before. The checksum covers the whole spec that comes out: a damaged link, and one whose defaults have changed
 * since, are refused instead of opening another run than was shared. Pure.
 *
 * @import {RunSpec} from "./types.js"
 *
 * @typedef {string | number | boolean | null} Scalar
 * @typedef {{text: string | null, children: Map<string, Node>}} Node  a path's own value and what lies under it
 */

const ADDRESS_VERSION = 1;
const LONGEST_LIST = 1000;
const REMOVED = "!";
const EMPTY_OBJECT = "{}";
const QUOTE = "'";
const PATH_PART = /^[a-z0-9][a-z0-9_]*$/i;
const NUMBER = /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const KEYWORDS = /** @type {Readonly<Record<string, Scalar>>} */ ({ true: true, false: false, null: null });

/** A link that cannot be opened; the text is one sentence that says why. */
export class AddressError extends Error {
  name = "AddressError";
}

/**
 * @param {RunSpec} spec
 * @param {RunSpec} defaults  the default run, as in the catalog
 * @returns {string} without the "#"
 */
export function encodeAddress(spec, defaults) {
  /** @type {string[]} */
  const pairs = [`v=${ADDRESS_VERSION}`];
  writeDifference("", spec, defaults, pairs);
  pairs.push(`check=${checksum(spec)}`);
  return pairs.join("&");
}

/**
 * @param {string} address  with or without its "#"
 * @param {RunSpec} defaults
 * @returns {RunSpec | null} null where the address holds nothing
 * @throws {AddressError}
 */
export function decodeAddress(address, defaults) {
  const text = address.replace(/^#/, "");
  if (text === "") return null;
  const { children } = readPairs(text);
  const version = takeText(children, "v");
  const check = takeText(children, "check");
  if (version === null) throw new AddressError("This link is not one of Backflow's: it does not begin with its version.");
  if (version !== String(ADDRESS_VERSION)) {
    throw new AddressError(`This link has the form of version ${version}, and this page reads version ${ADDRESS_VERSION}.`);
  }
  if (check === null) throw new AddressError("This link is incomplete: its end is missing.");
  const spec = build({ text: null, children }, defaults);
  if (checksum(spec) !== check) {
    throw new AddressError("This link is damaged, or was made by another version of Backflow: its checksum does not match.");
  }
  return spec;
}

/**
 * @param {string} link  a whole address, of any host, or what stands after its "#"
 * @param {RunSpec} defaults
 * @returns {RunSpec}
 * @throws {AddressError}
 */
export function decodeLink(link, defaults) {
  const text = link.trim();
  if (text === "") throw new AddressError("There is no link yet: paste one.");
  const mark = text.indexOf("#");
  if (mark < 0 && /^[a-z]+:\/\//i.test(text)) throw new AddressError("This link holds no configuration: nothing stands after a #.");
  const spec = decodeAddress(text.slice(mark + 1), defaults);
  if (spec === null) throw new AddressError("This link holds no configuration: nothing stands after its #.");
  return spec;
}

/**
 * @param {string} path
 * @param {any} value
 * @param {any} base
 * @param {string[]} pairs
 */
function writeDifference(path, value, base, pairs) {
  if (isListOfObjects(value) || (isListOfObjects(base) && Array.isArray(value))) {
    const sameLength = value.length === base?.length;
    if (!sameLength) pairs.push(`${path}=${value.length}`);
    for (const [index, item] of value.entries()) {
      writeDifference(`${path}.${index}`, item, sameLength || index === 0 ? base?.[index] : value[index - 1], pairs);
    }
  } else if (isObject(value)) {
    const known = isObject(base) ? base : {};
    if (!isObject(base) && Object.keys(value).length === 0) pairs.push(`${path}=${EMPTY_OBJECT}`);
    for (const key of Object.keys(known)) {
      if (!(key in value)) pairs.push(`${join(path, key)}=${REMOVED}`);
    }
    for (const [key, item] of Object.entries(value)) writeDifference(join(path, key), item, known[key], pairs);
  } else {
    const leaf = writeLeaf(value);
    if (base === undefined || isObject(base) || leaf !== writeLeaf(base)) pairs.push(`${path}=${leaf}`);
  }
}

/**
 * @param {Node | undefined} node
 * @param {any} base
 * @returns {any} undefined where the link says that there is none
 */
function build(node, base) {
  if (node === undefined) return structuredClone(base);
  const { text, children } = node;
  if (text === REMOVED) return undefined;
  if (isListOfObjects(base)) return buildList(node, base);
  if (text !== null && text !== EMPTY_OBJECT) {
    if (children.size > 0) throw new AddressError("This link is damaged: it gives one field two meanings.");
    return readLeaf(text, Array.isArray(base));
  }
  const result = text === null && isObject(base) ? structuredClone(base) : {};
  for (const [key, child] of children) {
    const value = build(child, result[key]);
    if (value === undefined) delete result[key];
    else result[key] = value;
  }
  return result;
}

/** @param {Node} node @param {any[]} base */
function buildList({ text, children }, base) {
  if (text === null) return base.map((item, index) => build(children.get(String(index)), item));
  const length = Number(text);
  if (!Number.isInteger(length) || length < 0 || length > LONGEST_LIST) {
    throw new AddressError(`This link is damaged: "${text}" is not a number of layers.`);
  }
  let before = base[0];
  return Array.from({ length }, (_, index) => (before = build(children.get(String(index)), before)));
}

/** @param {string} text @returns {Node} */
function readPairs(text) {
  /** @type {Node} */
  const root = { text: null, children: new Map() };
  for (const pair of text.split("&")) {
    const equals = pair.indexOf("=");
    const path = equals < 0 ? pair : pair.slice(0, equals);
    let node = root;
    for (const part of path.split(".")) {
      if (equals < 0 || !PATH_PART.test(part)) throw new AddressError(`This link is damaged: it cannot be read at "${pair.slice(0, 40)}".`);
      let child = node.children.get(part);
      if (child === undefined) node.children.set(part, (child = { text: null, children: new Map() }));
      node = child;
    }
    node.text = pair.slice(equals + 1);
  }
  return root;
}

/** @param {Map<string, Node>} children @param {string} key */
function takeText(children, key) {
  const text = children.get(key)?.text ?? null;
  children.delete(key);
  return text;
}

/** @param {Scalar | Scalar[]} value */
function writeLeaf(value) {
  return Array.isArray(value) ? value.map(writeScalar).join(",") : writeScalar(value);
}

/** @param {Scalar} value */
function writeScalar(value) {
  if (typeof value !== "string") return String(value);
  const plain = value !== "" && !(value in KEYWORDS) && !NUMBER.test(value) && !/^['!{]/.test(value);
  return plain ? encodeURIComponent(value) : QUOTE + encodeURIComponent(value);
}

/** @param {string} text @param {boolean} list */
function readLeaf(text, list) {
  if (!list) return readScalar(text);
  return text === "" ? [] : text.split(",").map(readScalar);
}

/** @param {string} text @returns {Scalar} */
function readScalar(text) {
  if (Object.hasOwn(KEYWORDS, text)) return KEYWORDS[text];
  if (NUMBER.test(text)) return Number(text);
  try {
    return decodeURIComponent(text.startsWith(QUOTE) ? text.slice(1) : text);
  } catch {
    throw new AddressError(`This link is damaged: it cannot be read at "${text.slice(0, 40)}".`);
  }
}

/**
 * FNV-1a (Fowler, Noll, Vo 1991), 32 bits, over all fields in the order of their paths.
 * @param {RunSpec} spec
 */
function checksum(spec) {
  /** @type {string[]} */
  const lines = [];
  writeAll("", spec, lines);
  let hash = 0x811c9dc5;
  for (const character of lines.sort().join("\n")) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return (hash >>> 0).toString(36);
}

/** @param {string} path @param {any} value @param {string[]} lines */
function writeAll(path, value, lines) {
  if (!isObject(value) && !isListOfObjects(value)) lines.push(`${path}=${writeLeaf(value)}`);
  else if (Object.keys(value).length === 0) lines.push(`${path}=${EMPTY_OBJECT}`);
  else for (const [key, item] of Object.entries(value)) writeAll(join(path, key), item, lines);
}

/** @param {string} path @param {string} key */
function join(path, key) {
  return path === "" ? key : `${path}.${key}`;
}

/** @param {any} value */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @param {any} value */
function isListOfObjects(value) {
  return Array.isArray(value) && value.length > 0 && isObject(value[0]);
}
