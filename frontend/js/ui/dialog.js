/**
 * Modal dialogs (`<dialog>`).
 *
 *   const dialog = openDialog({ title: "Сменить пароль", body: form });
 *   dialog.close();
 *   if (await confirmAction({ title, text, verb: "Отключить", danger: true })) …
 *
 * `mayClose()` is called before Escape, the cross or a click outside closes the
 * dialog; it returns (or promises) false to keep it open. The focus returns to
 * the element that had it, or to its redrawn copy with the same `data-key`.
 */
import { el, emit, findByKey, icon, uniqueId } from "../core/dom.js";

export function openDialog({ title, body, variant = "plain", closable = true, mayClose = () => true, onClose }) {
  const heading = el("h2", { class: "dialog__title", id: uniqueId("dialog"), tabindex: "-1" }, title);
  const cross =
    closable && el("button", { class: "icon-button", type: "button", "aria-label": "Закрыть" }, icon("close"));
  const head = el("header", { class: "dialog__head" }, heading, cross);
  const dialog = el(
    "dialog",
    { class: `dialog dialog--${variant}`, "aria-labelledby": heading.id },
    head,
    el("div", { class: "dialog__body" }, body),
  );
  const leave = async () => closable && (await mayClose()) && dialog.close();

  if (cross) cross.addEventListener("click", leave);
  dialog.addEventListener("cancel", (event) => {
    if (event.target !== dialog) return;
    event.preventDefault();
    leave();
  });
  onPressOutside(dialog, leave);
  show(dialog, onClose);
  return dialog;
}

/** Resolves to true if the user agreed. */
export function confirmAction({ title, text, verb, danger = false }) {
  return new Promise((resolve) => {
    let agreed = false;
    const agree = () => {
      agreed = true;
      dialog.close();
    };
    const yes = el(
      "button",
      { class: `button button--${danger ? "danger" : "primary"}`, type: "button", onclick: agree },
      verb,
    );
    const no = el(
      "button",
      { class: "button", type: "button", onclick: () => dialog.close(), autofocus: true },
      "Не надо",
    );
    const body = [el("p", {}, text), el("div", { class: "form__actions" }, yes, no)];
    const dialog = openDialog({ title, body, variant: "small", onClose: () => resolve(agreed) });
  });
}

function show(dialog, onClose) {
  const opener = document.activeElement;
  dialog.addEventListener("close", (event) => {
    if (event.target !== dialog) return;
    dialog.remove();
    returnFocus(opener);
    onClose?.();
  });
  document.body.append(dialog);
  dialog.showModal();
  emit("dialog-opened");
}

function returnFocus(opener) {
  const target = opener?.isConnected ? opener : opener?.dataset?.key && findByKey(opener.dataset.key);
  target?.focus?.({ preventScroll: true });
}

/** Call `action` on a press that begins and ends outside: selecting text beyond the edge must not close the dialog. */
function onPressOutside(dialog, action) {
  let beganOutside = false;
  dialog.addEventListener("pointerdown", (event) => (beganOutside = event.target === dialog));
  dialog.addEventListener("click", (event) => beganOutside && event.target === dialog && action());
}
