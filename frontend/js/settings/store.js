/**
 * API calls of `/api/settings/`, and the merge of changes by two administrators.
 *
 *   const store = await loadStore(signal);       // { settings, etag, defaults, environment }
 *   await saveSettings(store, changes)           // throws a 412 if another administrator has saved
 *   const { value, conflicts } = merge(base, mine, theirs);
 */
import { call, get } from "../core/api.js";

export async function loadStore(signal) {
  const [{ data, etag }, { settings: defaults, environment }] = await Promise.all([
    call("GET", "/settings/", { signal }),
    get("/settings/defaults", {}, { signal }),
  ]);
  return { settings: data, etag, defaults, environment };
}

/** Load the current settings into an existing store. */
export async function refreshStore(store) {
  const { data, etag } = await call("GET", "/settings/");
  Object.assign(store, { settings: data, etag });
}

export async function saveSettings(store, changes) {
  const { data, etag } = await call("PATCH", "/settings/", { body: changes, ifMatch: store.etag });
  Object.assign(store, { settings: data, etag });
}

/** Due dates that new requests would get with these, possibly unsaved, settings. */
export function tryDeadlines(hours, { days, from, to, holidays }, timezone, signal) {
  const upcoming = holidays.filter((day) => day >= yesterday()).slice(0, MOST_HOLIDAYS);
  return get("/settings/deadlines", { hours, days, from, to, holidays: upcoming, timezone }, { signal, quiet: true });
}

/** As many as fit into a URL; past holidays do not affect a deadline. */
const MOST_HOLIDAYS = 150;
const yesterday = () => new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);

export const same = (one, other) => canonical(one) === canonical(other);

/**
 * Three-way merge: objects part by part, other values as a whole. `conflicts` are
 * the paths that both changed differently; there `value` is `mine`.
 */
export function merge(base, mine, theirs, path = []) {
  if (same(mine, theirs) || same(theirs, base)) return { value: mine, conflicts: [] };
  if (same(mine, base)) return { value: theirs, conflicts: [] };
  if (![base, mine, theirs].every(isObject)) return { value: mine, conflicts: [path] };
  const names = [...new Set([...Object.keys(theirs), ...Object.keys(mine)])];
  const parts = names.map((name) => [name, merge(base[name], mine[name], theirs[name], [...path, name])]);
  const present = parts.filter(([, { value }]) => value !== undefined);
  return {
    value: Object.fromEntries(present.map(([name, { value }]) => [name, value])),
    conflicts: parts.flatMap(([, { conflicts }]) => conflicts),
  };
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** JSON with sorted keys, equal for equal values. */
function canonical(value) {
  if (!isObject(value)) return JSON.stringify(value) ?? "undefined";
  return JSON.stringify(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, part]) => [name, canonical(part)]),
  );
}
