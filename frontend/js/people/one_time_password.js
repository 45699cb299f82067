/**
 * A one-time password, shown once, with a copy button.
 *
 *   oneTimePassword({ fullname, email, password }, onDone, "новый пароль готов")
 */
import { el, icon } from "../core/dom.js";
import { copyText } from "../ui/clipboard.js";

export function oneTimePassword({ fullname, email, password }, onDone, news = "учётная запись готова") {
  const copy = el(
    "button",
    { class: "icon-button", type: "button", "aria-label": "Скопировать пароль", onclick: () => copyText(password) },
    icon("copy"),
  );
  return el(
    "div",
    { class: "section" },
    el("p", {}, el("strong", {}, fullname), ` — ${news}. Для входа: ${email}`),
    el("p", {}, "Одноразовый пароль показываем только сейчас. При первом входе его нужно сменить."),
    el("p", { class: "one-time" }, el("span", {}, password), copy),
    el(
      "div",
      { class: "form__actions" },
      el("button", { class: "button button--primary", type: "button", onclick: onDone }, "Пароль передан"),
      el(
        "button",
        { class: "button", type: "button", onclick: () => copyText(invitation(email, password)) },
        icon("send"),
        "Скопировать приглашение",
      ),
    ),
  );
}

/** Text for a messenger with all that the first sign-in needs. */
const invitation = (email, password) =>
  [
    `Вход: ${location.origin}`,
    `Почта: ${email}`,
    `Одноразовый пароль: ${password}`,
    "При первом входе попросим придумать новый.",
  ].join("\n");
