/**
 * Filters and order of a list of requests, in the URL.
 *
 *   activeFilters()                   // the query for /api/requests/
 *   hasFilters()  nothingFound()  followFilters(list.reload)  DEFAULT_SORT
 */
import { params, onChangeOf, pageLink } from "../core/url.js";
import { emptyState } from "../ui/screen.js";

export const NAMES = [
  "q",
  "requeststatus",
  "masterid",
  "clientid",
  "techtype",
  "priority",
  "overdue",
  "due_soon",
  "created_from",
  "created_to",
  "completed_from",
  "completed_to",
];
export const FROM = ["created_from", "completed_from"];
export const TO = ["created_to", "completed_to"];
export const NO_FILTERS = Object.fromEntries(NAMES.map((name) => [name, null]));

export const SORTS = [
  ["-startdate", "Сначала новые"],
  ["startdate", "Сначала старые"],
  ["duedate", "По сроку"],
  ["-priority", "По срочности"],
  ["-completiondate", "По завершению"],
  ["requestid", "По номеру"],
];

export const DEFAULT_SORT = SORTS[0][0];

export const hasFilters = () => NAMES.some((name) => params().has(name));

/** The URL as a query. Days become moments in the device's zone; moments (from links of the statistics) stay. */
export function activeFilters() {
  const current = params();
  const given = Object.fromEntries(
    [...NAMES, "sort"].filter((name) => current.has(name)).map((name) => [name, current.getAll(name)]),
  );
  for (const name of FROM) if (given[name]) given[name] = edge(given[name][0], 0);
  for (const name of TO) if (given[name]) given[name] = edge(given[name][0], 1);
  return given;
}

export const followFilters = (reload) => onChangeOf(activeFilters, reload);

export const nothingFound = () =>
  emptyState({
    iconName: "search",
    title: "Ничего не нашлось",
    text: "Проверьте написание или уберите часть фильтров.",
    action: pageLink(NO_FILTERS, { class: "button" }, "Показать все заявки"),
  });

function edge(text, daysLater) {
  if (text.includes("T")) return text;
  const [year, month, date] = text.split("-").map(Number);
  return new Date(year, month - 1, date + daysLater).toISOString().replace(/\.\d+/, "");
}
