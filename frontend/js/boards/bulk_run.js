/**
 * Dialog that runs one action for many requests, four at a time: progress, a
 * button to stop, and a summary with the refused requests and reasons.
 *
 *   await runBulk({ title: "Назначаем мастера", repairs, act: (repair) => setMaster(…) });
 *   // → { done: [repair, …], refused: [{ repair, reason }, …], left: [repair, …] }
 *
 * An outage stops the run; requests that were not sent are in `left`.
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
    const status = el("p", { class: "bulk__result", role: "status" });
    const container = el("div", { class: "section" });
    const isFinished = () => outcome.done.length + outcome.refused.length === repairs.length || (isStopped && !running);
    let isStopped = false;
    let running = 0;

    const stop = () => (isStopped = true);
    const dialog = openDialog({
      title,
      body: [status, container],
      variant: "small",
      mayClose: () => stop() && isFinished(),
      onClose: () => resolve(outcome),
    });
    const show = progress(status, container, repairs.length, stop);

    async function work() {
      running += 1;
      while (!isStopped && outcome.left.length) await one(outcome.left.shift());
      running -= 1;
      if (running) return;
      replace(status, ...result(outcome));
      replace(
        container,
        summary(outcome, () => dialog.close()),
      );
      container.querySelector("button").focus();
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

function progress(status, container, total, stop) {
  const bar = el("progress", { max: total, value: "0", "aria-label": "Сделано" });
  const stopRun = () => {
    stop();
    replace(container, bar, el("p", { class: "muted" }, "Останавливаем: начатое будет закончено."));
  };
  const button = el("button", { class: "button", type: "button", onclick: stopRun }, icon("close"), "Остановить");
  const show = (done) => {
    bar.value = done;
    status.textContent = `${done} из ${total}`;
  };
  replace(container, bar, button);
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
  const hint = (refused.length > 0 || left.length > 0) && el("p", { class: "muted" }, "Они остались выбранными.");
  return el(
    "div",
    { class: "section" },
    why,
    rest,
    hint,
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
