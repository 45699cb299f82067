/**
 * The truth about the connection: shown when a call got no answer or a 503,
 * asks again by itself, and says when the server is back. Import it once a
 * page; views listen to "connection-restored" and load again (states.js).
 */
import { probe } from "./api.js";
import { RETRY_SECONDS } from "./config.js";
import { el, icon, listen } from "./dom.js";
import { hideBanner, showBanner } from "./overlay.js";
import { toast } from "./toast.js";

const PROMISE = "Всё набранное остаётся на месте.";
const countdown = el("span", { class: "banner__countdown", "aria-hidden": "true" });
let timer = null;

function show({ message, seconds }) {
  if (timer) return;
  const retry = el("button", { class: "button button--small", type: "button", onclick: () => ask() }, icon("refresh"), "Проверить сейчас");
  showBanner(el("div", { class: "banner" }, icon("offline"), el("p", {}, message.replace(/\.?$/, ". "), PROMISE, " ", countdown), retry));
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

/** A good answer makes api.js say "connection-restored", which ends the waiting. */
async function ask(seconds = RETRY_SECONDS) {
  clearInterval(timer);
  countdown.textContent = "Проверяем связь…";
  if (!(await probe())) wait(seconds);
}

function hide() {
  if (!timer) return;
  clearInterval(timer);
  timer = null;
  hideBanner();
  toast("Связь с сервером восстановлена");
}

window.addEventListener("online", () => timer && ask());
listen("connection-lost", show);
listen("connection-restored", hide);
