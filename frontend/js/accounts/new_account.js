/** A new account: any role by an Администратор, a Клиент at the counter by a Менеджер. */
import { isAdmin, Role } from "../config.js";
import { confirmAction, openDialog } from "../ui/dialog.js";
import { el, icon, replace } from "../core/dom.js";
import { form, isDirty } from "../ui/form.js";
import { oneTimePassword } from "../people/one_time_password.js";
import { passwordField } from "../ui/password_field.js";
import { createPerson } from "../people/api.js";
import { toast } from "../ui/toast.js";
import { pageLink } from "../core/url.js";
import { withFieldErrors, personFields, roleField } from "../people/fields.js";

const PASSWORD_HINT = "Оставьте пустым — придумаем одноразовый и покажем вам один раз";

const titleFor = (user) => (isAdmin(user) ? "Новая учётная запись" : "Новый клиент");

export const newUserLink = (user) =>
  pageLink({ new: 1 }, { class: "button button--primary", "data-key": "new-user" }, icon("plus"), titleFor(user));

export function openNewUser({ user, onClose }) {
  const place = el("div", { class: "section" });
  const dialog = openDialog({ title: titleFor(user), body: place, mayClose: () => mayLeave(place), onClose });
  const send = async ({ password, ...values }) => {
    const body = { user_type: Role.CLIENT, ...values, ...(password && { password }) };
    made(place, await withFieldErrors(createPerson(body)), () => dialog.close());
  };
  replace(place, form({ fields: fields(user), submit: "Создать", send }));
  place.querySelector("input").focus();
  return dialog;
}

const fields = (user) => [
  personFields(),
  isAdmin(user) && roleField(),
  isAdmin(user) && passwordField({ name: "password", label: "Пароль", required: false, hint: PASSWORD_HINT }),
];

function made(place, account, close) {
  if (!account.password) {
    close();
    return toast(`Учётная запись создана: ${account.fullname}`);
  }
  replace(place, oneTimePassword(account, close));
  place.querySelector("button").focus();
}

/** What is typed, and a password that nobody will see again, are not closed by accident. */
export function mayLeave(place) {
  if (place.querySelector(".one-time"))
    return confirmAction({
      title: "Пароль записан?",
      text: "Второй раз мы его не покажем. Если он потеряется, администратор выдаст новый.",
      verb: "Да, закрыть",
    });
  return (
    !isDirty(place) ||
    confirmAction({ title: "Закрыть без сохранения?", text: "Набранное пропадёт.", verb: "Закрыть", danger: true })
  );
}
