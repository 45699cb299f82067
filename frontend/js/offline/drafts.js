/**
 * Typed text that outlives a reload, a closed tab and an expired token: kept
 * in localStorage per person and per form, with the key that makes sending it
 * twice harmless, be it after a cut connection or from a second tab.
 *
 *   const draft = keepDraft(formNode, "request:new");   // fills the form and follows the typing
 *   draft.isRestored
 *   const key = draft.key(body);     // same text → same Idempotency-Key, in every tab that shows it
 *   draft.finish();                  // sent: what is typed from now on is something new
 *   draft.discard();                 // thrown away
 *
 * What is no plain form keeps its own value: `keptValue(name)`, `keepValue(name, value)`, `forgetValue(name)`.
 */
import { newKey } from "../core/api.js";
import { currentUser } from "../core/session.js";

const storageName = (name) => `technic.draft.${currentUser().user_id}.${name}`;

export function keepDraft(node, name) {
  const saved = read(name);
  const fields = Object.entries(saved.values ?? {});
  const lastSent = `${name}.sent`;
  let begun = saved.begun;

  const discard = () => {
    begun = null;
    remove(name);
  };

  /** The same text that was begun before its twin was sent is that twin; begun later it is meant once more. */
  const key = (body) => {
    const sent = JSON.stringify(body);
    const last = read(lastSent);
    const isTwin = last.sent === sent && !(last.done < (begun ?? Date.now()));
    if (!isTwin) write(lastSent, { sent, key: newKey() });
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

export const keptValue = (name) => read(name);
export const keepValue = (name, value) => write(name, value);
export const forgetValue = (name) => remove(name);

/** A full or forbidden storage must not stop the typing, nor make a second request: this page remembers by itself. */
const remembered = new Map();

function read(name) {
  try {
    return remembered.get(name) ?? JSON.parse(localStorage.getItem(storageName(name))) ?? {};
  } catch {
    return {};
  }
}

function write(name, value) {
  try {
    localStorage.setItem(storageName(name), JSON.stringify(value));
    remembered.delete(name);
  } catch {
    remembered.set(name, value);
  }
}

function remove(name) {
  remembered.delete(name);
  localStorage.removeItem(storageName(name));
}

/** Only what differs from the form's own values: the rest may change at the server meanwhile. */
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
