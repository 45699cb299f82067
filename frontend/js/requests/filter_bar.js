/**
 * Search field and filters above a list of requests.
 *
 *   filterBar({ placeholder, office: true })     // an element; reads and writes the URL
 */
import { ANY_DAY, Priority } from "../config.js";
import { el, icon, listen, redraw, replace } from "../core/dom.js";
import { toLocalInput } from "../core/format.js";
import { shopConfig } from "../core/shop_config.js";
import { openStatuses, statuses, workingStatuses } from "../core/statuses.js";
import { pageLink, params } from "../core/url.js";
import { activeMasters } from "../people/api.js";
import { checkbox, field } from "../ui/form.js";
import { addOptions, readParameter, searchLine, urlForm, writeParameter } from "../ui/url_form.js";
import { DEFAULT_SORT, FROM, NAMES, SORTS, TO } from "./filters.js";

const FOLDED = [
  "requeststatus",
  "masterid",
  "techtype",
  "priority",
  "overdue",
  "due_soon",
  "created_from",
  "created_to",
  "completed_from",
  "completed_to",
];

const QUICK = [
  ["Просроченные", "overdue", "1"],
  ["Скоро срок", "due_soon", "1"],
  ["Срочные", "priority", Priority.URGENT],
  ["Без мастера", "masterid", "none"],
];

const SEPARATOR = "|";

/** Options for several statuses at once. */
const statusGroups = () => [
  [openStatuses().join(SEPARATOR), "Все открытые"],
  [workingStatuses().join(SEPARATOR), "У мастера: в работе и ждут запчасти"],
];

export function filterBar({ placeholder, office = false }) {
  return urlForm(
    { class: office ? "filters filters--row" : "filters", "aria-label": "Поиск и фильтры", read, write },
    searchLine({ label: "Поиск заявок", placeholder, clear: NAMES }),
    office && [quickChips(), folded()],
  );
}

/** Chips of frequent filters; a second press removes the filter. */
function quickChips() {
  const row = el("div", { class: "chips chips--row", role: "group", "aria-label": "Быстрые фильтры" });
  const draw = () => redraw(row, QUICK.map(quickChip));
  listen("url-changed", draw);
  return draw();
}

function quickChip([label, name, value]) {
  const isChosen = params().get(name) === value;
  return pageLink(
    { [name]: isChosen ? null : value },
    { class: "chip", "aria-current": isChosen && "true", "data-key": `quick-${name}` },
    label,
  );
}

function folded() {
  const title = el("span", {});
  listen("url-changed", () => showCount(title));
  showCount(title);
  const open = FOLDED.some((name) => params().has(name)) && window.matchMedia("(width >= 40rem)").matches;
  const grid = el("div", { class: "filters__grid" });
  const node = el("details", { open }, el("summary", {}, icon("filter"), title), grid);
  node.addEventListener("toggle", () => node.open && grid.childElementCount === 0 && unfold(grid));
  return node;
}

/** Create the fields when the filters open: date inputs are slow to create and rarely needed. */
function unfold(grid) {
  replace(grid, controls());
  grid.dispatchEvent(new Event("controls-added", { bubbles: true }));
  loadChoices(grid);
}

const controls = () => [
  field({
    name: "requeststatus",
    label: "Статус",
    plain: true,
    options: [...choices("Любой", statuses()), ...statusGroups()],
  }),
  field({
    name: "masterid",
    label: "Мастер",
    plain: true,
    options: [
      ["", "Любой"],
      ["none", "Не назначен"],
    ],
  }),
  field({ name: "techtype", label: "Вид техники", plain: true, options: [["", "Любой"]] }),
  field({ name: "priority", label: "Срочность", plain: true, options: choices("Любая", Object.values(Priority)) }),
  field({ name: "created_from", label: "Приняты с", plain: true, type: "date", ...ANY_DAY }),
  field({ name: "created_to", label: "Приняты по", plain: true, type: "date", ...ANY_DAY }),
  field({ name: "completed_from", label: "Завершены с", plain: true, type: "date", ...ANY_DAY }),
  field({ name: "completed_to", label: "Завершены по", plain: true, type: "date", ...ANY_DAY }),
  field({ name: "sort", label: "Порядок", plain: true, options: SORTS }),
  checkbox({ name: "overdue", label: "Только просроченные", value: "1" }),
  checkbox({ name: "due_soon", label: "Скоро срок", value: "1" }),
];

const choices = (any, list) => [["", any], ...list.map((value) => [value, value])];

/** Load masters and types into the selects. */
async function loadChoices(grid) {
  const [masters, { techtypes }] = await Promise.all([activeMasters(), shopConfig()]).catch(() => [
    [],
    { techtypes: [] },
  ]);
  addOptions(
    grid.querySelector("[name=masterid]"),
    masters.map((master) => [String(master.user_id), master.fullname]),
  );
  addOptions(
    grid.querySelector("[name=techtype]"),
    techtypes.map((name) => [name, name]),
  );
}

/** Control value of a parameter; the URL may have several statuses, and moments instead of days. */
function read(name) {
  const value = readParameter(name);
  if (name === "requeststatus") return params().getAll(name).join(SEPARATOR);
  if (name === "sort") return value ?? DEFAULT_SORT;
  return value?.includes("T") && [...FROM, ...TO].includes(name) ? dayAt(value, TO.includes(name)) : value;
}

const write = (control) =>
  control.name === "requeststatus" ? { requeststatus: control.value.split(SEPARATOR) } : writeParameter(control);

function showCount(title) {
  const count = FOLDED.filter((name) => params().has(name)).length;
  replace(title, count ? `Фильтры и порядок (${count})` : "Фильтры и порядок");
}

/** Day of a period's start or end; a period that ends at midnight ends on the day before. */
const dayAt = (moment, isEnd) => toLocalInput(new Date(Date.parse(moment) - (isEnd ? 1 : 0))).slice(0, 10);
