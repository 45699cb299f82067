/**
 * A new request: a client's own, or one taken in at the counter for a client.
 * The draft survives everything; sending twice makes one request.
 */
import { clientPicker } from "./client_picker.js";
import { isOffice } from "./config.js";
import { openDialog } from "./dialog.js";
import { el, icon, replace } from "./dom.js";
import { keepDraft } from "./drafts.js";
import { field, filled, form } from "./form.js";
import { requestNumber, toUtc } from "./format.js";
import { contactFields, deviceFields, LABELS, officeFields, pair, suggestTechtypes } from "./request_fields.js";
import { createRequest } from "./requests.js";
import { go } from "./url.js";

const DRAFT = "request:new";

export function openNewRequest({ user, onClose }) {
  const place = el("div", { class: "section" });
  drawForm(place, user);
  return openDialog({ title: "Новая заявка", body: place, onClose });
}

function drawForm(place, user) {
  const picker = isOffice(user) ? clientPicker() : null;
  const send = async (values) => {
    const body = toBody(values);
    const made = await createRequest(body, draft.key(body));
    draft.finish();
    if (made) drawReceipt(place, made);
    else drawPromise(place);
  };
  const node = form({ fields: fields(user, picker), submit: "Отправить заявку", send });
  const draft = keepDraft(node, DRAFT);
  picker?.draw();
  suggestTechtypes(node);
  replace(place, draft.isRestored && draftNotice(() => clear(place, user, draft)), node);
}

const fields = (user, picker) => [
  picker?.node,
  deviceFields(),
  contactFields({ phone: picker ? null : user.phone }),
  picker && [officeFields(), pair(field({ name: "duedate", label: LABELS.duedate, type: "datetime-local" }))],
];

/** The form's values as the API wants them. */
function toBody({ clientid, client_name, duedate, ...values }) {
  return filled({ ...values, clientid: clientid && Number(clientid), duedate: toUtc(duedate) });
}

const draftNotice = (onclick) =>
  el("div", { class: "notice" }, icon("edit"), el("p", {}, "Здесь то, что вы начали писать раньше. ", el("button", { class: "link", type: "button", onclick }, "Начать с чистого листа")));

function clear(place, user, draft) {
  draft.discard();
  drawForm(place, user);
}

/** The outbox has it: the bar below says so, too, until it has arrived. */
function drawPromise(place) {
  const heading = el("h3", { tabindex: "-1" }, "Заявка сохранена на этом устройстве");
  const close = el("button", { class: "button button--primary", type: "button", onclick: () => place.closest("dialog").close() }, "Понятно");
  replace(place, el("div", { class: "receipt" }, icon("clock"), heading, el("p", {}, "Связи с сервером сейчас нет. Отправим заявку, когда связь вернётся, — номер появится в списке."), el("div", { class: "form__actions" }, close)));
  heading.focus();
}

function drawReceipt(place, { requestid }) {
  const heading = el("h3", { tabindex: "-1" }, "Заявка принята");
  const next = "Мастер возьмёт её в работу, и здесь появится каждый шаг ремонта. Номер пригодится, если будете звонить.";
  const look = el("button", { class: "button button--primary", type: "button", onclick: () => go({ request: requestid, new: null }, { replace: true }) }, "Открыть заявку");
  const close = el("button", { class: "button", type: "button", onclick: () => place.closest("dialog").close() }, "Закрыть");
  replace(place, el("div", { class: "receipt" }, icon("done"), heading, el("p", { class: "receipt__number" }, requestNumber(requestid)), el("p", {}, next), el("div", { class: "form__actions" }, look, close)));
  heading.focus();
}
