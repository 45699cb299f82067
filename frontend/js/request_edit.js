/**
 * Changing a request's fields. If somebody else changed it meanwhile (412),
 * both versions are shown and nothing typed is lost: fields that only one of
 * us changed are merged, for the others the person chooses.
 */
import { isOffice } from "./config.js";
import { confirmAction, openDialog } from "./dialog.js";
import { el, replace } from "./dom.js";
import { dropDraft, keepDraft } from "./drafts.js";
import { form, isDirty } from "./form.js";
import { requestNumber } from "./format.js";
import { contactFields, deviceFields, LABELS, officeFields, suggestTechtypes } from "./request_fields.js";
import { editRequest } from "./requests.js";
import { toast } from "./toast.js";

const CLIENT_FIELDS = ["techtype", "techmodel", "problemdescription", "serialnumber", "phone", "address"];
const OFFICE_FIELDS = [...CLIENT_FIELDS, "project", "priority"];
const NOTHING = "не указано";

export function openEdit({ repair, etag, user }) {
  const draft = `edit:${repair.requestid}`;
  const place = el("div", { class: "section" });
  const dialog = openDialog({ title: `Изменить заявку ${requestNumber(repair.requestid)}`, body: place, mayClose: () => mayLeave(place, draft) });
  const saved = () => {
    dropDraft(draft);
    dialog.close();
    toast("Изменения сохранены");
  };
  drawForm(place, { repair, etag, names: isOffice(user) ? OFFICE_FIELDS : CLIENT_FIELDS, draft, saved });
}

function drawForm(place, { repair, etag, names, draft, saved }) {
  const send = async (values) => {
    const mine = changed(values, repair, names);
    await save(place, { base: repair, mine, etag, names, saved });
  };
  const office = names.includes("priority") && officeFields(repair);
  const node = form({ fields: [deviceFields(repair), contactFields(repair), office], submit: "Сохранить", send });
  keepDraft(node, draft);
  suggestTechtypes(node);
  replace(place, node);
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
  const send = (values) => {
    const chosen = Object.fromEntries(both.filter((name) => values[name] === "current").map((name) => [name, theirs[name]]));
    const wanted = changed({ ...current, ...mine, ...chosen }, current, names);
    return save(place, { base: current, mine: wanted, etag: `"${current.version}"`, names, saved });
  };
  const others = Object.keys(theirs).filter((name) => !both.includes(name));
  const node = form({ fields: [both.map((name) => versions(name, mine[name], theirs[name])), merged("Кроме того, в заявке уже изменено", others, theirs), merged("Добавим ваше", Object.keys(mine).filter((name) => !both.includes(name)), mine)], submit: both.length ? "Сохранить выбранное" : "Сохранить вместе", send });
  replace(place, conflictNotice(both.length), node);
  place.querySelector("input, button").focus();
}

const conflictNotice = (count) =>
  el("div", { class: "notice notice--warn", role: "alert" }, el("p", {}, el("strong", {}, "Пока вы правили, заявку изменил кто-то ещё. "), count ? "Ваш текст цел: выберите, что оставить." : "Вы меняли разное, поэтому всё можно сохранить вместе."));

function versions(name, mine, current) {
  const option = (value, title, text, checked) => el("label", { class: "choice" }, el("input", { type: "radio", name, value, checked }), el("span", {}, el("small", {}, title), text ?? NOTHING));
  return el("fieldset", { class: "form__group", "data-field": name }, el("legend", { class: "field__label" }, LABELS[name]), el("div", { class: "versions__pair" }, option("mine", "Ваш вариант", mine, true), option("current", "Сейчас в заявке", current, false)));
}

function merged(title, names, values) {
  if (names.length === 0) return null;
  return el("div", { class: "card" }, el("h3", {}, title), el("dl", { class: "facts" }, names.map((name) => el("div", {}, el("dt", {}, LABELS[name]), el("dd", {}, values[name] ?? NOTHING)))));
}

/** The fields of `values` that differ from `base`; an empty text and a missing one are the same. */
function changed(values, base, names) {
  const differing = names.filter((name) => name in values && (values[name] ?? null) !== (base[name] ?? null));
  return Object.fromEntries(differing.map((name) => [name, values[name] ?? null]));
}

async function mayLeave(place, draft) {
  if (!isDirty(place)) return true;
  const agreed = await confirmAction({ title: "Закрыть без сохранения?", text: "Изменения в заявке пропадут.", verb: "Закрыть", danger: true });
  if (agreed) dropDraft(draft);
  return agreed;
}
