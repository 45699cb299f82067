/** Dialog for a new account: any role for an Администратор, a Клиент for a Менеджер. */
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
  const container = el("div", { class: "section" });
  const dialog = openDialog({ title: titleFor(user), body: container, mayClose: () => mayLeave(container), onClose });
  const send = async ({ password, ...values }) => {
    const body = { user_type: Role.CLIENT, ...values, ...(password && { password }) };
    showCreated(container, await withFieldErrors(createPerson(body)), () => dialog.close());
  };
  replace(container, form({ fields: fields(user), submit: "Создать", send }));
  container.querySelector("input").focus();
  return dialog;
}

const fields = (user) => [
  personFields(),
  isAdmin(user) && roleField(),
  isAdmin(user) && passwordField({ name: "password", label: "Пароль", required: false, hint: PASSWORD_HINT }),
];

function showCreated(container, account, close) {
  if (!account.password) {
    close();
    return toast(`Учётная запись создана: ${account.fullname}`);
  }
  replace(container, oneTimePassword(account, close));
  container.querySelector("button").focus();
}

/** Ask before closing typed text, or a password that is shown only once. */
export function mayLeave(container) {
  if (container.querySelector(".one-time"))
    return confirmAction({
      title: "Пароль записан?",
      text: "Второй раз мы его не покажем. Если он потеряется, администратор выдаст новый.",
      verb: "Да, закрыть",
    });
  return (
    !isDirty(container) ||
    confirmAction({ title: "Закрыть без сохранения?", text: "Набранное пропадёт.", verb: "Закрыть", danger: true })
  );
}
