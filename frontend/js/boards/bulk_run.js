/**
 * The same action for many requests, a few at a time, with its progress, a way
 * to stop it, and in the end what was done and what was refused and why.
 *
 *   await runBulk({ title: "Назначаем мастера", repairs, act: (repair) => setMaster(…) });
 *   // → { done: [repair, …], refused: [{ repair, reason }, …], left: [repair, …] }
 *
 * A server out of reach stops the run: what was not sent is left.
 */
import { openDialog } from "../ui/dialog.js";
import { el, icon, replace } from "../core/dom.js";
import { plural, requestNumber } from "../core/format.js";
import { deviceName } from "../requests.js";
import { pageLink } from "../core/url.js";

const AT_ONCE = 4;
const WORDS = ["заявка", "заявки", "заявок"];

export function runBulk({ title, repairs, act }) {
  return new Promise((resolve) => {
    const outcome = { done: [], refused: [], left: [...repairs] };
    const said = el("p", { class: "bulk__result", role: "status" });
    const place = el("div", { class: "section" });
    const isOver = () => outcome.done.length + outcome.refused.length === repairs.length || (isStopped && !running);
    let isStopped = false;
    let running = 0;

    const stop = () => (isStopped = true);
    const dialog = openDialog({
      title,
      body: [said, place],
      variant: "small",
      mayClose: () => stop() && isOver(),
      onClose: () => resolve(outcome),
    });
    const show = progress(said, place, repairs.length, stop);

    async function work() {
      running += 1;
      while (!isStopped && outcome.left.length) await one(outcome.left.shift());
      running -= 1;
      if (running) return;
      replace(said, ...result(outcome));
      replace(
        place,
        summary(outcome, () => dialog.close()),
      );
      place.querySelector("button").focus();
    }

    async function one(repair) {
      try {
        await act(repair);
        outcome.done.push(repair);
      } catch (error) {
        if (error.isOutage ?? true) stop();
        outcome.refused.push({ repair, reason: error.message });
      }
      show(outcome.done.length + outcome.refused.length);
    }

    for (let count = 0; count < Math.min(AT_ONCE, repairs.length); count += 1) work();
  });
}

function progress(said, place, total, stop) {
  const bar = el("progress", { max: total, value: "0", "aria-label": "Сделано" });
  const halt = () => {
    stop();
    replace(place, bar, el("p", { class: "muted" }, "Останавливаем: начатое будет закончено."));
  };
  const button = el("button", { class: "button", type: "button", onclick: halt }, icon("close"), "Остановить");
  const show = (done) => {
    bar.value = done;
    said.textContent = `${done} из ${total}`;
  };
  replace(place, bar, button);
  show(0);
  return show;
}

const result = ({ done, refused, left }) => [
  icon(refused.length || left.length ? "alert" : "done"),
  `Готово: ${plural(done.length, ...WORDS)}.`,
];

function summary({ refused, left }, close) {
  const why = refused.length > 0 && [
    el("h3", {}, `Не получилось: ${plural(refused.length, ...WORDS)}`),
    el(
      "ul",
      { class: "bulk__refused" },
      refused.map((one) => refusal(one, close)),
    ),
  ];
  const rest = left.length > 0 && el("p", {}, `Не отправлено: ${plural(left.length, ...WORDS)}.`);
  const kept = (refused.length > 0 || left.length > 0) && el("p", { class: "muted" }, "Они остались выбранными.");
  return el(
    "div",
    { class: "section" },
    why,
    rest,
    kept,
    el(
      "div",
      { class: "form__actions" },
      el("button", { class: "button button--primary", type: "button", onclick: close }, "Понятно"),
    ),
  );
}

function refusal({ repair, reason }, close) {
  const link = pageLink({ request: repair.requestid }, {}, `${requestNumber(repair.requestid)} ${deviceName(repair)}`);
  link.addEventListener("click", close);
  return el("li", {}, link, el("small", {}, reason));
}
