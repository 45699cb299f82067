/**
 * Items of the outbox, stored in localStorage per user.
 *
 *   readItems()  findItem(id)
 *   putItem(item)     // replaces the item with the same id; false if the browser stores nothing
 *   dropItem(id)
 *
 * Emits "outbox-changed" after changes of this tab and of others.
 */
import { emit } from "../core/dom.js";
import { currentUser } from "../core/session.js";

const PREFIX = "technic.outbox.";

/** Items that the browser could not store (full or forbidden storage): they last as long as the page. */
let unsaved = [];

export const storageName = () => PREFIX + currentUser()?.user_id;
export const readItems = () => [...stored(storageName()), ...unsaved];
export const findItem = (id) => readItems().find((item) => item.id === id);

export function putItem(item) {
  const items = readItems();
  const index = items.findIndex(({ id }) => id === item.id);
  const dated = { ...item, at: items[index]?.at ?? Date.now() };
  return write(index < 0 ? [...items, dated] : items.with(index, dated));
}

export function dropItem(id) {
  if (findItem(id)) write(readItems().filter((item) => item.id !== id));
}

/** Version 1.2 stored undoable moves under a name of their own. */
export function adoptMovesOf12(toItem) {
  const name = `technic.steps.${currentUser()?.user_id}`;
  const moves = stored(name);
  if (moves.length) localStorage.removeItem(name);
  for (const item of moves.map(toItem)) if (!findItem(item.id)) putItem(item);
}

function stored(name) {
  try {
    return JSON.parse(localStorage.getItem(name)) ?? [];
  } catch {
    return [];
  }
}

function write(items) {
  const isSaved = save(items);
  const known = isSaved ? items : stored(storageName());
  unsaved = items.filter(({ id }) => !known.some((item) => item.id === id));
  emit("outbox-changed");
  return isSaved;
}

function save(items) {
  try {
    if (items.length) localStorage.setItem(storageName(), JSON.stringify(items));
    else localStorage.removeItem(storageName());
    return true;
  } catch {
    return false;
  }
}

window.addEventListener("storage", ({ key }) => (key === storageName() || key === null) && emit("outbox-changed"));
