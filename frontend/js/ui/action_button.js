/**
 * Button for a server action. While the action runs, further presses are
 * ignored; an ApiError is shown in a toast.
 *
 *   actionButton({ text: "Принять", icon: "work", variant: "primary", key: "accept-7" }, () => acceptRequest(7))
 */
import { el, icon } from "../core/dom.js";
import { toastError } from "./toast.js";

export function actionButton({ text, icon: iconName, variant = "plain", key }, action) {
  const button = el(
    "button",
    { class: `button button--${variant}`, type: "button", "data-key": key },
    icon(iconName),
    text,
  );
  button.addEventListener("click", () => runOnce(button, action));
  return button;
}

async function runOnce(button, action) {
  if (button.getAttribute("aria-busy")) return;
  button.setAttribute("aria-busy", "true");
  try {
    await action();
  } catch (error) {
    if (error.name !== "ApiError") throw error;
    toastError(error.message);
  } finally {
    button.removeAttribute("aria-busy");
  }
}
