/**
 * Choice of the client of a new request: search, or create an account at the
 * counter.
 *
 *   const picker = clientPicker();  // picker.node goes into a form: fields clientid, client_name
 *   picker.draw();                  // after a draft has set the form's values
 */
import { Role, TYPING_PAUSE_MS } from "../config.js";
import { openDialog } from "../ui/dialog.js";
import { debounce, el, icon, replace, uniqueId } from "../core/dom.js";
import { form } from "../ui/form.js";
import { oneTimePassword } from "./one_time_password.js";
import { createPerson, listPeople } from "./api.js";
import { createScreen } from "../ui/screen.js";
import { personFields, withFieldErrors } from "./fields.js";

const SHOWN = 4;

export function clientPicker() {
  const id = el("input", { type: "hidden", name: "clientid", required: true });
  const name = el("input", { type: "hidden", name: "client_name" });
  const container = el("div", { class: "choices" });
  const message = el("p", { class: "field__error", hidden: true });
  const node = el(
    "fieldset",
    { class: "form__group", "data-field": "clientid" },
    el("legend", {}, "Клиент"),
    id,
    name,
    container,
    message,
  );

  function choose(person) {
    id.value = person?.user_id ?? "";
    name.value = person?.fullname ?? "";
    id.dispatchEvent(new Event("input", { bubbles: true }));
    draw();
    container.querySelector("button, input").focus();
  }

  const draw = () => replace(container, id.value ? chosen(name.value, () => choose(null)) : search(choose));
  draw();
  return { node, draw };
}

function chosen(fullname, onclick) {
  const change = el("button", { class: "button button--small", type: "button", onclick }, "Другой клиент");
  return el("div", { class: "choice" }, icon("person"), el("strong", {}, fullname), change);
}

function search(choose) {
  const inputId = uniqueId("client");
  const input = el("input", {
    class: "input",
    type: "search",
    id: inputId,
    autocomplete: "off",
    placeholder: "Имя, почта или телефон",
  });
  const results = el("div", { class: "choices" });
  const screen = createScreen(results, {
    ...found(input, choose),
    skeleton: () => el("p", { class: "muted" }, "Ищем…"),
  });
  input.addEventListener("input", debounce(screen.refresh, TYPING_PAUSE_MS));
  screen.reload();
  const add = el(
    "button",
    { class: "button", type: "button", onclick: () => openNewClient(input.value, choose) },
    icon("plus"),
    "Новый клиент",
  );
  return [
    el("label", { class: "visually-hidden", for: inputId }, "Найти клиента"),
    el("div", { class: "filters__search filters__search--wrap" }, icon("search"), input, add),
    results,
  ];
}

const found = (input, choose) => ({
  load: (signal) =>
    listPeople({ user_type: Role.CLIENT, is_active: 1, q: input.value.trim(), limit: SHOWN }, { signal }),
  render: ({ items }) => items.map((person) => candidate(person, choose)),
  isEmpty: ({ items }) => items.length === 0,
  empty: () => el("p", { class: "muted" }, "Такого клиента ещё нет — заведите нового."),
});

function candidate(person, choose) {
  const details = [person.phone, person.email].filter(Boolean).join(" · ");
  return el(
    "button",
    { class: "choice", type: "button", onclick: () => choose(person) },
    icon("person"),
    el("span", {}, person.fullname, el("small", {}, details)),
  );
}

function openNewClient(typed, choose) {
  const container = el("div", { class: "section" });
  const send = async (values) => {
    const person = await withFieldErrors(createPerson({ ...values, user_type: Role.CLIENT }));
    replace(
      container,
      oneTimePassword(person, () => dialog.close()),
    );
    container.querySelector("button").focus();
    created = person;
  };
  let created = null;
  const fullname = /\p{L}/u.test(typed) && !typed.includes("@") ? typed : "";
  replace(container, form({ fields: personFields({ fullname }), submit: "Завести клиента", send }));
  const dialog = openDialog({
    title: "Новый клиент",
    body: container,
    variant: "small",
    onClose: () => created && choose(created),
  });
}
