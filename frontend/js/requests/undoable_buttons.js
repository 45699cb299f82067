/**
 * The next statuses of a request, one tap each, and the time to undo it.
 *
 *   moveButtons(repair, ["Завершена", "Ожидает запчасти"])
 *
 *   pendingMove({ requestid, to, state, seconds })     // what stands there meanwhile
 *
 * Where the tap was there stands now what undoes it, so for a moment a second
 * tap does nothing.
 */
import { transition } from "./transitions.js";
import { el, icon, listen, redraw, uniqueId } from "../core/dom.js";
import { plan, planned, refusal, sendNow, undo } from "./undoable_moves.js";

const DEAF_MS = 500;

const TEXTS = {
  counting: "Ещё не отправлено",
  sending: "Отправляем…",
  waiting: "Нет связи. Отправим, когда она появится",
};

export function moveButtons(repair, statuses) {
  const place = el("div", { class: "steps-now", "data-steps": repair.requestid });
  place.addEventListener("step-planned", () => draw(place, repair, statuses));
  draw(place, repair, statuses);
  return place;
}

function draw(place, repair, statuses) {
  const step = planned(repair.requestid);
  if (step && place.dataset.state === step.state) return tellSeconds(place, step);
  place.dataset.state = step?.state ?? "";
  const hadFocus = place.contains(document.activeElement);
  redraw(place, step ? pendingMove(step) : [why(repair), statuses.map((status) => nextButton(repair, status))]);
  if (hadFocus) place.querySelector("button")?.focus({ preventScroll: true });
}

function nextButton(repair, status) {
  const { verb, icon: iconName, variant = "plain" } = transition(repair.requeststatus, status);
  const { requestid } = repair;
  return el(
    "button",
    {
      class: `button button--${variant}`,
      type: "button",
      "data-key": `step-${requestid}-${status}`,
      onclick: () => plan(repair, status),
    },
    icon(iconName),
    verb,
  );
}

export function pendingMove({ requestid, to, state, seconds }) {
  const id = uniqueId("step");
  const text = el("p", { class: "steps-now__text", id }, el("strong", {}, to), el("span", {}, TEXTS[state]));
  if (state === "sending") return text;
  const left =
    state === "counting" && el("span", { class: "steps-now__left", "aria-hidden": "true" }, `(${seconds} с)`);
  const back = el(
    "button",
    { class: "button", type: "button", "data-key": `undo-${requestid}`, "aria-describedby": id },
    icon("undo"),
    "Отменить",
    left,
  );
  const now = el(
    "button",
    { class: "button button--quiet", type: "button", "data-key": `send-${requestid}` },
    "Отправить сейчас",
  );
  whenSteady(back, () => undo(requestid));
  whenSteady(now, () => sendNow(requestid));
  return [text, back, now];
}

function whenSteady(button, action) {
  button.setAttribute("aria-disabled", "true");
  setTimeout(() => button.removeAttribute("aria-disabled"), DEAF_MS);
  button.addEventListener("click", () => button.hasAttribute("aria-disabled") || action());
}

function tellSeconds(place, { seconds }) {
  const left = place.querySelector(".steps-now__left");
  if (left) left.textContent = `(${seconds} с)`;
}

const why = ({ requestid }) =>
  refusal(requestid) &&
  el(
    "p",
    { class: "steps-now__why", role: "alert" },
    icon("alert"),
    el("span", {}, el("strong", {}, "Не отправлено. "), refusal(requestid)),
  );

listen("step-planned", ({ requestid }) =>
  document
    .querySelectorAll(`[data-steps="${requestid}"]`)
    .forEach((place) => place.dispatchEvent(new Event("step-planned"))),
);
