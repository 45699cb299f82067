/**
 * Office list of requests: a table on a desktop, tickets on a phone. Rows can be
 * selected for bulk actions; another query clears the selection. "Back" and a
 * reload return to the same rows.
 *
 *   const { node, reload, clear } = await officeList({ user, query, empty, rowsOf });
 *
 * `clear()` clears the selection; `rowsOf(isWide)` loads the module that draws
 * the rows.
 */
import { assignFirstButton } from "../requests/assign_first.js";
import { el, listen } from "../core/dom.js";
import { loadLate } from "../ui/load_late.js";
import { virtualList } from "../ui/virtual_list.js";
import { onPreference, preferred } from "../core/preferences.js";
import { followChanges } from "../requests/follow_changes.js";
import { listRequests } from "../requests.js";
import { newSelection, SELECTION_CHANGED } from "./selection.js";
import { onChangeOf } from "../core/url.js";

const wide = window.matchMedia("(width >= 60rem)");
const POSITION = "technic.place";

export async function officeList({ user, query, empty, rowsOf }) {
  const list = virtualList({
    loadPage: (page) => listRequests(query(), page),
    frame: () => (rows.requestTable ? table(rows, selection) : cards(rows, user, selection)),
    idOf: ({ requestid }) => requestid,
    empty,
    words: ["заявка", "заявки", "заявок"],
    onDrawn: () => selection.updateBoxes(),
  });
  const selection = newSelection(list.items);
  const node = el("div", { class: "section" }, el("h2", { class: "visually-hidden" }, "Список заявок"), list.node);
  const setDensity = (density) => (node.dataset.density = density ?? "normal");
  let position = savedPosition();
  let rows = await rowsOf(wide.matches);

  const switchRows = async () => {
    rows = (await loadLate(() => rowsOf(wide.matches))) ?? rows;
    list.redraw();
  };

  setDensity(preferred("density"));
  onPreference("density", setDensity);
  onPreference("columns", list.redraw);
  wide.addEventListener("change", switchRows);
  followChanges(list, query);
  onChangeOf(() => ({ ...query(), sort: null }), selection.clear);
  offerBulk(node, selection);
  window.addEventListener("pagehide", () => node.isConnected && savePosition(list.position()));

  const reload = () => {
    list.reload(position);
    position = null;
  };
  return { node, reload, clear: selection.clear };
}

const table = ({ requestTable }, selection) =>
  requestTable({ pick: selection.box, pickAll: selection.boxForAll(), assign: assignFirstButton });

/** Tickets in pages, as a frame of ui/virtual_list.js. */
function cards({ ticketCards }, user, selection) {
  const { row } = ticketCards(user, (repair) => [assignFirstButton(repair)], { pick: selection.box });
  const node = el("div", { class: "ticket-pages" });
  const gap = (height) => {
    const item = el("li", { "aria-hidden": "true" });
    item.style.blockSize = `${height}px`;
    return item;
  };
  return { node, container: node, page: () => el("ul", { class: "tickets" }), gap, row };
}

/** Load the bar of bulk actions at the first selection. */
function offerBulk(node, selection) {
  const stop = listen(SELECTION_CHANGED, async ({ size }) => {
    if (!size) return;
    stop();
    const module = await loadLate(() => import("./bulk_bar.js"));
    if (module) node.append(module.bulkBar(selection));
    else offerBulk(node, selection);
  });
}

/** Scroll position to return to after a reload or "back" from another page. */
function savedPosition() {
  const [navigation] = performance.getEntriesByType("navigation");
  const saved = JSON.parse(sessionStorage.getItem(POSITION) ?? "null");
  sessionStorage.removeItem(POSITION);
  return ["reload", "back_forward"].includes(navigation?.type) && saved?.search === location.search
    ? saved.position
    : null;
}

function savePosition(position) {
  if (position && window.scrollY > 0)
    sessionStorage.setItem(POSITION, JSON.stringify({ search: location.search, position }));
}
