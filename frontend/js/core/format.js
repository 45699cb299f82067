/**
 * Russian formats of dates, numbers and names. Times come in UTC and are shown
 * in the zone of the device; `toUtc` and `toLocalInput` convert for
 * `<input type="datetime-local">`.
 *
 *   moment("2026-11-22T10:00:00Z")        → «сегодня, 13:00»
 *   plural(3, "заявка", "заявки", "заявок") → «3 заявки»
 *   hoursInWords(76.4)                    → «3 дня 4 часа»
 *
 * Calendar days (`YYYY-MM-DD`) are the organisation's and have no zone.
 */
import { LOCALE } from "../config.js";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/**
 * The first `Intl` formatter of a page takes 20 to 60 ms, on a phone four times
 * that. So formatters are created on first use, and frequent formats are written
 * by hand with the same result (tests/e2e/test_format.py).
 */
const lazy = (make) => {
  let made;
  return () => (made ??= make());
};
const formatter = (Kind, options) => lazy(() => new Kind(LOCALE, options));

const share = formatter(Intl.NumberFormat, { style: "percent", maximumFractionDigits: 0 });
const numbers = formatter(Intl.NumberFormat, { maximumFractionDigits: 1 });
const rules = formatter(Intl.PluralRules);

const daysIn = new Map();

const MONTHS = ["янв.", "февр.", "мар.", "апр.", "мая", "июн.", "июл.", "авг.", "сент.", "окт.", "нояб.", "дек."];
const MONTHS_IN_FULL = [
  "января",
  "февраля",
  "марта",
  "апреля",
  "мая",
  "июня",
  "июля",
  "августа",
  "сентября",
  "октября",
  "ноября",
  "декабря",
];
const WEEKDAYS = ["воскресенье", "понедельник", "вторник", "среда", "четверг", "пятница", "суббота"];

const two = (value) => String(value).padStart(2, "0");
const clock = (date) => `${two(date.getHours())}:${two(date.getMinutes())}`;
const shortDay = (date) => `${date.getDate()} ${MONTHS[date.getMonth()]}`;

/** Up to one decimal, digits in groups of three: «1 234,5». */
export const number = (value) =>
  Number.isInteger(value) ? String(value).replace(/\B(?=(\d{3})+$)/g, "\u00a0") : numbers().format(value);
export const requestNumber = (requestid) => `№ ${requestid}`;

export function plural(count, one, few, many) {
  const word = { one, few }[rules().select(count)] ?? many;
  return `${number(count)} ${word}`;
}

/** Day and time, near days by name: «сегодня, 14:20», «12 марта, 09:00», «12 мар. 2025 г., 09:00». */
export function moment(iso) {
  const date = new Date(iso);
  return `${day(date)}, ${clock(date)}`;
}

/** «14:20:05» */
export const clockTime = (date) => `${clock(date)}:${two(date.getSeconds())}`;

/** Calendar day of a moment in a time zone (default: the device's), `YYYY-MM-DD`. */
export function dayIn(timeZone, date = new Date()) {
  if (!timeZone) return localDay(date);
  if (!daysIn.has(timeZone)) daysIn.set(timeZone, new Intl.DateTimeFormat("en-CA", { timeZone }));
  return daysIn.get(timeZone).format(date);
}

/** «1 января 2027 г. в 14:20» */
export function fullMoment(iso) {
  const date = new Date(iso);
  return `${date.getDate()} ${MONTHS_IN_FULL[date.getMonth()]} ${date.getFullYear()} г. в ${clock(date)}`;
}

export const dayOf = (iso) => day(new Date(iso));

/** Distance of a deadline: «через 2 дня», «просрочено на 5 часов». */
export function distance(iso) {
  const left = new Date(iso) - Date.now();
  const size = duration(Math.abs(left));
  return left < 0 ? `просрочено на ${size}` : `через ${size}`;
}

/** Duration in its largest whole unit. */
function duration(ms) {
  if (ms >= DAY_MS) return plural(Math.floor(ms / DAY_MS), "день", "дня", "дней");
  if (ms >= HOUR_MS) return plural(Math.floor(ms / HOUR_MS), "час", "часа", "часов");
  return plural(Math.max(1, Math.floor(ms / 60_000)), "минуту", "минуты", "минут");
}

/** Hours in up to two units, rounded. */
export function hoursInWords(hours) {
  const whole = hours >= 24 ? Math.round(hours) * 60 : Math.round(hours * 60);
  const days = [Math.floor(whole / 1440), "день", "дня", "дней"];
  const rest = [Math.floor((whole % 1440) / 60), "час", "часа", "часов"];
  const minutes = [whole % 60, "минута", "минуты", "минут"];
  const words = [days, rest, minutes].filter(([count]) => count > 0).map((unit) => plural(...unit));
  return words.join(" ") || "меньше минуты";
}

export const percent = (part) => share().format(part);

const calendar = (options) => {
  const written = formatter(Intl.DateTimeFormat, { ...options, timeZone: "UTC" });
  return {
    one: (date) => written().format(new Date(date)),
    range: (from, to) => written().formatRange(new Date(from), new Date(to)),
  };
};

const daysInFull = calendar({ dateStyle: "long" });
const longDays = calendar({ day: "numeric", month: "long" });
const shortDays = calendar({ day: "numeric", month: "short" });
const months = calendar({ month: "long", year: "numeric" });
const shortMonths = calendar({ month: "short" });

/** «1 января 2027 г.» */
export const fullDay = daysInFull.one;

/** «понедельник, 23 ноября» */
function dayAndWeekday(isoDay) {
  const date = new Date(isoDay);
  return `${WEEKDAYS[date.getUTCDay()]}, ${date.getUTCDate()} ${MONTHS_IN_FULL[date.getUTCMonth()]}`;
}

/** «24 октября – 22 ноября 2026 г.» */
export const dayRange = (from, to) => daysInFull.range(from, to);

/** Full name of a bucket of days; `unit` is "day", "week" or "month". */
export const bucketName = ({ from, to }, unit) =>
  ({ day: dayAndWeekday, week: () => longDays.range(from, to), month: months.one })[unit](from);

/** Short name of a bucket, for an axis. January includes the year. */
export function bucketTick({ from }, unit) {
  if (unit !== "month") return shortDays.one(from);
  return from.slice(5, 7) === "01" ? `${shortMonths.one(from)} ${from.slice(0, 4)}` : shortMonths.one(from);
}

/** «Иванов Иван Петрович» → «Иванов И. П.», with non-breaking spaces. */
export function shortName(fullname) {
  const [family, ...given] = fullname.trim().split(/\s+/);
  return [family, ...given.map((name) => `${name[0]}.`)].join("\u00a0");
}

export const initials = (fullname) =>
  fullname
    .trim()
    .split(/\s+/)
    .slice(0, 2)
    .map((name) => name[0])
    .join("")
    .toUpperCase();

export const phoneLink = (phone) => `tel:${phone.replace(/[^+\d]/g, "")}`;

export const mapAddress = (address) => `https://yandex.ru/maps/?text=${encodeURIComponent(address)}`;

/** A local `YYYY-MM-DDTHH:MM` as RFC 3339 in UTC, or null. */
export function toUtc(local) {
  return local ? new Date(local).toISOString().replace(/\.\d+/, "") : null;
}

export function toLocalInput(iso) {
  if (!iso) return "";
  const date = new Date(iso);
  return `${localDay(date)}T${clock(date)}`;
}

const localDay = (date) => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;

function day(date) {
  const away = Math.round((midnight(date) - midnight(new Date())) / DAY_MS);
  const named = { "-1": "вчера", 0: "сегодня", 1: "завтра" }[away];
  if (named) return named;
  return date.getFullYear() === new Date().getFullYear()
    ? shortDay(date)
    : `${shortDay(date)} ${date.getFullYear()} г.`;
}

function midnight(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate());
}
