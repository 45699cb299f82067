/**
 * Tab «Журнал изменений»: who changed settings and accounts, the newest first.
 * Filters are in the URL: `?view=journal&what=roles&user=7&from=2026-11-01`.
 */
import { loadAudit } from "./api.js";
import { ANY_DAY, LONGEST_PAGE, Role } from "../config.js";
import { el, icon, listen, redraw } from "../core/dom.js";
import { journalEntry } from "./entry.js";
import { field } from "../ui/form.js";
import { pagedList } from "../ui/paged_list.js";
import { listPeople, loadPerson } from "../people/api.js";
import { personSearch } from "../people/search.js";
import { emptyState } from "../ui/screen.js";
import { go, onChangeOf, pageLink, params } from "../core/url.js";
import { addOptions, urlForm } from "../ui/url_form.js";

const NAMES = ["what", "actor", "user", "from", "to"];
const NO_FILTERS = Object.fromEntries(NAMES.map((name) => [name, null]));
const OPERATOR = "none";

/** Choices of the filter `what`: label and query. */
const WHAT = {
  settings: ["Настройки", { kind: "setting_changed" }],
  roles: ["Роли", { field: "user_type" }],
  access: ["Вход закрыт или открыт", { field: "is_active" }],
  passwords: ["Пароли", { kind: ["password_reset", "password_changed"] }],
  created: ["Новые учётные записи", { kind: "account_created" }],
  changed: ["Изменённые учётные записи", { kind: "account_changed" }],
};

const filterValues = () => Object.fromEntries(NAMES.map((name) => [name, params().get(name)]));

function query() {
  const { what, actor, user, from, to } = filterValues();
  return { ...WHAT[what]?.[1], actor, user_id: user, from, to };
}

export function journalTab() {
  const list = pagedList({
    loadPage: ({ signal, cursor, limit }) =>
      loadAudit({ ...query(), cursor, limit, count: cursor ? null : 1 }, { signal }),
    frame: () => {
      const node = el("ol", { class: "timeline panel" });
      return { node, container: node, row: (entry) => journalEntry(entry, (changes) => pageLink.bind(null, changes)) };
    },
    idOf: ({ audit_id }) => audit_id,
    empty: nothing,
    words: ["запись", "записи", "записей"],
  });
  onChangeOf(
    () => params().get("view") === "journal" && filterValues(),
    () => list.node.isConnected && list.reload(),
  );
  return { node: el("div", { class: "section" }, filters(), list.node), onShow: list.reload };
}

function nothing() {
  if (!NAMES.some((name) => params().has(name)))
    return emptyState({
      iconName: "edit",
      title: "Журнал пока пуст",
      text: "Здесь появится, кто и когда менял настройки, роли, доступ и пароли.",
    });
  const all = pageLink(NO_FILTERS, { class: "button" }, "Показать весь журнал");
  return emptyState({
    iconName: "search",
    title: "Таких записей нет",
    text: "Уберите часть условий или возьмите больше дней.",
    action: all,
  });
}

function filters() {
  const node = urlForm(
    { "aria-label": "Отбор записей" },
    el(
      "div",
      { class: "filters__grid filters__grid--pairs" },
      field({
        name: "what",
        label: "Что менялось",
        plain: true,
        options: [["", "Всё"], ...Object.entries(WHAT).map(([name, [label]]) => [name, label])],
      }),
      field({
        name: "actor",
        label: "Кто менял",
        plain: true,
        options: [
          ["", "Кто угодно"],
          [OPERATOR, "Командная строка"],
        ],
      }),
      field({ name: "from", label: "С", plain: true, type: "date", ...ANY_DAY }),
      field({ name: "to", label: "По", plain: true, type: "date", ...ANY_DAY }),
    ),
  );
  offerActors(node.elements.actor);
  return el("div", { class: "filters" }, node, subject());
}

/** Offer all who may change accounts, and the actor named by the URL. */
async function offerActors(select) {
  const { items } = await listPeople({ user_type: [Role.ADMIN, Role.MANAGER], limit: LONGEST_PAGE }).catch(() => ({
    items: [],
  }));
  addOptions(
    select,
    items.map(({ user_id, fullname }) => [String(user_id), fullname]),
  );
  const offerNamed = async () => {
    const id = params().get("actor");
    if (!id || [...select.options].some(({ value }) => value === id)) return;
    addOptions(select, [[id, await nameOf(id)]]);
  };
  listen("url-changed", offerNamed);
  offerNamed();
}

/** Filter by account: a search, or the chosen person with a button to remove the filter. */
function subject() {
  const container = el("div", {});
  const draw = async () => {
    const id = params().get("user");
    if (id) redraw(container, chosen(await nameOf(id)));
    else
      redraw(container, personSearch({ label: "Чья учётная запись", choose: ({ user_id }) => go({ user: user_id }) }));
  };
  onChangeOf(() => params().get("user"), draw);
  draw();
  return container;
}

function chosen(fullname) {
  const remove = el(
    "button",
    { class: "button button--small", type: "button", "data-key": "all-people", onclick: () => go({ user: null }) },
    icon("close"),
    "Все люди",
  );
  return el(
    "div",
    { class: "choice" },
    icon("person"),
    el("span", {}, "Учётная запись: ", el("strong", {}, fullname)),
    remove,
  );
}

const nameOf = (id) =>
  loadPerson(Number(id)).then(
    ({ fullname }) => fullname,
    () => `№ ${id}`,
  );
