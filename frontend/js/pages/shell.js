/**
 * Common parts of all pages for signed-in users: header, connection banner,
 * outbox, and the dialog that renews an expired session in place.
 *
 *   const user = startPage();            // redirects to the sign-in page if nobody is signed in
 *   const user = startPage(["Менеджер", "Администратор"]);   // other roles see «Недостаточно прав»
 *   if (user) …
 *
 * The page has `<header id="topbar">` and `<main id="main">`.
 */
import "../live/connection_banner.js";
import "../offline/register_worker.js";
import { get } from "../core/api.js";
import { changePasswordForm, signInForm, signOut } from "../auth.js";
import { publishReload } from "../live/changes.js";
import { NAVIGATION, Page } from "../config.js";
import { openDialog } from "../ui/dialog.js";
import { el, icon, listen, replace } from "../core/dom.js";
import { initials, shortName } from "../core/format.js";
import { liveLight } from "../live/light.js";
import { startOutbox } from "../offline/outbox.js";
import { startOutboxBar } from "../offline/outbox_bar.js";
import { currentUser, updateUser } from "../core/session.js";
import { emptyState } from "../ui/screen.js";
import { toast, toastError } from "../ui/toast.js";

const REASONS = {
  token_expired: "Вы долго не работали, и вход устарел.",
  token_revoked: "Вход завершён: пароль сменили, вышли на всех устройствах или изменились ваши права.",
  password_expired: "Срок действия пароля истёк.",
};

/** Returns the user, or null if the page is not open to them. */
export function startPage(roles = null) {
  const user = currentUser();
  if (!user) return leave();
  listen("session-expired", askToSignIn);
  listen("session-ended", leave);
  listen("user-changed", () => location.reload());
  listen("live-resumed", () => checkUser(currentUser()));
  reloadSavedAnswers();
  drawHeader(user);
  startOutboxBar();
  startOutbox();
  if (roles && !roles.includes(user.user_type)) return refuse();
  checkUser(user);
  return user;
}

function leave() {
  const next = location.pathname + location.search;
  location.replace(`${Page.SIGN_IN}?next=${encodeURIComponent(next)}`);
  return null;
}

function refuse() {
  const home = el("a", { class: "button button--primary", href: Page.DASHBOARD }, "На панель");
  replace(
    document.getElementById("main"),
    emptyState({
      level: 1,
      iconName: "lock",
      title: "Недостаточно прав",
      text: "Эта страница открыта другим ролям.",
      action: home,
    }),
  ).removeAttribute("aria-busy");
  return null;
}

/** When the connection is restored, replace saved answers on the screen. */
function reloadSavedAnswers() {
  let isStale = false;
  listen("saved-answer-shown", () => (isStale = true));
  listen("connection-restored", () => {
    if (isStale) publishReload();
    isStale = false;
  });
}

/** Name and role may have changed since the sign-in: compare with the server. */
async function checkUser(known) {
  const user = await get("/auth/me").catch(() => known);
  if (user.user_type !== known.user_type) return reloadAs(user);
  if (user.fullname !== known.fullname) updateUser(user);
}

function reloadAs(user) {
  updateUser(user);
  location.reload();
}

/** Sign in again in a dialog over the page, so that typed text stays. */
function askToSignIn({ reason }) {
  const before = currentUser();
  const text = el("p", {}, REASONS[reason] ?? "Нужно войти ещё раз.", " Всё, что вы набрали, на месте.");
  const leaveButton = el(
    "button",
    { class: "button button--quiet", type: "button", onclick: () => signOut() },
    "Выйти",
  );
  const form = signInForm({ email: before?.email });
  const dialog = openDialog({
    title: "Войдите ещё раз",
    body: [text, form, leaveButton],
    variant: "small",
    closable: false,
  });
  const stop = listen("session-started", () => {
    stop();
    dialog.close();
  });
  form.querySelector(before ? "[type=password]" : "input").focus();
}

function drawHeader(user) {
  replace(document.getElementById("topbar"), brand(), navigation(user), liveLight(), userMenu(user));
}

const brand = () => el("a", { class: "brand", href: Page.DASHBOARD }, icon("mark"), el("span", {}, "Техник"));

function navigation(user) {
  const visible = NAVIGATION.filter((page) => page.roles.includes(user.user_type));
  if (visible.length < 2) return null;
  const links = visible.map((page) =>
    el(
      "li",
      {},
      el(
        "a",
        { href: page.href, "aria-current": page.href === location.pathname && "page" },
        icon(page.icon),
        el("span", {}, page.label),
      ),
    ),
  );
  return el("nav", { class: "nav", "aria-label": "Разделы" }, el("ul", {}, links));
}

function userMenu(user) {
  const mark = el("span", { class: "person__mark", "aria-hidden": "true" }, initials(user.fullname));
  const name = el("span", { class: "user__name" }, shortName(user.fullname), el("small", {}, user.user_type));
  const button = el(
    "button",
    {
      class: "user",
      type: "button",
      popovertarget: "user-menu",
      "aria-label": `${user.fullname}, ${user.user_type}: меню`,
    },
    mark,
    name,
    icon("chevron"),
  );
  return [button, el("div", { class: "menu", id: "user-menu", popover: true }, menuHead(user), menuActions())];
}

function menuHead(user) {
  return el(
    "p",
    { class: "menu__head" },
    el("strong", {}, user.fullname),
    el("span", {}, user.email),
    el("span", {}, user.user_type),
  );
}

function menuActions() {
  const actions = [
    ["key", "Сменить пароль", openPasswordDialog],
    ["logout", "Выйти", () => signOut()],
    ["devices", "Выйти на всех устройствах", signOutEverywhere],
  ];
  return actions.map(([iconName, text, action]) =>
    el(
      "button",
      { class: "menu__item", type: "button", popovertarget: "user-menu", popovertargetaction: "hide", onclick: action },
      icon(iconName),
      text,
    ),
  );
}

function openPasswordDialog() {
  const onChanged = () => {
    dialog.close();
    toast("Пароль изменён. На других устройствах нужно войти заново.");
  };
  const dialog = openDialog({ title: "Смена пароля", body: changePasswordForm({ onChanged }), variant: "small" });
}

const signOutEverywhere = () => signOut({ everywhere: true }).catch((error) => toastError(error.message));
