/**
 * Editor for a list of short texts: add, rename, remove, reorder.
 *
 *   listEditor({ name: "techtypes", label: "Вид техники", add: "Добавить вид", values, maxlength: 100 })
 *   listOf(form, "techtypes")      // [{ original, value }]; `original` is "" for a new row
 *
 * Every change dispatches an "input" event.
 */
import { el, icon } from "../core/dom.js";

export function listEditor({ name, label, add, values, maxlength }) {
  const rows = el("ol", { class: "list-editor" });
  const changed = () => rows.dispatchEvent(new Event("input", { bubbles: true }));
  const append = (value) => rows.appendChild(row(value, { name, label, maxlength, changed, next: () => grow() }));
  const grow = () => {
    append("").querySelector("input").focus();
    changed();
  };
  values.forEach(append);
  const button = el("button", { class: "button", type: "button", onclick: grow }, icon("plus"), add);
  return el(
    "div",
    { class: "field", "data-field": name },
    rows,
    el("p", { class: "field__error", hidden: true }),
    el("div", { class: "form__actions" }, button, orderButton(rows)),
  );
}

/** Toggle for phones, where a row has room for the cross or for the arrows, not for both. */
function orderButton(rows) {
  const button = el("button", { class: "button", type: "button", "aria-pressed": "false" }, icon("up"), "Порядок");
  button.addEventListener("click", () => {
    rows.dataset.ordering = String(rows.dataset.ordering !== "true");
    button.setAttribute("aria-pressed", rows.dataset.ordering);
  });
  return button;
}

export const listOf = (form, name) =>
  [...form.querySelectorAll(`[data-field="${name}"] li input`)].map((input) => ({
    original: input.dataset.original,
    value: input.value.trim(),
  }));

function row(value, { name, label, maxlength, changed, next }) {
  const input = el("input", {
    class: "input",
    type: "text",
    value,
    maxlength,
    "aria-label": label,
    "data-original": value,
    autocomplete: "off",
  });
  const act = (text, iconName, action) =>
    el(
      "button",
      {
        class: "icon-button",
        type: "button",
        title: text,
        "aria-label": `${text}: ${value || label}`,
        onclick: action,
      },
      icon(iconName),
    );
  const up = act("Выше", "up", () => move(node, -1, [up, down], changed));
  const down = act("Ниже", "down", () => move(node, 1, [down, up], changed));
  const node = el(
    "li",
    { "data-name": name },
    input,
    up,
    down,
    act("Убрать", "close", () => remove(node, changed)),
  );
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    next();
  });
  return node;
}

/** The button keeps the focus for further presses; at the end of the list the opposite button takes it. */
function move(node, offset, [button, back], changed) {
  const other = offset < 0 ? node.previousElementSibling : node.nextElementSibling;
  if (!other) return;
  if (offset < 0) other.before(node);
  else other.after(node);
  button.focus();
  if (document.activeElement !== button) back.focus();
  changed();
}

function remove(node, changed) {
  const next = node.nextElementSibling ?? node.previousElementSibling;
  const list = node.parentElement;
  node.remove();
  (next?.querySelector("input") ?? list.parentElement.querySelector(".button")).focus();
  changed();
}
