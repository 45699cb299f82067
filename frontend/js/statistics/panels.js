/**
 * Panels of the statistics page: each shows one part of the answer of
 * `/api/statistics/` as a chart with a table.
 */
import { stars, statusBadge } from "../ui/badge.js";
import { bar, stack } from "../ui/bars.js";
import { columnChart, ring } from "../ui/charts.js";
import { el, icon, uniqueId } from "../core/dom.js";
import { bucketName, bucketTick, hoursInWords, number, percent, plural } from "../core/format.js";
import { lookOf, workingStatuses } from "../core/statuses.js";
import { bucketUnit, buckets } from "./periods.js";
import { dashboardLink } from "../core/url.js";

const TILES = [
  { name: "created", label: "Создано", iconName: "new", variant: "new" },
  { name: "completed", label: "Завершено", iconName: "done", variant: "done" },
  { name: "cancelled", label: "Отменено", note: "из созданных", iconName: "cancelled", variant: "cancelled" },
  { name: "open", label: "Открыто", note: "сейчас", iconName: "work", variant: "progress" },
  { name: "overdue", label: "Просрочено", note: "сейчас", iconName: "alert", variant: "overdue" },
];

const SERIES = [
  { name: "Создано", variant: "new" },
  { name: "Завершено", variant: "done" },
];

const UNIT_NAMES = { day: "по дням", week: "по неделям", month: "по месяцам" };
const NOTHING_FINISHED = "За этот период ни один ремонт не завершён.";

export function tiles({ totals }) {
  return el(
    "ul",
    { class: "counters counters--report" },
    TILES.map((one) => el("li", {}, tile(one, totals[one.name], dashboardLink(totals.links[one.name])))),
  );
}

function tile({ label, note, iconName, variant }, value, href) {
  const text = el("span", { class: "counter__label" }, label, note && el("small", {}, note));
  return el(
    "a",
    { class: `counter counter--${variant}`, href },
    icon(iconName),
    el("span", { class: "counter__value" }, number(value)),
    text,
  );
}

export function timelinePanel({ timeline, totals }) {
  const unit = bucketUnit(timeline.length);
  const columns = buckets(timeline).map((bucket) => ({
    title: bucketName(bucket, unit),
    tick: bucketTick(bucket, unit),
    marks: marksOf(bucket, totals),
  }));
  const chart = columnChart({ label: "Создано и завершено. Стрелки ведут по столбцам.", series: SERIES, columns });
  return panel({ title: "Как шла работа", note: UNIT_NAMES[unit], variant: "wide" }, chart, timelineTable(columns));
}

const marksOf = ({ from, to, created, completed }, { links }) => [
  { value: created, href: dashboardLink(links.created, { created_from: from, created_to: to }) },
  { value: completed, href: dashboardLink(links.completed, { completed_from: from, completed_to: to }) },
];

function timelineTable(columns) {
  const rows = columns.map(({ title, marks }) => [title, marks.map(({ value, href }) => figure(value, href))].flat());
  const summary = el("summary", {}, icon("chevron"), "Показать таблицей");
  return el(
    "details",
    { class: "fold" },
    summary,
    table("Создано и завершено", ["Когда", "Создано", "Завершено"], rows),
  );
}

export function statusPanel({ by_status, totals }) {
  const parts = by_status.map(({ requeststatus, count, link }) =>
    statusPart(requeststatus, count, link, totals.created),
  );
  const rows = parts.map(({ status, count, share, href }) => [
    statusBadge(status),
    figure(count, href),
    percent(share),
  ]);
  const note = plural(totals.created, "заявка", "заявки", "заявок");
  return panel(
    { title: "Что стало с созданными", note, variant: "third" },
    stack(parts),
    table("Созданные заявки по их нынешнему статусу", ["Статус", "Заявок", "Доля"], rows),
  );
}

const statusPart = (status, count, link, all) => ({
  status,
  count,
  share: all ? count / all : 0,
  variant: lookOf(status).variant,
  href: dashboardLink(link),
  title: `${status}: ${number(count)}`,
});

export function techtypePanel({ by_techtype, totals }) {
  const most = Math.max(...by_techtype.map(({ created }) => created));
  const rows = by_techtype.map(({ techtype, created, completed, mean_hours }) => [
    techtype,
    barCell(created, most, "new", dashboardLink(totals.links.created, { techtype })),
    figure(completed, dashboardLink(totals.links.completed, { techtype })),
    meanTime(mean_hours),
  ]);
  return panel(
    { title: "По видам техники", variant: "tall" },
    table("Заявки по видам техники", ["Вид техники", "Создано", "Завершено", "В среднем за"], rows, "stack"),
  );
}

export function masterPanel({ by_master, totals }) {
  const most = Math.max(...by_master.map(({ completed }) => completed));
  const rows = by_master.map((master) => [
    master.fullname,
    barCell(master.completed, most, "done", dashboardLink(master.link)),
    figure(
      master.in_progress,
      dashboardLink(totals.links.open, { masterid: master.user_id, requeststatus: workingStatuses() }),
    ),
    meanTime(master.mean_hours),
    masterRating(master),
  ]);
  const headings = ["Мастер", "Завершено", "В работе сейчас", "В среднем за", "Оценка"];
  return panel(
    { title: "По мастерам", variant: "wide" },
    rows.length
      ? table("Показатели мастеров", headings, rows, "stack")
      : nothing("За этот период у мастеров не было работы."),
  );
}

const masterRating = ({ rating_mean, rating_n }) =>
  rating_n
    ? [
        el("strong", {}, number(rating_mean)),
        " ",
        el("span", { class: "muted" }, `из 5 · ${plural(rating_n, "оценка", "оценки", "оценок")}`),
      ]
    : el("span", { class: "muted" }, "нет оценок");

export function completionPanel({ completion: { mean_hours, median_hours, p90_hours, n } }) {
  const heading = { title: "Сколько длится ремонт", variant: "half" };
  if (!n) return panel(heading, nothing(NOTHING_FINISHED));
  const most = Math.max(mean_hours, p90_hours);
  const row = (words, hours) => [words, bar(hours / most, "done"), hoursInWords(hours)];
  const rows = [row("В среднем", mean_hours), row("9 из 10 — не дольше", p90_hours)];
  const headline = bigFigure(
    hoursInWords(median_hours),
    `и быстрее: половина из ${plural(n, "ремонта", "ремонтов", "ремонтов")}`,
  );
  return panel(
    heading,
    headline,
    table("Время от приёма до завершения", ["Показатель", "На шкале", "Время"], rows, "under"),
  );
}

export function onTimePanel({ on_time: { share, n } }) {
  const heading = { title: "В срок", variant: "third" };
  if (!n) return panel(heading, nothing("Среди завершённых не было ремонтов со сроком."));
  const onTime = Math.round(share * n);
  const words = `${number(onTime)} из ${plural(n, "ремонта", "ремонтов", "ремонтов")} со сроком завершены вовремя`;
  return panel(heading, el("div", { class: "ring-box" }, ring(share, `${percent(share)} в срок`), el("p", {}, words)));
}

export function ratingPanel({ rating: { mean, n, distribution } }) {
  const heading = { title: "Оценки клиентов", variant: "half" };
  if (!n) return panel(heading, nothing("За этот период оценок нет."));
  const most = Math.max(...Object.values(distribution));
  const rows = [5, 4, 3, 2, 1].map((score) => [stars(score), barCell(distribution[score], most, "accent")]);
  return panel(
    heading,
    bigFigure(number(mean), `из 5 по ${plural(n, "оценке", "оценкам", "оценкам")}`),
    table("Сколько каких оценок", ["Оценка", "Сколько"], rows, "quiet"),
  );
}

const bigFigure = (value, words) =>
  el("p", { class: "big-figure" }, el("strong", {}, value), " ", el("span", {}, words));

const nothing = (text) => el("p", { class: "muted" }, text);

function panel({ title, note, variant }, ...content) {
  const titleNode = el("h2", { id: uniqueId("panel") }, title);
  const head = el("header", { class: "section__head" }, titleNode, note && el("p", {}, note));
  return el(
    "section",
    { class: `panel section report__panel report__panel--${variant}`, "aria-labelledby": titleNode.id },
    head,
    content,
  );
}

/** Table whose first cells are row headings; on a phone the other cells show their column heading. */
function table(caption, headings, rows, variant = "plain") {
  const head = el(
    "tr",
    {},
    headings.map((text) => el("th", { scope: "col" }, text)),
  );
  const body = rows.map(([name, ...cells]) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, name),
      cells.map((cell, at) => el("td", { "data-label": headings[at + 1] }, cell)),
    ),
  );
  return el(
    "table",
    { class: `figures figures--${variant}` },
    el("caption", { class: "visually-hidden" }, caption),
    el("thead", {}, head),
    el("tbody", {}, body),
  );
}

/** A number that links to its requests, unless it is 0. */
const figure = (value, href) => (value ? el("a", { href }, number(value)) : el("span", { class: "muted" }, "0"));

function barCell(value, most, variant, href) {
  const content = [bar(most ? value / most : 0, variant), el("span", { class: "bar-cell__value" }, number(value))];
  return value && href ? el("a", { class: "bar-cell", href }, content) : el("span", { class: "bar-cell" }, content);
}

const meanTime = (hours) => (hours === null ? el("span", { class: "muted" }, "—") : hoursInWords(hours));
