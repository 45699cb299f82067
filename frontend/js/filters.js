/**
 * Search, filters and order of the list, kept in the URL.
 *
 *   filterBar({ placeholder, office: true })     // node; writes the URL, follows "back"
 *   activeFilters()                   // what /api/requests/ is asked for
 *   hasFilters()  nothingFound()  followFilters(list.reload)
 */
import { Priority, Status, TYPING_PAUSE_MS } from "./config.js";
import { debounce, el, icon, listen, replace } from "./dom.js";
import { checkbox, field } from "./form.js";
import { activeMasters } from "./people.js";
import { settings } from "./settings.js";
import { emptyState } from "./states.js";
import { go, pageLink, params } from "./url.js";

const NAMES = ["q", "requeststatus", "masterid", "clientid", "techtype", "priority", "overdue", "created_from", "created_to", "completed_from", "completed_to"];
const FROM = ["created_from", "completed_from"];
const TO = ["created_to", "completed_to"];
const FOLDED = ["requeststatus", "masterid", "techtype", "priority", "overdue", "created_from", "created_to", "completed_from", "completed_to"];
export const NO_FILTERS = Object.fromEntries(NAMES.map((name) => [name, null]));

const SORTS = [
  ["-startdate", "Сначала новые"],
  ["startdate", "Сначала старые"],
  ["duedate", "По сроку"],
  ["-priority", "По срочности"],
  ["-completiondate", "По завершению"],
  ["requestid", "По номеру"],
];

export const hasFilters = () => NAMES.some((name) => params().has(name));

/** The URL as a query; days become the moments at which they begin and end here, moments (of the statistics' links) stay. */
export function activeFilters() {
  const current = params();
  const given = Object.fromEntries([...NAMES, "sort"].filter((name) => current.has(name)).map((name) => [name, current.getAll(name)]));
  for (const name of FROM) if (given[name]) given[name] = edge(given[name][0], 0);
  for (const name of TO) if (given[name]) given[name] = edge(given[name][0], 1);
  return given;
}

/** Call `reload` when the filters of the URL change, not when a dialog opens. */
export function followFilters(reload) {
  let shown = JSON.stringify(activeFilters());
  listen("url-changed", () => {
    const wanted = JSON.stringify(activeFilters());
    if (wanted === shown) return;
    shown = wanted;
    reload();
  });
}

export const nothingFound = () =>
  emptyState({
    iconName: "search",
    title: "Ничего не нашлось",
    text: "Проверьте написание или уберите часть фильтров.",
    action: pageLink(NO_FILTERS, { class: "button" }, "Показать все заявки"),
  });

export function filterBar({ placeholder, office = false }) {
  const node = el("form", { class: "filters", role: "search", "aria-label": "Поиск и фильтры" }, searchLine(placeholder), office && folded());
  node.addEventListener("submit", (event) => event.preventDefault());
  node.addEventListener("change", ({ target }) => target.type !== "search" && write(target));
  listen("url-changed", () => fillIn(node));
  if (office) loadChoices(node);
  fillIn(node);
  return node;
}

function searchLine(placeholder) {
  const write = debounce((value) => go({ q: value.trim() || null }, { replace: true }), TYPING_PAUSE_MS);
  const input = el("input", { class: "input", type: "search", name: "q", "aria-label": "Поиск заявок", placeholder, enterkeyhint: "search" });
  input.addEventListener("input", () => write(input.value));
  const reset = el("button", { class: "button", type: "button", name: "reset", hidden: true, onclick: () => go(NO_FILTERS) }, icon("close"), "Сбросить");
  return el("div", { class: "filters__search" }, icon("search"), input, reset);
}

function folded() {
  const grid = el("div", { class: "filters__grid" }, controls());
  const summary = el("summary", {}, icon("filter"), el("span", {}, "Фильтры и порядок"));
  return el("details", { open: FOLDED.some((name) => params().has(name)) && window.matchMedia("(width >= 40rem)").matches }, summary, grid);
}

const controls = () => [
  field({ name: "requeststatus", label: "Статус", plain: true, options: choices("Любой", Object.values(Status)) }),
  field({ name: "masterid", label: "Мастер", plain: true, options: [["", "Любой"], ["none", "Не назначен"]] }),
  field({ name: "techtype", label: "Вид техники", plain: true, options: [["", "Любой"]] }),
  field({ name: "priority", label: "Срочность", plain: true, options: choices("Любая", Object.values(Priority)) }),
  field({ name: "created_from", label: "Приняты с", plain: true, type: "date" }),
  field({ name: "created_to", label: "по", plain: true, type: "date" }),
  field({ name: "sort", label: "Порядок", plain: true, options: SORTS }),
  checkbox({ name: "overdue", label: "Только просроченные", value: "1" }),
];

const choices = (any, list) => [["", any], ...list.map((value) => [value, value])];

/** The choices that the server knows; until they come the URL's own value stands in. */
async function loadChoices(node) {
  const [masters, { techtypes }] = await Promise.all([activeMasters(), settings()]).catch(() => [[], { techtypes: [] }]);
  addOptions(node.elements.masterid, masters.map((master) => [String(master.user_id), master.fullname]));
  addOptions(node.elements.techtype, techtypes.map((name) => [name, name]));
  fillIn(node);
}

function addOptions(select, pairs) {
  select.append(...pairs.map(([value, text]) => el("option", { value }, text)));
}

function write({ name, type, checked, value }) {
  go({ [name]: type === "checkbox" ? (checked ? "1" : null) : value || null });
}

function fillIn(node) {
  const current = params();
  for (const control of node.elements) {
    if (control.type === "checkbox") control.checked = current.has(control.name);
    else if (control.name && control.type !== "button" && control !== document.activeElement) setControl(control, current.get(control.name));
  }
  node.elements.reset.hidden = !hasFilters();
  tellCount(node);
}

function setControl(control, value) {
  if (control.name === "sort") value ??= SORTS[0][0];
  control.value = value ?? "";
}

function tellCount(node) {
  const text = node.querySelector("summary span");
  const count = FOLDED.filter((name) => params().has(name)).length;
  if (text) replace(text, count ? `Фильтры и порядок (${count})` : "Фильтры и порядок");
}

function edge(text, later) {
  if (text.includes("T")) return text;
  const [year, month, date] = text.split("-").map(Number);
  return new Date(year, month - 1, date + later).toISOString().replace(/\.\d+/, "");
}
