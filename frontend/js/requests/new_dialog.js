/**
 * Dialog for a new request (`?new=1`): three steps for a client, one form at the
 * counter. The draft survives a reload; sending twice creates one request.
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
import { queuedReceipt, receipt } from "./receipt.js";
import { wizardForm } from "./new_wizard.js";
import { createRequest } from "../requests.js";
import { go } from "../core/url.js";

const DRAFT = "request:new";

export function openNewRequest({ user, onClose }) {
  const container = el("div", { class: "section" });
  const dialog = openDialog({ title: "Новая заявка", body: container, onClose });
  drawForm(container, user);
  return dialog;
}

function drawForm(container, user) {
  const send = async (values) => {
    const body = toBody(values);
    const created = await createRequest(body, draft.key(body));
    draft.finish();
    await drawReceipt(container, created);
  };
  const { node, ready } = isOffice(user) ? counterForm(send) : wizardForm(user, send);
  const draft = attachDraft(node, DRAFT);
  replace(container, draft.isRestored && draftNotice(() => clear(container, user, draft)), node);
  ready();
}

/** One form with all fields: at the counter the client is present. */
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
  const suggestions = deviceSuggestions(node);
  const hint = deviceHint(node);
  own.replaceWith(suggestions.own);
  common.replaceWith(suggestions.common);
  past.replaceWith(hint.node);
  const ready = () => {
    picker.draw();
    suggestTechtypes(node);
    suggestions.start();
    hint.load();
  };
  return { node, ready };
}

/** The form's values as the body of a POST. */
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

function clear(container, user, draft) {
  draft.discard();
  go({ step: null }, { replace: true });
  drawForm(container, user);
}

/** `created` is null if the request waits in the outbox. */
async function drawReceipt(container, created) {
  go({ step: null }, { replace: true });
  const close = () => container.closest("dialog").close();
  const { node, heading } = created ? await receipt(created, close) : queuedReceipt(close);
  replace(container, node);
  heading.focus();
}
