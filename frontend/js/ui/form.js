/**
 * Forms: fields with label, hint and message; submitting; errors of the server.
 *
 *   const body = form({
 *     fields: [field({ name: "email", label: "Почта", type: "email", required: true })],
 *     submit: "Войти",
 *     send: async (values) => { … },       // an ApiError is shown at the fields
 *   });
 *
 * A failed form keeps its values, shows each message at its field and focuses
 * the first invalid one; other messages are shown at the top. While sending,
 * further presses are ignored. Before the focus, the field dispatches "reveal",
 * so that a wizard can show its page.
 */
import { el, icon, uniqueId } from "../core/dom.js";

const MISSING = "Заполните это поле";
const FAILED = "Что-то пошло не так. Обновите страницу и попробуйте ещё раз.";

/** One labelled control. `options`: [[value, text]] of a select; `rows`: a textarea; `control`: a ready-made control. */
export function field({ name, label, hint, options, control, ...rest }) {
  const id = uniqueId(name);
  const input = control ?? buildControl({ id, name, options, ...rest });
  input.id ||= id;
  const hintNode = hint && el("p", { class: "field__hint", id: `${id}-hint` }, hint);
  const message = el("p", { class: "field__error", id: `${id}-error`, hidden: true });
  input.setAttribute("aria-describedby", [hintNode?.id, message.id].filter(Boolean).join(" "));
  const optional = !rest.required && !rest.plain && el("span", { class: "field__optional" }, " — необязательно");
  return el(
    "div",
    { class: "field", "data-field": name },
    el("label", { class: "field__label", for: input.id }, label, optional),
    withToggle(input, rest),
    hintNode,
    message,
  );
}

export function checkbox({ name, label, ...rest }) {
  const id = uniqueId(name);
  return el(
    "div",
    { class: "check", "data-field": name },
    el("input", { type: "checkbox", id, name, ...rest }),
    el("label", { for: id }, label),
  );
}

/** A form with its buttons. `extra`: further buttons beside the submit button. */
export function form({ fields, submit, send, extra = [], variant = "primary", ...attributes }) {
  const alert = el("div", { class: "form__alert", role: "alert", tabindex: "-1", hidden: true });
  const button = el("button", { class: `button button--${variant}`, type: "submit" }, submit);
  const node = el(
    "form",
    { class: "form", novalidate: true, ...attributes },
    alert,
    fields,
    el("div", { class: "form__actions" }, button, extra),
  );
  node.addEventListener("submit", (event) => {
    event.preventDefault();
    submitOnce(node, button, send);
  });
  node.addEventListener("input", (event) => clearError(event.target.closest("[data-field]")));
  return node;
}

/** Values by name: trimmed texts, null if empty, booleans for checkboxes. Passwords are not trimmed. */
export function values(node) {
  const controls = [...node.elements].filter((control) => control.name && !control.disabled);
  return Object.fromEntries(
    controls
      .filter((control) => control.type !== "radio" || control.checked)
      .map((control) => [control.name, valueOf(control)]),
  );
}

/** True if a control differs from its initial value. */
export function isDirty(node) {
  const firstChoice = ({ options }) => [...options].find((option) => option.defaultSelected) ?? options[0];
  const changed = (control) =>
    control.options
      ? control.selectedOptions[0] !== firstChoice(control)
      : control.value !== control.defaultValue || control.checked !== control.defaultChecked;
  return [...node.querySelectorAll("input:not([type=hidden]), textarea, select")].some(changed);
}

/** The values without null and undefined, as the body of a POST. */
export const filled = (given) =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null && value !== undefined));

export function showError(node, error) {
  clearErrors(node);
  const rest = [];
  for (const [name, message] of Object.entries(error.fields ?? {})) {
    const fieldNode = node.querySelector(`[data-field="${CSS.escape(name)}"]`);
    if (fieldNode) markInvalid(fieldNode, message);
    else rest.push(message);
  }
  showAlert(node, error, rest);
  const bad = node.querySelector("[aria-invalid]");
  bad?.dispatchEvent(new Event("reveal", { bubbles: true }));
  (bad ?? node.querySelector(".form__alert")).focus();
}

/** True if a part of a form has all required values; otherwise the missing ones are marked. */
export function isFilled(node, part) {
  const missing = missingFields(node, part);
  const isComplete = Object.keys(missing).length === 0;
  if (!isComplete) showError(node, { fields: missing });
  return isComplete;
}

/** Index of the first part with a missing required value, or -1. */
export const firstUnfilled = (node, parts) =>
  parts.findIndex((part) => Object.keys(missingFields(node, part)).length > 0);

async function submitOnce(node, button, send) {
  if (button.getAttribute("aria-busy")) return;
  clearErrors(node);
  const missing = missingFields(node);
  if (Object.keys(missing).length) return showError(node, { fields: missing });
  button.setAttribute("aria-busy", "true");
  try {
    await send(values(node));
  } catch (error) {
    showError(node, error.name === "ApiError" ? error : { message: FAILED });
    if (error.name !== "ApiError") throw error;
  } finally {
    button.removeAttribute("aria-busy");
  }
}

function missingFields(node, part = node) {
  const empty = [...node.elements].filter(
    (control) => part.contains(control) && control.required && !control.disabled && isEmpty(control, node),
  );
  return Object.fromEntries(empty.map((control) => [control.name, MISSING]));
}

function isEmpty(control, node) {
  if (control.type === "radio") return !node.elements[control.name].value;
  return !control.value.trim();
}

function showAlert(node, error, rest) {
  const known = error.fields && Object.keys(error.fields).length > rest.length;
  const text = rest.length ? rest.join(" ") : known ? null : error.message;
  if (!text) return;
  const alert = node.querySelector(".form__alert");
  alert.hidden = false;
  alert.replaceChildren(icon("alert"), el("p", {}, text));
}

function markInvalid(fieldNode, message) {
  const note = fieldNode.querySelector(".field__error");
  for (const control of fieldNode.querySelectorAll("input:not([type=hidden]), select, textarea"))
    control.setAttribute("aria-invalid", "true");
  if (!note) return;
  note.textContent = message;
  note.hidden = false;
}

function clearErrors(node) {
  node.querySelectorAll("[data-field]").forEach(clearError);
  node.querySelector(".form__alert").hidden = true;
}

function clearError(fieldNode) {
  if (!fieldNode) return;
  for (const control of fieldNode.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");
  const note = fieldNode.querySelector(".field__error");
  if (note) note.hidden = true;
}

function buildControl({ id, name, options, rows, plain, value, ...rest }) {
  if (options) return select({ id, name, value, ...rest }, options);
  if (rows) return el("textarea", { class: "input", id, name, rows, value, ...rest });
  return el("input", { class: "input", id, name, type: "text", value, ...rest });
}

function select(attributes, options) {
  return el(
    "select",
    { class: "input", ...attributes },
    options.map(([value, text]) => el("option", { value }, text)),
  );
}

function valueOf(control) {
  if (control.type === "checkbox") return control.checked;
  if (control.type === "password" || control.dataset.secret) return control.value;
  return control.value.trim() || null;
}

/** Add a show/hide button to a password field: mistyping is more common than shoulder surfing. */
function withToggle(input, { type }) {
  if (type !== "password") return input;
  input.dataset.secret = "true";
  const toggle = el(
    "button",
    { class: "icon-button", type: "button", "aria-label": "Показать пароль", "aria-pressed": "false" },
    icon("eye"),
  );
  toggle.addEventListener("click", () => {
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    toggle.setAttribute("aria-pressed", String(shown));
  });
  return el("div", { class: "secret" }, input, toggle);
}

/** Fields side by side. */
export const pair = (...fields) => el("div", { class: "form__pair" }, fields);
