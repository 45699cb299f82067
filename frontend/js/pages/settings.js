/**
 * Settings page of an Администратор: two tabs, settings and journal
 * (`?view=journal`). A tab is loaded when it is first shown and then kept, with
 * what is typed in it.
 *
 * A tab is `{ node, onShow }`; `onShow()` is called each time it is shown.
 */
import { Role } from "../config.js";
import { el, redraw, replace } from "../core/dom.js";
import { loadLate } from "../ui/load_late.js";
import { startPage } from "./shell.js";
import { errorState, skeletonRows } from "../ui/screen.js";
import { onChangeOf, pageLink, params } from "../core/url.js";

const TABS = {
  settings: { label: "Настройки", load: async () => (await import("../settings/view.js")).settingsTab },
  journal: { label: "Журнал изменений", load: async () => (await import("../journal/view.js")).journalTab },
};

const tabOfUrl = () => (params().get("view") === "journal" ? "journal" : "settings");

function start() {
  const head = el("div", { class: "page__head" });
  const container = el("div", { class: "section" });
  const loaded = {};

  async function show() {
    const name = tabOfUrl();
    document.title = `${TABS[name].label} — Техник`;
    redraw(head, el("h1", {}, TABS[name].label), tabs(name));
    if (!loaded[name]) replace(container, skeletonRows(4));
    loaded[name] ??= (await loadLate(TABS[name].load))?.();
    if (tabOfUrl() !== name) return;
    replace(container, loaded[name]?.node ?? errorState({ message: "Нет связи с сервером." }, () => location.reload()));
    loaded[name]?.onShow();
  }

  replace(document.getElementById("main"), head, container).removeAttribute("aria-busy");
  onChangeOf(tabOfUrl, show);
  show();
}

/** Links of the tabs; each starts without the filters of the other. */
function tabs(current) {
  const nothing = Object.fromEntries([...params().keys()].map((key) => [key, null]));
  const tab = ([name, { label }]) => {
    const attributes = { class: "chip", "aria-current": name === current && "page", "data-key": `view-${name}` };
    return el("li", {}, pageLink({ ...nothing, view: name === "journal" ? "journal" : null }, attributes, label));
  };
  return el("nav", { "aria-label": "Разделы настроек" }, el("ul", { class: "chips" }, Object.entries(TABS).map(tab)));
}

const user = startPage([Role.ADMIN]);
if (user) start();
