/**
 * A short message that goes away by itself; errors stay until closed.
 *
 *   toast("Заявка принята");  toastError(error.message);
 */
import { el, icon } from "./dom.js";
import { showToast } from "./overlay.js";

const SHOWN_MS = 6000;

export function toast(text) {
  const node = build("positive", "done", text);
  setTimeout(() => node.remove(), SHOWN_MS);
}

export function toastError(text) {
  build("danger", "alert", text);
}

function build(variant, iconName, text) {
  const close = el("button", { class: "icon-button", type: "button", "aria-label": "Закрыть сообщение" }, icon("close"));
  const node = el("div", { class: `toast toast--${variant}` }, icon(iconName), el("p", {}, text), close);
  close.addEventListener("click", () => node.remove());
  showToast(node);
  return node;
}
