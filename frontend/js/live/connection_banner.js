/**
 * The truth about the connection: shown when a call got no answer or a 503,
 * asks again by itself, and says when the server is back; if what is on the
 * screen was read before (core/last_answers.js), since when it stands. Import it once a
 * page; views listen to "connection-restored" and load again (ui/screen.js).
 */
import { probe } from "../core/api.js";
import { RETRY_SECONDS } from "../config.js";
import { el, icon, listen } from "../core/dom.js";
import { moment } from "../core/format.js";
import { hideBanner, showBanner } from "../ui/overlay.js";
import { toast } from "../ui/toast.js";

const PROMISE = "Всё набранное остаётся на месте.";
const countdown = el("span", { class: "banner__countdown", "aria-hidden": "true" });
const kept = el("span");
let banner = null;
let timer = null;
let oldest = null;

function show({ message, seconds }) {
  if (timer) return;
  const retry = el(
    "button",
    { class: "button button--small", type: "button", onclick: () => ask() },
    icon("refresh"),
    "Проверить сейчас",
  );
  banner = el(
    "div",
    { class: "banner" },
    icon("offline"),
    el("p", {}, message.replace(/\.?$/, ". "), kept, PROMISE, " ", countdown),
    retry,
  );
  showBanner(banner);
  wait(seconds);
}

function wait(seconds) {
  let left = seconds;
  clearInterval(timer);
  timer = setInterval(() => (--left <= 0 ? ask(seconds) : tell(left)), 1000);
  tell(left);
}

function tell(left) {
  countdown.textContent = `Проверим связь через ${left} с.`;
}

/** A good answer makes core/api.js say "connection-restored", which ends the waiting. */
async function ask(seconds = RETRY_SECONDS) {
  clearInterval(timer);
  countdown.textContent = "Проверяем связь…";
  if (!(await probe())) wait(seconds);
}

/** The oldest of what is shown: nothing on the screen is older than that. */
function tellKept({ at }) {
  oldest = Math.min(oldest ?? at, at);
  kept.textContent = `Показано сохранённое: ${moment(new Date(oldest).toISOString())}. `;
}

function hide() {
  if (!timer) return;
  clearInterval(timer);
  [timer, oldest] = [null, null];
  kept.textContent = "";
  hideBanner(banner);
  toast("Связь с сервером восстановлена");
}

window.addEventListener("online", () => timer && ask());
listen("connection-lost", show);
listen("connection-restored", hide);
listen("saved-answer-shown", tellKept);
