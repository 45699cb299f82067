/**
 * Users page: an Администратор sees and changes all accounts, a Менеджер sees
 * clients and masters and creates clients. Filters and the open dialog are in
 * the URL: `?user=7`, `?new=1`.
 */
import { isAdmin, Page, Role, ROLE_LOOK } from "./config.js";
import { el, icon, listen, replace } from "./core/dom.js";
import { field } from "./ui/form.js";
import { pagedList } from "./ui/paged_list.js";
import { listPeople } from "./people/api.js";
import { startPage } from "./pages/shell.js";
import { emptyState } from "./ui/screen.js";
import { onChangeOf, pageLink, params } from "./core/url.js";
import { followDialogs } from "./ui/url_dialogs.js";
import { searchLine, urlForm } from "./ui/url_form.js";
import { openUser } from "./accounts/dialog.js";
import { userCards, userTable } from "./accounts/list.js";
import { newUserLink, openNewUser } from "./accounts/new_account.js";

const FILTERS = ["q", "user_type", "is_active"];
const NO_FILTERS = Object.fromEntries(FILTERS.map((name) => [name, null]));
const SEEN_BY_MANAGER = [Role.CLIENT, Role.MASTER];
const DIALOGS = {
  user: async () => openUser,
  new: async () => openNewUser,
};
const wide = window.matchMedia("(width >= 60rem)");

function start(user) {
  const list = pagedList({
    loadPage: ({ signal, cursor, limit }) =>
      listPeople({ ...filters(), cursor, limit, count: cursor ? null : 1 }, { signal }),
    frame: () => (wide.matches ? userTable() : userCards()),
    idOf: ({ user_id }) => user_id,
    empty: nobody,
    words: ["человек", "человека", "человек"],
  });
  const journal =
    isAdmin(user) &&
    el("a", { class: "button", href: `${Page.SETTINGS}?view=journal` }, icon("clock"), "Журнал изменений");
  const head = el(
    "div",
    { class: "page__head" },
    el("h1", {}, "Пользователи"),
    el("div", { class: "form__actions" }, journal, newUserLink(user)),
  );
  replace(document.getElementById("main"), head, filterBar(user), list.node).removeAttribute("aria-busy");
  wide.addEventListener("change", list.redraw);
  listen("person-saved", () => list.update());
  onChangeOf(filters, list.reload);
  list.reload();
  followDialogs(DIALOGS, user);
}

const filters = () => Object.fromEntries(FILTERS.map((name) => [name, params().get(name)]));

function filterBar(user) {
  const roles = isAdmin(user) ? Object.values(Role) : SEEN_BY_MANAGER;
  const grid = el(
    "div",
    { class: "filters__grid filters__grid--pairs" },
    field({
      name: "user_type",
      label: "Роль",
      plain: true,
      options: [["", "Все"], ...roles.map((role) => [role, ROLE_LOOK[role].plural])],
    }),
    field({
      name: "is_active",
      label: "Вход",
      plain: true,
      options: [
        ["", "Любой"],
        ["1", "Открыт"],
        ["0", "Закрыт"],
      ],
    }),
  );
  return urlForm(
    { class: "filters filters--line", "aria-label": "Поиск и фильтры" },
    searchLine({ label: "Поиск людей", placeholder: "Имя, почта или телефон", clear: FILTERS }),
    grid,
  );
}

const nobody = () =>
  emptyState({
    iconName: "people",
    title: "Никого не нашлось",
    text: "Проверьте написание: ищем по началу имени, фамилии и почты, по цифрам телефона.",
    action: pageLink(NO_FILTERS, { class: "button" }, "Показать всех"),
  });

const user = startPage([Role.MANAGER, Role.ADMIN]);
if (user) start(user);
