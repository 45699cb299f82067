/**
 * Values as Russian readers write them. Times come in UTC and are shown in the
 * zone of the device; `toUtc` and `toLocalInput` translate for
 * `<input type="datetime-local">`.
 *
 *   moment("2026-11-22T10:00:00Z")        → «сегодня, 13:00»
 *   plural(3, "заявка", "заявки", "заявок") → «3 заявки»
 */
import { LOCALE } from "./config.js";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

const clock = new Intl.DateTimeFormat(LOCALE, { hour: "2-digit", minute: "2-digit" });
const shortDay = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "short" });
const longDay = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "short", year: "numeric" });
const everything = new Intl.DateTimeFormat(LOCALE, { dateStyle: "long", timeStyle: "short" });
const rules = new Intl.PluralRules(LOCALE);
const numbers = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 1 });

export const number = (value) => numbers.format(value);
export const requestNumber = (requestid) => `№ ${requestid}`;

export function plural(count, one, few, many) {
  const word = { one, few }[rules.select(count)] ?? many;
  return `${number(count)} ${word}`;
}

/** Day and time, with near days named: «сегодня, 14:20», «12 марта, 09:00», «12 мар. 2025 г., 09:00». */
export function moment(iso) {
  const date = new Date(iso);
  return `${day(date)}, ${clock.format(date)}`;
}

export const fullMoment = (iso) => everything.format(new Date(iso));
export const dayOf = (iso) => day(new Date(iso));

/** How far a deadline is: «через 2 дня», «просрочено на 5 часов». */
export function distance(iso) {
  const left = new Date(iso) - Date.now();
  const size = duration(Math.abs(left));
  return left < 0 ? `просрочено на ${size}` : `через ${size}`;
}

/** A length of time in its largest whole unit. */
export function duration(ms) {
  if (ms >= DAY_MS) return plural(Math.floor(ms / DAY_MS), "день", "дня", "дней");
  if (ms >= HOUR_MS) return plural(Math.floor(ms / HOUR_MS), "час", "часа", "часов");
  return plural(Math.max(1, Math.floor(ms / 60_000)), "минуту", "минуты", "минут");
}

/** «Иванов Иван Петрович» → «Иванов И. П.», never broken over two lines. */
export function shortName(fullname) {
  const [family, ...given] = fullname.trim().split(/\s+/);
  return [family, ...given.map((name) => `${name[0]}.`)].join("\u00a0");
}

export const initials = (fullname) => fullname.trim().split(/\s+/).slice(0, 2).map((name) => name[0]).join("").toUpperCase();

export const phoneLink = (phone) => `tel:${phone.replace(/[^+\d]/g, "")}`;

/** A local `YYYY-MM-DDTHH:MM` as RFC 3339 in UTC, or null. */
export function toUtc(local) {
  return local ? new Date(local).toISOString().replace(/\.\d+/, "") : null;
}

export function toLocalInput(iso) {
  if (!iso) return "";
  const date = new Date(iso);
  const two = (value) => String(value).padStart(2, "0");
  const dayText = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${dayText}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

function day(date) {
  const away = Math.round((midnight(date) - midnight(new Date())) / DAY_MS);
  const named = { "-1": "вчера", 0: "сегодня", 1: "завтра" }[away];
  if (named) return named;
  return (date.getFullYear() === new Date().getFullYear() ? shortDay : longDay).format(date);
}

function midnight(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate());
}
