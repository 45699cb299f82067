/**
 * Counters of requests by status; each is a link that filters the list.
 *
 *   const node = counters({ user });
 */
import { changesNumbers, onChanges } from "../live/changes.js";
import { isOffice, Status } from "../config.js";
import { el, icon, listen } from "../core/dom.js";
import { number } from "../core/format.js";
import { lookOf, statuses } from "../core/statuses.js";
import { NO_FILTERS } from "../requests/filters.js";
import { loadSummary } from "../requests.js";
import { createScreen } from "../ui/screen.js";
import { pageLink, params } from "../core/url.js";

export function counters({ user }) {
  const container = el("div");
  let summary = null;
  const draw = () => el("ul", { class: "counters" }, items(summary, user).map(counter));
  const load = async (signal) => (summary = await loadSummary(signal));
  const screen = createScreen(container, { load, render: draw, skeleton });
  listen("url-changed", () => summary && screen.show(draw()));
  onChanges((changes) => changesNumbers(changes) && screen.update());
  screen.reload();
  return el(
    "nav",
    { "aria-label": "Заявки по статусам" },
    el("h2", { class: "visually-hidden" }, "Заявки по статусам"),
    container,
  );
}

function items(summary, user) {
  const all = { label: "Все заявки", value: summary.total, icon: "ticket", changes: {} };
  const byStatus = statuses().map((status) => ({
    label: lookOf(status).plural,
    value: summary.by_status[status] ?? 0,
    icon: lookOf(status).icon,
    variant: lookOf(status).variant,
    changes: { requeststatus: status },
  }));
  return isOffice(user)
    ? [all, ...byStatus, overdue(summary), dueSoon(summary), withoutMaster(summary)]
    : [all, ...byStatus];
}

const overdue = (summary) => ({
  label: "Просрочены",
  value: summary.overdue,
  icon: "alert",
  variant: "overdue",
  changes: { overdue: "1" },
});

const dueSoon = (summary) => ({
  label: "Скоро срок",
  value: summary.due_soon,
  icon: "clock",
  variant: "progress",
  changes: { due_soon: "1" },
});

const withoutMaster = (summary) => ({
  label: "Без мастера",
  value: summary.without_master,
  icon: "person",
  changes: { masterid: "none", requeststatus: Status.NEW },
});

function counter({ label, value, icon: iconName, variant, changes }) {
  const attributes = {
    class: `counter counter--${variant ?? "all"}`,
    "aria-current": isChosen(changes) && "true",
    "data-key": `counter-${label}`,
  };
  return el(
    "li",
    {},
    pageLink(
      { ...NO_FILTERS, ...changes },
      attributes,
      icon(iconName),
      el("span", { class: "counter__value" }, number(value)),
      el("span", { class: "counter__label" }, label),
    ),
  );
}

function isChosen(changes) {
  const current = params();
  return Object.keys(NO_FILTERS).every((name) => current.getAll(name).join() === (changes[name] ?? ""));
}

const skeleton = () =>
  el(
    "div",
    { class: "skeletons skeletons--counters" },
    Array.from({ length: 6 }, () => el("div", { class: "skeleton" })),
  );
