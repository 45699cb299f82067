/**
 * Russian names of settings and texts of their values.
 *
 *   settingName("techtypes")                    → «Виды техники»
 *   differences("working_calendar", from, to)   → [{ label, from, to }] of texts
 *   partName(["organisation", "phone"])         → «Телефон»
 */
import { plural } from "../core/format.js";

const NAMES = {
  organisation: "Организация",
  techtypes: "Виды техники",
  due_soon_hours: "Отметка „скоро срок“",
  deadline_hours: "Сроки по видам техники",
  default_deadline_hours: "Срок новой заявки",
  working_calendar: "Рабочий календарь",
  timezone: "Часовой пояс",
  comment_templates: "Фразы мастера",
  auto_assign: "Автоматическое назначение",
  feedback_url: "Форма отзывов",
  password_max_age_days: "Срок действия пароля",
  password_composition: "Состав пароля",
};

const PARTS = {
  organisation: {
    name: "Название",
    phone: "Телефон",
    email: "Электронная почта",
    address: "Адрес",
    hours: "Часы работы",
  },
  working_calendar: { days: "Рабочие дни", from: "Начало дня", to: "Конец дня", holidays: "Нерабочие дни" },
};

export const WEEKDAYS = ["пн", "вт", "ср", "чт", "пт", "сб", "вс"];

const NOTHING = "не указано";
const workingHours = (value) =>
  value === null ? "без срока" : `${plural(value, "рабочий час", "рабочих часа", "рабочих часов")}`;
const onServer = (value) => value ?? "как на сервере";
const SHOWN = {
  due_soon_hours: (value) => `за ${plural(value, "час", "часа", "часов")} до срока`,
  deadline_hours: (value) => (value === undefined ? "как у всех" : workingHours(value)),
  default_deadline_hours: workingHours,
  timezone: onServer,
  auto_assign: (value) => (value ? "включено" : "выключено"),
  feedback_url: onServer,
  password_max_age_days: (value) =>
    value === null ? onServer(value) : value === 0 ? "без ограничения" : plural(value, "день", "дня", "дней"),
  password_composition: (value) => (value ? "заглавная и строчная буквы, цифра и знак" : "любой, не короче 8 символов"),
};

export const settingName = (name) => NAMES[name] ?? name;

/** Name of a part of a setting. A kind of appliance keeps its own name. */
export const partName = ([name, part]) => (part === undefined ? settingName(name) : (PARTS[name]?.[part] ?? part));

export function differences(name, from, to) {
  if (Array.isArray(from) && Array.isArray(to)) return ofLists(from, to, "");
  if (!isObject(from) || !isObject(to)) return [{ label: null, from: valueText(name, from), to: valueText(name, to) }];
  const parts = [...new Set([...Object.keys(from), ...Object.keys(to)])].filter(
    (part) => JSON.stringify(from[part]) !== JSON.stringify(to[part]),
  );
  return parts.flatMap((part) =>
    part === "holidays"
      ? ofLists(from[part], to[part], "Нерабочие дни", dayInWords)
      : [
          {
            label: partName([name, part]),
            from: valueText(name, from[part], part),
            to: valueText(name, to[part], part),
          },
        ],
  );
}

export function valueText(name, value, part) {
  if (part === "days") return value.map((day) => WEEKDAYS[day - 1]).join(", ");
  if (Array.isArray(value)) return value.map(part === "holidays" ? dayInWords : String).join(", ") || "пусто";
  return SHOWN[name]?.(value) ?? value ?? NOTHING;
}

const dayInWords = (day) => day.split("-").reverse().join(".");

/** Added and removed elements of a list, or a note that the order changed. */
function ofLists(from, to, of, textOf = String) {
  const label = (verb) => (of ? `${of}, ${verb}` : verb[0].toUpperCase() + verb.slice(1));
  const [removed, added] = [from.filter((one) => !to.includes(one)), to.filter((one) => !from.includes(one))];
  const rows = [
    added.length && { label: label("добавлено"), to: added.map(textOf).join(", ") },
    removed.length && { label: label("убрано"), from: removed.map(textOf).join(", ") },
  ].filter(Boolean);
  return rows.length ? rows : [{ label: null, to: label("изменён порядок") }];
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
