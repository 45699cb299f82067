/**
 * The office's board: all requests with filters, as a list or as a kanban board
 * (`?view=board`). The other mode, the load of the masters and the shortcuts are
 * loaded on demand.
 */
import { ApiError, NO_ANSWER } from "../core/api.js";
import { el, icon, listen, replace } from "../core/dom.js";
import { exportButtons } from "../ui/export_buttons.js";
import { filterBar } from "../requests/filter_bar.js";
import { activeFilters, DEFAULT_SORT, followFilters, hasFilters, nothingFound } from "../requests/filters.js";
import { loadLate, onFirstInput, stylesheet } from "../ui/load_late.js";
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

const MODES = {
  list: async (user) => (await MODULES.list()).officeList({ user, query: sorted, empty, rowsOf }),
  board: async () => (await MODULES.board()).officeKanban({ query: activeFilters }),
};

/** A table on wide screens, else tickets; only one of them is loaded. */
const isWide = () => window.matchMedia("(width >= 60rem)").matches;
const rowsOf = (wide) => (wide ? import("../requests/table.js") : import("../requests/card.js"));

const sorted = () => ({ sort: DEFAULT_SORT, ...activeFilters() });
const modeOfUrl = () => (params().get("view") === "board" ? "board" : "list");

/** Start loading before the live feed is open. */
MODULES[modeOfUrl()]().catch(() => null);

export function officeBoard(user) {
  const container = el("div", { class: "section" });
  const boards = {};

  async function show() {
    const mode = modeOfUrl();
    replace(container, boards[mode]?.node ?? skeletonRows(4));
    const board = (boards[mode] ??= await MODES[mode](user).catch(() => null));
    if (modeOfUrl() !== mode) return;
    replace(container, board?.node ?? errorState(new ApiError(0, NO_ANSWER), show));
    board?.reload();
  }

  onChangeOf(modeOfUrl, show);
  followFilters(() => boards[modeOfUrl()]?.reload());
  show();
  onFirstInput(
    () => import("./shortcuts.js"),
    ({ startShortcuts }, pressed) => startShortcuts(() => boards.list?.clear(), pressed),
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
      container,
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

/** Panel with the load of the masters; folded or open as the user left it. */
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

/** Chip of the filter by client, loaded if the URL has one. */
function clientFilter() {
  const chip = el("div", { class: "chips", hidden: true });
  let isLoaded = false;
  const load = async () => {
    if (!params().has("clientid") || isLoaded) return;
    isLoaded = true;
    const module = await loadLate(() => import("../requests/client_chip.js"));
    if (module) module.showClient(chip);
    else isLoaded = false;
  };
  listen("url-changed", load);
  load();
  return chip;
}
