/**
 * Dialog of an account (`?user=7`): name, role and contacts; for an Администратор
 * also a form, the access and the history. The form is drawn once, so that typed
 * text survives a change of the access.
 */
import { actionButton } from "../ui/action_button.js";
import { inactiveBadge, person, roleBadge, when } from "../ui/badge.js";
import { isAdmin, Page, Role, ROLE_LOOK } from "../config.js";
import { confirmAction, openDialog } from "../ui/dialog.js";
import { el, icon, listen, redraw, replace } from "../core/dom.js";
import { form } from "../ui/form.js";
import { loadLate } from "../ui/load_late.js";
import { dayOf, phoneLink, plural } from "../core/format.js";
import { loadStatuses, openStatuses } from "../core/statuses.js";
import { oneTimePassword } from "../people/one_time_password.js";
import { changePerson, loadPerson, resetPassword } from "../people/api.js";
import { listRequests } from "../requests.js";
import { createScreen, skeletonRows } from "../ui/screen.js";
import { toast } from "../ui/toast.js";
import { mayLeave } from "./new_account.js";
import { withFieldErrors, personFields, roleField } from "../people/fields.js";

export function openUser({ user, value, onClose }) {
  const user_id = Number(value);
  const body = el("div", { class: "section" });
  const parts = layout();
  const screen = createScreen(body, {
    load: (signal) => load(user_id, signal),
    render: (data) => fill(parts, data, user),
    skeleton: () => skeletonRows(3),
  });
  const stop = listen("person-saved", (saved) => saved.user_id === user_id && screen.refresh());
  const close = () => {
    stop();
    screen.stop();
    onClose();
  };
  const dialog = openDialog({
    title: "Учётная запись",
    body,
    variant: isAdmin(user) ? "account" : "small",
    mayClose: () => mayLeave(body),
    onClose: close,
  });
  screen.reload();
  return dialog;
}

/** Containers that stay while their contents change. */
function layout() {
  const parts = {
    head: el("div", { class: "block" }),
    form: el("div", {}),
    access: el("section", { class: "card block", "aria-label": "Доступ" }),
    history: el("div", { class: "account__history" }),
  };
  return {
    ...parts,
    node: el(
      "div",
      { class: "account" },
      el("div", { class: "account__side" }, parts.head, parts.access),
      parts.form,
      parts.history,
    ),
  };
}

/** The account and its number of open requests (null for roles without requests of their own). */
async function load(user_id, signal) {
  const [account] = await Promise.all([loadPerson(user_id, signal), loadStatuses()]);
  const owner = ROLE_LOOK[account.user_type].requests;
  if (!owner) return { account, open: null };
  const { total } = await listRequests({ [owner]: user_id, requeststatus: openStatuses() }, { limit: 1, signal });
  return { account, open: total };
}

function fill(parts, { account, open }, user) {
  redraw(parts.head, head(account), contacts(account, open));
  if (!isAdmin(user)) return parts.head;
  if (!parts.form.hasChildNodes()) {
    drawForm(parts, account);
    replace(parts.history, history(account));
  }
  redraw(
    parts.access,
    el("h3", {}, "Доступ"),
    passwordLine(account),
    unfinishedWork(account, open),
    el("div", { class: "form__actions" }, accessButtons(account, open, user)),
  );
  return parts.node;
}

const head = (account) => [
  el("strong", {}, person(account.fullname)),
  el("div", { class: "repair__badges" }, roleBadge(account.user_type), inactiveBadge(account)),
];

const contacts = (account, open) =>
  el(
    "dl",
    { class: "facts facts--narrow" },
    account.phone && fact("Телефон", el("a", { href: phoneLink(account.phone) }, account.phone)),
    fact("Почта", el("a", { href: `mailto:${account.email}` }, account.email)),
    open !== null &&
      fact(
        "Заявки",
        el("a", { href: requestsOf(account) }, "показать"),
        el("span", { class: "muted" }, open ? `открыто ${open}` : "открытых нет"),
      ),
    fact("Учётная запись заведена", when(account.created_at)),
  );

function history({ user_id }) {
  const container = el("div", {});
  const node = el(
    "details",
    { class: "fold" },
    el("summary", {}, icon("chevron"), "История учётной записи"),
    container,
  );
  node.addEventListener("toggle", async () => {
    if (!node.open || container.hasChildNodes()) return;
    const module = await loadLate(() => import("./history.js"));
    if (module) replace(container, module.userHistory(user_id));
    else node.open = false;
  });
  return node;
}

/** Warn if a deactivated master still has open requests. */
const unfinishedWork = (account, open) =>
  !account.is_active &&
  isMasters(account) &&
  open > 0 &&
  el(
    "p",
    { class: "notice notice--warn" },
    el("span", {}, `За мастером ${openRequests(open)}. `, el("a", { href: openOf(account) }, "Передать другому")),
  );

const fact = (name, ...value) => el("div", {}, el("dt", {}, name), el("dd", {}, value));

const requestsOf = ({ user_id, user_type }) => `${Page.DASHBOARD}?${ROLE_LOOK[user_type].requests}=${user_id}`;
const openOf = (account) =>
  `${requestsOf(account)}&${new URLSearchParams(openStatuses().map((status) => ["requeststatus", status]))}`;
const isMasters = ({ user_type }) => user_type === Role.MASTER;
const openRequests = (count) => plural(count, "открытая заявка", "открытые заявки", "открытых заявок");

function drawForm(parts, account) {
  const send = async (values) => {
    const saved = await withFieldErrors(changePerson(account.user_id, values));
    drawForm(parts, saved);
    toast("Изменения сохранены");
  };
  replace(
    parts.form,
    form({ fields: [personFields(account), roleField(account.user_type)], submit: "Сохранить", send }),
  );
}

/** A one-time password has expired from the start, so it must be changed at the next sign-in. */
function passwordLine({ password_expires_at: end }) {
  if (end === null) return el("p", {}, "Пароль действует без ограничения срока.");
  return el(
    "p",
    {},
    new Date(end) > new Date() ? `Пароль действует до: ${dayOf(end)}` : "При следующем входе пароль нужно сменить.",
  );
}

const accessButtons = (account, open, user) => [
  actionButton({ text: "Новый пароль", icon: "key", key: "reset-password" }, () => offerReset(account)),
  account.is_active
    ? actionButton({ text: "Отключить", icon: "lock", variant: "warn", key: "switch" }, async () =>
        openDeactivation(account, open, user),
      )
    : actionButton({ text: "Включить", icon: "done", variant: "primary", key: "switch" }, () => activate(account)),
];

async function activate({ user_id, fullname }) {
  await changePerson(user_id, { is_active: true });
  toast(`${fullname}: вход снова открыт`);
}

async function offerReset(account) {
  const text = `Прежний пароль перестанет действовать, ${account.fullname} выйдет на всех устройствах. Одноразовый пароль покажем вам один раз.`;
  if (!(await confirmAction({ title: "Выдать новый пароль?", text, verb: "Выдать" }))) return;
  const { password } = await resetPassword(account.user_id);
  const container = el("div", {});
  const dialog = openDialog({
    title: "Одноразовый пароль",
    body: container,
    variant: "small",
    mayClose: () => mayLeave(container),
  });
  replace(
    container,
    oneTimePassword({ ...account, password }, () => dialog.close(), "новый пароль готов"),
  );
}

/** Ask with the consequences. An error (the last administrator) is shown in the same dialog. */
function openDeactivation(account, open, user) {
  const send = async () => {
    await changePerson(account.user_id, { is_active: false });
    dialog.close();
    toast(`${account.fullname}: вход закрыт`);
  };
  const cancel = el("button", { class: "button", type: "button", onclick: () => dialog.close() }, "Не надо");
  const body = form({
    fields: consequences(account, open, user),
    submit: "Отключить",
    variant: "danger",
    extra: [cancel],
    send,
  });
  const dialog = openDialog({ title: "Отключить учётную запись?", body, variant: "small" });
}

const consequences = (account, open, user) =>
  el(
    "ul",
    { class: "list" },
    el(
      "li",
      {},
      account.user_id === user.user_id
        ? "Это ваша учётная запись: вы сразу выйдете на всех устройствах и не сможете войти."
        : `${account.fullname} сразу выйдет на всех устройствах и не сможет войти.`,
    ),
    open > 0 &&
      el(
        "li",
        {},
        isMasters(account)
          ? staysWithMaster(account, open)
          : `У клиента останется ${openRequests(open)} — работа по ним продолжится.`,
      ),
    isMasters(account) && el("li", {}, "Новых заявок этот мастер не получит: назначить его будет нельзя."),
    el("li", {}, "Ничего не удалится: заявки, комментарии и история останутся. Включить снова можно в любой момент."),
  );

/** The link opens another tab, so that the dialog stays. */
const staysWithMaster = (account, open) => [
  `За этим мастером останется ${openRequests(open)}: сами к другому они не перейдут. `,
  el("a", { href: openOf(account), target: "_blank" }, "Передать их сейчас"),
  " можно до отключения и после.",
];
