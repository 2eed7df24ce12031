import assert from "node:assert/strict";
import { test } from "node:test";
import { AddressError, decodeAddress, decodeLink, encodeAddress } from "../../static/address.js";
import { changed, DEFAULT_SPEC, dense } from "./fixtures.js";

/** @param {import("../../static/types.js").RunSpec} spec */
function roundTrip(spec) {
  return decodeAddress("#" + encodeAddress(spec, DEFAULT_SPEC), DEFAULT_SPEC);
}

test("an address opens the same run", () => {
  const specs = [
    DEFAULT_SPEC,
    changed({ "seed": 7, "training.learning_rate": 1e-7, "data.name": "spiral" }),
    changed({ "data.features": ["x", "x^2", "sin x"] }),
    changed({ "data.features": [] }),
    changed({ "network.hidden": [] }),
    changed({ "network.hidden": Array.from({ length: 6 }, () => dense(8, "sigmoid")) }),
    changed({ "network.hidden": [dense(4, "tanh"), { ...dense(3, "leaky_relu"), activation_options: { slope: 0.01 } }, dense(3, "relu")] }),
    changed({ "training.optimizer": "adam", "training.optimizer_options": { beta1: 0.9, beta2: 0.999 }, "training.clip_norm": 1 }),
  ];
  for (const spec of specs) assert.deepEqual(roundTrip(spec), spec);
});

test("the default run needs no more than a version and a checksum", () => {
  assert.match(encodeAddress(DEFAULT_SPEC, DEFAULT_SPEC), /^v=1&check=\w+$/);
});

test("an address names only what differs from the default run and from the layer before", () => {
  const address = encodeAddress(changed({ "network.hidden": Array.from({ length: 20 }, () => dense(8, "sigmoid")) }), DEFAULT_SPEC);
  assert.match(address, /^v=1&network\.hidden=20&network\.hidden\.0\.units=8&network\.hidden\.0\.activation=sigmoid&check=\w+$/);
});

test("text that looks like a number, a keyword or a mark stays text", () => {
  for (const text of ["1e3", "null", "!", "{}", "", "'", "a&b=c#d", "x²"]) {
    const spec = changed({ "data.name": text });
    assert.deepEqual(roundTrip(spec), spec);
  }
});

test("an empty address holds no run", () => {
  assert.equal(decodeAddress("", DEFAULT_SPEC), null);
  assert.equal(decodeAddress("#", DEFAULT_SPEC), null);
});

test("a link that lost its end is refused in one sentence", () => {
  const address = encodeAddress(changed({ seed: 7 }), DEFAULT_SPEC);
  const cut = address.slice(0, address.indexOf("&check"));
  assert.throws(() => decodeAddress(cut, DEFAULT_SPEC), new AddressError("This link is incomplete: its end is missing."));
  assert.throws(() => decodeAddress(address.slice(0, -1), DEFAULT_SPEC), /damaged.*checksum/);
});

test("a link with any one character changed is refused", () => {
  const address = encodeAddress(changed({ "seed": 7, "network.hidden": [dense(8, "relu"), dense(8, "relu")] }), DEFAULT_SPEC);
  for (let place = 0; place < address.length; place++) {
    const damaged = address.slice(0, place) + (address[place] === "x" ? "y" : "x") + address.slice(place + 1);
    assert.throws(() => decodeAddress(damaged, DEFAULT_SPEC), AddressError, damaged);
  }
});

test("a link of another version says both versions", () => {
  assert.throws(() => decodeAddress("v=2&check=1", DEFAULT_SPEC), /version 2.*version 1/);
});

test("a link whose defaults have changed since is refused instead of opening another run", () => {
  const address = encodeAddress(changed({ seed: 7 }), DEFAULT_SPEC);
  assert.throws(() => decodeAddress(address, changed({ "training.learning_rate": 0.1 })), /another version of Backflow/);
});

test("an address that is not ours or malicious is refused and changes nothing", () => {
  for (const address of ["hello", "v=1&__proto__.polluted=1&check=0", "v=1&network.hidden=1e9&check=0", "v=1&data.name=%E0&check=0", "v=1&a=1&a.b=2&check=0"]) {
    assert.throws(() => decodeAddress(address, DEFAULT_SPEC), AddressError);
  }
  assert.equal(/** @type {any} */ ({}).polluted, undefined);
});

test("a link is opened whatever host it comes from", () => {
  const spec = changed({ seed: 7 });
  const address = encodeAddress(spec, DEFAULT_SPEC);
  for (const link of [`http://10.0.0.7:8000/#${address}`, `  https://example.org/backflow/#${address}\n`, `#${address}`, address]) {
    assert.deepEqual(decodeLink(link, DEFAULT_SPEC), spec);
  }
});

test("what is no link to a configuration is refused in one sentence", () => {
  assert.throws(() => decodeLink("  ", DEFAULT_SPEC), new AddressError("There is no link yet: paste one."));
  assert.throws(() => decodeLink("https://example.org/", DEFAULT_SPEC), /nothing stands after a #\.$/);
  assert.throws(() => decodeLink("https://example.org/#", DEFAULT_SPEC), /nothing stands after its #\.$/);
  assert.throws(() => decodeLink("hello", DEFAULT_SPEC), AddressError);
});
