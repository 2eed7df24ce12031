import assert from "node:assert/strict";
import { test } from "node:test";
import { Connection } from "../../static/connection.js";

/** A browser of its own for each test: its sockets, its timers and everything that the page received. */
function openPage({ token = /** @type {string | null} */ (null), run = { seed: 7 } } = {}) {
  /** @type {any[]} */
  const sockets = [];
  /** @type {{call: () => void, milliseconds: number}[]} */
  const timers = [];
  /** @type {any[]} */
  const received = [];
  /** @type {string[]} */
  const remembered = [];
  const means = {
    open: (/** @type {string} */ url) => {
      /** @type {any} */
      const socket = { url, sent: [], closed: false, send: (/** @type {string} */ text) => socket.sent.push(JSON.parse(text)), close: () => (socket.closed = true) };
      sockets.push(socket);
      return socket;
    },
    later: (/** @type {() => void} */ call, /** @type {number} */ milliseconds) => void timers.push({ call, milliseconds }),
    random: () => 0.5,
  };
  const session = {
    page: "p1",
    token,
    run: () => run,
    receive: (/** @type {any} */ action) => void received.push(action),
    remember: (/** @type {string} */ token) => void remembered.push(token),
  };
  const connection = new Connection("ws://here/socket", session, means);
  connection.open();
  const last = () => sockets[sockets.length - 1];
  const tell = (/** @type {object} */ event) => last().onmessage({ data: JSON.stringify(event) });
  const welcome = (/** @type {object} */ changes = {}) => {
    last().onopen();
    tell({ type: "welcome", seq: 1, version: 1, server: "0", token: "t1", role: "controller", resumed: false, ...changes });
  };
  return { connection, sockets, timers, received, remembered, last, tell, welcome };
}

test("a page without a token opens a session with its own run", () => {
  const page = openPage();
  page.last().onopen();
  assert.deepEqual(page.last().sent, [{ id: 1, type: "hello", version: 1, page: "p1", token: null, spec: { seed: 7 } }]);
});

test("a page with a token resumes its session and sends no run", () => {
  const page = openPage({ token: "t0" });
  page.last().onopen();
  assert.deepEqual(page.last().sent, [{ id: 1, type: "hello", version: 1, page: "p1", token: "t0" }]);
});

test("a welcome opens the connection and its token is remembered", () => {
  const page = openPage();
  assert.equal(page.connection.send({ type: "play" }), 0);
  page.welcome();
  assert.deepEqual(page.received.map((action) => action.connection ?? action.type), ["welcome", "open"]);
  assert.deepEqual(page.remembered, ["t1"]);
  assert.equal(page.connection.send({ type: "play" }), 2);
  assert.deepEqual(page.last().sent[1], { id: 2, type: "play" });
});

test("a lost connection comes back by itself with the session's token, waiting longer each time", () => {
  const page = openPage();
  page.welcome();
  for (const expected of [250, 500, 1000, 2000, 4000, 4000]) {
    page.last().onclose({});
    assert.equal(page.connection.send({ type: "play" }), 0);
    const timer = /** @type {{call: () => void, milliseconds: number}} */ (page.timers.pop());
    assert.equal(timer.milliseconds, expected);
    timer.call();
  }
  assert.equal(page.received.filter((action) => action.connection === "reconnecting").length, 6);
  page.welcome({ resumed: true });
  assert.equal(page.last().sent[0].token, "t1");
  assert.equal(page.received.at(-1).connection, "open");
  page.last().onclose({});
  assert.equal(page.timers.pop()?.milliseconds, 250);
});

test("a server that does not know the session any more gets the page's run for a new one", () => {
  const page = openPage({ token: "old" });
  page.last().onopen();
  page.tell({ type: "closed", seq: 1, code: "unknown_session", message: "no such session" });
  assert.equal(page.sockets.length, 2);
  assert.ok(page.sockets[0].closed);
  page.last().onopen();
  assert.deepEqual([page.last().sent[0].token, page.last().sent[0].spec], [null, { seed: 7 }]);
  assert.equal(page.received.length, 0);
});

test("a run that the server refuses is told, and the server's own run is opened", () => {
  const page = openPage();
  page.last().onopen();
  page.tell({ type: "rejected", seq: 1, command: 1, code: "invalid", field: "seed", value: -1, message: "seed -1 refused: must be at least 0" });
  assert.equal(page.received[0].type, "rejected");
  page.last().onopen();
  assert.deepEqual(page.last().sent, [{ id: 2, type: "hello", version: 1, page: "p1", token: null }]);
});

test("a server of another version ends the connection with its sentence", () => {
  const page = openPage();
  page.last().onopen();
  page.tell({ type: "closed", seq: 1, code: "version", message: "The page has version 1 and the server version 2." });
  assert.deepEqual(page.received.map((action) => action.message ?? action.connection), ["The page has version 1 and the server version 2.", "closed"]);
  page.last().onclose({});
  assert.equal(page.timers.length, 0);
});

test("a server that shuts down is waited for", () => {
  const page = openPage();
  page.welcome();
  page.tell({ type: "closed", seq: 2, code: "shutdown", message: "The server ends." });
  page.last().onclose({});
  assert.equal(page.received.at(-1).connection, "reconnecting");
  assert.equal(page.timers.length, 1);
});

test("a message that cannot be read ends the connection and says why", () => {
  const page = openPage();
  page.welcome();
  page.last().onmessage({ data: new ArrayBuffer(3) });
  assert.match(page.received.at(-2).message, /binary message of 3 bytes/);
  assert.equal(page.received.at(-1).connection, "closed");
});

test("what still comes from a socket that was given up is not heard", () => {
  const page = openPage({ token: "old" });
  const first = page.last();
  first.onopen();
  page.tell({ type: "closed", seq: 1, code: "unknown_session", message: "" });
  first.onmessage({ data: JSON.stringify({ type: "status" }) });
  first.onclose({});
  assert.equal(page.received.length, 0);
  assert.equal(page.timers.length, 0);
});
