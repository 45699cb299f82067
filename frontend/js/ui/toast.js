/**
 * A short message that goes away by itself; errors stay until closed. The same
 * one said again takes the place of the former, unless it offers a way back.
 *
 *   toast("Заявка принята");  toastError(error.message);
 *   toast("Вид удалён", { verb: "Вернуть", action: restore });      // a way back, for as long as it is shown
 */
import { el, icon } from "../core/dom.js";
import { showToast } from "./overlay.js";

const SHOWN_MS = 6000;
const SHOWN_WITH_ACTION_MS = 12_000;
const shown = new Map();

export function toast(text, offer = null) {
  const node = build("positive", "done", text);
  setTimeout(() => node.remove(), offer ? SHOWN_WITH_ACTION_MS : SHOWN_MS);
  if (offer) node.querySelector("p").after(offerButton(offer, node));
  else standOnce(text, node);
}

function offerButton({ verb, action }, node) {
  const take = () => {
    node.remove();
    action();
  };
  return el("button", { class: "button button--small", type: "button", onclick: take }, verb);
}

export function toastError(text) {
  standOnce(text, build("danger", "alert", text));
}

function standOnce(text, node) {
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
