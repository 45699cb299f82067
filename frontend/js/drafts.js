/**
 * Typed text that outlives a reload, a closed tab and an expired token: kept
 * in localStorage per person and per form, with the key that makes sending it
 * twice harmless.
 *
 *   keepDraft(formNode, "request:new");       // fills the form and follows the typing
 *   const key = draftKey("request:new", body); // same body → same Idempotency-Key
 *   dropDraft("request:new");                 // after success
 */
import { newKey } from "./api.js";
import { currentUser } from "./session.js";

const storageName = (name) => `technic.draft.${currentUser().user_id}.${name}`;

/** Fill the form from its draft, then save at each change. Returns whether there was one. */
export function keepDraft(node, name) {
  const saved = readDraft(name).values ?? {};
  for (const [field, value] of Object.entries(saved)) restore(node.elements[field], value);
  node.addEventListener("input", () => saveDraft(name, snapshot(node)));
  return Object.keys(saved).length > 0;
}

export function dropDraft(name) {
  localStorage.removeItem(storageName(name));
}

/** The key of this body: kept while the body stays the same, through reloads too. */
export function draftKey(name, body) {
  const draft = readDraft(name);
  const sent = JSON.stringify(body);
  if (draft.sent !== sent) Object.assign(draft, { sent, key: newKey() });
  write(name, draft);
  return draft.key;
}

function saveDraft(name, values) {
  write(name, { ...readDraft(name), values });
}

function readDraft(name) {
  try {
    return JSON.parse(localStorage.getItem(storageName(name))) ?? {};
  } catch {
    return {};
  }
}

/** A full or forbidden storage must not stop the typing. */
function write(name, draft) {
  try {
    localStorage.setItem(storageName(name), JSON.stringify(draft));
  } catch {
    return;
  }
}

/** Only what differs from the form's own values: the rest may change at the server meanwhile. */
function snapshot(node) {
  const changed = [...node.elements].filter((control) => control.name && control.type !== "password" && isChanged(control));
  return Object.fromEntries(changed.map((control) => [control.name, control.type === "checkbox" ? control.checked : control.value]));
}

function isChanged(control) {
  if (control.type === "checkbox" || control.type === "radio") return control.checked !== control.defaultChecked && (control.checked || control.type === "checkbox");
  if (control.type === "hidden") return control.value !== "";
  if (control instanceof HTMLSelectElement) return !control.selectedOptions[0]?.defaultSelected;
  return control.value !== control.defaultValue;
}

function restore(control, value) {
  if (!control) return;
  if (control.type === "checkbox") control.checked = value;
  else control.value = value;
}
