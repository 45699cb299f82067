/** Statistics page: figures of a period with links to the requests behind them. */
import { get } from "../core/api.js";
import { onChanges } from "../live/changes.js";
import { Role, isOffice } from "../config.js";
import { el, icon, listen, redraw, replace } from "../core/dom.js";
import { exportButtons } from "../ui/export_buttons.js";
import { dayRange, fullMoment, plural } from "../core/format.js";
import { startLive } from "../live/feed.js";
import { activeMasters } from "../people/api.js";
import { lengthOf } from "../statistics/periods.js";
import { shopConfig } from "../core/shop_config.js";
import { loadStatuses } from "../core/statuses.js";
import { startPage } from "./shell.js";
import { createScreen, emptyState, skeletonRows } from "../ui/screen.js";
import { statisticsFilters } from "../statistics/filters.js";
import {
  completionPanel,
  masterPanel,
  onTimePanel,
  ratingPanel,
  statusPanel,
  techtypePanel,
  tiles,
  timelinePanel,
} from "../statistics/panels.js";
import { yieldToBrowser, inChunks } from "../core/chunks.js";
import { pageLink } from "../core/url.js";

const RELOAD_PAUSE_MS = 1000;

/** Panels and the part of the answer that each shows. */
const PANELS = [
  [timelinePanel, "timeline"],
  [completionPanel, "completion"],
  [ratingPanel, "rating"],
  [techtypePanel, "by_techtype"],
  [statusPanel, "by_status"],
  [onTimePanel, "on_time"],
];
const OFFICE_PANELS = [...PANELS, [masterPanel, "by_master"]];

async function start(user) {
  const filters = statisticsFilters({ user });
  await yieldToBrowser();
  const head = pageHead(user, filters);
  const panels = cachedPanels(isOffice(user) ? OFFICE_PANELS : PANELS);
  const report = el("div", { class: "report" });

  const load = async (signal) => {
    const [{ timezone, techtypes }] = await Promise.all([shopConfig(), loadStatuses()]);
    filters.useZone(timezone);
    const [data, masters] = await Promise.all([
      get("/statistics/", filters.query(), { signal }),
      isOffice(user) ? activeMasters() : [],
    ]);
    return { ...data, techtypes, masters };
  };

  const render = async (data) => {
    const figures = isEmpty(data) ? nothing() : await panels(data);
    filters.offer(data);
    head.update(data, filters.texts());
    return [tiles(data), figures];
  };

  const screen = createScreen(report, { load, render, skeleton });
  listen("url-changed", () => {
    report.setAttribute("aria-busy", "true");
    screen.refresh();
  });
  replace(document.getElementById("main"), head.node, filters.node, report).removeAttribute("aria-busy");
  onChanges(throttle(screen.update, RELOAD_PAUSE_MS));
  await startLive(user);
  screen.reload();
}

const isEmpty = ({ totals }) => totals.created + totals.completed === 0;

/** Reuse the node of a panel with unchanged figures, so that focus and an open table survive. */
function cachedPanels(kinds) {
  const cache = new Map();
  return (data) =>
    inChunks(kinds, ([build, part]) => {
      const text = JSON.stringify([data[part], data.totals.links]);
      if (cache.get(part)?.text !== text) cache.set(part, { text, node: build(data) });
      return cache.get(part).node;
    });
}

/** A function that calls `action` at most once per `pause` ms: reloading for every event would be too much. */
function throttle(action, pause) {
  let timer = null;
  return () =>
    (timer ??= setTimeout(() => {
      timer = null;
      action();
    }, pause));
}

function nothing() {
  const action = pageLink(
    { period: "year", from: null, to: null, techtype: null, masterid: null },
    { class: "button" },
    "Показать за год",
  );
  return emptyState({
    iconName: "chart",
    title: "За этот период заявок нет",
    text: "Никто не сдавал технику в ремонт и ни один ремонт не завершён.",
    action,
  });
}

/** Heading with period and filters, export buttons and print button. */
function pageHead(user, { query }) {
  const summary = el("p", { role: "status" }, "Загружаем…");
  const printed = el("p", { class: "print-only" });
  const print = el(
    "button",
    { class: "button", type: "button", "aria-label": "Напечатать", onclick: () => window.print() },
    icon("print"),
    el("span", {}, "Напечатать"),
  );
  const title = el("h1", {}, isOffice(user) ? "Статистика" : "Мои показатели");
  return {
    node: el(
      "div",
      { class: "page__head page__head--tools" },
      el("div", {}, title, summary, printed),
      el("div", { class: "form__actions" }, exportButtons("/statistics/export", query), print),
    ),
    update({ period }, texts) {
      redraw(
        summary,
        [dayRange(period.from, period.to), plural(lengthOf(period), "день", "дня", "дней"), ...texts].join(" · "),
      );
      redraw(printed, `Отчёт составлен ${fullMoment(new Date())}`);
    },
  };
}

const skeleton = () => [
  el(
    "div",
    { class: "skeletons skeletons--counters" },
    Array.from({ length: 5 }, () => el("div", { class: "skeleton" })),
  ),
  el("div", { class: "skeleton skeleton--chart" }),
  skeletonRows(3),
];

async function run() {
  await yieldToBrowser();
  const user = startPage([Role.MASTER, Role.MANAGER, Role.ADMIN]);
  await yieldToBrowser();
  if (user) await start(user);
}

run();
