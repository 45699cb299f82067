/**
 * Drafts: typed text that survives a reload, a closed tab and an expired token.
 * Stored in localStorage per user and form, with an Idempotency-Key, so that
 * sending twice (after an outage, from two tabs) creates one object.
 *
 *   const draft = attachDraft(formNode, "request:new");   // restores the form, then saves each input
 *   draft.isRestored
 *   const key = draft.key(body);     // same text → same Idempotency-Key, in all tabs
 *   draft.finish();                  // sent: the next text is a new object
 *   draft.discard();                 // delete the text
 *
 * For data that is not a plain form: `loadValue(name)`, `saveValue(name, value)`,
 * `clearValue(name)`.
 */
import { newKey } from "../core/api.js";
import { currentUser } from "../core/session.js";

const storageName = (name) => `technic.draft.${currentUser().user_id}.${name}`;

export function attachDraft(node, name) {
  const saved = read(name);
  const fields = Object.entries(saved.values ?? {});
  const lastSent = `${name}.sent`;
  let begun = saved.begun;

  const discard = () => {
    begun = null;
    remove(name);
  };

  /** Reuse the key if this text was started before the same text was sent; otherwise it is a new object. */
  const key = (body) => {
    const sent = JSON.stringify(body);
    const last = read(lastSent);
    const isSame = last.sent === sent && !(last.done < (begun ?? Date.now()));
    if (!isSame) write(lastSent, { sent, key: newKey() });
    return read(lastSent).key;
  };

  const finish = () => {
    write(lastSent, { ...read(lastSent), done: Date.now() });
    discard();
  };

  for (const [field, value] of fields) restore(node.elements[field], value);
  node.addEventListener("input", () => {
    begun ??= Date.now();
    write(name, { begun, values: snapshot(node) });
  });
  return { isRestored: fields.length > 0, key, finish, discard };
}

export const loadValue = (name) => read(name);
export const saveValue = (name, value) => write(name, value);
export const clearValue = (name) => remove(name);

/** Values that the browser could not store (full or forbidden storage): they last as long as the page. */
const unsaved = new Map();

function read(name) {
  try {
    return unsaved.get(name) ?? JSON.parse(localStorage.getItem(storageName(name))) ?? {};
  } catch {
    return {};
  }
}

function write(name, value) {
  try {
    localStorage.setItem(storageName(name), JSON.stringify(value));
    unsaved.delete(name);
  } catch {
    unsaved.set(name, value);
  }
}

function remove(name) {
  unsaved.delete(name);
  localStorage.removeItem(storageName(name));
}

/** Changed controls only: the server's values of the others may change before the draft is restored. */
function snapshot(node) {
  const changed = [...node.elements].filter(
    (control) => control.name && control.type !== "password" && isChanged(control),
  );
  return Object.fromEntries(
    changed.map((control) => [control.name, control.type === "checkbox" ? control.checked : control.value]),
  );
}

function isChanged(control) {
  if (control.type === "checkbox" || control.type === "radio")
    return control.checked !== control.defaultChecked && (control.checked || control.type === "checkbox");
  if (control.type === "hidden") return control.value !== "";
  if (control instanceof HTMLSelectElement) return !control.selectedOptions[0]?.defaultSelected;
  return control.value !== control.defaultValue;
}

function restore(control, value) {
  if (!control) return;
  if (control.type === "checkbox") control.checked = value;
  else control.value = value;
}
