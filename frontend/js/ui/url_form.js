/**
 * Form whose named controls are URL parameters: a change writes the URL, "back"
 * restores the form.
 *
 *   const node = urlForm({ "aria-label": "Поиск и фильтры" }, searchLine({ … }), field({ name: "techtype", … }));
 *   addOptions(node.elements.techtype, [["Утюг", "Утюг"]]);   // options loaded later
 *   grid.dispatchEvent(new Event("controls-added", { bubbles: true }));   // after adding controls
 *
 * `read(name)` and `write(control)` convert between parameter and control value.
 * A date outside `min` and `max` is still being typed and is not written. A
 * search field writes after a pause in typing, without a new history entry.
 */
import { TYPING_PAUSE_MS } from "../config.js";
import { debounce, el, icon, listen } from "../core/dom.js";
import { go, params } from "../core/url.js";

export const readParameter = (name) => params().get(name);
export const writeParameter = ({ name, type, checked, value }) => ({
  [name]: type === "checkbox" ? (checked ? value : null) : value.trim(),
});

export function urlForm({ read = readParameter, write = writeParameter, ...attributes }, ...children) {
  const node = el("form", { class: "filters", role: "search", ...attributes }, children);
  const search = debounce((control) => go(write(control), { replace: true }), TYPING_PAUSE_MS);
  node.addEventListener("submit", (event) => event.preventDefault());
  node.addEventListener("input", ({ target }) => target.type === "search" && search(target));
  node.addEventListener(
    "change",
    ({ target }) => target.type !== "search" && target.validity.valid && go(write(target)),
  );
  node.addEventListener("options-added", ({ target }) => setControl(target, read));
  node.addEventListener("controls-added", () => fillIn(node, read));
  listen("url-changed", () => fillIn(node, read));
  fillIn(node, read);
  return node;
}

/** A search field, and a button that removes the parameters `clear` from the URL. */
export function searchLine({ label, placeholder, clear }) {
  const input = el("input", {
    class: "input",
    type: "search",
    name: "q",
    "aria-label": label,
    placeholder,
    enterkeyhint: "search",
  });
  const nothing = Object.fromEntries(clear.map((name) => [name, null]));
  const reset = el(
    "button",
    { class: "button", type: "button", onclick: () => go(nothing) },
    icon("close"),
    "Сбросить",
  );
  const update = () => (reset.hidden = !clear.some((name) => params().has(name)));
  listen("url-changed", update);
  update();
  return el("div", { class: "filters__search" }, icon("search"), input, reset);
}

/** Add the missing `[value, text]` options to a select, then select the URL's value. */
export function addOptions(select, pairs) {
  const known = [...select.options].map(({ value }) => value);
  select.append(
    ...pairs.filter(([value]) => !known.includes(value)).map(([value, text]) => el("option", { value }, text)),
  );
  select.dispatchEvent(new Event("options-added", { bubbles: true }));
}

/** Set all controls from the URL, except a search field that is being typed in. */
function fillIn(node, read) {
  const typing = document.activeElement?.type === "search" && document.activeElement;
  for (const control of node.elements) if (control.name && control !== typing) setControl(control, read);
}

function setControl(control, read) {
  const value = read(control.name);
  if (control.type === "checkbox") control.checked = value === control.value;
  else control.value = value ?? "";
}
