/**
 * A form whose named controls are parameters of the URL: a change writes it,
 * "back" fills the form in again.
 *
 *   const node = urlForm({ "aria-label": "Поиск и фильтры" }, searchLine({ … }), field({ name: "techtype", … }));
 *   addOptions(node.elements.techtype, [["Утюг", "Утюг"]]);   // choices that come later
 *   place.dispatchEvent(new Event("controls-added", { bubbles: true }));   // and controls
 *
 * `read(name)` and `write(control)` translate where a control's value is not
 * the parameter's; a date out of its `min` and `max` is one that is still being
 * typed. A search field writes while it is typed in, after a pause and without
 * a new step of history.
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

/** A search field, and a button that takes all the parameters of `clear` out of the URL while there are any. */
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
  const follow = () => (reset.hidden = !clear.some((name) => params().has(name)));
  listen("url-changed", follow);
  follow();
  return el("div", { class: "filters__search" }, icon("search"), input, reset);
}

/** Add the `[value, text]` pairs that a select does not have yet; what the URL wants is chosen among them. */
export function addOptions(select, pairs) {
  const known = [...select.options].map(({ value }) => value);
  select.append(
    ...pairs.filter(([value]) => !known.includes(value)).map(([value, text]) => el("option", { value }, text)),
  );
  select.dispatchEvent(new Event("options-added", { bubbles: true }));
}

/** What is being typed is not overwritten by what the URL said a moment ago. */
function fillIn(node, read) {
  const typing = document.activeElement?.type === "search" && document.activeElement;
  for (const control of node.elements) if (control.name && control !== typing) setControl(control, read);
}

function setControl(control, read) {
  const value = read(control.name);
  if (control.type === "checkbox") control.checked = value === control.value;
  else control.value = value ?? "";
}
