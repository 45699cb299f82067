/**
 * Saved views: named filters. Some are built in; users save their own, with order,
 * mode (list or board) and columns, per account in this browser.
 *
 *   builtInViews()              // [{ id, name, changes }]
 *   ownViews()                  // [{ id, name, query, columns }]
 *   isShown(savedView)  changesOf(savedView)
 *   saveView(name)  renameView(id, name)  const restore = removeView(id)
 *   onPreference("views", …)
 */
import { Status } from "../config.js";
import { NO_FILTERS } from "../requests/filters.js";
import { prefer, preferred } from "../core/preferences.js";
import { openStatuses } from "../core/statuses.js";
import { params } from "../core/url.js";

const VIEWS = "views";
const FILTERS = Object.keys(NO_FILTERS);
const NAMES = [...FILTERS, "sort", "view"];
const NOTHING = Object.fromEntries(NAMES.map((name) => [name, null]));

export const builtInViews = () => [
  { id: "all", name: "Все", changes: {} },
  { id: "open", name: "Все открытые", changes: { requeststatus: openStatuses() } },
  { id: "without-master", name: "Без мастера", changes: { masterid: "none", requeststatus: Status.NEW } },
  { id: "overdue", name: "Просрочены", changes: { overdue: "1" } },
  { id: "waiting", name: "Ожидают запчасти", changes: { requeststatus: Status.WAITING } },
];

export const ownViews = () => preferred(VIEWS, []);

const textOf = (query, names) =>
  new URLSearchParams(
    names.flatMap((name) =>
      query
        .getAll(name)
        .sort()
        .map((value) => [name, value]),
    ),
  ).toString();

const queryOf = (changes) =>
  new URLSearchParams(Object.entries(changes).flatMap(([name, value]) => [value].flat().map((one) => [name, one])));

/** True if the URL matches. A built-in view does not include order and mode. */
export const isShown = (savedView) =>
  savedView.changes
    ? textOf(params(), FILTERS) === textOf(queryOf(savedView.changes), FILTERS)
    : textOf(params(), NAMES) === savedView.query;

export function changesOf(savedView) {
  if (savedView.changes) return { ...NO_FILTERS, ...savedView.changes };
  const query = new URLSearchParams(savedView.query);
  return { ...NOTHING, ...Object.fromEntries([...query.keys()].map((name) => [name, query.getAll(name)])) };
}

/** Save the current state under a name, replacing an own view of that name. */
export function saveView(name) {
  const views = ownViews();
  const former = views.find((one) => one.name === name);
  const savedView = {
    id: former?.id ?? `own-${Date.now()}`,
    name,
    query: textOf(params(), NAMES),
    columns: preferred("columns", null),
  };
  prefer(VIEWS, former ? views.map((one) => (one === former ? savedView : one)) : [...views, savedView]);
}

export const renameView = (id, name) =>
  prefer(
    VIEWS,
    ownViews().map((savedView) => (savedView.id === id ? { ...savedView, name } : savedView)),
  );

/** Returns a function that restores the view at its position. */
export function removeView(id) {
  const views = ownViews();
  const index = views.findIndex((savedView) => savedView.id === id);
  prefer(VIEWS, views.toSpliced(index, 1));
  return () => prefer(VIEWS, ownViews().toSpliced(index, 0, views[index]));
}
