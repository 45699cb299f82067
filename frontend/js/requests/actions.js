/**
 * Actions of a request: buttons for what its `allowed` lists, and dialogs for
 * those that need a reason or a date.
 *
 *   actionButtons(repair)                    // accept and next statuses, sent at once
 *   nextButtons(repair, moveButtons)         // the next statuses alone
 *   actionButtons(repair, moveButtons)       // moves without a reason can be undone (requests/undoable_buttons.js)
 *   openDeadline(repair)
 *   await makeMove(repair, "Отменена")       // asks for a reason if needed; false if the user cancelled
 */
import { actionButton } from "../ui/action_button.js";
import { Status } from "../config.js";
import { openDialog } from "../ui/dialog.js";
import { el } from "../core/dom.js";
import { field, form } from "../ui/form.js";
import { requestNumber, toLocalInput, toUtc } from "../core/format.js";
import { ifUnchanged } from "./if_unchanged.js";
import { acceptRequest, setDeadline, setStatus } from "../requests.js";
import { may, movesOf, needsReason, transition } from "./transitions.js";
import { toast } from "../ui/toast.js";

const PRESETS = [
  ["Завтра", 1],
  ["Через 3 дня", 3],
  ["Через неделю", 7],
];
const END_OF_WORK = 18;

export function actionButtons(repair, plainButtons = statusButtons) {
  return [may(repair, "accept") && acceptButton(repair), ...nextButtons(repair, plainButtons)];
}

/** Buttons of the allowed moves; accepting already leads to «В работе». */
export function nextButtons(repair, plainButtons = statusButtons) {
  const next = movesOf(repair).filter((status) => !(may(repair, "accept") && status === Status.IN_PROGRESS));
  const withReason = next.filter((status) => needsReason(repair, status));
  const plain = next.filter((status) => !withReason.includes(status));
  return [plain.length > 0 && plainButtons(repair, plain), ...statusButtons(repair, withReason)];
}

export function openDeadline(repair) {
  const due = field({
    name: "duedate",
    label: "Готово к",
    type: "datetime-local",
    value: toLocalInput(repair.duedate),
    required: true,
  });
  const reason = field({
    name: "reason",
    label: "Причина",
    rows: 2,
    maxlength: 2000,
    hint: "Останется в истории заявки",
  });
  let seen = repair;
  const send = async ({ duedate, reason: text }) => {
    const body = { duedate: toUtc(duedate), ...(text && { reason: text }) };
    await ifUnchanged(seen, ["duedate"], (ifMatch) => setDeadline(repair.requestid, body, ifMatch)).catch(showCurrent);
    done(dialog, duedate ? "Срок назначен" : "Срок снят");
  };
  /** The error names the current state, so a second press applies to it. */
  const showCurrent = (error) => {
    seen = error.current ?? seen;
    throw error;
  };
  const node = form({
    fields: [presets(due), due, reason],
    submit: "Назначить срок",
    send,
    extra: [repair.duedate && clearButton(() => send({ ...reasonOf(node), duedate: null }))],
  });
  const dialog = openDialog({ title: `Срок заявки ${requestNumber(repair.requestid)}`, body: node, variant: "small" });
}

const acceptButton = ({ requestid }) =>
  actionButton({ text: "Принять заявку", icon: "work", variant: "primary", key: "action-accept" }, async () => {
    await acceptRequest(requestid);
    toast("Заявка теперь ваша");
  });

const statusButtons = (repair, statuses) => statuses.map((status) => statusButton(repair, status));

function statusButton(repair, status) {
  const move = transition(repair.requeststatus, status);
  return actionButton(
    { text: move.verb, icon: move.icon, variant: move.variant, key: `action-${status}` },
    async () => {
      const isDone = makeMove(repair, status);
      if (!needsReason(repair, status)) await isDone;
    },
  );
}

export async function makeMove(repair, status) {
  const move = transition(repair.requeststatus, status);
  if (needsReason(repair, status)) return new Promise((resolve) => openReason(repair, status, move, resolve));
  await setStatus(repair.requestid, status);
  toast(`${requestNumber(repair.requestid)}: ${move.done}`);
  return true;
}

function openReason({ requestid }, status, { verb, reason, done: doneText, variant }, resolve) {
  const why = field({
    name: "comment",
    label: reason,
    rows: 3,
    required: true,
    maxlength: 2000,
    hint: "Увидят все, кому видна заявка",
  });
  let isDone = false;
  const send = async ({ comment }) => {
    await setStatus(requestid, status, comment);
    isDone = true;
    done(dialog, doneText);
  };
  const body = form({ fields: [why], submit: verb, send, variant: variant === "warn" ? "danger" : "primary" });
  const dialog = openDialog({
    title: `${verb} ${requestNumber(requestid)}`,
    body,
    variant: "small",
    onClose: () => resolve(isDone),
  });
}

function presets(due) {
  const input = due.querySelector("input");
  const set = (days) => {
    const date = new Date();
    date.setDate(date.getDate() + days);
    date.setHours(END_OF_WORK, 0, 0, 0);
    input.value = toLocalInput(date.toISOString());
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };
  return el(
    "div",
    { class: "chips" },
    PRESETS.map(([text, days]) =>
      el("button", { class: "button button--small", type: "button", onclick: () => set(days) }, text),
    ),
  );
}

const clearButton = (action) =>
  actionButton({ text: "Снять срок", icon: "close", variant: "quiet", key: "clear-deadline" }, action);
const reasonOf = (node) => ({ reason: node.elements.reason.value.trim() });

function done(dialog, text) {
  dialog.close();
  toast(text);
}
