/**
 * Views: filters under a name. Some come with the program, everyone keeps
 * their own (per account, in this browser), with order, list or board, and columns.
 *
 *   BUILT_IN                    // [{ id, name, changes }]
 *   ownViews()                  // [{ id, name, query, columns }]
 *   isShown(view)  changesOf(view)
 *   saveView(name)  renameView(id, name)  const restore = removeView(id)
 *   onPreference("views", …)
 */
import { OPEN_STATUSES, Status } from "../config.js";
import { NO_FILTERS } from "../requests/filters.js";
import { prefer, preferred } from "../core/preferences.js";
import { params } from "../core/url.js";

const VIEWS = "views";
const FILTERS = Object.keys(NO_FILTERS);
const NAMES = [...FILTERS, "sort", "view"];
const NOTHING = Object.fromEntries(NAMES.map((name) => [name, null]));

export const BUILT_IN = [
  { id: "all", name: "Все", changes: {} },
  { id: "open", name: "Все открытые", changes: { requeststatus: OPEN_STATUSES } },
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

/** One of the program's views says nothing of order, list or board. */
export const isShown = (view) =>
  view.changes
    ? textOf(params(), FILTERS) === textOf(queryOf(view.changes), FILTERS)
    : textOf(params(), NAMES) === view.query;

export function changesOf(view) {
  if (view.changes) return { ...NO_FILTERS, ...view.changes };
  const query = new URLSearchParams(view.query);
  return { ...NOTHING, ...Object.fromEntries([...query.keys()].map((name) => [name, query.getAll(name)])) };
}

/** What is shown now, under this name; an own view of the same name becomes it. */
export function saveView(name) {
  const views = ownViews();
  const former = views.find((view) => view.name === name);
  const view = {
    id: former?.id ?? `own-${Date.now()}`,
    name,
    query: textOf(params(), NAMES),
    columns: preferred("columns", null),
  };
  prefer(VIEWS, former ? views.map((one) => (one === former ? view : one)) : [...views, view]);
}

export const renameView = (id, name) =>
  prefer(
    VIEWS,
    ownViews().map((view) => (view.id === id ? { ...view, name } : view)),
  );

/** Returns what brings it back to its place. */
export function removeView(id) {
  const views = ownViews();
  const index = views.findIndex((view) => view.id === id);
  prefer(VIEWS, views.toSpliced(index, 1));
  return () => prefer(VIEWS, ownViews().toSpliced(index, 0, views[index]));
}
