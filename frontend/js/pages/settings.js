/**
 * What an Администратор decides for the whole shop, and the journal of who
 * decided what: two views of one page, named by the URL (`?view=journal`).
 * Each is loaded when it is wanted and then kept, with what is typed in it.
 *
 * A view is `{ node, shown }`; `shown()` is called each time it is there.
 */
import { Role } from "../config.js";
import { el, redraw, replace } from "../core/dom.js";
import { loadLate } from "../ui/load_late.js";
import { startPage } from "./shell.js";
import { errorState, skeletonRows } from "../ui/screen.js";
import { onChangeOf, pageLink, params } from "../core/url.js";

const VIEWS = {
  settings: { label: "Настройки", load: async () => (await import("../settings/view.js")).settingsView },
  journal: { label: "Журнал изменений", load: async () => (await import("../journal/view.js")).journalView },
};

const wanted = () => (params().get("view") === "journal" ? "journal" : "settings");

function start() {
  const head = el("div", { class: "page__head" });
  const place = el("div", { class: "section" });
  const made = {};

  async function show() {
    const name = wanted();
    document.title = `${VIEWS[name].label} — Техник`;
    redraw(head, el("h1", {}, VIEWS[name].label), tabs(name));
    if (!made[name]) replace(place, skeletonRows(4));
    made[name] ??= (await loadLate(VIEWS[name].load))?.();
    if (wanted() !== name) return;
    replace(place, made[name]?.node ?? errorState({ message: "Нет связи с сервером." }, () => location.reload()));
    made[name]?.shown();
  }

  replace(document.getElementById("main"), head, place).removeAttribute("aria-busy");
  onChangeOf(wanted, show);
  show();
}

/** The other view begins without the filters of this one. */
function tabs(current) {
  const nothing = Object.fromEntries([...params().keys()].map((key) => [key, null]));
  const tab = ([name, { label }]) => {
    const attributes = { class: "chip", "aria-current": name === current && "page", "data-key": `view-${name}` };
    return el("li", {}, pageLink({ ...nothing, view: name === "journal" ? "journal" : null }, attributes, label));
  };
  return el("nav", { "aria-label": "Разделы настроек" }, el("ul", { class: "chips" }, Object.entries(VIEWS).map(tab)));
}

const user = startPage([Role.ADMIN]);
if (user) start();
