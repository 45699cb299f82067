/**
 * Sign-in, registration, password change and sign-out: API calls and forms, for
 * the first page and for the dialog of an expired session.
 *
 *   signInForm({ email, onSignedIn })  registrationForm({ onSignedIn })
 *   changePasswordForm({ oldPassword, limited, onChanged })
 *   await signOut({ everywhere: true })
 *
 * `onSignedIn(user)` is called when the session has started. If the password has
 * expired, that is after it was changed; until then its limited token stays in
 * memory.
 */
import { post } from "./core/api.js";
import { Page, Scope } from "./config.js";
import { el, replace } from "./core/dom.js";
import { field, form } from "./ui/form.js";
import { clearAnswers } from "./core/last_answers.js";
import { passwordField } from "./ui/password_field.js";
import { currentUser, endSession, startSession, token } from "./core/session.js";

export function signInForm({ email = "", onSignedIn = () => {} } = {}) {
  const container = el("div", { class: "auth-form" });
  const send = async (values) => {
    const answer = await post("/auth/login", values, { anonymous: true });
    if (answer.scope === Scope.PASSWORD_CHANGE)
      return replace(container, renewalForm(answer, values.password, onSignedIn));
    startSession(answer);
    onSignedIn(answer.user);
  };
  return replace(container, form({ fields: signInFields(email), submit: "Войти", send, class: "form form--wide" }));
}

export function registrationForm({ onSignedIn }) {
  const send = async ({ phone, ...values }) => {
    const answer = await post("/auth/register", phone ? { ...values, phone } : values, { anonymous: true });
    startSession(answer);
    onSignedIn(answer.user);
  };
  return form({ fields: registrationFields(), submit: "Зарегистрироваться", send, class: "form form--wide" });
}

/** `limited`: answer of a sign-in with an expired password; its token may only change the password. */
export function changePasswordForm({ oldPassword = "", limited, onChanged }) {
  const send = async (values) => {
    const answer = await post("/auth/change-password", values, { token: limited?.token });
    startSession({ user: limited?.user, ...answer });
    onChanged();
  };
  const owner = usernameHint(limited?.user ?? currentUser());
  const old = field({
    name: "old_password",
    label: "Нынешний пароль",
    type: "password",
    value: oldPassword,
    required: true,
    autocomplete: "current-password",
  });
  const newPassword = passwordField({ name: "new_password", label: "Новый пароль" });
  return form({ fields: [owner, old, newPassword], submit: "Сменить пароль", send, class: "form form--wide" });
}

/** End this session or all sessions of the user. The browser drops the token even without a connection. */
export async function signOut({ everywhere = false } = {}) {
  const path = everywhere ? "/auth/logout-all" : "/auth/logout";
  try {
    await post(path, undefined, { token: token() });
  } catch (error) {
    if (everywhere && error.isOutage) throw error;
  }
  endSession();
  await clearAnswers().catch(() => {});
  location.assign(Page.SIGN_IN);
}

function renewalForm(answer, oldPassword, onSignedIn) {
  const why = el("p", { class: "notice" }, "Срок действия пароля истёк. Придумайте новый — и продолжим.");
  return [why, changePasswordForm({ oldPassword, limited: answer, onChanged: () => onSignedIn(answer.user) })];
}

/** Hidden field from which password managers read the account. */
const usernameHint = ({ email }) =>
  el("input", { type: "email", autocomplete: "username", value: email, readonly: true, hidden: true });

const signInFields = (email) => [
  field({
    name: "email",
    label: "Электронная почта",
    type: "email",
    value: email,
    required: true,
    autocomplete: "username",
    inputmode: "email",
  }),
  field({ name: "password", label: "Пароль", type: "password", required: true, autocomplete: "current-password" }),
];

const registrationFields = () => [
  field({ name: "fullname", label: "Фамилия, имя, отчество", required: true, autocomplete: "name" }),
  field({
    name: "email",
    label: "Электронная почта",
    type: "email",
    required: true,
    autocomplete: "username",
    inputmode: "email",
    hint: "Понадобится для входа",
  }),
  field({ name: "phone", label: "Телефон", type: "tel", autocomplete: "tel", hint: "Чтобы мастер мог позвонить" }),
  passwordField({ name: "password", label: "Пароль" }),
];
