/**
 * Signing in, registering, changing the password, signing out: the calls and
 * the forms, for the first page and for the dialog over a page alike.
 *
 *   signInForm({ email, onSignedIn })  registrationForm({ onSignedIn })
 *   changePasswordForm({ oldPassword, limited, onChanged })
 *   await signOut({ everywhere: true })
 *
 * `onSignedIn(user)` comes after the session has begun, and after an expired
 * password has been changed: until then its limited token stays in memory.
 */
import { post } from "./core/api.js";
import { Page } from "./config.js";
import { el, replace } from "./core/dom.js";
import { field, form } from "./ui/form.js";
import { forget } from "./core/last_answers.js";
import { passwordField } from "./ui/password_field.js";
import { currentUser, endSession, startSession, token } from "./core/session.js";

export function signInForm({ email = "", onSignedIn = () => {} } = {}) {
  const place = el("div", { class: "auth-form" });
  const send = async (values) => {
    const answer = await post("/auth/login", values, { anonymous: true });
    if (answer.password_expired) return replace(place, renewalForm(answer, values.password, onSignedIn));
    startSession(answer);
    onSignedIn(answer.user);
  };
  return replace(place, form({ fields: signInFields(email), submit: "Войти", send, class: "form form--wide" }));
}

export function registrationForm({ onSignedIn }) {
  const send = async ({ phone, ...values }) => {
    const answer = await post("/auth/register", phone ? { ...values, phone } : values, { anonymous: true });
    startSession(answer);
    onSignedIn(answer.user);
  };
  return form({ fields: registrationFields(), submit: "Зарегистрироваться", send, class: "form form--wide" });
}

/** `limited`: the answer of a sign-in whose token may only change the password. */
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
  const fresh = passwordField({ name: "new_password", label: "Новый пароль" });
  return form({ fields: [owner, old, fresh], submit: "Сменить пароль", send, class: "form form--wide" });
}

/** End this session, or all of the person's; the browser forgets the token even if the server is out of reach. */
export async function signOut({ everywhere = false } = {}) {
  const path = everywhere ? "/auth/logout-all" : "/auth/logout";
  try {
    await post(path, undefined, { token: token() });
  } catch (error) {
    if (everywhere && error.isOutage) throw error;
  }
  endSession();
  await forget().catch(() => {});
  location.assign(Page.SIGN_IN);
}

function renewalForm(answer, oldPassword, onSignedIn) {
  const why = el("p", { class: "notice" }, "Срок действия пароля истёк. Придумайте новый — и продолжим.");
  return [why, changePasswordForm({ oldPassword, limited: answer, onChanged: () => onSignedIn(answer.user) })];
}

/** Tells a password manager whose password changes; nobody sees it. */
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
