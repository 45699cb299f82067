/**
 * Bar above the office's requests: saved views, mode (list or board), list options.
 *
 *   viewBar()      // an element; follows the URL and the preferences
 */
import { actionButton } from "../ui/action_button.js";
import { el, icon, listen, redraw } from "../core/dom.js";
import { loadLate } from "../ui/load_late.js";
import { onPreference, prefer } from "../core/preferences.js";
import { pageLink, params } from "../core/url.js";
import { builtInViews, changesOf, isShown, ownViews } from "./saved_views.js";

const MODES = [
  [null, "list", "Список"],
  ["board", "board", "Доска"],
];

export function viewBar() {
  const views = el("nav", { class: "views", "aria-label": "Представления" });
  const modes = el("nav", { class: "switch", "aria-label": "Вид" });
  const options = tool("Настроить вид", "options", async () =>
    (await loadLate(() => import("./list_options.js")))?.openOptions(),
  );
  const keys = tool("Клавиши", "keyboard", async () => (await loadLate(() => import("./shortcuts.js")))?.openHelp());
  const draw = () => {
    redraw(views, viewLinks());
    redraw(modes, MODES.map(modeLink));
  };
  listen("url-changed", draw);
  onPreference("views", draw);
  draw();
  return el(
    "div",
    { class: "view-bar" },
    views,
    el("div", { class: "view-bar__tools" }, modes, options, el("span", { class: "desk-only" }, keys)),
  );
}

function viewLinks() {
  const all = [...builtInViews(), ...ownViews()];
  const current = all.find(isShown);
  return [
    all.map((savedView) => viewLink(savedView, savedView === current)),
    !current && saveButton(),
    current?.query !== undefined && ownTools(current),
  ];
}

function viewLink(savedView, isCurrent) {
  const link = pageLink(
    changesOf(savedView),
    { class: "view", "aria-current": isCurrent && "true", "data-key": `view-${savedView.id}` },
    savedView.name,
  );
  link.addEventListener("click", () => savedView.columns && prefer("columns", savedView.columns));
  return link;
}

const saveButton = () =>
  actionButton({ text: "Сохранить вид", icon: "plus", variant: "quiet", key: "view-save" }, async () =>
    (await loadLate(() => import("./saved_view_dialogs.js")))?.openSave(),
  );

const ownTools = (savedView) => [
  tool(`Переименовать «${savedView.name}»`, "edit", async () =>
    (await loadLate(() => import("./saved_view_dialogs.js")))?.openRename(savedView),
  ),
  tool(`Удалить «${savedView.name}»`, "close", async () =>
    (await loadLate(() => import("./saved_view_dialogs.js")))?.remove(savedView),
  ),
];

const modeLink = ([value, iconName, text]) =>
  pageLink(
    { view: value },
    { class: "switch__side", "aria-current": params().get("view") === value && "true", "data-key": `look-${text}` },
    icon(iconName),
    text,
  );

const tool = (label, iconName, onclick) =>
  el(
    "button",
    {
      class: "icon-button",
      type: "button",
      "aria-label": label,
      title: label,
      "data-key": `tool-${iconName}`,
      onclick,
    },
    icon(iconName),
  );
