/**
 * Every request as a board: a column a status. A card is dragged by mouse and
 * finger (kanban/drag.js), carried by keyboard (kanban/keys.js) or sent by a
 * menu (kanban/move.js); only columns that the contract allows accept it.
 *
 *   const { node, reload } = officeKanban({ query });
 *
 * Finished work is shown on demand. What was moved stands in its new column at
 * once and goes back where that was refused.
 */
import { Status } from "../config.js";
import { el, icon, redraw, replace } from "../core/dom.js";
import { number } from "../core/format.js";
import { statuses } from "../core/statuses.js";
import { lane } from "./lane.js";
import { moveTo } from "./move.js";
import { loadLate, onFirstInput } from "../ui/load_late.js";
import { onPreference, preferred } from "../core/preferences.js";

/** In which order a column is worked off, where the URL names none. */
const SORTS = { [Status.DONE]: "-completiondate", [Status.CANCELLED]: "-requestid" };

export function officeKanban({ query }) {
  const voice = el("p", { class: "visually-hidden", role: "status" });
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
    voice,
  );
  const say = (text) => (voice.textContent = text);
  const lanes = statuses().map((status) =>
    lane({ status, query: () => laneQuery(query(), status), onCount: () => drawTabs() }),
  );
  const shown = () => lanes.filter(({ status }) => isAsked(query(), status));
  const drawTabs = () => redraw(tabs, shown().map(tab));
  const move = (repair, card, status) =>
    moveTo({ repair, card, lane: lanes.find((one) => one.status === status), say });
  const follow = (density) => (node.dataset.density = density ?? "normal");

  follow(preferred("density"));
  onPreference("density", follow);
  onFirstInput(loadHands, ([{ followDrag }, { followKeys }]) => {
    const repairOf = (requestid) => find(lanes, requestid);
    board.dataset.carries = "true";
    followDrag(board, { repairOf, move });
    followKeys(board, {
      repairOf,
      move,
      say,
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

const loadHands = () => Promise.all([import("./drag.js"), import("./keys.js")]);

const openMenu = async (repair, go) => (await loadLate(() => import("./menu.js")))?.openMoveMenu(repair, go);

/** The column that a card has left may not know it yet: the newest version counts. */
const find = (lanes, requestid) =>
  lanes
    .flatMap((one) => one.items().filter((repair) => repair.requestid === requestid))
    .sort((one, other) => other.version - one.version)[0];

const isAsked = ({ requeststatus }, status) => !requeststatus || requeststatus.includes(status);

/** Open work by deadline, finished work by its end. */
const laneQuery = (filters, status) => ({
  ...filters,
  requeststatus: status,
  sort: filters.sort ?? SORTS[status] ?? "duedate",
});

/** On a phone the way to a column, and a place to drop a card. */
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
