/**
 * Search for one person by name, e-mail or phone.
 *
 *   personSearch({ label: "Чья учётная запись", choose: (person) => … })
 */
import { TYPING_PAUSE_MS } from "../config.js";
import { debounce, el, icon, replace, uniqueId } from "../core/dom.js";
import { listPeople } from "./api.js";
import { createScreen } from "../ui/screen.js";

const SHOWN = 5;

export function personSearch({ label, choose }) {
  const id = uniqueId("person");
  const input = el("input", {
    class: "input",
    type: "search",
    id,
    autocomplete: "off",
    placeholder: "Имя, почта или телефон",
    enterkeyhint: "search",
  });
  const results = el("div", { class: "choices" });
  const screen = createScreen(results, {
    load: (signal) => listPeople({ q: input.value.trim(), limit: SHOWN }, { signal }),
    render: ({ items }) => items.map((person) => found(person, choose)),
    isEmpty: ({ items }) => items.length === 0,
    empty: () => el("p", { class: "muted", role: "status" }, "Никого не нашлось."),
    skeleton: () => el("p", { class: "muted" }, "Ищем…"),
  });
  const search = debounce(() => (input.value.trim() ? screen.reload() : replace(results)), TYPING_PAUSE_MS);
  input.addEventListener("input", search);
  return el(
    "div",
    { class: "section" },
    el(
      "div",
      { class: "field" },
      el("label", { class: "field__label", for: id }, label),
      el("div", { class: "filters__search" }, icon("search"), input),
    ),
    results,
  );
}

const found = (person, choose) =>
  el(
    "button",
    { class: "choice", type: "button", onclick: () => choose(person) },
    icon("person"),
    el("span", {}, person.fullname, el("small", {}, [person.user_type, person.email].join(" · "))),
  );
