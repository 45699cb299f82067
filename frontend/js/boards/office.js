/**
 * The manager's and the administrator's dashboard: every request, found and
 * sorted, as a list or as a board (`?view=board`). What nobody looks at is not
 * loaded: the other view, the load of the masters, the keys.
 */
import { ApiError, NO_ANSWER } from "../core/api.js";
import { el, icon, listen, replace } from "../core/dom.js";
import { exportButtons } from "../ui/export_buttons.js";
import { filterBar } from "../requests/filter_bar.js";
import { activeFilters, DEFAULT_SORT, followFilters, hasFilters, nothingFound } from "../requests/filters.js";
import { loadLate, stylesheet, onFirstInput } from "../ui/load_late.js";
import { prefer, preferred } from "../core/preferences.js";
import { newRequestLink } from "../requests/new_link.js";
import { emptyState, errorState, skeletonRows } from "../ui/screen.js";
import { onChangeOf, params } from "../core/url.js";
import { viewBar } from "./view_bar.js";

const LOAD_OPEN = "load-open";

const MODULES = {
  list: async () => (await Promise.all([import("./office_list.js"), rowsOf(isWide())]))[0],
  board: async () => (await Promise.all([import("../kanban/board.js"), stylesheet("board")]))[0],
};

const VIEWS = {
  list: async (user) => (await MODULES.list()).officeList({ user, query: sorted, empty, rowsOf }),
  board: async () => (await MODULES.board()).officeKanban({ query: activeFilters }),
};

/** A table where there is room for it, else tickets: only one of them is loaded. */
const isWide = () => window.matchMedia("(width >= 60rem)").matches;
const rowsOf = (wide) => (wide ? import("../requests/table.js") : import("../requests/card.js"));

const sorted = () => ({ sort: DEFAULT_SORT, ...activeFilters() });
const wantedView = () => (params().get("view") === "board" ? "board" : "list");

/** On its way while the page still connects. */
MODULES[wantedView()]().catch(() => null);

export function officeBoard(user) {
  const place = el("div", { class: "section" });
  const made = {};

  async function show() {
    const wanted = wantedView();
    replace(place, made[wanted]?.node ?? skeletonRows(4));
    const view = (made[wanted] ??= await VIEWS[wanted](user).catch(() => null));
    if (wantedView() !== wanted) return;
    replace(place, view?.node ?? errorState(new ApiError(0, NO_ANSWER), show));
    view?.reload();
  }

  onChangeOf(wantedView, show);
  followFilters(() => made[wantedView()]?.reload());
  show();
  onFirstInput(
    () => import("./shortcuts.js"),
    ({ startShortcuts }, pressed) => startShortcuts(() => made.list?.clear(), pressed),
  );
  const head = el(
    "div",
    { class: "page__head" },
    el("h1", {}, "Заявки"),
    el("div", { class: "form__actions" }, exportButtons("/requests/export", sorted), newRequestLink()),
  );
  return {
    head,
    content: [
      masterLoad(),
      filterBar({ placeholder: "Номер, модель, клиент, поломка", office: true }),
      clientFilter(),
      viewBar(),
      place,
    ],
  };
}

function empty() {
  if (hasFilters()) return nothingFound();
  return emptyState({
    title: "Заявок пока нет",
    text: "Примите первый прибор: клиента можно завести прямо у стойки.",
    action: newRequestLink(),
  });
}

/** Folded until somebody wants it, and again as it was left. */
function masterLoad() {
  const content = el("div", { class: "section" });
  const node = el(
    "details",
    { class: "panel loads-panel", open: preferred(LOAD_OPEN, false) },
    el("summary", {}, icon("chevron"), el("h2", {}, "Загрузка мастеров")),
    content,
  );
  let panel = null;
  node.addEventListener("toggle", async () => {
    prefer(LOAD_OPEN, node.open);
    if (!node.open) return;
    panel ??= (await loadLate(() => import("./masters_load.js")))?.loadPanel(content, () => node.open);
    panel?.reload();
  });
  return node;
}

/** Links from elsewhere lead here with a client: rarely. */
function clientFilter() {
  const place = el("div", { class: "chips", hidden: true });
  let isLoaded = false;
  const follow = async () => {
    if (!params().has("clientid") || isLoaded) return;
    isLoaded = true;
    const module = await loadLate(() => import("../requests/client_chip.js"));
    if (module) module.showClient(place);
    else isLoaded = false;
  };
  listen("url-changed", follow);
  follow();
  return place;
}
