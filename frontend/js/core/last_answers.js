/**
 * Saved answers of lists and requests, shown while there is no connection.
 *
 *   saveAnswer(path, answer)     // {data, etag}, when the browser is idle
 *   await loadAnswer(path)       // {data, etag, at} or null; emits "saved-answer-shown" {at}
 *   await clearAnswers()         // at sign-out
 *
 * Stored in the browser's Cache, one per user id; the oldest answers are
 * deleted. Without the Cache API (plain http from another computer) nothing is
 * saved.
 */
import { emit } from "./dom.js";
import { currentUser } from "./session.js";

const PREFIX = "technic-kept-";
const MOST = 60;
const LONGEST_WAIT_MS = 1000;
const SAVED_PATHS = [
  /^\/requests\/(summary|load)?(\?|$)/,
  /^\/requests\/\d+(\/history)?(\?|$)/,
  /^\/comments\/\?/,
  /^\/statistics\/(\?|$)/,
  /^\/config$/,
];

let othersCleared = null;

const cacheName = () => `${PREFIX}${currentUser().user_id}`;
const isSaved = (path) => Boolean(window.caches && currentUser()) && SAVED_PATHS.some((pattern) => pattern.test(path));

/** If the storage is full or forbidden, nothing is shown offline. */
export function saveAnswer(path, answer) {
  if (!isSaved(path)) return;
  const name = cacheName();
  whenIdle(() => isSameUser(name) && store(name, path, answer).catch(() => {}));
}

const whenIdle = (action) =>
  window.requestIdleCallback ? requestIdleCallback(action, { timeout: LONGEST_WAIT_MS }) : setTimeout(action);

/** False if the user signed out before the browser was idle. */
const isSameUser = (name) => Boolean(currentUser()) && cacheName() === name;

async function store(name, path, { data, etag }) {
  othersCleared ??= clearAnswers({ except: name });
  const cache = await caches.open(name);
  await cache.put(path, new Response(JSON.stringify({ data, etag, at: Date.now() })));
  const keys = await cache.keys();
  for (const key of keys.slice(0, Math.max(0, keys.length - MOST))) await cache.delete(key);
}

export async function loadAnswer(path) {
  const answer = isSaved(path) ? await read(path).catch(() => null) : null;
  if (answer) emit("saved-answer-shown", { at: answer.at });
  return answer;
}

const read = async (path) => (await (await caches.open(cacheName())).match(path))?.json() ?? null;

/** Delete the answers of all users, or of all but one: another user may have left without signing out. */
export async function clearAnswers({ except } = {}) {
  const names = window.caches ? await caches.keys() : [];
  await Promise.all(
    names.filter((name) => name.startsWith(PREFIX) && name !== except).map((name) => caches.delete(name)),
  );
}
