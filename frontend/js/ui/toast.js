/**
 * Short messages that disappear by themselves; errors stay until closed. A
 * repeated message replaces the former one, unless it has a button.
 *
 *   toast("Заявка принята");  toastError(error.message);
 *   toast("Вид удалён", { verb: "Вернуть", action: restore });      // with a button
 */
import { el, icon } from "../core/dom.js";
import { showToast } from "./overlay.js";

const SHOWN_MS = 6000;
const SHOWN_WITH_ACTION_MS = 12_000;
const shown = new Map();

export function toast(text, button = null) {
  const node = build("positive", "done", text);
  setTimeout(() => node.remove(), button ? SHOWN_WITH_ACTION_MS : SHOWN_MS);
  if (button) node.querySelector("p").after(actionButton(button, node));
  else showOnce(text, node);
}

function actionButton({ verb, action }, node) {
  const run = () => {
    node.remove();
    action();
  };
  return el("button", { class: "button button--small", type: "button", onclick: run }, verb);
}

export function toastError(text) {
  showOnce(text, build("danger", "alert", text));
}

function showOnce(text, node) {
  shown.get(text)?.remove();
  shown.set(text, node);
}

function build(variant, iconName, text) {
  const close = el(
    "button",
    { class: "icon-button", type: "button", "aria-label": "Закрыть сообщение" },
    icon("close"),
  );
  const node = el("div", { class: `toast toast--${variant}` }, icon(iconName), el("p", {}, text), close);
  close.addEventListener("click", () => node.remove());
  showToast(node);
  return node;
}
