/**
 * Kanban board of all requests: one column per status. Cards are moved by mouse or
 * finger (kanban/drag.js), keyboard (kanban/keys.js) or menu (kanban/menu.js) to
 * columns that the request may move to.
 *
 *   const { node, reload } = officeKanban({ query });
 *
 * Columns of finished requests show cards on demand. A moved card is shown in its
 * new column at once and returns if the server refuses.
 */
import { Status } from "../config.js";
import { el, icon, redraw, replace } from "../core/dom.js";
import { number } from "../core/format.js";
import { statuses } from "../core/statuses.js";
import { lane } from "./lane.js";
import { moveTo } from "./move.js";
import { loadLate, onFirstInput } from "../ui/load_late.js";
import { onPreference, preferred } from "../core/preferences.js";

/** Order of a column if the URL has none and it is not the deadline. */
const SORTS = { [Status.DONE]: "-completiondate", [Status.CANCELLED]: "-requestid" };

export function officeKanban({ query }) {
  const announcer = el("p", { class: "visually-hidden", role: "status" });
  const board = el("div", { class: "kanban", role: "group", "aria-label": "Доска заявок по статусам" });
  const tabs = el("nav", { class: "kanban__tabs", "aria-label": "Столбцы" });
  const help = el(
    "p",
    { class: "visually-hidden", id: "kanban-help" },
    "Пробел — взять карточку и нести её стрелками, Enter — выбрать столбец из списка.",
  );
  const node = el(
    "div",
    { class: "section" },
    el("h2", { class: "visually-hidden" }, "Доска заявок"),
    help,
    tabs,
    board,
    announcer,
  );
  const announce = (text) => (announcer.textContent = text);
  const lanes = statuses().map((status) =>
    lane({ status, query: () => laneQuery(query(), status), onCount: () => drawTabs() }),
  );
  const shown = () => lanes.filter(({ status }) => isShown(query(), status));
  const drawTabs = () => redraw(tabs, shown().map(tab));
  const move = (repair, card, status) =>
    moveTo({ repair, card, lane: lanes.find((one) => one.status === status), announce });
  const setDensity = (density) => (node.dataset.density = density ?? "normal");

  setDensity(preferred("density"));
  onPreference("density", setDensity);
  onFirstInput(loadInput, ([{ followDrag }, { followKeys }]) => {
    const repairOf = (requestid) => find(lanes, requestid);
    board.dataset.carries = "true";
    followDrag(board, { repairOf, move });
    followKeys(board, {
      repairOf,
      move,
      announce,
      openMenu: (repair, card) => openMenu(repair, (status) => move(repair, card, status)),
    });
  });

  const reload = () => {
    replace(
      board,
      shown().map((one) => one.node),
    );
    drawTabs();
    for (const one of shown()) one.reload();
  };
  return { node, reload };
}

const loadInput = () => Promise.all([import("./drag.js"), import("./keys.js")]);

const openMenu = async (repair, go) => (await loadLate(() => import("./menu.js")))?.openMoveMenu(repair, go);

/** The newest version of a request: the column it has left may not be updated yet. */
const find = (lanes, requestid) =>
  lanes
    .flatMap((one) => one.items().filter((repair) => repair.requestid === requestid))
    .sort((one, other) => other.version - one.version)[0];

const isShown = ({ requeststatus }, status) => !requeststatus || requeststatus.includes(status);

/** Query of a column: open requests by deadline, finished ones by completion. */
const laneQuery = (filters, status) => ({
  ...filters,
  requeststatus: status,
  sort: filters.sort ?? SORTS[status] ?? "duedate",
});

/** Tab of a column for phones: scrolls to it, and accepts a dropped card. */
function tab({ status, look, count, node }) {
  const total = count();
  const show = () => node.scrollIntoView({ inline: "center", block: "nearest" });
  return el(
    "button",
    {
      class: `chip chip--lane lane--${look.variant}`,
      type: "button",
      title: look.plural,
      "data-lane": status,
      "data-key": `lane-${status}`,
      onclick: show,
    },
    icon(look.icon),
    el("span", { class: "visually-hidden" }, look.plural),
    total !== null && el("span", { class: "number" }, number(total)),
  );
}
