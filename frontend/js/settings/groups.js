/**
 * Groups of settings: titles, texts, form fields, and how their values are read
 * from the form. Drawn and saved by settings/panel.js.
 */
import { el, icon } from "../core/dom.js";
import { daysEditor, daysOf } from "../ui/days_editor.js";
import { checkbox, field, pair } from "../ui/form.js";
import { listEditor, listOf } from "../ui/list_editor.js";
import { WEEKDAYS } from "../journal/setting_words.js";

const MIDNIGHT = "24:00";

/** Time zones of Russia, west to east. */
const ZONES = [
  ["Europe/Kaliningrad", "Калининград, МСК−1"],
  ["Europe/Moscow", "Москва, МСК"],
  ["Europe/Samara", "Самара, МСК+1"],
  ["Asia/Yekaterinburg", "Екатеринбург, МСК+2"],
  ["Asia/Omsk", "Омск, МСК+3"],
  ["Asia/Novosibirsk", "Новосибирск, МСК+4"],
  ["Asia/Krasnoyarsk", "Красноярск, МСК+4"],
  ["Asia/Irkutsk", "Иркутск, МСК+5"],
  ["Asia/Yakutsk", "Якутск, МСК+6"],
  ["Asia/Vladivostok", "Владивосток, МСК+7"],
  ["Asia/Magadan", "Магадан, МСК+8"],
  ["Asia/Kamchatka", "Камчатка, МСК+9"],
];

const text = (node, name) => node.elements[name].value.trim() || null;

/** A whole number, or the text as it is: the server then answers with an error at the field. */
const number = (node, name) => (/^\d{1,9}$/.test(text(node, name)) ? Number(text(node, name)) : text(node, name));

const numberField = (attributes) => field({ inputmode: "numeric", autocomplete: "off", maxlength: 5, ...attributes });

const organisation = {
  id: "organisation",
  title: "Организация",
  iconName: "place",
  about: "Название и контакты видят клиенты: на странице входа, в своей заявке и на печатной квитанции.",
  names: ["organisation"],
  draw: ({ organisation: { name, phone, email, address, hours } }) => [
    field({
      name: "organisation.name",
      label: "Название",
      value: name,
      required: true,
      maxlength: 200,
      autocomplete: "off",
    }),
    pair(
      field({
        name: "organisation.phone",
        label: "Телефон",
        type: "tel",
        value: phone,
        maxlength: 32,
        autocomplete: "off",
      }),
      field({
        name: "organisation.email",
        label: "Электронная почта",
        type: "email",
        value: email,
        maxlength: 254,
        autocomplete: "off",
      }),
    ),
    pair(
      field({ name: "organisation.address", label: "Адрес", value: address, maxlength: 300, autocomplete: "off" }),
      field({
        name: "organisation.hours",
        label: "Часы работы",
        value: hours,
        maxlength: 200,
        autocomplete: "off",
        hint: "Как написали бы на двери: Пн–Пт 9:00–18:00",
      }),
    ),
  ],
  read: (node) => ({
    organisation: Object.fromEntries(
      ["name", "phone", "email", "address", "hours"].map((part) => [part, text(node, `organisation.${part}`)]),
    ),
  }),
};

const techtypes = {
  id: "techtypes",
  title: "Виды техники",
  iconName: "parts",
  about:
    "Подсказки при подаче заявки и фильтр списка, в этом порядке. Уже поданные заявки сохраняют свой текст, что бы здесь ни изменилось.",
  names: ["techtypes", "deadline_hours"],
  resets: ["techtypes"],
  draw: ({ techtypes: names }) =>
    listEditor({ name: "techtypes", label: "Вид техники", add: "Добавить вид", values: names, maxlength: 100 }),
  read: (node, base) => {
    const rows = listOf(node, "techtypes");
    return { techtypes: rows.map(({ value }) => value).filter(Boolean), deadline_hours: renamedDeadlines(base, rows) };
  },
};

/** Deadlines by type after types were renamed or removed. */
function renamedDeadlines({ techtypes: names, deadline_hours: hours }, rows) {
  const renamed = new Map(rows.filter(({ value }) => value).map(({ original, value }) => [original, value]));
  const remaining = Object.entries(hours).filter(([name]) => !names.includes(name) || renamed.has(name));
  return Object.fromEntries(remaining.map(([name, value]) => [renamed.get(name) ?? name, value]));
}

const deadlines = {
  id: "deadlines",
  title: "Сроки ремонта",
  iconName: "clock",
  about:
    "К какому сроку обещать ремонт: в рабочих часах от подачи заявки. Менеджер может назначить заявке другой срок.",
  names: ["default_deadline_hours", "deadline_hours", "due_soon_hours"],
  draw: ({ default_deadline_hours: usual, deadline_hours: hours, due_soon_hours: soon, techtypes: names }) => [
    pair(
      numberField({
        name: "default_deadline_hours",
        label: "Обычный срок, рабочих часов",
        value: usual,
        hint: "Пусто — новые заявки без срока",
      }),
      numberField({
        name: "due_soon_hours",
        label: "Предупреждать за, часов",
        value: soon,
        required: true,
        hint: "За сколько до срока отмечать «скоро срок»",
      }),
    ),
    el("p", { class: "notice", role: "status", "data-preview": "default" }),
    el(
      "fieldset",
      { class: "form__group" },
      el("legend", {}, "Особые сроки"),
      el("p", { class: "muted" }, "Пусто — обычный срок."),
      el(
        "ul",
        { class: "hours" },
        [...new Set([...names, ...Object.keys(hours)])].map((name) => hoursOf(name, hours[name])),
      ),
    ),
  ],
  read: (node) => ({
    default_deadline_hours: number(node, "default_deadline_hours"),
    due_soon_hours: number(node, "due_soon_hours"),
    deadline_hours: specialHours(node),
  }),
};

const SPECIAL = "deadline_hours.";

const hoursOf = (name, value) =>
  el(
    "li",
    {},
    numberField({ name: SPECIAL + name, label: name, value, plain: true }),
    el("p", { class: "muted", "data-preview": name }),
  );

function specialHours(node) {
  const names = [...node.elements]
    .map(({ name }) => name)
    .filter((name) => name.startsWith(SPECIAL) && text(node, name));
  return Object.fromEntries(names.map((name) => [name.slice(SPECIAL.length), number(node, name)]));
}

const calendar = {
  id: "calendar",
  title: "Рабочий календарь",
  iconName: "calendar",
  about: "Сроки считаются только по рабочему времени. Изменение действует на новые заявки; назначенные сроки остаются.",
  names: ["working_calendar", "timezone"],
  draw: ({ working_calendar: { days, from, to, holidays }, timezone }, { environment }) => [
    weekdays(days),
    pair(
      field({ name: "working_calendar.from", label: "Начало дня", type: "time", value: from, required: true }),
      field({
        name: "working_calendar.to",
        label: "Конец дня",
        type: "time",
        value: to === MIDNIGHT ? "00:00" : to,
        required: true,
        hint: "00:00 — работаем до полуночи",
      }),
      field({
        name: "timezone",
        label: "Часовой пояс",
        plain: true,
        value: timezone ?? "",
        options: zones(timezone, environment),
        hint: "По нему считаются рабочие часы и дни статистики",
      }),
    ),
    daysEditor({ name: "working_calendar.holidays", label: "Нерабочие дни", values: holidays }),
    el("p", { class: "notice", "data-preview": "default" }),
  ],
  read: (node) => ({
    working_calendar: {
      days: checkedDays(node),
      from: text(node, "working_calendar.from"),
      to: endOfDay(node),
      holidays: daysOf(node, "working_calendar.holidays"),
    },
    timezone: text(node, "timezone"),
  }),
};

const endOfDay = (node) =>
  text(node, "working_calendar.to") === "00:00" ? MIDNIGHT : text(node, "working_calendar.to");
const checkedDays = (node) => [...node.querySelectorAll("[name=day]:checked")].map(({ value }) => Number(value));

/** Checkboxes of the seven weekdays; working days are checked. */
export function weekdays(chosen) {
  const day = (name, index) =>
    el(
      "label",
      { class: "days__day" },
      el("input", { type: "checkbox", name: "day", value: index + 1, checked: chosen.includes(index + 1) }),
      name,
    );
  return el(
    "fieldset",
    { class: "field", "data-field": "working_calendar.days" },
    el("legend", { class: "field__label" }, "Рабочие дни"),
    el("div", { class: "days" }, WEEKDAYS.map(day)),
    el("p", { class: "field__error", hidden: true }),
  );
}

function zones(chosen, { timezone }) {
  const known = ZONES.some(([name]) => name === chosen) || !chosen ? ZONES : [[chosen, chosen], ...ZONES];
  return [["", `Как на сервере: ${timezone}`], ...known];
}

const dispatch = {
  id: "dispatch",
  title: "Распределение заявок",
  iconName: "work",
  about:
    "Кто возьмёт новую заявку: её назначает менеджер, берёт сам мастер или программа сразу советует её лучшему мастеру.",
  names: ["auto_assign"],
  draw: ({ auto_assign: checked }) => [
    checkbox({ name: "auto_assign", label: "Назначать мастера автоматически", checked }),
    el(
      "p",
      { class: "muted" },
      "Новую заявку сразу получит первый из рекомендованных: по занятости, опыту с этой техникой, скорости и оценкам. Принимает её мастер сам, сменить его можно в любой момент.",
    ),
  ],
  read: (node) => ({ auto_assign: node.elements.auto_assign.checked }),
};

const phrases = {
  id: "phrases",
  title: "Фразы мастера",
  iconName: "comment",
  about: "Мастер вставляет их в комментарий одним нажатием. После фразы с двоеточием он дописывает своё.",
  names: ["comment_templates"],
  draw: ({ comment_templates: values }) =>
    listEditor({ name: "comment_templates", label: "Фраза", add: "Добавить фразу", values, maxlength: 200 }),
  read: (node) => ({
    comment_templates: listOf(node, "comment_templates")
      .map(({ value }) => value)
      .filter(Boolean),
  }),
};

const feedback = {
  id: "feedback",
  title: "Форма отзывов",
  iconName: "star",
  about: "После ремонта клиент увидит ссылку и QR-код этой формы. Код можно распечатать и поставить у кассы.",
  names: ["feedback_url"],
  draw: ({ feedback_url: url }, store) => [
    field({
      name: "feedback_url",
      label: "Адрес формы",
      type: "url",
      value: url,
      maxlength: 2000,
      autocomplete: "off",
      inputmode: "url",
      placeholder: "https://",
      hint: store.environment.feedback_url
        ? `Пусто — адрес из настроек сервера: ${store.environment.feedback_url}`
        : "Пусто — без формы отзывов",
    }),
    code(store),
  ],
  read: (node) => ({ feedback_url: text(node, "feedback_url") }),
};

/** QR code of the saved URL. The URL is part of `src`, so that a change loads a new image. */
function code({ settings, environment }) {
  const url = settings.feedback_url ?? environment.feedback_url;
  if (!url) return el("p", { class: "muted" }, "QR-код появится, когда адрес будет сохранён.");
  const src = `/api/feedback/qr.svg?${encodeURIComponent(url)}`;
  const picture = el("img", { class: "code__picture", src, alt: `QR-код: ${url}`, width: 148, height: 148 });
  const links = el(
    "div",
    { class: "form__actions" },
    el(
      "a",
      { class: "button", href: "/api/feedback/qr.svg", download: "otzyv-qr.svg" },
      icon("download"),
      "Скачать код",
    ),
    el("a", { href: url, target: "_blank", rel: "noreferrer" }, "Открыть форму"),
  );
  return el(
    "div",
    { class: "code" },
    picture,
    el("div", { class: "section" }, el("p", { class: "muted" }, "QR-код сохранённого адреса."), links),
  );
}

const passwords = {
  id: "passwords",
  title: "Пароли",
  iconName: "key",
  about:
    "Из чего состоит пароль и как часто его менять. Короче 8 символов, распространённым, почтой или именем он не бывает никогда.",
  names: ["password_composition", "password_max_age_days"],
  draw: ({ password_composition: checked, password_max_age_days: days }, { environment }) => [
    checkbox({ name: "password_composition", label: "Заглавная и строчная буквы, цифра и знак обязательны", checked }),
    numberField({
      name: "password_max_age_days",
      label: "Срок действия пароля, дней",
      value: days,
      hint: `0 — без ограничения, пусто — как на сервере: ${environment.password_max_age_days || "без ограничения"}`,
    }),
    el(
      "p",
      { class: "notice notice--warn" },
      "Новый срок действует сразу: у кого пароль старше, тех программа попросит сменить его при следующем действии. Вас тоже.",
    ),
  ],
  read: (node) => ({
    password_composition: node.elements.password_composition.checked,
    password_max_age_days: number(node, "password_max_age_days"),
  }),
};

export const GROUPS = [organisation, techtypes, deadlines, calendar, dispatch, phrases, feedback, passwords];
