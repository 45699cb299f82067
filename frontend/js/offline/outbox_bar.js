/**
 * Banner of the outbox (offline/outbox.js): what waits, and a button to its list.
 *
 *   startOutboxBar();   // once per page, before startOutbox()
 */
import { el, icon, listen } from "../core/dom.js";
import { plural } from "../core/format.js";
import { loadLate } from "../ui/load_late.js";
import { needsPerson, queued } from "./outbox.js";
import { hideBanner, showBanner } from "../ui/overlay.js";

const text = el("p");
const showButton = el(
  "button",
  { class: "button button--small", type: "button", onclick: openList, "data-key": "outbox" },
  "Показать",
);
const bar = el("div", { class: "banner" }, icon("clock"), text, showButton);

export function startOutboxBar() {
  listen("outbox-changed", draw);
}

function draw() {
  const items = queued();
  if (!items.length) return hideBanner(bar);
  text.textContent = textOf(items);
  showBanner(bar);
}

function textOf(items) {
  const undecided = items.filter(needsPerson);
  const what = (some) =>
    some.length === 1 ? some[0].what : plural(some.length, "сообщение", "сообщения", "сообщений");
  if (undecided.length) return `Не отправлено, решите сами: ${what(undecided)}`;
  return `Отправим, когда связь вернётся: ${what(items)}`;
}

async function openList() {
  (await loadLate(() => import("./outbox_list.js")))?.openOutbox();
}
