/**
 * Dialog with the items of the outbox: read, send or delete each.
 *
 *   openOutbox();
 */
import { actionButton } from "../ui/action_button.js";
import { confirmAction, openDialog } from "../ui/dialog.js";
import { el, listen, redraw } from "../core/dom.js";
import { moment } from "../core/format.js";
import { drop, needsPerson, queued, sendNow } from "./outbox.js";

export function openOutbox() {
  const container = el("div", { class: "section" });
  const dialog = openDialog({ title: "Ждёт отправки", body: container, onClose: () => stop() });
  const fill = () => (queued().length ? redraw(container, queued().map(card)) : dialog.close());
  const stop = listen("outbox-changed", fill);
  fill();
}

function card(item) {
  const send = actionButton({ text: "Отправить сейчас", icon: "refresh", key: `send-${item.id}` }, () => sendNow(item));
  const deleteButton = actionButton(
    { text: "Не отправлять", icon: "close", variant: "quiet", key: `drop-${item.id}` },
    () => askToDrop(item),
  );
  return el(
    "article",
    { class: "card block" },
    el("h3", {}, item.what),
    item.text && el("p", { class: "bubble" }, item.text),
    el("p", { class: "muted" }, state(item)),
    el("div", { class: "form__actions" }, send, deleteButton),
  );
}

function state(item) {
  const since = `Написано ${moment(new Date(item.at).toISOString())}. `;
  if (item.refusal) return `${since}Не принято: ${item.refusal}`;
  if (!item.key) return `${since}Само не отправится: пока связи не было, всё могло измениться.`;
  if (needsPerson(item)) return `${since}Прошло больше суток: проверьте, нет ли этого уже в заявке, и отправьте сами.`;
  return `${since}Отправим сами, когда связь вернётся. Дважды не отправится.`;
}

async function askToDrop(item) {
  const agreed = await confirmAction({
    title: "Не отправлять?",
    text: "Текст пропадёт с этого устройства.",
    verb: "Не отправлять",
    danger: true,
  });
  if (agreed) drop(item);
}
