/**
 * A master's open requests in parts of the day: overdue, today, waiting for parts,
 * others. Each request is in the first part that matches, nearest deadline first.
 *
 *   const chips = dayChips();       // links to the parts, `?day=today`; chips.setCounts({ today: 3 })
 *   const day = myDay(user, { frame, onCounts: chips.setCounts });   // frame of ui/paged_list.js
 *   day.reload();
 *   dayTitle()                      // «понедельник, 23 ноября»
 *
 * The day is in the organisation's time zone, not in the device's.
 */
import { onChanges } from "../live/changes.js";
import { LONGEST_PAGE, Status } from "../config.js";
import { el, icon, listen, redraw } from "../core/dom.js";
import { NO_FILTERS, hasFilters } from "../requests/filters.js";
import { bucketName, dayIn, number } from "../core/format.js";
import { listRequests } from "../requests.js";
import { keyedRows } from "../ui/keyed_rows.js";
import { shopConfig } from "../core/shop_config.js";
import { openStatuses } from "../core/statuses.js";
import { createScreen, emptyState, skeletonRows } from "../ui/screen.js";
import { yieldToBrowser } from "../core/chunks.js";
import { pageLink, params } from "../core/url.js";

const ROOM_BEFORE = 24;

const PARTS = [
  { id: "overdue", title: "Просрочены", icon: "alert", has: ({ is_overdue }) => is_overdue },
  { id: "today", title: "Сегодня", icon: "clock", has: ({ duedate }, isToday) => isToday(duedate) },
  { id: "parts", title: "Ждут запчасти", icon: "parts", has: ({ requeststatus }) => requeststatus === Status.WAITING },
  { id: "later", title: "Остальные", icon: "calendar", has: () => true },
];

const CHIPS = [{ id: null, title: "Все" }, ...PARTS, { id: "new", title: "Новые", icon: "new" }];

/** The organisation's zone, or undefined (the device's). Creating its formatter is slow: do it while the requests load. */
async function zone() {
  const { timezone } = await shopConfig().catch(() => ({}));
  await yieldToBrowser();
  dayIn(timezone);
  return timezone;
}

export function dayTitle() {
  const node = el("p", {});
  zone().then((timezone) => (node.textContent = bucketName({ from: dayIn(timezone) }, "day")));
  return node;
}

export function dayChips() {
  const row = el("ul", { class: "chips chips--row chips--day" });
  const counts = {};
  const draw = () => {
    redraw(
      row,
      CHIPS.map((part) => el("li", {}, chip(part, counts[part.id]))),
    );
    requestAnimationFrame(() => showChosen(row));
  };
  listen("url-changed", draw);
  draw();
  const setCounts = (changed) => {
    Object.assign(counts, changed);
    draw();
  };
  return { node: el("nav", { "aria-label": "Мой день" }, row), setCounts };
}

/** Called in an animation frame, which calculates the layout anyway. */
function showChosen(row) {
  const chosen = row.querySelector("[aria-current]");
  if (chosen) row.scrollLeft = chosen.offsetLeft - row.offsetLeft - ROOM_BEFORE;
}

function chip({ id, title, icon: iconName }, count) {
  const isChosen = !hasFilters() && params().get("day") === id;
  const attributes = {
    class: `chip chip--${id ?? "all"}`,
    "aria-current": isChosen && "true",
    "data-key": `day-${id}`,
    "data-none": count === 0,
  };
  return pageLink(
    { ...NO_FILTERS, day: id },
    attributes,
    iconName && icon(iconName),
    title,
    count !== undefined && el("span", { class: "chip__count" }, number(count)),
  );
}

export function myDay(user, { frame, onCounts }) {
  const node = el("section", { class: "section section--day", "aria-label": "Мои" });
  const sections = Object.fromEntries(PARTS.map((part) => [part.id, daySection(part, frame)]));
  let known = null;
  let fresh = new Set();

  const load = async (signal) => (known = await loadDay(user, signal));
  const render = () => {
    onCounts(Object.fromEntries(PARTS.map(({ id }) => [id, known[id].length])));
    const shown = PARTS.filter(({ id }) => known[id].length && isPartShown(id));
    for (const { id } of shown) sections[id].draw(known[id], fresh);
    fresh = new Set();
    return shown.length ? shown.map(({ id }) => sections[id].node) : nothing();
  };
  const screen = createScreen(node, { load, render, skeleton: () => skeletonRows(4) });

  listen("url-changed", () => known && screen.show(render()));
  onChanges(({ changes, everything }) => {
    const relevant = changes.filter(({ type }) => type !== "comment");
    for (const { requestid, isForeign } of relevant) if (isForeign) fresh.add(requestid);
    if (everything || relevant.length) screen.update();
  });
  return { node, reload: screen.reload };
}

const isPartShown = (id) => [null, id].includes(params().get("day"));

function daySection({ id, title, icon: iconName }, frame) {
  const { node, container, row } = frame();
  const count = el("span", { class: "day__count" });
  const rows = keyedRows({ container, row, idOf: ({ requestid }) => requestid });
  const draw = (items, fresh) => {
    count.textContent = number(items.length);
    rows(items, fresh);
  };
  const heading = el("h2", { class: "day__title" }, icon(iconName), title, " ", count);
  return { node: el("section", { class: `section day day--${id}`, "aria-label": title }, heading, node), draw };
}

function nothing() {
  const part = PARTS.find(({ id }) => id === params().get("day"));
  if (!part)
    return emptyState({
      iconName: "work",
      title: "Сейчас у вас нет работы",
      text: "Возьмите новую заявку или дождитесь, пока её назначит менеджер.",
    });
  return emptyState({
    iconName: "done",
    title: `${part.title}: пусто`,
    action: pageLink({ day: null }, { class: "button" }, "Весь день"),
  });
}

async function loadDay(user, signal) {
  const [repairs, timezone] = await Promise.all([everyOpen(user, signal), zone()]);
  const today = dayIn(timezone);
  const isToday = (duedate) => duedate !== null && dayIn(timezone, new Date(duedate)) === today;
  const parts = Object.groupBy(repairs, (repair) => PARTS.find(({ has }) => has(repair, isToday)).id);
  return Object.fromEntries(PARTS.map(({ id }) => [id, parts[id] ?? []]));
}

/** Load all pages: one master has few open requests. */
async function everyOpen({ user_id }, signal, cursor) {
  const query = { requeststatus: openStatuses(), masterid: user_id, sort: "duedate" };
  const { items, next_cursor } = await listRequests(query, { cursor, limit: LONGEST_PAGE, signal });
  return next_cursor ? [...items, ...(await everyOpen({ user_id }, signal, next_cursor))] : items;
}
