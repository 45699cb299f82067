/**
 * The organisation's settings: the calls of `/api/settings/`, and how changes
 * of two administrators come together.
 *
 *   const store = await loadStore(signal);       // { settings, etag, defaults, environment }
 *   await saveSettings(store, changes)           // throws 412 where somebody was faster
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

/** Read the present values into a store that exists. */
export async function refreshStore(store) {
  const { data, etag } = await call("GET", "/settings/");
  Object.assign(store, { settings: data, etag });
}

export async function saveSettings(store, changes) {
  const { data, etag } = await call("PATCH", "/settings/", { body: changes, ifMatch: store.etag });
  Object.assign(store, { settings: data, etag });
}

/** When requests that come in now would have to be done, by values that need not be saved. */
export function tryDeadlines(hours, { days, from, to, holidays }, timezone, signal) {
  const ahead = holidays.filter((day) => day >= yesterday()).slice(0, FAR_ENOUGH);
  return get("/settings/deadlines", { hours, days, from, to, holidays: ahead, timezone }, { signal, quiet: true });
}

/** As many days as fit into an address; those that are over move no deadline. */
const FAR_ENOUGH = 150;
const yesterday = () => new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);

export const same = (one, other) => canonical(one) === canonical(other);

/**
 * What both wanted over what both saw: objects part by part, the rest as a
 * whole. `conflicts` are the paths of which both made something different;
 * there `value` holds mine.
 */
export function merge(base, mine, theirs, path = []) {
  if (same(mine, theirs) || same(theirs, base)) return { value: mine, conflicts: [] };
  if (same(mine, base)) return { value: theirs, conflicts: [] };
  if (![base, mine, theirs].every(isObject)) return { value: mine, conflicts: [path] };
  const names = [...new Set([...Object.keys(theirs), ...Object.keys(mine)])];
  const parts = names.map((name) => [name, merge(base[name], mine[name], theirs[name], [...path, name])]);
  const kept = parts.filter(([, { value }]) => value !== undefined);
  return {
    value: Object.fromEntries(kept.map(([name, { value }]) => [name, value])),
    conflicts: parts.flatMap(([, { conflicts }]) => conflicts),
  };
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** A text that two values share if they mean the same: the order of an object's names means nothing. */
function canonical(value) {
  if (!isObject(value)) return JSON.stringify(value) ?? "undefined";
  return JSON.stringify(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, part]) => [name, canonical(part)]),
  );
}
