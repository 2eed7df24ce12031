/**
 * What a tab remembers over a reload: the token of its session, and the address that shows that session's run.
 *
 * The two belong together. A reload finds both and comes back to its session; a link opened in the same tab finds an address that
 * is not the session's, and opens a session of its own.
 */

const TOKEN = "backflow.token";
const ADDRESS = "backflow.address";

/**
 * @param {string} address  of the page now, after the "#"
 * @returns {string | null} the token of the session that this address shows
 */
export function recallToken(address) {
  const token = read(TOKEN);
  return address === "" || address === read(ADDRESS) ? token : null;
}

/** @param {string} token */
export function rememberToken(token) {
  write(TOKEN, token);
}

/**
 * Puts the run into the address bar, in place of what is there: going back leaves the page, as one expects.
 * @param {string} address  without the "#"
 */
export function showAddress(address) {
  write(ADDRESS, address);
  if (location.hash !== `#${address}`) history.replaceState(null, "", `#${address}`);
}

/** @param {string} key */
function read(key) {
  return withStorage((storage) => storage.getItem(key));
}

/** @param {string} key @param {string} value */
function write(key, value) {
  withStorage((storage) => storage.setItem(key, value));
}

/**
 * Where the browser forbids a page to keep anything, a reload opens a new session; nothing else is lost.
 * @template T
 * @param {(storage: Storage) => T} use
 * @returns {T | null}
 */
function withStorage(use) {
  try {
    return use(sessionStorage);
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}
