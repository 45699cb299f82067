/**
 * Keyboard shortcuts of the office's board, by physical key (`event.code`), so that
 * they work in the Russian layout; and the dialog that lists them.
 *
 *   startShortcuts(clear, pressed);      // `clear`: action of Escape; `pressed`: earlier key events
 *   openHelp()
 *
 * They are inactive while the user types or a dialog is open. They do not override keys
 * of browsers or screen readers, and can be switched off.
 */
import { Page } from "../config.js";
import { openDialog } from "../ui/dialog.js";
import { el } from "../core/dom.js";
import { checkbox } from "../ui/form.js";
import { stylesheet } from "../ui/load_late.js";
import { prefer, preferred } from "../core/preferences.js";
import { go, params } from "../core/url.js";

const CHORD_MS = 1200;
const ROWS = "[data-requestid] [data-key^=request-]";

const HELP = [
  ["/", "Поиск"],
  ["N", "Новая заявка"],
  ["J K", "Следующая и предыдущая заявка"],
  ["Enter", "Открыть заявку"],
  ["X", "Выбрать заявку"],
  ["Пробел", "На доске: взять карточку, стрелками выбрать столбец, положить"],
  ["V", "Список или доска"],
  ["G затем L", "К списку"],
  ["G затем B", "К доске"],
  ["G затем S", "К статистике"],
  ["G затем U", "К пользователям"],
  ["Esc", "Закрыть, снять выбор, выйти из поиска"],
  ["?", "Эта подсказка"],
];

const showMode = (mode) => () => go({ view: mode });
const isBoard = () => params().get("view") === "board";

const AFTER_G = {
  KeyL: showMode(null),
  KeyB: showMode("board"),
  KeyS: () => location.assign(Page.STATISTICS),
  KeyU: () => location.assign(Page.USERS),
};

const KEYS = {
  KeyN: () => go({ new: "1" }),
  KeyJ: () => focusRow(1),
  KeyK: () => focusRow(-1),
  KeyX: () => pick(),
  KeyV: () => go({ view: isBoard() ? null : "board" }),
};

export function startShortcuts(clear, pressed) {
  let chordUntil = 0;
  const press = (event) => {
    if (event.key === "Escape") return leave(event, clear);
    if (isBusy(event) || preferred("shortcuts", true) === false) return;
    const action = Date.now() < chordUntil ? AFTER_G[event.code] : actionOf(event);
    chordUntil = event.code === "KeyG" && !event.shiftKey ? Date.now() + CHORD_MS : 0;
    if (!action) return;
    event.preventDefault();
    action();
  };
  document.addEventListener("keydown", press);
  pressed.forEach(press);
}

function actionOf({ code, key, shiftKey }) {
  if (key === "?" || (code === "Slash" && shiftKey)) return openHelp;
  if (key === "/" || code === "Slash") return search;
  return shiftKey ? null : KEYS[code];
}

function isBusy({ defaultPrevented, ctrlKey, altKey, metaKey, isComposing, target }) {
  const isTyping = target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  return (
    defaultPrevented ||
    ctrlKey ||
    altKey ||
    metaKey ||
    isComposing ||
    isTyping ||
    document.querySelector("dialog:modal, :popover-open")
  );
}

function leave({ target, defaultPrevented }, clear) {
  if (defaultPrevented || document.querySelector("dialog:modal, :popover-open")) return;
  if (target.type === "search") target.blur();
  else clear();
}

const search = () => document.querySelector("main [type=search]")?.focus();

/** Focus the next or previous row, or the first visible one. */
function focusRow(offset) {
  const links = [...document.querySelectorAll(ROWS)];
  const at = links.findIndex((link) => link.closest("[data-requestid]").contains(document.activeElement));
  const next = links[at < 0 ? firstVisible(links) : at + offset];
  next?.focus({ preventScroll: true });
  next?.closest("[data-requestid]").scrollIntoView({ block: "nearest", inline: "nearest" });
}

const firstVisible = (links) =>
  Math.max(
    0,
    links.findIndex((link) => link.closest("[data-requestid]").getBoundingClientRect().top >= 0),
  );

const pick = () => document.activeElement.closest("[data-requestid]")?.querySelector("[data-pick]")?.click();

export async function openHelp() {
  await stylesheet("board");
  const list = el(
    "dl",
    { class: "keys" },
    HELP.map(([keys, text]) => el("div", {}, el("dt", {}, keys.split(" ").map(keyName)), el("dd", {}, text))),
  );
  const on = checkbox({
    name: "shortcuts",
    label: "Клавиши включены",
    checked: preferred("shortcuts", true),
    onchange: ({ target }) => prefer("shortcuts", target.checked),
  });
  openDialog({ title: "Клавиши", body: [list, on], variant: "small" });
}

const keyName = (text) => (text === "затем" ? " затем " : el("kbd", {}, text));
