/**
 * Buttons for the next statuses of a request, with 5 s to undo.
 *
 *   moveButtons(repair, ["Завершена", "Ожидает запчасти"])
 *   pendingMove({ requestid, to, state, left })     // shown instead of the buttons meanwhile
 */
import { transition } from "./transitions.js";
import { el, icon, listen, redraw, uniqueId } from "../core/dom.js";
import { outboxId, plan, planned, refusal, sendNow, undo } from "./undoable_moves.js";

const IGNORE_TAPS_MS = 500;
const MOST_SECONDS = 5;
const UPDATE = "update-move";

const TEXTS = {
  counting: "Ещё не отправлено",
  sending: "Отправляем…",
  waiting: "Нет связи. Отправим, когда она появится",
};

export function moveButtons(repair, statuses) {
  const container = el("div", { class: "steps-now", "data-outbox": outboxId(repair.requestid) });
  let [drawn, timer] = [null, null];
  const update = () => {
    const move = planned(repair.requestid);
    const why = refusal(repair.requestid);
    const state = JSON.stringify([move?.state, why]);
    if (drawn !== state) draw(container, repair, statuses, { move, why });
    else if (move) showSeconds(container, move);
    drawn = state;
    clearTimeout(timer);
    if (move?.state === "counting") timer = setTimeout(update, untilNextSecond(move.left));
  };
  container.addEventListener(UPDATE, update);
  update();
  return container;
}

function draw(container, repair, statuses, { move, why }) {
  const hadFocus = container.contains(document.activeElement);
  const buttons = () => statuses.map((status) => moveButton(repair, status));
  redraw(container, move ? pendingMove(move) : [why && refusalNote(why), buttons()]);
  if (hadFocus) container.querySelector("button")?.focus({ preventScroll: true });
}

function moveButton(repair, status) {
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

export function pendingMove({ requestid, to, state, left }) {
  const id = uniqueId("move");
  const text = el("p", { class: "steps-now__text", id }, el("strong", {}, to), el("span", {}, TEXTS[state]));
  if (state === "sending") return text;
  const countdown =
    state === "counting" && el("span", { class: "steps-now__left", "aria-hidden": "true" }, secondsText(left));
  const back = el(
    "button",
    { class: "button", type: "button", "data-key": `undo-${requestid}`, "aria-describedby": id },
    icon("undo"),
    "Отменить",
    countdown,
  );
  const now = el(
    "button",
    { class: "button button--quiet", type: "button", "data-key": `send-${requestid}` },
    "Отправить сейчас",
  );
  ignoreFirstTaps(back, () => undo(requestid));
  ignoreFirstTaps(now, () => sendNow(requestid));
  return [text, back, now];
}

/** «Отменить» replaces the tapped button: ignore taps for a moment, so that a double tap does not undo. */
function ignoreFirstTaps(button, action) {
  button.setAttribute("aria-disabled", "true");
  setTimeout(() => button.removeAttribute("aria-disabled"), IGNORE_TAPS_MS);
  button.addEventListener("click", () => button.hasAttribute("aria-disabled") || action());
}

function showSeconds(container, { left }) {
  const countdown = container.querySelector(".steps-now__left");
  if (countdown) countdown.textContent = secondsText(left);
}

const untilNextSecond = (ms) => (ms > 0 && ms % 1000) || 1000;
const secondsText = (ms) => `(${Math.min(MOST_SECONDS, Math.max(1, Math.ceil(ms / 1000)))} с)`;

const refusalNote = (why) =>
  el(
    "p",
    { class: "steps-now__why", role: "alert" },
    icon("alert"),
    el("span", {}, el("strong", {}, "Не отправлено. "), why),
  );

listen("outbox-changed", () =>
  document.querySelectorAll("[data-outbox]").forEach((container) => container.dispatchEvent(new Event(UPDATE))),
);
