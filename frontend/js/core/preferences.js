/**
 * Preferences of a user, stored in this browser per account.
 *
 *   preferred("density", "normal")                 // the stored value, or the default
 *   prefer("density", "dense");
 *   onPreference("density", (value) => …)          // changed in this tab or another
 */
import { emit, listen } from "./dom.js";
import { currentUser } from "./session.js";

const CHANGED = "preference-changed";
const storageName = (name) => `technic.prefer.${currentUser().user_id}.${name}`;

/** Values that the browser could not store (full or forbidden storage): they last as long as the page. */
const unsaved = new Map();

export function preferred(name, fallback) {
  if (unsaved.has(name)) return unsaved.get(name);
  try {
    return JSON.parse(localStorage.getItem(storageName(name))) ?? fallback;
  } catch {
    return fallback;
  }
}

export function prefer(name, value) {
  try {
    localStorage.setItem(storageName(name), JSON.stringify(value));
    unsaved.delete(name);
  } catch {
    unsaved.set(name, value);
  }
  emit(CHANGED, { name });
}

export const onPreference = (name, action) =>
  listen(CHANGED, (changed) => changed.name === name && action(preferred(name)));

window.addEventListener("storage", ({ key }) => {
  const start = currentUser() && storageName("");
  if (start && key?.startsWith(start)) emit(CHANGED, { name: key.slice(start.length) });
});
