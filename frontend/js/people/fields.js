/** Form fields of an account, for creating and changing it. */
import { Role, ROLE_LOOK } from "../config.js";
import { el, uniqueId } from "../core/dom.js";
import { field } from "../ui/form.js";

export const personFields = ({ fullname, phone, email } = {}) => [
  field({
    name: "fullname",
    label: "Фамилия, имя, отчество",
    value: fullname,
    required: true,
    maxlength: 200,
    autocomplete: "off",
  }),
  field({ name: "phone", label: "Телефон", type: "tel", value: phone, maxlength: 32, autocomplete: "off" }),
  field({
    name: "email",
    label: "Электронная почта",
    type: "email",
    value: email,
    required: true,
    maxlength: 254,
    autocomplete: "off",
    hint: "С ней человек входит",
  }),
];

export function roleField(chosen = Role.CLIENT) {
  const choices = Object.entries(ROLE_LOOK).map(([role, { does }]) => choice(role, does, role === chosen));
  const message = el("p", { class: "field__error", hidden: true });
  return el(
    "fieldset",
    { class: "field", "data-field": "user_type" },
    el("legend", { class: "field__label" }, "Роль"),
    el("div", { class: "choices choices--pairs" }, choices),
    message,
  );
}

/** Screen readers read the role first, then what it does. */
function choice(role, does, checked) {
  const id = uniqueId("role");
  const input = el("input", {
    type: "radio",
    name: "user_type",
    value: role,
    checked,
    "aria-label": role,
    "aria-describedby": id,
  });
  return el("label", { class: "choice" }, input, el("span", {}, role, el("small", { id }, does)));
}

/** Error codes without a field, and the field at which the form shows them. */
const FIELD_OF_CODE = { email_taken: "email", last_admin: "user_type", conflict: "user_type" };

export async function withFieldErrors(promise) {
  try {
    return await promise;
  } catch (error) {
    const name = FIELD_OF_CODE[error.code];
    if (name) error.fields = { [name]: error.message };
    throw error;
  }
}
