/**
 * The page's one connection to its session: opens, greets, reconnects. The only user of WebSocket.
 *
 * A session is known by its token. Where the connection is lost, the next one resumes it; where the server does not know the
 * token any more (it was started again, or nobody looked for ten minutes), a new session is opened with the page's own run.
 * The page has a name while it is loaded, by which the server knows its next connection from a duplicated tab. While there is no
 * connection, `send` refuses: nothing is kept back to happen later, when nobody expects it.
 *
 * @import {Action} from "./types.js"
 *
 * @typedef {object} Socket  what is used of a WebSocket
 * @property {string} binaryType
 * @property {((event: any) => void) | null} onopen
 * @property {((event: any) => void) | null} onmessage
 * @property {((event: any) => void) | null} onclose
 * @property {(message: string | ArrayBuffer) => void} send
 * @property {() => void} close
 *
 * @typedef {object} Session  what the connection has to know of the page
 * @property {string} page  its name
 * @property {string | null} token  of the session to resume
 * @property {() => Record<string, any> | null} run  the run to open a new session with; null is the server's default
 * @property {(action: Action) => void} receive  takes every message, and `{type: "connection", connection}`
 * @property {(token: string) => void} remember  keeps the token of the session that was opened
 *
 * @typedef {object} Means  the browser's, or a test's
 * @property {(url: string) => Socket} open
 * @property {(call: () => void, milliseconds: number) => void} later
 * @property {() => number} random  0 to 1
 */

import { ProtocolError, VERSION, decode, encode } from "./protocol.js";

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 4000;

/** Reasons to end a connection after which another one can go on. Any other is final. */
const PASSING = ["too_slow", "shutdown", "idle"];

/** @type {Means} */
const BROWSER = {
  open: (url) => new WebSocket(url),
  later: (call, milliseconds) => void setTimeout(call, milliseconds),
  random: Math.random,
};

export class Connection {
  #url;
  #session;
  #means;
  /** @type {Socket | null} */
  #socket = null;
  #greeted = false;
  #ended = false;
  #attempts = 0;
  #id = 0;
  #hello = 0;
  /** Whether the server refused the page's run: then its own default is opened. */
  #runRefused = false;
  /** @type {string | null} */
  #token;

  /**
   * @param {string} url
   * @param {Session} session
   * @param {Means} [means]
   */
  constructor(url, session, means = BROWSER) {
    this.#url = url;
    this.#session = session;
    this.#means = means;
    this.#token = session.token;
  }

  open() {
    const socket = this.#means.open(this.#url);
    this.#socket = socket;
    this.#greeted = false;
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.#greet(socket);
    socket.onmessage = ({ data }) => socket === this.#socket && this.#receive(data);
    socket.onclose = () => socket === this.#socket && this.#lost();
  }

  /** Whether commands can be sent. */
  get ready() {
    return this.#greeted;
  }

  /**
   * @param {{type: string, [field: string]: unknown}} command
   * @returns {number} its id, counted up from 1; 0 where there is no connection and nothing was sent
   */
  send(command) {
    if (!this.#greeted || this.#socket === null) return 0;
    return this.#write(this.#socket, command);
  }

  /** @param {Socket} socket */
  #greet(socket) {
    const run = this.#token === null && !this.#runRefused ? this.#session.run() : null;
    const { page } = this.#session;
    this.#hello = this.#write(socket, { type: "hello", version: VERSION, page, token: this.#token, ...(run && { spec: run }) });
  }

  /** @param {Socket} socket @param {{type: string, [field: string]: unknown}} command */
  #write(socket, command) {
    const id = ++this.#id;
    socket.send(encode({ id, ...command }));
    return id;
  }

  /** @param {string | ArrayBuffer} message */
  #receive(message) {
    let action;
    try {
      action = decode(message);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#end({ type: "closed", code: "version", message: error.message });
      return;
    }
    if (action.type === "closed") {
      this.#closed(action);
      return;
    }
    this.#session.receive(action);
    if (action.type === "welcome") this.#welcome(action);
    if (action.type === "rejected" && action.command === this.#hello) {
      this.#runRefused = true;
      this.#again();
    }
  }

  /** @param {Action} welcome */
  #welcome({ token }) {
    this.#greeted = true;
    this.#attempts = 0;
    this.#token = token;
    this.#session.remember(token);
    this.#session.receive({ type: "connection", connection: "open" });
  }

  /** @param {Action} event */
  #closed(event) {
    if (event.code === "unknown_session" && this.#token !== null) {
      this.#token = null;
      this.#again();
    } else if (!PASSING.includes(event.code)) {
      this.#end(event);
    }
  }

  /** Another socket at once, in place of the one that is open. */
  #again() {
    const socket = this.#socket;
    this.#socket = null;
    this.#greeted = false;
    socket?.close();
    this.open();
  }

  /** @param {Action} event  says why there will be no other connection */
  #end(event) {
    const socket = this.#socket;
    this.#socket = null;
    this.#greeted = false;
    this.#ended = true;
    socket?.close();
    this.#session.receive(event);
    this.#session.receive({ type: "connection", connection: "closed" });
  }

  #lost() {
    this.#socket = null;
    this.#greeted = false;
    if (this.#ended) return;
    this.#session.receive({ type: "connection", connection: "reconnecting" });
    const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#attempts++);
    // Spread, so that a class does not come back in one instant.
    this.#means.later(() => this.open(), delay * (0.75 + 0.5 * this.#means.random()));
  }
}
