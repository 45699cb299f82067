/**
 * Changing a request's fields. If somebody else changed it meanwhile (412),
 * both versions are shown and nothing typed is lost: fields that only one of
 * us changed are merged, for the others the person chooses.
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

const CLIENT_FIELDS = ["techtype", "techmodel", "problemdescription", "serialnumber", "phone", "address"];
const OFFICE_FIELDS = [...CLIENT_FIELDS, "project", "priority"];
const NOTHING = "не указано";

export function openEdit({ repair, etag, user }) {
  const place = el("div", { class: "section" });
  const saved = () => {
    context.draft.finish();
    dialog.close();
    toast("Изменения сохранены");
  };
  const context = { base: repair, etag, names: isOffice(user) ? OFFICE_FIELDS : CLIENT_FIELDS, saved };
  const dialog = openDialog({
    title: `Изменить заявку ${requestNumber(repair.requestid)}`,
    body: place,
    mayClose: () => mayLeave(place, context),
    onClose: () => stop(),
  });
  const stop = onChangeOfRequest(repair.requestid, drawForm(place, context));
}

/** Returns what to call when somebody has changed the request meanwhile. */
function drawForm(place, context) {
  const { base, names } = context;
  const mine = () => changed(values(node), context.base, names);
  const node = form({
    fields: [deviceFields(base), contactFields(base), names.includes("priority") && officeFields(base)],
    submit: "Сохранить",
    send: () => save(place, { ...context, mine: mine() }),
  });
  const news = el("div", { class: "section", role: "status" });
  context.draft = attachDraft(node, `edit:${base.requestid}`);
  suggestTechtypes(node);
  replace(place, news, node);
  const show = (current) => drawConflict(place, { ...context, mine: mine() }, current);
  return (change) => change?.type !== "comment" && meet(news, context, show).catch(ignoreRefusal);
}

/** What is typed stays as it is: others' fields are only named; a change of none of them changes nothing here. */
async function meet(news, context, show) {
  const { requestid, version } = context.base;
  const [{ data: current, etag }, history] = await Promise.all([loadRequest(requestid), loadHistory(requestid)]);
  if (!news.isConnected || current.version <= version) return;
  const theirs = Object.keys(changed(current, context.base, context.names));
  if (theirs.length)
    redraw(
      news,
      newsNotice(theirs, history, () => show(current)),
    );
  else Object.assign(context, { base: current, etag });
}

function newsNotice(names, history, onclick) {
  const author = history.findLast(({ kind }) => kind === "edited")?.actor;
  const who = author?.fullname ? shortName(author.fullname) : (author?.user_type ?? "кто-то ещё");
  const what = names.map((name) => LABELS[name]).join(", ");
  const look = el(
    "button",
    { class: "button button--small", type: "button", onclick, "data-key": "show-news" },
    "Показать",
  );
  return el(
    "div",
    { class: "notice notice--warn" },
    el("p", {}, el("strong", {}, `Заявку только что изменил(а) ${who}: `), what, ". Ваш текст на месте."),
    look,
  );
}

/** A request that this person may see no longer is spoken of by the dialog below. */
function ignoreRefusal(error) {
  if (error.name !== "ApiError") throw error;
}

/** `mine`: the fields that this person wants, over the version `base` that they saw. */
async function save(place, context) {
  const { base, mine, etag, saved } = context;
  if (Object.keys(mine).length === 0) return saved();
  try {
    await editRequest(base.requestid, mine, etag);
    saved();
  } catch (error) {
    if (error.status !== 412) throw error;
    drawConflict(place, context, error.current);
  }
}

function drawConflict(place, { base, mine, names, saved }, current) {
  const theirs = changed(current, base, names);
  const both = Object.keys(mine).filter((name) => name in theirs && theirs[name] !== mine[name]);
  const send = (choices) => {
    const chosen = Object.fromEntries(
      both.filter((name) => choices[name] === "current").map((name) => [name, theirs[name]]),
    );
    const wanted = changed({ ...current, ...mine, ...chosen }, current, names);
    return save(place, { base: current, mine: wanted, etag: `"${current.version}"`, names, saved });
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
  replace(place, conflictNotice(both.length), node);
  place.querySelector("input, button").focus();
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

async function mayLeave(place, { draft }) {
  if (!isDirty(place)) return true;
  const agreed = await confirmAction({
    title: "Закрыть без сохранения?",
    text: "Изменения в заявке пропадут.",
    verb: "Закрыть",
    danger: true,
  });
  if (agreed) draft.discard();
  return agreed;
}
