/**
 * How a person likes the pages: kept per account in this browser.
 *
 *   preferred("density", "normal")                 // what was chosen, or this
 *   prefer("density", "dense");
 *   onPreference("density", (value) => …)          // ours, and those of other tabs
 */
import { emit, listen } from "./dom.js";
import { currentUser } from "./session.js";

const CHANGED = "preference-changed";
const storageName = (name) => `technic.prefer.${currentUser().user_id}.${name}`;

/** A full or forbidden storage must not stop the work: this page remembers by itself. */
const remembered = new Map();

export function preferred(name, otherwise) {
  if (remembered.has(name)) return remembered.get(name);
  try {
    return JSON.parse(localStorage.getItem(storageName(name))) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function prefer(name, value) {
  try {
    localStorage.setItem(storageName(name), JSON.stringify(value));
    remembered.delete(name);
  } catch {
    remembered.set(name, value);
  }
  emit(CHANGED, { name });
}

export const onPreference = (name, action) =>
  listen(CHANGED, (changed) => changed.name === name && action(preferred(name)));

window.addEventListener("storage", ({ key }) => {
  const start = currentUser() && storageName("");
  if (start && key?.startsWith(start)) emit(CHANGED, { name: key.slice(start.length) });
});
