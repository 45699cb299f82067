/** The statistics page: figures of a period, each leading to the requests behind it. */
import { get } from "./api.js";
import { Role, isOffice } from "./config.js";
import { el, icon, listen, redraw, replace } from "./dom.js";
import { dayRange, fullMoment, plural } from "./format.js";
import { activeMasters } from "./people.js";
import { lengthOf } from "./periods.js";
import { settings } from "./settings.js";
import { startPage } from "./shell.js";
import { emptyState, screen, skeletonRows } from "./states.js";
import { statisticsFilters } from "./statistics_filters.js";
import { completionPanel, masterPanel, onTimePanel, ratingPanel, statusPanel, techtypePanel, tiles, timelinePanel } from "./statistics_panels.js";
import { pageLink } from "./url.js";

function start(user) {
  const head = pageHead(user);
  const filters = statisticsFilters({ user });
  const report = el("div", { class: "report" });

  const load = async (signal) => {
    const { timezone, techtypes } = await settings();
    filters.useZone(timezone);
    const [data, masters] = await Promise.all([get("/statistics/", filters.query(), { signal }), isOffice(user) ? activeMasters() : []]);
    return { ...data, techtypes, masters };
  };

  const render = (data) => {
    filters.offer(data);
    head.tell(data, filters.words());
    return [tiles(data), isEmpty(data) ? nothing() : panels(data, user)];
  };

  const view = screen(report, { load, render, skeleton });
  listen("url-changed", () => {
    report.setAttribute("aria-busy", "true");
    view.refresh();
  });
  replace(document.getElementById("main"), head.node, filters.node, report).removeAttribute("aria-busy");
  view.reload();
}

const isEmpty = ({ totals }) => totals.created + totals.completed === 0;

const panels = (data, user) => [
  timelinePanel(data),
  completionPanel(data),
  ratingPanel(data),
  techtypePanel(data),
  statusPanel(data),
  onTimePanel(data),
  isOffice(user) && masterPanel(data),
];

function nothing() {
  const action = pageLink({ period: "year", from: null, to: null, techtype: null, masterid: null }, { class: "button" }, "Показать за год");
  return emptyState({ iconName: "chart", title: "За этот период заявок нет", text: "Никто не сдавал технику в ремонт и ни один ремонт не завершён.", action });
}

/** The heading says what is shown: on the screen, to a screen reader, and on paper. */
function pageHead(user) {
  const what = el("p", { role: "status" }, "Загружаем…");
  const printed = el("p", { class: "print-only" });
  const print = el("button", { class: "button", type: "button", "aria-label": "Напечатать", onclick: () => window.print() }, icon("print"), el("span", {}, "Напечатать"));
  const title = el("h1", {}, isOffice(user) ? "Статистика" : "Мои показатели");
  return {
    node: el("div", { class: "page__head page__head--tools" }, el("div", {}, title, what, printed), el("div", {}, print)),
    tell({ period }, words) {
      redraw(what, [dayRange(period.from, period.to), plural(lengthOf(period), "день", "дня", "дней"), ...words].join(" · "));
      redraw(printed, `Отчёт составлен ${fullMoment(new Date())}`);
    },
  };
}

const skeleton = () => [
  el("div", { class: "skeletons skeletons--counters" }, Array.from({ length: 5 }, () => el("div", { class: "skeleton" }))),
  el("div", { class: "skeleton skeleton--chart" }),
  skeletonRows(3),
];

const user = startPage([Role.MASTER, Role.MANAGER, Role.ADMIN]);
if (user) start(user);
