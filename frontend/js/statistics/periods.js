/**
 * Calendar days (`YYYY-MM-DD`) and periods of them, in the organisation's time
 * zone.
 *
 *   today("Europe/Moscow")                     → "2026-11-22"
 *   periodOf(params(), "2026-11-22")           → {from, to, preset}
 *   buckets(timeline)                          → [{from, to, created, completed}, …]
 */
import { dayIn } from "../core/format.js";

const DAY_MS = 86_400_000;
const DAILY_UP_TO = 31;
const WEEKLY_UP_TO = 190;

export const DEFAULT_PRESET = "30";

/** Preset periods: label, and first and last day relative to today. */
export const PRESETS = Object.freeze([
  { id: "7", label: "7 дней", days: (now) => [addDays(now, -6), now] },
  { id: "30", label: "30 дней", days: (now) => [addDays(now, -29), now] },
  { id: "90", label: "90 дней", days: (now) => [addDays(now, -89), now] },
  { id: "month", label: "Этот месяц", days: (now) => [monthStart(now), now] },
  { id: "last-month", label: "Прошлый месяц", days: (now) => [monthStart(now, -1), addDays(monthStart(now), -1)] },
  { id: "year", label: "Год", days: (now) => [addDays(now, -364), now] },
]);

export const today = (timeZone) => dayIn(timeZone);

/** Period of a query: its dates, else its preset, else the default. */
export function periodOf(query, now) {
  const [from, to] = [query.get("from"), query.get("to")];
  if (isDay(from) && isDay(to) && from <= to) return { from, to, preset: null };
  const preset =
    PRESETS.find(({ id }) => id === query.get("period")) ?? PRESETS.find(({ id }) => id === DEFAULT_PRESET);
  const [first, last] = preset.days(now);
  return { from: first, to: last, preset: preset.id };
}

export const lengthOf = ({ from, to }) => Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;

/** Bucket size for a period of this many days: "day", "week" or "month". */
export function bucketUnit(days) {
  if (days <= DAILY_UP_TO) return "day";
  return days <= WEEKLY_UP_TO ? "week" : "month";
}

/** The days of a timeline summed by day, week (from Monday) or calendar month. */
export function buckets(timeline) {
  const unit = bucketUnit(timeline.length);
  const groups = new Map();
  for (const day of timeline) {
    const start = START[unit](day.date);
    const group = groups.get(start) ?? { from: day.date, created: 0, completed: 0 };
    groups.set(start, {
      ...group,
      to: day.date,
      created: group.created + day.created,
      completed: group.completed + day.completed,
    });
  }
  return [...groups.values()];
}

const START = {
  day: (date) => date,
  week: (date) => addDays(date, -((new Date(date).getUTCDay() + 6) % 7)),
  month: (date) => monthStart(date),
};

function addDays(day, count) {
  return new Date(Date.parse(day) + count * DAY_MS).toISOString().slice(0, 10);
}

function monthStart(day, later = 0) {
  const [year, month] = day.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1 + later, 1)).toISOString().slice(0, 10);
}

const isDay = (text) => /^\d{4}-\d\d-\d\d$/.test(text ?? "") && !Number.isNaN(Date.parse(text));
