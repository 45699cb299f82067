/**
 * A new request: a client's own in three steps, or one taken in at the counter
 * in one form. The draft survives everything; sending twice makes one request.
 */
import { clientPicker } from "../people/client_picker.js";
import { isOffice } from "../config.js";
import { deviceHint } from "./same_device.js";
import { deviceSuggestions } from "./device_suggestions.js";
import { openDialog } from "../ui/dialog.js";
import { el, icon, replace } from "../core/dom.js";
import { attachDraft } from "../offline/drafts.js";
import { field, filled, form, pair } from "../ui/form.js";
import { toUtc } from "../core/format.js";
import { contactFields, deviceFields, LABELS, officeFields, suggestTechtypes } from "./fields.js";
import { promise, receipt } from "./receipt.js";
import { stepForm } from "./new_wizard.js";
import { createRequest } from "../requests.js";
import { go } from "../core/url.js";

const DRAFT = "request:new";

export function openNewRequest({ user, onClose }) {
  const place = el("div", { class: "section" });
  const dialog = openDialog({ title: "Новая заявка", body: place, onClose });
  drawForm(place, user);
  return dialog;
}

function drawForm(place, user) {
  const send = async (values) => {
    const body = toBody(values);
    const made = await createRequest(body, draft.key(body));
    draft.finish();
    await drawReceipt(place, made);
  };
  const { node, ready } = isOffice(user) ? counterForm(send) : stepForm(user, send);
  const draft = attachDraft(node, DRAFT);
  replace(place, draft.isRestored && draftNotice(() => clear(place, user, draft)), node);
  ready();
}

/** At the counter the client stands in front: everything in one sight. */
function counterForm(send) {
  const picker = clientPicker();
  const [datalist, names, ...rest] = deviceFields();
  const [own, common, past] = [el("div", {}), el("div", {}), el("div", {})];
  const due = pair(field({ name: "duedate", label: LABELS.duedate, type: "datetime-local" }));
  const node = form({
    fields: [picker.node, own, datalist, names, common, rest, past, contactFields(), officeFields(), due],
    submit: "Отправить заявку",
    send,
  });
  const known = deviceSuggestions(node);
  const hint = deviceHint(node);
  own.replaceWith(known.own);
  common.replaceWith(known.common);
  past.replaceWith(hint.node);
  const ready = () => {
    picker.draw();
    suggestTechtypes(node);
    known.start();
    hint.look();
  };
  return { node, ready };
}

/** The form's values as the API wants them. */
function toBody({ clientid, client_name, duedate, ...values }) {
  return filled({ ...values, clientid: clientid && Number(clientid), duedate: toUtc(duedate) });
}

const draftNotice = (onclick) =>
  el(
    "div",
    { class: "notice" },
    icon("edit"),
    el(
      "p",
      {},
      "Здесь то, что вы начали писать раньше. ",
      el("button", { class: "link", type: "button", onclick }, "Начать с чистого листа"),
    ),
  );

function clear(place, user, draft) {
  draft.discard();
  go({ step: null }, { replace: true });
  drawForm(place, user);
}

/** Without an answer the outbox has it: the bar below says so, too, until it has arrived. */
async function drawReceipt(place, made) {
  go({ step: null }, { replace: true });
  const close = () => place.closest("dialog").close();
  const { node, heading } = made ? await receipt(made, close) : promise(close);
  replace(place, node);
  heading.focus();
}
