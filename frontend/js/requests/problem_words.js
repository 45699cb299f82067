/**
 * Hints for describing a fault, by type of appliance.
 *
 *   serialHint("Холодильник")               // where to find the serial number
 *   problemChips("Холодильник", textarea)   // common complaints as chips
 */
import { el } from "../core/dom.js";

const PLACES = [
  [/стирал|сушил/, "на раме за дверцей люка или на задней стенке"],
  [/холодил|мороз/, "внутри камеры на боковой стенке, у ящиков для овощей"],
  [/посудом/, "на торце дверцы"],
  [/дух|плит|варочн/, "на раме за дверцей, у варочной панели — снизу"],
  [/телев|монитор/, "на задней стенке"],
  [/кондиц|водонагр|бойлер/, "на боковой стенке корпуса"],
];

const COMPLAINTS = [
  [
    /стирал|сушил/,
    [
      "Не включается",
      "Не сливает воду",
      "Не отжимает",
      "Не греет воду",
      "Течёт",
      "Шумит при отжиме",
      "Показывает ошибку",
    ],
  ],
  [/холодил|мороз/, ["Не морозит", "Перемораживает", "Намерзает лёд", "Течёт", "Шумит", "Не включается"]],
  [/посудом/, ["Не моет", "Не сливает воду", "Не набирает воду", "Не сушит", "Течёт", "Показывает ошибку"]],
  [
    /дух|плит|варочн|микровол/,
    ["Не греет", "Не включается", "Искрит", "Не работает конфорка", "Не крутится тарелка", "Выбивает автомат"],
  ],
  [/телев|монитор/, ["Нет изображения", "Нет звука", "Полосы на экране", "Не включается", "Сам выключается"]],
  [/кофе/, ["Не включается", "Не мелет", "Не подаёт воду", "Течёт", "Просит чистку"]],
  [/пылесос/, ["Плохо тянет", "Не включается", "Перегревается", "Пахнет горелым", "Не держит заряд"]],
];

const ANYTHING = ["Не включается", "Сам выключается", "Не греет", "Шумит", "Пахнет горелым", "Выбивает автомат"];

const entryFor = (list, techtype) => list.find(([form]) => form.test(techtype.toLowerCase()))?.[1];

export const serialHint = (techtype) =>
  `Стоит на наклейке после «S/N» или «Серийный №»: ${entryFor(PLACES, techtype) ?? "сзади, снизу или внутри прибора"}. Нет под рукой — оставьте пустым.`;

export const problemChips = (techtype, area) =>
  el(
    "div",
    { class: "chips", role: "group", "aria-label": "Частые поломки" },
    (entryFor(COMPLAINTS, techtype) ?? ANYTHING).map((words) =>
      el("button", { class: "chip chip--small", type: "button", onclick: () => add(area, words) }, words),
    ),
  );

/** Append a complaint to the typed text, once. */
function add(area, words) {
  if (!area.value.includes(words))
    area.value = [area.value.trim(), words].filter(Boolean).join(area.value.trim() ? "\n" : "");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}
