/**
 * Editor for non-working days: add single days or all public holidays of a year,
 * remove each by its cross.
 *
 *   daysEditor({ name: "working_calendar.holidays", label: "Нерабочие дни", values: ["2027-01-01"] })
 *   daysOf(form, "working_calendar.holidays")
 *
 * Every change dispatches an "input" event.
 */
import { ANY_DAY } from "../config.js";
import { el, icon, replace, uniqueId } from "../core/dom.js";
import { fullDay } from "../core/format.js";

/** Article 112 of the Labour Code of Russia, without the days off that the government moves each year. */
const PUBLIC_HOLIDAYS = [
  "01-01",
  "01-02",
  "01-03",
  "01-04",
  "01-05",
  "01-06",
  "01-07",
  "01-08",
  "02-23",
  "03-08",
  "05-01",
  "05-09",
  "06-12",
  "11-04",
];

export function daysEditor({ name, label, values }) {
  const chosen = new Set(values);
  const id = uniqueId("day");
  const input = el("input", { class: "input", type: "date", id, ...ANY_DAY });
  const list = el("ul", { class: "tags" });
  const node = el(
    "fieldset",
    { class: "field", "data-field": name },
    el("legend", { class: "field__label" }, label),
    list,
    toolbar(),
    el("p", { class: "field__error", hidden: true }),
  );

  function draw() {
    const days = [...chosen].sort();
    node.dataset.days = days.join();
    replace(
      list,
      days.length ? days.map(tag) : el("li", { class: "muted" }, "Пока ни одного: работаем по дням недели."),
    );
  }

  function change(action) {
    action();
    draw();
    node.dispatchEvent(new Event("input", { bubbles: true }));
  }

  const tag = (day) =>
    el(
      "li",
      { class: "tag" },
      fullDay(day),
      el(
        "button",
        { class: "icon-button", type: "button", "aria-label": `Убрать ${fullDay(day)}`, onclick: () => remove(day) },
        icon("close"),
      ),
    );

  function remove(day) {
    change(() => chosen.delete(day));
    (list.querySelector("button") ?? input).focus();
  }

  function add() {
    if (!input.value || !input.validity.valid) return input.focus();
    change(() => chosen.add(input.value));
    input.value = "";
    input.focus();
  }

  function toolbar() {
    const year = new Date().getFullYear();
    const all = (of) => () => change(() => PUBLIC_HOLIDAYS.forEach((day) => chosen.add(`${of}-${day}`)));
    input.addEventListener("keydown", (event) => event.key === "Enter" && (event.preventDefault(), add()));
    const years = [year, year + 1].map((of) =>
      el("button", { class: "button", type: "button", onclick: all(of) }, `Праздники ${of} года`),
    );
    return el(
      "div",
      { class: "adding" },
      el("label", { class: "visually-hidden", for: id }, "Какой день"),
      input,
      el("button", { class: "button", type: "button", onclick: add }, icon("plus"), "Добавить день"),
      years,
    );
  }

  draw();
  return node;
}

export const daysOf = (form, name) =>
  form.querySelector(`[data-field="${name}"]`).dataset.days.split(",").filter(Boolean);
