/**
 * Every request as a list: a table on a desktop, tickets on a phone. Rows are
 * chosen for common actions, until other ones are asked for; the way back to the page leads to the same rows.
 *
 *   const { node, reload, clear } = await officeList({ user, query, empty, rowsOf });    // `clear` the choice
 *
 * `rowsOf(isWide)` loads the module that draws the rows.
 */
import { assignFirstButton } from "../requests/assign_first.js";
import { el, listen } from "../core/dom.js";
import { late } from "../ui/load_late.js";
import { longList } from "../ui/long_list.js";
import { onPreference, preferred } from "../core/preferences.js";
import { followNews } from "../requests/follow_changes.js";
import { listRequests } from "../requests.js";
import { newSelection, SELECTION_CHANGED } from "./selection.js";
import { onChangeOf } from "../core/url.js";

const wide = window.matchMedia("(width >= 60rem)");
const PLACE = "technic.place";

export async function officeList({ user, query, empty, rowsOf }) {
  const list = longList({
    loadPage: (page) => listRequests(query(), page),
    frame: () => (rows.requestTable ? table(rows, selection) : cards(rows, user, selection)),
    idOf: ({ requestid }) => requestid,
    empty,
    words: ["заявка", "заявки", "заявок"],
    onDrawn: () => selection.tellBoxes(),
  });
  const selection = newSelection(list.items);
  const node = el("div", { class: "section" }, el("h2", { class: "visually-hidden" }, "Список заявок"), list.node);
  const follow = (density) => (node.dataset.density = density ?? "normal");
  let place = rememberedPlace();
  let rows = await rowsOf(wide.matches);

  const turn = async () => {
    rows = (await late(() => rowsOf(wide.matches))) ?? rows;
    list.redraw();
  };

  follow(preferred("density"));
  onPreference("density", follow);
  onPreference("columns", list.redraw);
  wide.addEventListener("change", turn);
  followNews(list, query);
  onChangeOf(() => ({ ...query(), sort: null }), selection.clear);
  offerBulk(node, selection);
  window.addEventListener("pagehide", () => node.isConnected && rememberPlace(list.place()));

  const reload = () => {
    list.reload(place);
    place = null;
  };
  return { node, reload, clear: selection.clear };
}

const table = ({ requestTable }, selection) =>
  requestTable({ pick: selection.box, pickAll: selection.boxForAll(), assign: assignFirstButton });

/** Tickets that stand in pages as the rows of the table do. */
function cards({ ticketCards }, user, selection) {
  const { row } = ticketCards(user, (repair) => [assignFirstButton(repair)], { pick: selection.box });
  const node = el("div", { class: "ticket-pages" });
  const space = (height) => {
    const gap = el("li", { "aria-hidden": "true" });
    gap.style.blockSize = `${height}px`;
    return gap;
  };
  return { node, place: node, page: () => el("ul", { class: "tickets" }), space, row };
}

/** The bar of common actions is loaded with the first choice. */
function offerBulk(node, selection) {
  const stop = listen(SELECTION_CHANGED, async ({ size }) => {
    if (!size) return;
    stop();
    const module = await late(() => import("./bulk_bar.js"));
    if (module) node.append(module.bulkBar(selection));
    else offerBulk(node, selection);
  });
}

/** A reload, or the way back from another page, returns to the rows that were in sight. */
function rememberedPlace() {
  const [navigation] = performance.getEntriesByType("navigation");
  const kept = JSON.parse(sessionStorage.getItem(PLACE) ?? "null");
  sessionStorage.removeItem(PLACE);
  return ["reload", "back_forward"].includes(navigation?.type) && kept?.search === location.search ? kept.place : null;
}

function rememberPlace(place) {
  if (place && window.scrollY > 0) sessionStorage.setItem(PLACE, JSON.stringify({ search: location.search, place }));
}
