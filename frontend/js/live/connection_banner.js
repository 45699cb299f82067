/**
 * Connection banner: shown after a call without an answer or with a 5xx, with a
 * countdown to the next check. Names the time of the saved answers on the screen
 * (core/last_answers.js). Import it once per page; screens load again at
 * "connection-restored" (ui/screen.js).
 */
import { probe } from "../core/api.js";
import { RETRY_SECONDS } from "../config.js";
import { el, icon, listen } from "../core/dom.js";
import { moment } from "../core/format.js";
import { hideBanner, showBanner } from "../ui/overlay.js";
import { toast } from "../ui/toast.js";

const PROMISE = "Всё набранное остаётся на месте.";
const countdown = el("span", { class: "banner__countdown", "aria-hidden": "true" });
const savedAt = el("span");
let banner = null;
let timer = null;
let oldest = null;

function show({ message, seconds }) {
  if (timer) return;
  const retry = el(
    "button",
    { class: "button button--small", type: "button", onclick: () => check() },
    icon("refresh"),
    "Проверить сейчас",
  );
  banner = el(
    "div",
    { class: "banner" },
    icon("offline"),
    el("p", {}, message.replace(/\.?$/, ". "), savedAt, PROMISE, " ", countdown),
    retry,
  );
  showBanner(banner);
  wait(seconds);
}

function wait(seconds) {
  let left = seconds;
  clearInterval(timer);
  timer = setInterval(() => (--left <= 0 ? check(seconds) : showSeconds(left)), 1000);
  showSeconds(left);
}

function showSeconds(left) {
  countdown.textContent = `Проверим связь через ${left} с.`;
}

/** Any answer makes core/api.js emit "connection-restored", which hides the banner. */
async function check(seconds = RETRY_SECONDS) {
  clearInterval(timer);
  countdown.textContent = "Проверяем связь…";
  if (!(await probe())) wait(seconds);
}

/** Show the time of the oldest saved answer on the screen. */
function showSavedAt({ at }) {
  oldest = Math.min(oldest ?? at, at);
  savedAt.textContent = `Показано сохранённое: ${moment(new Date(oldest).toISOString())}. `;
}

function hide() {
  if (!timer) return;
  clearInterval(timer);
  [timer, oldest] = [null, null];
  savedAt.textContent = "";
  hideBanner(banner);
  toast("Связь с сервером восстановлена");
}

window.addEventListener("online", () => timer && check());
listen("connection-lost", show);
listen("connection-restored", hide);
listen("saved-answer-shown", showSavedAt);
