/**
 * A one-time password, shown once and easy to copy.
 *
 *   oneTimePassword({ fullname, email, password }, onDone)
 */
import { el, icon } from "./dom.js";
import { toast, toastError } from "./toast.js";

export function oneTimePassword({ fullname, email, password }, onDone) {
  const copy = el("button", { class: "icon-button", type: "button", "aria-label": "Скопировать пароль", onclick: () => copyText(password) }, icon("copy"));
  return el(
    "div",
    { class: "section" },
    el("p", {}, el("strong", {}, fullname), ` — учётная запись готова. Для входа: ${email}`),
    el("p", {}, "Одноразовый пароль показываем только сейчас. При первом входе его нужно сменить."),
    el("p", { class: "one-time" }, el("span", {}, password), copy),
    el("div", { class: "form__actions" }, el("button", { class: "button button--primary", type: "button", onclick: onDone }, "Пароль передан")),
  );
}

export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast("Скопировано");
  } catch {
    toastError("Браузер не дал скопировать: выделите текст и скопируйте сами.");
  }
}
