/**
 * Panel with the open requests of each master, the busiest first. Updates after
 * changes while it is open.
 *
 *   const { reload } = loadPanel(container, () => details.open);
 */
import { badge } from "../ui/badge.js";
import { stack } from "../ui/bars.js";
import { changesNumbers, onChanges } from "../live/changes.js";
import { Status } from "../config.js";
import { el } from "../core/dom.js";
import { NO_FILTERS } from "../requests/filters.js";
import { number, plural } from "../core/format.js";
import { lookOf, openStatuses } from "../core/statuses.js";
import { loadLoad } from "../requests.js";
import { keyedRows } from "../ui/keyed_rows.js";
import { createScreen, emptyState } from "../ui/screen.js";
import { pageLink } from "../core/url.js";

const SHOWN = 12;
const PARTS = { new: Status.NEW, in_progress: Status.IN_PROGRESS, waiting_parts: Status.WAITING };

export function loadPanel(container, isOpen) {
  const list = el("ul", { class: "loads" });
  const draw = keyedRows({ container: list, row: masterRow, idOf: ({ user_id }) => user_id });
  let shown = SHOWN;

  const render = (masters) => {
    const most = Math.max(1, ...masters.map(openWork));
    draw(masters.slice(0, shown).map((one) => ({ ...one, most })));
    return [list, masters.length > shown && moreButton(masters.length)];
  };
  const moreButton = (count) =>
    el(
      "button",
      { class: "button button--small", type: "button", "data-key": "all-masters", onclick: showAll },
      `Показать всех: ${number(count)}`,
    );
  const showAll = () => {
    shown = Infinity;
    screen.refresh();
  };

  const empty = () => emptyState({ iconName: "people", title: "Мастеров пока нет", level: 3 });
  const screen = createScreen(container, { load: loadLoad, render, isEmpty: (masters) => !masters.length, empty });
  onChanges((changes) => isOpen() && changesNumbers(changes) && screen.update());
  return { reload: screen.reload };
}

const openWork = (master) => Object.keys(PARTS).reduce((sum, name) => sum + master[name], 0);

function masterRow(one) {
  const { user_id, fullname, overdue, completed_7_days, is_active } = one;
  const open = openWork(one);
  const link = pageLink(
    { ...NO_FILTERS, masterid: user_id, requeststatus: openStatuses() },
    { "data-key": `load-${user_id}` },
    fullname,
  );
  const overdueBadge = overdue > 0 && badge("overdue", "alert", `просрочено ${number(overdue)}`);
  const week = el("small", {}, `за 7 дней завершено ${number(completed_7_days)}`, !is_active && " · вход закрыт");
  return el(
    "li",
    { class: "loads__one" },
    el(
      "p",
      { class: "loads__head" },
      link,
      el("span", { class: "number" }, plural(open, "открытая", "открытые", "открытых")),
    ),
    stack(parts(one)),
    el("p", { class: "loads__foot" }, week, overdueBadge),
  );
}

const parts = (one) =>
  Object.entries(PARTS).map(([name, status]) => ({
    share: one[name] / one.most,
    variant: lookOf(status).variant,
    title: `${status}: ${number(one[name])}`,
  }));
