/** Frames of ui/paged_list.js for accounts: a table for desktops, cards for phones. */
import { inactiveBadge, person, roleBadge } from "../ui/badge.js";
import { el, icon } from "../core/dom.js";
import { dayOf, phoneLink } from "../core/format.js";
import { pageLink } from "../core/url.js";

const COLUMNS = ["Имя", "Роль", "Почта", "Телефон", "Заведена"];

export function userTable() {
  const head = el(
    "tr",
    {},
    COLUMNS.map((label) => el("th", { scope: "col" }, label)),
  );
  const caption = el("caption", { class: "visually-hidden" }, "Учётные записи");
  const container = el("tbody");
  return {
    node: el(
      "div",
      { class: "table-wrap" },
      el("table", { class: "table table--middle" }, caption, el("thead", {}, head), container),
    ),
    container,
    row,
  };
}

export function userCards() {
  const node = el("ul", { class: "people" });
  return {
    node,
    container: node,
    row: (account) => el("li", { class: "person-card" }, nameLink(account), badges(account), contacts(account)),
  };
}

function row(account) {
  const { email, phone, created_at } = account;
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, nameLink(account)),
    el("td", {}, badges(account)),
    el("td", {}, email),
    el("td", { class: "no-wrap" }, phone ?? el("span", { class: "muted" }, "—")),
    el("td", { class: "no-wrap" }, dayOf(created_at)),
  );
}

const nameLink = ({ user_id, fullname }) =>
  pageLink({ user: user_id }, { "data-key": `user-${user_id}` }, person(fullname));

const badges = (account) => el("div", { class: "cell-badges" }, roleBadge(account.user_type), inactiveBadge(account));

const contacts = ({ email, phone }) =>
  el(
    "p",
    { class: "person-card__reach" },
    el("a", { href: `mailto:${email}` }, icon("mail"), email),
    phone && el("a", { href: phoneLink(phone) }, icon("phone"), phone),
  );
