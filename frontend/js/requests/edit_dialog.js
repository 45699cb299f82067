/**
 * Dialog to edit the fields of a request. If another user has changed it
 * meanwhile (412), fields that only one of them changed are merged; for the
 * others the user chooses between both values.
 */
import { onChangeOfRequest } from "../live/changes.js";
import { isOffice } from "../config.js";
import { confirmAction, openDialog } from "../ui/dialog.js";
import { el, redraw, replace } from "../core/dom.js";
import { attachDraft } from "../offline/drafts.js";
import { form, isDirty, values } from "../ui/form.js";
import { requestNumber, shortName } from "../core/format.js";
import { contactFields, deviceFields, LABELS, officeFields, suggestTechtypes } from "./fields.js";
import { editRequest, loadHistory, loadRequest } from "../requests.js";
import { toast } from "../ui/toast.js";

const NOTHING = "не указано";

export function openEdit({ repair, etag, user }) {
  const container = el("div", { class: "section" });
  const saved = () => {
    context.draft.finish();
    dialog.close();
    toast("Изменения сохранены");
  };
  const context = { base: repair, etag, user, saved };
  const dialog = openDialog({
    title: `Изменить заявку ${requestNumber(repair.requestid)}`,
    body: container,
    mayClose: () => mayLeave(container, context),
    onClose: () => stop(),
  });
  const stop = onChangeOfRequest(repair.requestid, drawForm(container, context));
}

/** Draw the form; returns the handler for changes of the request. */
function drawForm(container, context) {
  const { base, user } = context;
  const mine = () => changed(values(node), context.base, context.names);
  const node = form({
    fields: [deviceFields(base), contactFields(base), isOffice(user) && officeFields(base)],
    submit: "Сохранить",
    send: () => save(container, { ...context, mine: mine() }),
  });
  context.names = Object.keys(values(node));
  const notice = el("div", { class: "section", role: "status" });
  context.draft = attachDraft(node, `edit:${base.requestid}`);
  suggestTechtypes(node);
  replace(container, notice, node);
  const show = (current) => drawConflict(container, { ...context, mine: mine() }, current);
  return (change) => change?.type !== "comment" && checkVersion(notice, context, show).catch(ignoreRefusal);
}

/** Load the current version. If fields of this form have changed, name them in a notice; typed text stays. */
async function checkVersion(notice, context, show) {
  const { requestid, version } = context.base;
  const [{ data: current, etag }, history] = await Promise.all([loadRequest(requestid), loadHistory(requestid)]);
  if (!notice.isConnected || current.version <= version) return;
  const theirs = Object.keys(changed(current, context.base, context.names));
  if (theirs.length)
    redraw(
      notice,
      changeNotice(theirs, history, () => show(current)),
    );
  else Object.assign(context, { base: current, etag });
}

function changeNotice(names, history, onclick) {
  const author = history.findLast(({ kind }) => kind === "edited")?.actor;
  const who = author?.fullname ? shortName(author.fullname) : (author?.user_type ?? "кто-то ещё");
  const what = names.map((name) => LABELS[name]).join(", ");
  const showButton = el(
    "button",
    { class: "button button--small", type: "button", onclick, "data-key": "show-news" },
    "Показать",
  );
  return el(
    "div",
    { class: "notice notice--warn" },
    el("p", {}, el("strong", {}, `Заявку только что изменил(а) ${who}: `), what, ". Ваш текст на месте."),
    showButton,
  );
}

/** If the user may no longer see the request, the dialog below says so. */
function ignoreRefusal(error) {
  if (error.name !== "ApiError") throw error;
}

/** `mine`: the changed fields, relative to the version `base` that the user saw. */
async function save(container, context) {
  const { base, mine, etag, saved } = context;
  if (Object.keys(mine).length === 0) return saved();
  try {
    await editRequest(base.requestid, mine, etag);
    saved();
  } catch (error) {
    if (error.status !== 412) throw error;
    drawConflict(container, context, error.current);
  }
}

function drawConflict(container, { base, mine, names, saved }, current) {
  const theirs = changed(current, base, names);
  const both = Object.keys(mine).filter((name) => name in theirs && theirs[name] !== mine[name]);
  const send = (choices) => {
    const chosen = Object.fromEntries(
      both.filter((name) => choices[name] === "current").map((name) => [name, theirs[name]]),
    );
    const wanted = changed({ ...current, ...mine, ...chosen }, current, names);
    return save(container, { base: current, mine: wanted, etag: `"${current.version}"`, names, saved });
  };
  const others = Object.keys(theirs).filter((name) => !both.includes(name));
  const node = form({
    fields: [
      both.map((name) => versions(name, mine[name], theirs[name])),
      merged("Кроме того, в заявке уже изменено", others, theirs),
      merged(
        "Добавим ваше",
        Object.keys(mine).filter((name) => !both.includes(name)),
        mine,
      ),
    ],
    submit: both.length ? "Сохранить выбранное" : "Сохранить вместе",
    send,
  });
  replace(container, conflictNotice(both.length), node);
  container.querySelector("input, button").focus();
}

const conflictNotice = (count) =>
  el(
    "div",
    { class: "notice notice--warn", role: "alert" },
    el(
      "p",
      {},
      el("strong", {}, "Пока вы правили, заявку изменил кто-то ещё. "),
      count ? "Ваш текст цел: выберите, что оставить." : "Вы меняли разное, поэтому всё можно сохранить вместе.",
    ),
  );

function versions(name, mine, current) {
  const option = (value, title, text, checked) =>
    el(
      "label",
      { class: "choice" },
      el("input", { type: "radio", name, value, checked }),
      el("span", {}, el("small", {}, title), text ?? NOTHING),
    );
  return el(
    "fieldset",
    { class: "form__group", "data-field": name },
    el("legend", { class: "field__label" }, LABELS[name]),
    el(
      "div",
      { class: "versions__pair" },
      option("mine", "Ваш вариант", mine, true),
      option("current", "Сейчас в заявке", current, false),
    ),
  );
}

function merged(title, names, fields) {
  if (names.length === 0) return null;
  return el(
    "div",
    { class: "card" },
    el("h3", {}, title),
    el(
      "dl",
      { class: "facts" },
      names.map((name) => el("div", {}, el("dt", {}, LABELS[name]), el("dd", {}, fields[name] ?? NOTHING))),
    ),
  );
}

/** The named fields of `repair` that differ from `base`; an empty text and a missing one are the same. */
function changed(repair, base, names) {
  const differing = names.filter((name) => name in repair && (repair[name] ?? null) !== (base[name] ?? null));
  return Object.fromEntries(differing.map((name) => [name, repair[name] ?? null]));
}

async function mayLeave(container, { draft }) {
  if (!isDirty(container)) return true;
  const agreed = await confirmAction({
    title: "Закрыть без сохранения?",
    text: "Изменения в заявке пропадут.",
    verb: "Закрыть",
    danger: true,
  });
  if (agreed) draft.discard();
  return agreed;
}
