/**
 * Style guide: every component in every state, built by the modules of the pages,
 * and the design tokens with measured contrast. It needs no session and follows
 * the colour scheme of the device.
 */
import { actionButton } from "../ui/action_button.js";
import {
  badge,
  dueBadge,
  inactiveBadge,
  person,
  priorityBadge,
  roleBadge,
  stars,
  statusBadge,
  when,
} from "../ui/badge.js";
import { bar } from "../ui/bars.js";
import { columnChart, ring } from "../ui/charts.js";
import { daysEditor } from "../ui/days_editor.js";
import { journalEntry } from "../journal/entry.js";
import { listEditor } from "../ui/list_editor.js";
import { weekdays } from "../settings/groups.js";
import { Priority, Role, Status } from "../config.js";
import { pastRequests } from "../requests/same_device.js";
import { confirmAction, openDialog } from "../ui/dialog.js";
import { el, emit, icon, replace } from "../core/dom.js";
import { checkbox, field, form, showError } from "../ui/form.js";
import { kanbanCard } from "../kanban/lane.js";
import { liveLight } from "../live/light.js";
import { oneTimePassword } from "../people/one_time_password.js";
import { passwordField } from "../ui/password_field.js";
import { ratingCard, ratingForm } from "../requests/rating.js";
import { repairProgress } from "../requests/progress_for_client.js";
import { ticketCards } from "../requests/card.js";
import { requestTable } from "../requests/table.js";
import { newSelection } from "../boards/selection.js";
import { emptyState, errorState, skeletonRows } from "../ui/screen.js";
import { pendingMove } from "../requests/undoable_buttons.js";
import { tabs } from "../ui/tabs.js";
import { timeline } from "../requests/timeline.js";
import { toast, toastError } from "../ui/toast.js";
import { yieldToBrowser } from "../core/chunks.js";

const MEANINGS = ["text", "muted", "brand", "accent", "new", "progress", "waiting", "positive", "neutral", "danger"];
const GROUNDS = ["page", "surface", "sunken", "line", "edge"];
const ON_OTHERS = [
  ["on-brand", "brand"],
  ["on-danger", "danger"],
  ["on-deep", "brand-deep"],
  ["spark", "brand-deep"],
];
const SPACES = [1, 2, 3, 4, 5, 6, 7].map((size) => `--space-${size}`);
const SIZES = ["--size-small", "--size-text", "--size-large", "--size-title", "--size-hero"];
const CORNERS = ["--radius-small", "--radius", "--radius-large"];
const MOTIONS = ["--motion", "--motion-long"];

const HOUR_MS = 3_600_000;
const ago = (hours) => new Date(Date.now() - hours * HOUR_MS).toISOString();
const nothing = () => {};

const ANNA = { user_id: 1, fullname: "Орлова Анна Сергеевна", user_type: Role.CLIENT };
const IVAN = { user_id: 2, fullname: "Рябов Иван Петрович", user_type: Role.MASTER };
const READER = { user_id: 3, fullname: "Белова Ольга", user_type: Role.MANAGER };

const repair = (requestid, requeststatus, more = {}) => ({
  requestid,
  requeststatus,
  techtype: "Стиральная машина",
  techmodel: "Bosch WAN 2420",
  problemdescription: "Не сливает воду, гудит и останавливается на полоскании.",
  priority: Priority.NORMAL,
  startdate: ago(30 + requestid),
  duedate: null,
  client: ANNA,
  master: requeststatus === Status.NEW ? null : IVAN,
  rating: null,
  ...more,
});

const REPAIRS = [
  repair(1, Status.NEW, { priority: Priority.URGENT, duedate: ago(-5), is_due_soon: true }),
  repair(2, Status.IN_PROGRESS, { duedate: ago(26), is_overdue: true, address: "ул. Садовая, 5" }),
  repair(3, Status.WAITING, { priority: Priority.LOW, duedate: ago(-96) }),
  repair(4, Status.DONE, { rating: { score: 5 } }),
  repair(5, Status.CANCELLED),
];

const HISTORY = [
  { at: ago(52), kind: "created", actor: ANNA },
  { at: ago(50), kind: "assigned", actor: READER, from: null, to: IVAN },
  { at: ago(48), kind: "accepted", actor: IVAN },
  {
    at: ago(30),
    kind: "status",
    actor: IVAN,
    from: Status.IN_PROGRESS,
    to: Status.WAITING,
    comment: "Заказал помпу, будет в пятницу",
  },
  { at: ago(20), kind: "deadline", actor: READER, from: ago(10), to: ago(-40) },
  { at: ago(9), kind: "edited", actor: READER, from: { techmodel: "Bosch" }, to: { techmodel: "Bosch WAN 2420" } },
  { at: ago(4), kind: "status", actor: IVAN, from: Status.IN_PROGRESS, to: Status.DONE },
  { at: ago(2), kind: "rating", actor: ANNA, to: 5 },
];

const ENTRIES = [
  {
    kind: "account_changed",
    at: ago(1),
    actor: READER,
    user: IVAN,
    from: { user_type: Role.MASTER },
    to: { user_type: Role.MANAGER },
  },
  { kind: "setting_changed", at: ago(3), actor: READER, setting: "default_deadline_hours", from: 40, to: null },
  { kind: "password_reset", at: ago(5), actor: null, user: IVAN },
  {
    kind: "account_changed",
    at: ago(8),
    actor: READER,
    user: IVAN,
    from: { is_active: true },
    to: { is_active: false },
  },
];

const COMMENTS = [
  { comment_date: ago(29), author: IVAN, message: "Помпа заклинила, под крышкой была монета." },
  { comment_date: ago(28), author: READER, message: "Позвонить клиенту до шести.", is_internal: true },
];

/** Parts of the page: title and function that builds the contents. */
const PARTS = [
  ["Знак и имя", identity],
  ["Цвет", colours],
  ["Размеры и движение", measures],
  ["Кнопки", buttons],
  ["Поля и формы", fields],
  ["Значки и люди", badges],
  ["Карточки и шаги", cards],
  ["Таблицы", tables],
  ["Диаграммы", charts],
  ["Ход ремонта", story],
  ["День мастера", day],
  ["Оценка", ratings],
  ["Окна и сообщения", messages],
  ["Состояния экрана", states],
  ["Списки, дни, журнал", written],
];

async function start() {
  const head = el(
    "div",
    {},
    el("h1", {}, "Язык форм"),
    el(
      "p",
      { class: "muted" },
      "Всё, из чего собраны страницы, во всех состояниях. Части живые: их рисуют те же модули.",
    ),
  );
  const contents = el(
    "nav",
    { class: "guide__contents", "aria-label": "Содержание" },
    el(
      "ul",
      {},
      PARTS.map(([title], index) => el("li", {}, el("a", { class: "chip", href: `#part-${index}` }, title))),
    ),
  );
  const main = replace(document.getElementById("main"), head, contents);
  for (const [index, [title, build]] of PARTS.entries()) {
    await yieldToBrowser();
    main.append(
      el(
        "section",
        { class: "guide__part", id: `part-${index}`, "aria-labelledby": `title-${index}` },
        el("h2", { id: `title-${index}` }, title),
        build(),
      ),
    );
  }
  main.removeAttribute("aria-busy");
  emit("live-state", { state: "live", since: new Date() });
  measureColours();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", measureColours);
}

const specimen = (title, ...content) => el("div", { class: "specimen" }, el("h3", {}, title), content);
const row = (...content) => el("div", { class: "specimen__row" }, content);
const pair = (...content) => el("div", { class: "specimen__pair" }, content);

function identity() {
  const onDeep = el(
    "div",
    { class: "topbar" },
    el("span", { class: "brand" }, icon("mark"), el("span", {}, "Техник")),
    liveLight(),
  );
  const names = [
    "new",
    "work",
    "parts",
    "done",
    "cancelled",
    "urgent",
    "low",
    "alert",
    "clock",
    "calendar",
    "search",
    "filter",
    "plus",
    "close",
    "chevron",
    "refresh",
    "offline",
    "download",
    "board",
    "chart",
    "people",
    "person",
    "key",
    "lock",
    "logout",
    "devices",
    "phone",
    "place",
    "mail",
    "comment",
    "edit",
    "print",
    "copy",
    "link",
    "eye",
    "star",
    "star-full",
    "ticket",
    "send",
    "undo",
  ];
  return [
    specimen("Знак — головка винта, шлиц которой — буква «Т»; полоса страницы и огонёк связи", onDeep),
    specimen("Иконки: цвет и размер — от текста рядом", row(names.map((name) => icon(name)))),
  ];
}

function colours() {
  const swatch = (name, grounds) =>
    withVariable(
      "--swatch",
      name,
      el(
        "div",
        { class: "swatch" },
        el("div", { class: "swatch__colour" }),
        el(
          "div",
          { class: "swatch__text" },
          el("code", {}, name),
          grounds.map((ground) => el("p", { "data-colour": name, "data-ground": ground })),
        ),
      ),
    );
  const meaning = (name) => swatch(`--color-${name}`, ["--color-surface", "--color-page"]);
  return [
    specimen(
      "Смыслы: контраст с поверхностью и со страницей, измерен сейчас",
      el("div", { class: "swatches" }, MEANINGS.map(meaning)),
    ),
    specimen(
      "На цветном",
      el(
        "div",
        { class: "swatches" },
        ON_OTHERS.map(([name, ground]) => swatch(`--color-${name}`, [`--color-${ground}`])),
      ),
    ),
    specimen(
      "Поверхности и линии (краю поля нужно 3 : 1)",
      el(
        "div",
        { class: "swatches" },
        GROUNDS.map((name) => swatch(`--color-${name}`, name === "edge" ? ["--color-surface"] : [])),
      ),
    ),
  ];
}

function measures() {
  const measure = (kind, sample) => (name) =>
    withVariable(
      "--sample",
      name,
      el("div", { class: "measure" }, el("code", {}, name), el("span", { class: `measure__${kind}` }, sample)),
    );
  return [
    specimen("Отступы", SPACES.map(measure("space"))),
    specimen("Шрифт: системный, без загрузки", SIZES.map(measure("type", "Ремонт на виду, 0123456789"))),
    specimen("Скругления", CORNERS.map(measure("corner"))),
    specimen("Движение: наведите; кто просит систему о покое, не увидит его вовсе", MOTIONS.map(measure("motion"))),
  ];
}

function withVariable(variable, name, node) {
  node.style.setProperty(variable, `var(${name})`);
  return node;
}

function buttons() {
  const button = (variant, text, more = {}) =>
    el("button", { class: `button button--${variant}`, type: "button", ...more }, text);
  const variants = [
    ["primary", "Главное действие"],
    ["plain", "Обычное"],
    ["warn", "С последствиями"],
    ["danger", "Подтвердить опасное"],
    ["quiet", "Тихое"],
    ["small", "Малое"],
  ];
  const icons = [
    ["search", "Найти"],
    ["copy", "Скопировать"],
    ["close", "Закрыть"],
  ].map(([name, label]) => el("button", { class: "icon-button", type: "button", "aria-label": label }, icon(name)));
  return [
    specimen("Виды", row(variants.map(([variant, text]) => button(variant, text)))),
    specimen(
      "С иконкой; занята; включена; ссылка видом кнопки",
      row(
        actionButton({ text: "Принять заявку", icon: "work", variant: "primary" }, async () => toast("Нажато")),
        button("primary", "Отправляем", { "aria-busy": "true" }),
        button("plain", "Только мои", { "aria-pressed": "true" }),
        el("a", { class: "button", href: "#part-3" }, icon("link"), "Ссылка"),
      ),
    ),
    specimen(
      "Только иконка; ссылка в тексте; фишки",
      row(
        icons,
        el("button", { class: "link", type: "button" }, "ссылка-действие"),
        el("a", { class: "chip", href: "#part-3", "aria-current": "true" }, "Неделя"),
        el("a", { class: "chip", href: "#part-3" }, "Месяц"),
      ),
    ),
  ];
}

function fields() {
  const plain = form({
    fields: [
      field({ name: "g-name", label: "Фамилия и имя", required: true, value: ANNA.fullname, autocomplete: "off" }),
      field({
        name: "g-phone",
        label: "Телефон",
        type: "tel",
        hint: "Чтобы мастер мог позвонить",
        autocomplete: "off",
      }),
      field({
        name: "g-kind",
        label: "Вид техники",
        plain: true,
        options: [
          ["", "Все"],
          ["1", "Холодильник"],
          ["2", "Стиральная машина"],
        ],
      }),
      field({ name: "g-story", label: "Что случилось", rows: 3, required: true }),
      checkbox({ name: "g-hidden", label: "Не показывать клиенту", checked: true }),
    ],
    submit: "Сохранить",
    send: async () => toast("Сохранено (здесь — понарошку)"),
    class: "form panel",
  });
  const bad = form({
    fields: [
      field({
        name: "b-mail",
        label: "Электронная почта",
        type: "email",
        required: true,
        value: "anna@",
        autocomplete: "off",
      }),
      passwordField({ name: "b-password", label: "Новый пароль" }),
      choices(),
    ],
    submit: "Отправить",
    send: nothing,
    class: "form panel",
  });
  showError(bad, {
    fields: { "b-mail": "Это не похоже на адрес почты", other: "Такая заявка уже есть: сообщение без своего поля" },
  });
  const search = el(
    "div",
    { class: "filters" },
    el(
      "div",
      { class: "filters__search" },
      icon("search"),
      el("input", {
        class: "input",
        type: "search",
        "aria-label": "Поиск заявок",
        placeholder: "Номер, модель, неисправность",
      }),
    ),
  );
  return [
    pair(specimen("Обычная", plain), specimen("С ошибками: что набрано, остаётся", bad)),
    specimen("Поиск", search),
    specimen(
      "Пометки",
      el("div", { class: "notice" }, icon("edit"), el("p", {}, "Здесь то, что вы начали писать раньше.")),
      el(
        "div",
        { class: "notice notice--warn" },
        icon("alert"),
        el("p", {}, "Заявку только что изменили. Ваш текст на месте."),
      ),
    ),
  ];
}

function choices() {
  const option = (value, title, text, checked) =>
    el(
      "label",
      { class: "choice" },
      el("input", { type: "radio", name: "b-choice", value, checked }),
      el("span", {}, title, el("small", {}, text)),
    );
  return el(
    "fieldset",
    { class: "form__group" },
    el("legend", { class: "field__label" }, "Выбор"),
    option("1", "Ваш вариант", "Bosch WAN 2420", true),
    option("2", "Сейчас в заявке", "Bosch WAN 24", false),
  );
}

function badges() {
  const due = (more) => dueBadge(repair(9, Status.IN_PROGRESS, more));
  return [
    specimen("Статусы: слово, знак и цвет говорят одно", row(Object.values(Status).map(statusBadge))),
    specimen(
      "Срочность и срок",
      row(
        priorityBadge(Priority.URGENT),
        priorityBadge(Priority.LOW),
        due({ duedate: ago(26), is_overdue: true }),
        due({ duedate: ago(-3), is_due_soon: true }),
        due({ duedate: ago(-96) }),
      ),
    ),
    specimen(
      "Роли и прочее",
      row(
        Object.values(Role).map(roleBadge),
        inactiveBadge({ is_active: false }),
        badge("internal", "lock", "Видят только сотрудники"),
      ),
    ),
    specimen(
      "Человек, время, номер",
      row(person(IVAN.fullname), when(ago(3)), el("span", { class: "number" }, "№ 1042")),
    ),
  ];
}

function cards() {
  const { node, row: draw } = ticketCards(READER, ({ requeststatus }) => [
    requeststatus === Status.NEW &&
      el("button", { class: "button button--primary", type: "button" }, icon("work"), "Принять"),
  ]);
  node.append(...REPAIRS.map(draw));
  const stage = (name, text, more) => el("li", { class: "steps__step", ...more }, icon(name), text);
  const steps = el(
    "ol",
    { class: "steps" },
    stage("ticket", "Принята", { "data-passed": "true" }),
    stage("work", "В работе", { "data-passed": "true", "aria-current": "step" }),
    stage("done", "Готова"),
  );
  const counter = ([name, variant, value, label, current]) =>
    el(
      "li",
      {},
      el(
        "a",
        { class: `counter counter--${variant}`, href: "#part-6", "aria-current": current && "true" },
        icon(name),
        el("span", { class: "counter__value" }, value),
        el("span", { class: "counter__label" }, label),
      ),
    );
  const counters = [
    ["ticket", "all", "128", "Все заявки"],
    ["new", "new", "14", "Новые", true],
    ["work", "progress", "37", "В работе"],
    ["parts", "waiting", "9", "Ждут запчасти"],
    ["alert", "overdue", "3", "Просрочены"],
  ];
  return [
    specimen("Счётчики: ссылки, которые отбирают", el("ul", { class: "counters" }, counters.map(counter))),
    specimen("Заявка — бирка на приборе", node),
    specimen("Где мой ремонт", el("div", { class: "panel" }, steps)),
  ];
}

function board() {
  const lane = ([variant, title, state]) =>
    el(
      "section",
      { class: `lane lane--${variant}`, "aria-label": title, ...state },
      el("header", { class: "lane__head" }, el("h4", {}, title)),
      el("div", { class: "lane__body" }, el("ul", { class: "lane__cards" }, REPAIRS.slice(0, 2).map(kanbanCard))),
    );
  const lanes = [
    ["new", "Новые"],
    ["waiting", "Ждут запчасти", { "data-accepts": "yes", "data-over": "true" }],
    ["done", "Завершены", { "data-accepts": "no", "data-why": "Из статуса «Новая заявка» сюда нельзя" }],
  ];
  return el("div", { class: "kanban" }, lanes.map(lane));
}

function tables() {
  const selection = newSelection(() => REPAIRS);
  const list = requestTable({
    pick: selection.box,
    pickAll: selection.boxForAll(),
    assign: () => el("button", { class: "button button--small", type: "button" }, "Назначить"),
  });
  const page = list.page();
  page.append(...REPAIRS.map(list.row));
  list.container.append(page);
  const lines = [
    ["Холодильник", 42],
    ["Стиральная машина", 31],
    ["Утюг", 7],
  ];
  const figures = el(
    "table",
    { class: "figures" },
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        ["Вид техники", "Заявок"].map((text) => el("th", { scope: "col" }, text)),
      ),
    ),
    el(
      "tbody",
      {},
      lines.map(([name, value]) =>
        el(
          "tr",
          {},
          el("th", { scope: "row" }, name),
          el(
            "td",
            {},
            el(
              "a",
              { class: "bar-cell", href: "#part-7" },
              bar(value / 42),
              el("span", { class: "bar-cell__value" }, value),
            ),
          ),
        ),
      ),
    ),
  );
  return [
    specimen("Список заявок", list.node),
    specimen("Доска: столбец сам по себе, открытый для карточки и закрытый", board()),
    specimen("Цифры", el("div", { class: "panel" }, figures)),
  ];
}

function charts() {
  const columns = ["1", "2", "3", "4", "5", "6"].map((date, index) => ({
    tick: date,
    title: `${date} ноября`,
    marks: [
      { value: (index * 3) % 7, href: "#part-8" },
      { value: (index * 2) % 5, href: "#part-8" },
    ],
  }));
  const series = [
    { name: "Поступило", variant: "new" },
    { name: "Завершено", variant: "done" },
  ];
  return [
    el("div", { class: "panel" }, columnChart({ label: "Поступило и завершено по дням", series, columns })),
    specimen("Доля", el("div", { class: "ring-box" }, ring(0.87, "87 % в срок"))),
  ];
}

function story() {
  const shop = { phone: "+7 900 000-00-00", address: "ул. Садовая, 5", hours: "Пн-Пт 9:00-18:00" };
  const where = (status, more) => {
    const node = repairProgress(repair(7, status, more), HISTORY, shop);
    node.setAttribute("aria-label", `Где мой ремонт: ${status}`);
    return el("div", { class: "panel" }, node);
  };
  return [
    specimen("Для сотрудников: всё, что было", el("div", { class: "panel" }, timeline(HISTORY, COMMENTS))),
    pair(
      specimen("Для клиента: где мой ремонт", where(Status.WAITING, { duedate: ago(-40) })),
      specimen("Готово", where(Status.DONE, { completiondate: ago(4) })),
    ),
    specimen(
      "Другие заявки прибора",
      pastRequests([
        { ...repair(3, Status.DONE), same: "serialnumber" },
        { ...repair(1, Status.CANCELLED), same: "techmodel" },
      ]),
    ),
  ];
}

function day() {
  const chip = (variant, iconName, text, count, more) =>
    el(
      "li",
      {},
      el(
        "a",
        { class: `chip chip--${variant}`, href: "#part-10", ...more },
        icon(iconName),
        text,
        el("span", { class: "chip__count" }, count),
      ),
    );
  const chips = el(
    "ul",
    { class: "chips chips--day" },
    chip("today", "clock", "Сегодня", 3, { "aria-current": "true" }),
    chip("overdue", "alert", "Просрочены", 2),
    chip("parts", "parts", "Ждут запчасти", 0, { "data-none": true }),
  );
  const move = (state) =>
    el("div", { class: "card steps-now" }, pendingMove({ requestid: 0, to: Status.DONE, state, left: 5000 }));
  const tool = (iconName, text) => el("button", { class: "tool", type: "button" }, icon(iconName), text);
  return [
    specimen("Части дня", chips),
    specimen(
      "Шаг ждёт пять секунд, уходит, ждёт связи",
      el("div", { class: "specimen__pair" }, ["counting", "sending", "waiting"].map(move)),
    ),
    specimen(
      "Под большим пальцем",
      el(
        "div",
        { class: "card" },
        el(
          "div",
          { class: "ticket__tools" },
          tool("phone", "Позвонить"),
          tool("place", "На карте"),
          tool("comment", "Написать"),
        ),
      ),
    ),
  ];
}

/** Editors of the settings page, and the journal. */
function written() {
  const kinds = listEditor({
    name: "g-kinds",
    label: "Вид техники",
    add: "Добавить вид",
    values: ["Фен", "Холодильник", "Стиральная машина"],
    maxlength: 100,
  });
  const days = el(
    "form",
    { class: "form" },
    weekdays([1, 2, 3, 4, 5]),
    daysEditor({ name: "g-days", label: "Нерабочие дни", values: ["2027-01-01", "2027-03-08"] }),
  );
  return [
    pair(specimen("Список с порядком", kinds), specimen("Дни", days)),
    specimen(
      "Журнал",
      el(
        "ol",
        { class: "timeline panel" },
        ENTRIES.map((entry) => journalEntry(entry)),
      ),
    ),
  ];
}

function ratings() {
  return [
    pair(
      el("div", { class: "card block" }, ratingForm({ requestid: 0, rating: { score: 4, comment: "Быстро и чисто" } })),
      el(
        "div",
        { class: "card block" },
        el("h3", {}, "Оценка клиента"),
        ratingCard({ score: 4, comment: "Быстро и чисто", rated_at: ago(2) }),
      ),
    ),
    specimen("Звёзды", row([1, 2, 3, 4, 5].map(stars))),
  ];
}

function messages() {
  const open = (text, action, key) =>
    el("button", { class: "button", type: "button", onclick: action, "data-key": key }, text);
  const body = () => el("p", {}, "Окно браузера: Escape закрывает, фокус возвращается туда, откуда пришёл.");
  const confirm = () =>
    confirmAction({
      title: "Отключить вход?",
      text: "Человек не сможет войти, его заявки останутся.",
      verb: "Отключить",
      danger: true,
    });
  const password = () => {
    const dialog = openDialog({
      title: "Новый клиент",
      body: oneTimePassword({ fullname: ANNA.fullname, email: "anna@example.org", password: "Lipa-73-Okno" }, () =>
        dialog.close(),
      ),
      variant: "small",
    });
  };
  const banner = el(
    "div",
    { class: "banner" },
    icon("offline"),
    el("p", {}, "Нет связи с сервером. Всё набранное остаётся на месте."),
    el("button", { class: "button button--small", type: "button" }, icon("refresh"), "Проверить сейчас"),
  );
  const panels = [
    { id: "one", label: "Вход", panel: el("p", {}, "Стрелки переходят между вкладками.") },
    { id: "two", label: "Регистрация", panel: el("p", {}, "Вторая вкладка.") },
  ];
  return [
    specimen(
      "Окна",
      row(
        open("Обычное окно", () => openDialog({ title: "Окно", body: body() }), "g-plain"),
        open("Подтверждение", confirm, "g-confirm"),
        open("Одноразовый пароль", password, "g-password"),
      ),
    ),
    specimen(
      "Сообщения: хорошие уходят сами, ошибки ждут",
      row(
        open("Удалось", () => toast("Заявка принята"), "g-toast"),
        open("Не удалось", () => toastError("Заявку уже взял другой мастер"), "g-error"),
      ),
    ),
    specimen("Нет связи", banner),
    specimen("Вкладки", el("div", { class: "section" }, tabs("Пример вкладок", panels))),
  ];
}

function states() {
  const first = el("a", { class: "button button--primary", href: "#part-13" }, icon("plus"), "Новая заявка");
  const empty = emptyState({
    level: 3,
    title: "Заявок пока нет",
    text: "Сдайте первый прибор — и здесь появится каждый шаг ремонта.",
    action: first,
  });
  const failed = errorState({ message: "Сервер временно недоступен. Повторите немного позже." }, nothing);
  return pair(specimen("Загрузка", skeletonRows(3)), specimen("Пусто", empty), specimen("Ошибка", failed));
}

/** Show the WCAG 2 contrast of each swatch. All probes are read together: single reads would each force a layout. */
function measureColours() {
  const swatches = [...document.querySelectorAll("[data-colour]")].map((node) => ({
    node,
    ground: node.dataset.ground,
    probes: [node.dataset.colour, node.dataset.ground].map(probe),
  }));
  const container = el(
    "div",
    { hidden: true },
    swatches.map(({ probes }) => probes),
  );
  document.body.append(container);
  for (const swatch of swatches) swatch.ratio = contrast(...swatch.probes.map(rgb));
  container.remove();
  for (const { node, ground, ratio } of swatches)
    node.textContent = `${ratio.toFixed(1)} : 1 на ${ground.replace("--color-", "")}`;
}

const probe = (name) => withVariable("color", name, el("span"));
const rgb = (node) =>
  getComputedStyle(node)
    .color.match(/[\d.]+/g)
    .map(Number)
    .slice(0, 3);

function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour) {
  const [red, green, blue] = colour.map((part) =>
    part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

start();
