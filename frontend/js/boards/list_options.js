/** Dialog for the columns and the density of the list, stored per account in this browser. */
import { openDialog } from "../ui/dialog.js";
import { el } from "../core/dom.js";
import { checkbox } from "../ui/form.js";
import { stylesheet } from "../ui/load_late.js";
import { prefer, preferred } from "../core/preferences.js";
import { chosenColumns, COLUMNS, FIXED_COLUMNS } from "../requests/table.js";

const DENSITIES = [
  ["normal", "Обычная"],
  ["dense", "Плотная"],
];

export async function openOptions() {
  await stylesheet("board");
  openDialog({ title: "Настроить вид", body: [densities(), columns()], variant: "small" });
}

function densities() {
  const current = preferred("density", "normal");
  const choice = ([value, text]) =>
    el(
      "label",
      { class: "choice" },
      el("input", {
        type: "radio",
        name: "density",
        value,
        checked: value === current,
        onchange: () => prefer("density", value),
      }),
      el("span", {}, text),
    );
  return el(
    "fieldset",
    { class: "form__group" },
    el("legend", {}, "Плотность"),
    el("div", { class: "choices choices--pairs" }, DENSITIES.map(choice)),
  );
}

/** Number and appliance identify a row, so they cannot be hidden. */
function columns() {
  const names = Object.keys(COLUMNS).filter((name) => !FIXED_COLUMNS.includes(name));
  const boxes = el(
    "div",
    { class: "check-grid" },
    names.map((name) => checkbox({ name, label: COLUMNS[name].label, checked: chosenColumns().includes(name) })),
  );
  const save = () =>
    prefer(
      "columns",
      names.filter((name) => boxes.querySelector(`[name=${name}]`).checked),
    );
  boxes.addEventListener("change", save);
  return el("fieldset", { class: "form__group" }, el("legend", {}, "Столбцы списка"), boxes);
}
