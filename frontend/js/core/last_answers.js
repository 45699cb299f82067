/**
 * The last lists and requests that a person has seen, kept in this browser for
 * when there is no connection: shown with the time at which they were read.
 *
 *   keep(path, answer)          // {data, etag} of a good answer
 *   await recall(path)          // {data, etag, at} or null; says "kept-shown" {at}
 *   await forget()              // at sign-out: nothing of anybody stays
 *
 * Kept in the browser's cache under the person's number and read back for the
 * same person only; a few dozen answers, the oldest go. Where the browser has
 * no such place (plain http from another computer) nothing is kept.
 */
import { emit } from "./dom.js";
import { currentUser } from "./session.js";

const FAMILY = "technic-kept-";
const MOST = 60;
const LONGEST_WAIT_MS = 1000;
const KEPT = [
  /^\/requests\/(summary|load)?(\?|$)/,
  /^\/requests\/\d+(\/history)?(\?|$)/,
  /^\/comments\/\?/,
  /^\/statistics\/(\?|$)/,
  /^\/config$/,
];

let tidied = null;

const mine = () => `${FAMILY}${currentUser().user_id}`;
const isKept = (path) => Boolean(window.caches && currentUser()) && KEPT.some((form) => form.test(path));

/** After what the person waits for. A full or forbidden storage only means that nothing is shown offline. */
export function keep(path, answer) {
  if (!isKept(path)) return;
  const name = mine();
  whenIdle(() => isStill(name) && store(name, path, answer).catch(() => {}));
}

const whenIdle = (action) =>
  window.requestIdleCallback ? requestIdleCallback(action, { timeout: LONGEST_WAIT_MS }) : setTimeout(action);

/** Who reads may have gone meanwhile: then nothing of theirs is kept. */
const isStill = (name) => Boolean(currentUser()) && mine() === name;

async function store(name, path, { data, etag }) {
  tidied ??= forget({ but: name });
  const cache = await caches.open(name);
  await cache.put(path, new Response(JSON.stringify({ data, etag, at: Date.now() })));
  const keys = await cache.keys();
  for (const key of keys.slice(0, Math.max(0, keys.length - MOST))) await cache.delete(key);
}

export async function recall(path) {
  const kept = isKept(path) ? await read(path).catch(() => null) : null;
  if (kept) emit("kept-shown", { at: kept.at });
  return kept;
}

const read = async (path) => (await (await caches.open(mine())).match(path))?.json() ?? null;

/** At sign-out everything; what another person left without signing out goes at this one's first answer. */
export async function forget({ but } = {}) {
  const names = window.caches ? await caches.keys() : [];
  await Promise.all(names.filter((name) => name.startsWith(FAMILY) && name !== but).map((name) => caches.delete(name)));
}
